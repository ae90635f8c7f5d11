"""Posters for buildings, slips for households and the chief's door sheet, as PDF."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from gongzhi.documents.placards import code_of, printed
from gongzhi.documents.sending import sent
from gongzhi.documents.tree import (
    Cell,
    Letter,
    Node,
    Paragraph,
    Placard,
    Placards,
    Run,
    Style,
    Table,
)
from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.mechanisms.neighbourhoods.pages.register.answering import name_shown
from gongzhi.mechanisms.neighbourhoods.pages.register.filling import (
    building_or_404,
    community_or_404,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, charges, teams
from gongzhi.mechanisms.neighbourhoods.registers.charges import Answering
from gongzhi.mechanisms.neighbourhoods.registers.doors import Door, doors_of
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of, path_of
from gongzhi.ui.words import named

MOST: Final = 200  # posters on one file


def _called(community: str) -> str:
    return path_of(community, below=community[:6])


def _foot() -> str:
    return _("也可拨打 %(hotline)s；危急情况请拨 %(emergency)s。") % {
        "hotline": settings.CONFIG.hotline, "emergency": settings.CONFIG.emergency_phone,
    }  # fmt: skip


def _chief(answering: Answering | None) -> str:
    """Who it is where the city says so, and the team."""
    if answering is None or not answering.name:
        return _("暂缺，请找社区")
    return " ".join(filter(None, [name_shown(answering.name), named(answering.post.unit)]))


def _poster(
    request: HttpRequest, of: Building, chief: Answering | None, committee: Unit | None
) -> Placard:
    rows = [(_("楼长"), _chief(chief))]
    if chief and chief.post.unit.phone:
        rows.append((_("楼长电话"), chief.post.unit.phone))
    if committee:
        rows.append((_("社区"), " ".join(filter(None, [named(committee), committee.phone]))))
    rows.append((_("扫码可以"), _("报修、提诉求，不用注册\n看本楼的通知\n看谁是楼长、逐级找谁")))
    demo = _("（演示，人物均为虚构）") if settings.CONFIG.demo else ""
    return Placard(
        title=of.name, subtitle=" · ".join(filter(None, [_called(of.community), of.address])),
        code=code_of(request.build_absolute_uri(reverse("neighbourhoods:at_door", args=[of.id]))),
        call=_("有事找楼长，扫这里"), rows=tuple(rows), foot=_foot() + demo,
    )  # fmt: skip


def _posters(request: HttpRequest, found: Sequence[Building], title: str) -> HttpResponse:
    """They hang in the building for all to read, so they speak the city's first language."""
    now = timezone.now()
    chiefs = charges.chiefs_of(found, now=now)
    committees = teams.committees(b.community for b in found)
    with override(settings.CONFIG.language):
        placards = tuple(
            _poster(request, b, chiefs.get(b.id), committees.get(b.community)) for b in found
        )
        made = Placards(title=title, unit=_called(found[0].community), made_at=now,
                        placards=placards, large=True)  # fmt: skip
        return printed(made)


@as_post
def poster(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    of = building_or_404(building, by)
    return _posters(request, [of], _("%(building)s楼长公示牌") % {"building": of})


@as_post
def posters(request: HttpRequest, by: Holder, place: str) -> HttpResponse:
    """A page for each building of a community, or of one of its grids."""
    code = community_or_404(place, by)
    every = buildings.buildings_in(code)
    if "grid" in request.GET:
        every = every.filter(grid__in=buildings.grids_in(code).filter(id=_id(request, "grid")))
    found = list(every[:MOST])
    if not found:
        raise Http404
    return _posters(request, found, _("%(place)s楼长公示牌") % {"place": name_of(code)})


def _id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.GET[name])
    except ValueError:
        raise Http404 from None


@require_POST
@as_post
def slips(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    """A card for each household with its own link, eight to a page; who printed them is noted."""
    of = building_or_404(building, by)
    homes = list(buildings.households_of(of))
    if not homes:
        return redirect("neighbourhoods:building", of.id)
    now = timezone.now()
    buildings.noted(of.community, of.id, of.name, {"slips": [None, len(homes)]}, by=by, now=now)
    with override(settings.CONFIG.language):
        placards = tuple(
            Placard(
                title=str(home.dwelling), subtitle=f"{of.name} · {name_of(of.community)}",
                code=code_of(
                    request.build_absolute_uri(reverse("neighbourhoods:at_home", args=[home.key]))
                ),
                call=_("本户专用：看通知、登记、报修"),
                foot=_("请勿转给别人；搬走后作废，丢了请找楼长换新码。"),
            )
            for home in homes
        )  # fmt: skip
        title = _("%(building)s户卡") % {"building": of}
        return printed(
            Placards(title=title, unit=_called(of.community), made_at=now, placards=placards)
        )


@as_post
def door_sheet(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    """What the chief takes along: door by door, with room to write; no names."""
    of = building_or_404(building, by)
    with override(settings.CONFIG.language):
        return sent(_sheet(of, doors_of(of)))


def _sheet(of: Building, doors: Sequence[Door]) -> Letter:
    body: list[Node] = [
        Paragraph((Run(_("本表只列门牌和人数，不写姓名；用完交回社区销毁。")),), Style.NOTE)
    ]
    for stair in dict.fromkeys(d.stair for d in doors):
        if stair:
            body.append(Paragraph((Run(stair, bold=True),), Style.SECTION))
        body.append(_table([d for d in doors if d.stair == stair]))
    return Letter(
        title=_("%(building)s门牌表") % {"building": of}, number=of.code,
        unit=_called(of.community), made_at=timezone.now(), body=tuple(body),
    )  # fmt: skip


def _table(doors: Sequence[Door]) -> Table:
    def row(*said: Any) -> tuple[Cell, ...]:
        return tuple(Cell((Run(str(s)),)) for s in said)

    lines = [
        row("—" if d.storey is None else d.storey, d.room,
            (d.people or "") if d.household else _("空置"), "")
        for d in doors
    ]  # fmt: skip
    head = row(_("楼层"), _("门牌"), _("人数"), _("情况"))
    return Table((head, *lines))
