from django.urls import URLPattern, path

from gongzhi.mechanisms.safety.pages.inspections import showing

urlpatterns: list[URLPattern] = [
    path("inspections/", showing.listed, name="inspections"),
    path("inspections/sites/<uuid:site>/", showing.of_site, name="inspections_of_site"),
    path("inspections/<uuid:inspection>/", showing.one, name="inspection"),
    path("inspections/<uuid:inspection>/record.pdf", showing.record, name="inspection_record"),
    path("inspections/<uuid:inspection>/exhibits/<uuid:exhibit>/", showing.exhibit, name="exhibit"),
    path("own/inspections/", showing.own, name="own_inspections"),
]
