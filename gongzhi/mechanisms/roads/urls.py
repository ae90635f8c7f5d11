from django.urls import URLPattern, path

from gongzhi.mechanisms.roads.pages import (
    accidents,
    beside,
    black_spots,
    departments,
    hub,
    importing,
    parameters,
    patrols,
    public,
    rescue,
    roads,
    signs,
)
from gongzhi.mechanisms.roads.pages import map as maps

app_name = "roads"
urlpatterns: list[URLPattern] = [
    path("", hub.hub, name="hub"),
    path("register/", roads.register, name="register"),
    path("register/new/", roads.add_road, name="add_road"),
    path("register/import/", importing.take_in, name="import"),
    path("register/export/", importing.export, name="export"),
    path("register/codes.pdf", signs.codes, name="codes"),
    path("register/chiefs/", roads.chiefs, name="chiefs"),
    path("register/charges/<uuid:charge>/end/", roads.end_charge, name="end_charge"),
    path("register/<uuid:road>/", roads.road, name="road"),
    path("register/<uuid:road>/sign.pdf", signs.sign, name="sign"),
    path("register/<uuid:road>/codes.pdf", signs.road_codes, name="road_codes"),
    path("register/sections/<uuid:section>/code.pdf", signs.section_code, name="section_code"),
    path("register/<uuid:road>/charges/new/", roads.give, name="give"),
    *(
        path(f"register/<uuid:road>/{name}s/new/", roads.add_row, {"table": table}, f"add_{name}")
        for name, table in roads.TABLES[1:]
    ),
    *(
        path(f"register/{name}s/<uuid:row>/{verb}/", view, {"table": table}, f"{verb}_{name}")
        for name, table in roads.TABLES
        for verb, view in (("change", roads.change_row), ("end", roads.end_row))
    ),
    path("accidents/", accidents.listed, name="accidents"),
    path("accidents/new/", accidents.new, name="new_accident"),
    path("accidents/import/", accidents.take_in, name="import_accidents"),
    path("accidents/<uuid:id_>/", accidents.accident, name="accident"),
    path("accidents/<uuid:id_>/change/", accidents.change, name="change_accident"),
    path("black-spots/", black_spots.listed, name="black_spots"),
    path("black-spots/map.geojson", black_spots.geojson, name="black_spots_map"),
    path("black-spots/take-up/", black_spots.take_up, name="take_up_black_spot"),
    path("parameters/", parameters.listed, name="parameters"),
    path("parameters/<slug:group>/", parameters.change, name="change_parameters"),
    path("rescue/", rescue.call, name="rescue"),
    path("departments/", departments.departments, name="departments"),
    path("cases/<slug:county>/<uuid:id_>/beside/", beside.beside, name="beside"),
    path("map/", maps.roads_map, name="map"),
    path("map/<slug:layer>.geojson", maps.layer, name="layer"),
    path("open/<uuid:road>/", public.road, name="public_road"),
    path("at/<uuid:section>/", public.section, name="section"),
    path("patrols/", patrols.overview, name="patrols"),
    path("patrols/rules/", patrols.rules, name="patrol_rules"),
    path("patrols/rules/<uuid:rule>/end/", patrols.end_rule, name="end_patrol_rule"),
    path("patrols/<uuid:patrol>/", patrols.patrol, name="patrol"),
]
