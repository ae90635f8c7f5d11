from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages.accidents import (
    declines,
    editing,
    importing,
    listing,
    monthly,
)

urlpatterns: list[URLPattern] = [
    path("accidents/", listing.listed, name="accidents"),
    path("accidents/new/", editing.new, name="new_accident"),
    path("accidents/import/", importing.take_in, name="import_accidents"),
    path("accidents/<uuid:accident>/", listing.accident, name="accident"),
    path("accidents/<uuid:accident>/change/", editing.change, name="change_accident"),
    path("accidents/<uuid:accident>/void/", editing.void, name="void_accident"),
    path("accidents/<uuid:accident>/report/", editing.report, name="report_accident"),
    path("accidents/<uuid:accident>/connect/", editing.connect, name="connect_accident"),
    path("declines/", declines.compared, name="declines"),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/make/", monthly.make, name="make_monthly"),
    path("monthly/remark/", monthly.remark, name="remark_monthly"),
]
