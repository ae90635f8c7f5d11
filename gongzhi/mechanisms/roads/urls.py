from django.urls import URLPattern, path

from gongzhi.mechanisms.roads.pages import (
    accidents,
    beside,
    black_spots,
    departments,
    parameters,
    rescue,
)

app_name = "roads"
urlpatterns: list[URLPattern] = [
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
]
