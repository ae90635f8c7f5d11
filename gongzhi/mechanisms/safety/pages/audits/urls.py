from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages.audits import (
    honesty,
    listing,
    opening,
    papers,
    reporting,
    showing,
    working,
)

urlpatterns: list[URLPattern] = [
    path("audits/", listing.listed, name="audits"),
    path("audits/new/", opening.open_audit, name="open_audit"),
    path("audits/method/", listing.method, name="audit_method"),
    path("audits/honesty/", honesty.index, name="honesty"),
    path("audits/findings/<uuid:finding>/", working.follow, name="follow_finding"),
    path("audits/findings/<uuid:finding>/done/", working.done, name="finding_done"),
    path("audits/<uuid:audit>/", showing.audit, name="audit"),
    path("audits/<uuid:audit>/frame/", showing.frame, name="audit_frame"),
    path("audits/<uuid:audit>/frame.csv", showing.frame_csv, name="audit_frame_csv"),
    path("audits/<uuid:audit>/report.pdf", reporting.report_pdf, name="audit_report"),
    path("audits/<uuid:audit>/gather/", working.gather, name="gather_findings"),
    path("audits/<uuid:audit>/findings/new/", working.add, name="add_finding"),
    path("audits/<uuid:audit>/draw-up/", working.draw_up, name="draw_up_audit"),
    path("audits/<uuid:audit>/return/", working.give_back, name="return_audit"),
    path("audits/<uuid:audit>/issue/", working.issue, name="issue_audit"),
    path("audits/<uuid:audit>/withdraw/", working.withdraw, name="withdraw_audit"),
    path("audits/<uuid:audit>/statement/", working.state, name="state_audit"),
    path("audits/<uuid:audit>/sites/<uuid:site>/", papers.of_site, name="audit_site"),
    path("audits/<uuid:audit>/sites/<uuid:site>/paper/", papers.write, name="audit_paper"),
    path("audits/<uuid:audit>/sites/<uuid:site>/not-seen/", papers.not_seen, name="not_seen"),
]
