"""Adding, changing and ending grids, buildings and doors; households that move in and out."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Dwelling, Grid, Household
from gongzhi.mechanisms.neighbourhoods.pages.register.filling import (
    Said,
    door_or_404,
    form_page,
    kept,
    kept_or_404,
    refused,
)
from gongzhi.mechanisms.neighbourhoods.pages.register.forms import (
    BuildingForm,
    DoorForm,
    DoorsForm,
    GridForm,
    PeopleForm,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, changing
from gongzhi.mechanisms.neighbourhoods.registers.buildings import current
from gongzhi.mechanisms.neighbourhoods.registers.changing import FACTS, Row
from gongzhi.mechanisms.neighbourhoods.registers.entering import enter_many
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import named

TABLES: Mapping[str, type[Row]] = {"grid": Grid, "building": Building, "door": Dwelling}


def _said(row: Row) -> str:
    """A row in the reader's language, with the building where it is a door's."""
    return f"{named(row.building)} {row}" if isinstance(row, Dwelling) else named(row)


def home_page(row: Row) -> str:
    """Where a row is shown."""
    if isinstance(row, Grid):
        return reverse("neighbourhoods:community", args=[row.community]) + "#grids"
    if isinstance(row, Building):
        return reverse("neighbourhoods:building", args=[row.id])
    return reverse("neighbourhoods:door", args=[row.id])


def above(row: Row) -> str:
    """What it stands in."""
    if isinstance(row, Dwelling):
        return reverse("neighbourhoods:building", args=[row.building_id])
    return reverse("neighbourhoods:community", args=[row.community])


def _row_or_404(table: type[Row], id_: UUID, by: Holder) -> Any:
    """A row that one keeps."""
    found = table._default_manager.filter(current(), id=id_).first()
    if found is None or not buildings.keeps(by, changing.community_of(found)):
        raise Http404
    return found


def _form_of(request: HttpRequest, row: Row, initial: dict[str, Any]) -> forms.Form:
    said = request.POST or None
    if isinstance(row, Grid):
        return GridForm(said, initial=initial)
    if isinstance(row, Building):
        return BuildingForm(said, initial=initial, community=row.community)
    return DoorForm(said, initial=initial)


def _adding(
    request: HttpRequest, by: Holder, row: Row, title: str, initial: dict[str, Any]
) -> HttpResponse:
    form = _form_of(request, row, initial)
    if kept(request, form, lambda said: changing.add(row, said, by=by, now=timezone.now())):
        return redirect(home_page(row))
    return form_page(request, by, form, title, above(row))


@as_post
def add_grid(request: HttpRequest, by: Holder, place: str) -> HttpResponse:
    return _adding(request, by, Grid(community=kept_or_404(place, by)), _("添加网格"), {})


@as_post
def add_building(request: HttpRequest, by: Holder, place: str) -> HttpResponse:
    row = Building(community=kept_or_404(place, by))
    initial = {"grid": request.GET.get("grid", "")}
    return _adding(request, by, row, _("添加楼栋"), initial)


@as_post
def add_door(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    of = _row_or_404(Building, building, by)
    return _adding(request, by, Dwelling(building=of), f"{named(of)} · {_('添加门牌')}", {})


@as_post
def add_doors(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    """Many at once, for a building that is alike from storey to storey."""
    of: Building = _row_or_404(Building, building, by)
    form = DoorsForm(request.POST or None, initial={"lowest": 1, "highest": of.storeys})

    def done(said: Said) -> None:
        rows = form.doors(of.community, of.code)
        there = set(of.dwellings.filter(current()).values_list("stair", "room"))
        if there & {(row.stair, row.room) for row in rows}:
            raise Refused(_("有的门牌已经登记过，请只写还没有的单元或楼层。"))
        enter_many([], [], rows, by=by, now=timezone.now())

    if kept(request, form, done):
        return redirect(home_page(of))
    return form_page(request, by, form, f"{named(of)} · {_('按单元和楼层添加门牌')}", home_page(of))


@as_post
def change_row(request: HttpRequest, by: Holder, row: UUID, table: str) -> HttpResponse:
    found: Row = _row_or_404(TABLES[table], row, by)
    initial = {name: getattr(found, name) for name in FACTS[type(found)]}
    if isinstance(found, Building):
        initial["grid"] = str(found.grid_id)
    form = _form_of(request, found, initial)
    title = f"{_said(found)} · {_('修改')}"
    if kept(request, form, lambda said: changing.change(found, said, by=by, now=timezone.now())):
        return redirect(home_page(found))
    return form_page(request, by, form, title, home_page(found))


@as_post
def end_row(request: HttpRequest, by: Holder, row: UUID, table: str) -> HttpResponse:
    """Asks once more, and says what ends with it."""
    found: Row = _row_or_404(TABLES[table], row, by)
    if request.method == "POST":
        try:
            changing.end(found, by=by, now=timezone.now())
        except Refused as error:
            messages.error(request, str(error.reason))
            return redirect(home_page(found))
        messages.success(request, _("已停用，历史保留。"), extra_tags="good")
        return redirect(above(found))
    context = {"by": by, "called": _said(found), "table": table, "back": home_page(found)}
    return render(request, "neighbourhoods/register/end.html", context)


@as_post
def move_in(request: HttpRequest, by: Holder, row: UUID) -> HttpResponse:
    found: Dwelling = _row_or_404(Dwelling, row, by)
    form = PeopleForm(request.POST or None)

    def done(said: Said) -> None:
        changing.move_in(found, said["people"], by=by, now=timezone.now())

    if kept(request, form, done):
        return redirect(home_page(found))
    title = f"{_said(found)} · {_('登记搬入')}"
    return form_page(request, by, form, title, home_page(found))


@as_post
def count_people(request: HttpRequest, by: Holder, row: UUID) -> HttpResponse:
    """How many live there, as they said."""
    found: Dwelling = _row_or_404(Dwelling, row, by)
    home = changing.home_of(found)
    if home is None:
        raise Http404
    form = PeopleForm(request.POST or None, initial={"people": home.people})

    def done(said: Said) -> None:
        changing.count_people(home, said["people"], by=by, now=timezone.now())

    if kept(request, form, done):
        return redirect(home_page(found))
    title = f"{_said(found)} · {_('人数')}"
    return form_page(request, by, form, title, home_page(found))


def _of_home(
    request: HttpRequest, by: Holder, id_: UUID, done: Callable[[Household], object], said: str
) -> HttpResponse:
    door = door_or_404(id_, by)
    home = changing.home_of(door)
    if home is None:
        raise Http404
    refused(request, lambda: done(home), said)
    return redirect(home_page(door))


@require_POST
@as_post
def move_out(request: HttpRequest, by: Holder, row: UUID) -> HttpResponse:
    def done(home: Household) -> None:
        changing.move_out(home.dwelling, by=by, now=timezone.now())

    return _of_home(request, by, row, done, _("已登记搬出，原来的户码不能再用。"))


@require_POST
@as_post
def renew_key(request: HttpRequest, by: Holder, row: UUID) -> HttpResponse:
    """For a slip that was lost."""

    def done(home: Household) -> None:
        changing.renew_key(home, by=by, now=timezone.now())

    return _of_home(request, by, row, done, _("已换新码，请重新打印户卡；旧码不能再用。"))
