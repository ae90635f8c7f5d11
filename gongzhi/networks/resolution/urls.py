from django.urls import URLPattern, path

from gongzhi.networks.resolution.pages import fallback, figures, meetings
from gongzhi.ui import converters  # noqa: F401 -- it registers <mechanism:…>

MEETING = "meetings/<uuid:meeting>/"
urlpatterns: list[URLPattern] = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new_meeting, name="new_meeting"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(MEETING + "hold/", meetings.hold, name="hold_meeting"),
    path(MEETING + "minutes.pdf", meetings.minutes, name="minutes"),
    path(MEETING + "<slug:county>/<uuid:id_>/", meetings.decide, name="decide"),
    path("fallback/", fallback.rules, name="fallback"),
    path("fallback/new/", fallback.new_rule, name="new_rule"),
    path("fallback/<uuid:rule>/end/", fallback.end_rule, name="end_rule"),
    path("figures/", figures.figures, name="linkage_figures"),
    path("limits/", fallback.limits_page, name="limits"),
    path("limits/all/<slug:clock>/", fallback.change_limit, name="change_shared_limit"),
    path("limits/<mechanism:mechanism>/<slug:clock>/", fallback.change_limit, name="change_limit"),
]
