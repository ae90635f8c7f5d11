from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages.emergency import (
    board,
    building,
    home,
    report,
    rolls,
    work,
)

ONE = "emergency/<uuid:emergency>/"
urlpatterns: list[URLPattern] = [
    path("emergency/", board.listed, name="emergencies"),
    path("emergency/new/", board.activate, name="activate"),
    path(ONE, board.emergency, name="emergency"),
    path(f"{ONE}figures/", board.figures, name="emergency_figures"),
    path(f"{ONE}extend/", board.extend, name="extend_emergency"),
    path(f"{ONE}end/", board.end, name="end_emergency"),
    path(f"{ONE}call/", board.call, name="call_roll"),
    path(f"{ONE}tasks/", work.tasks, name="emergency_tasks"),
    path(f"{ONE}supplies/", work.stock, name="emergency_supplies"),
    path(f"{ONE}shifts/", work.duty, name="emergency_shifts"),
    path(f"{ONE}needs/", work.waiting, name="emergency_needs"),
    path(f"{ONE}report/", report.report, name="emergency_report"),
    path(f"{ONE}report.pdf", report.report_pdf, name="emergency_report_pdf"),
    path(f"{ONE}buildings/<uuid:building>/", building.building, name="emergency_building"),
    path(f"{ONE}buildings/<uuid:building>/give-out/", building.give_out, name="give_out"),
    path("emergency/rolls/<uuid:roll>/", rolls.roll_call, name="roll_call"),
    path("emergency/rolls/<uuid:roll>/figures/", rolls.roll_figures, name="roll_figures"),
    path("emergency/rolls/<uuid:roll>/answer/", rolls.answer, name="answer_roll"),
    path("emergency/shifts/<uuid:shift>/remove/", work.remove_shift, name="remove_shift"),
    path("emergency/tasks/<uuid:errand>/done/", building.errand_done, name="errand_done"),
    path("emergency/needs/<uuid:need>/serve/", building.serve, name="serve_need"),
    path("emergency/needs/<uuid:need>/look/", building.look, name="look_at_need"),
    path("home/<slug:key>/need/", home.need, name="need"),
]
