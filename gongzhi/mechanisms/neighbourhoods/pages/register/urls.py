from django.urls import URLPattern, path

from gongzhi.mechanisms.neighbourhoods.pages.register import (
    appointing,
    buildings,
    editing,
    importing,
    places,
    printing,
    public,
)

_HERE = "register/communities/<slug:place>/"
_BUILDING = "register/buildings/<uuid:building>/"
_DOOR = "register/doors/<uuid:row>/"
urlpatterns: list[URLPattern] = [
    path("at/<uuid:building>/", public.at_door, name="at_door"),
    path("home/<slug:key>/", public.at_home, name="at_home"),
    path("register/", places.register, name="register"),
    path("register/vacancies/", places.vacancies, name="vacancies"),
    path("register/find/", places.find, name="find"),
    path("register/import/", importing.take_in, name="import"),
    path("register/export/", importing.export, name="export"),
    path(_HERE, places.community, name="community"),
    path(f"{_HERE}posters.pdf", printing.posters, name="posters"),
    path(f"{_HERE}grids/new/", editing.add_grid, name="add_grid"),
    path(f"{_HERE}buildings/new/", editing.add_building, name="add_building"),
    path(f"{_HERE}charges/new/", appointing.give, name="give"),
    path("register/charges/<uuid:charge>/end/", appointing.end, name="end_charge"),
    path(_BUILDING, buildings.building, name="building"),
    path(f"{_BUILDING}poster.pdf", printing.poster, name="poster"),
    path(f"{_BUILDING}slips.pdf", printing.slips, name="slips"),
    path(f"{_BUILDING}doors.pdf", printing.door_sheet, name="door_sheet"),
    path(f"{_BUILDING}doors/new/", editing.add_door, name="add_door"),
    path(f"{_BUILDING}doors/many/", editing.add_doors, name="add_doors"),
    path(_DOOR, buildings.door, name="door"),
    path(f"{_DOOR}move-in/", editing.move_in, name="move_in"),
    path(f"{_DOOR}move-out/", editing.move_out, name="move_out"),
    path(f"{_DOOR}people/", editing.count_people, name="count_people"),
    path(f"{_DOOR}key/", editing.renew_key, name="renew_key"),
    *(
        path(f"register/{name}s/<uuid:row>/{verb}/", view, {"table": name}, f"{verb}_{name}")
        for name in editing.TABLES
        for verb, view in (("change", editing.change_row), ("end", editing.end_row))
    ),
]
