"""The register of roads 道路台账: which there are, and who may add, change and end them.

Rows keep their id for life, since codes at the roadside and cases point to it: what changes is
changed in place, with each fact before and after beside it; what is over has a last day.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Charge, Point, RegisterChange, Road, Section
from gongzhi.mechanisms.roads.registers.geometry import bounds
from gongzhi.people.permissions import SETTERS, No
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

Row = Road | Section | Point
GRADES: Final = {
    "G": _("国道"), "S": _("省道"), "X": _("县道"), "Y": _("乡道"), "C": _("村道"),
}  # fmt: skip
KINDS: Final = {"junction": _("路口"), "facility": _("设施"), "risk": _("风险点")}
# Class letter and number (GB/T 917 [M]).
CODE = re.compile(r"[GSXYC]\d{1,10}")
OFFICE = ("clerk", "leader", "administrator")
# What may be changed of each; the rest is what it is.
FACTS: Final[dict[type[Row], tuple[str, ...]]] = {
    Road: ("name", "name_en", "about"),
    Section: ("name", "village", "from_km", "to_km", "line"),
    Point: ("section", "kind", "what", "name", "longitude", "latitude", "note"),
}


def keeps(by: Holder, place: str) -> Literal[True] | No:
    """The road chiefs' office of a county or city, and leaders and administrators there."""
    office = by.unit_kind == "road_office" and by.kind in OFFICE
    if by.level > Level.COUNTY or not (office or (by.kind in SETTERS and by.sees_place)):
        return No(_("道路台账由县级以上的路长办公室，或县级以上的领导、管理员维护。"))
    if not place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def keeps_road(by: Holder, road: Road) -> Literal[True] | No:
    """Of a road that runs on beyond, only whoever stands over all of its sections."""
    if not by.place.startswith(road.place):
        return keeps(by, road.place)
    beyond = road.sections.filter(valid_to=None).exclude(village__startswith=by.place)
    if by.place != road.place and beyond.exists():
        return No(_("这条路也经过别的地方，由上一级维护。"))
    return keeps(by, by.place)


def keeps_row(by: Holder, row: Row) -> Literal[True] | No:
    if isinstance(row, Road):
        return keeps_road(by, row)
    if isinstance(row, Section):
        return keeps(by, row.village)
    of = Section.objects.filter(id=row.section).first() if row.section else None
    return keeps(by, of.village) if of else keeps_road(by, row.road)


def must_keep(by: Holder, row: Row) -> None:
    """Raises Refused."""
    allowed = keeps_row(by, row)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def home(code: str, county: str) -> str:
    """In which place a code stands once: the province for national and provincial roads."""
    return county[:2] if code[:1] in "GS" else county[:6]


def current(on: date | None = None) -> Q:
    """Rows that are not over."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on or timezone.localdate())


def sections_in(place: str) -> QuerySet[Section]:
    """The sections in a place and below it, road by road."""
    low, high = span(place)
    found = Section.objects.filter(current(), village__gte=low, village__lt=high)
    return found.select_related("road").order_by("road__code", "from_km", "name")


def roads_in(place: str) -> QuerySet[Road]:
    """The roads that run through a place, and those registered there that have no section yet."""
    through = Q(id__in=sections_in(place).values("road"))
    return Road.objects.filter(through | Q(place__startswith=place), current()).order_by("code")


def of_road(road: Road) -> list[Section]:
    return list(road.sections.filter(current()).select_related("road").order_by("from_km", "name"))


def points_of(roads: Iterable[Road]) -> QuerySet[Point]:
    found = Point.objects.filter(current(), road__in=list(roads)).select_related("road")
    return found.order_by("road__code", "kind", "name")


def road(id_: UUID) -> Road | None:
    """One that is not over, whoever asks: the register is public."""
    return Road.objects.filter(current(), id=id_).first()


def section(id_: UUID) -> Section | None:
    """Likewise."""
    return Section.objects.filter(current(), id=id_).select_related("road").first()


def history(of: Road) -> QuerySet[RegisterChange]:
    return of.changes.order_by("-id")


def road_of(row: Row) -> Road:
    return row if isinstance(row, Road) else row.road


def noted(
    of: Road, what: UUID, called: str, facts: Mapping[str, Any], *, by: Holder, now: datetime
) -> None:
    """Who changed what when; the facts are {name: [before, after]}."""
    RegisterChange.objects.create(
        of=of, what=what, called=called[:120], at=now, account=by.account, post=by.post,
        facts=facts,
    )  # fmt: skip


def _told(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | list) else str(value)


def _check(row: Row) -> None:
    """What every row must be. Raises Refused."""
    if isinstance(row, Road):
        same = Road.objects.filter(place=row.place, code=row.code, valid_to=None)
        clash, field = _("这里已经有这个编号的道路。"), "code"
    elif isinstance(row, Section):
        if row.to_km <= row.from_km:
            raise Refused(_("止点桩号要大于起点桩号。"), field="to_km")
        same = Section.objects.filter(road=row.road, name=row.name, valid_to=None)  # type: ignore[assignment]
        clash, field = _("这条路上已经有同名的路段。"), "name"
    else:
        return
    if same.exclude(id=row.id).exists():
        raise Refused(clash, field=field)


def measure(row: Row) -> None:
    """The bounds of a section follow its line."""
    if isinstance(row, Section):
        for name, value in bounds(row.line).items():
            setattr(row, name, value)


def differing(row: Row, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The row takes these facts; those that were otherwise, each as [before, after]."""
    changed = {}
    for name, value in facts.items():
        before = getattr(row, name)
        if value != before:
            changed[name] = [None if row._state.adding else _told(before), _told(value)]
            setattr(row, name, value)
    return changed


def _save(row: Row) -> None:
    """Raises Refused."""
    _check(row)
    measure(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody was faster
        raise Refused(_("这里已经有这个编号的道路。"), field="code") from None


def add(row: Row, *, by: Holder, now: datetime) -> None:
    """A new row, from today on. Raises Refused."""
    must_keep(by, row)
    row.valid_from = timezone.localdate(now)
    with transaction.atomic():
        _save(row)
        facts = {name: [None, _told(getattr(row, name))] for name in FACTS[type(row)]}
        noted(road_of(row), row.id, str(row), facts, by=by, now=now)


def change(row: Row, facts: Mapping[str, Any], *, by: Holder, now: datetime) -> bool:
    """Whether anything was different. Raises Refused."""
    must_keep(by, row)
    changed = differing(row, {n: facts[n] for n in FACTS[type(row)] if n in facts})
    if not changed:
        return False
    must_keep(by, row)  # it may not be given away to another place
    with transaction.atomic():
        _save(row)
        noted(road_of(row), row.id, str(row), changed, by=by, now=now)
    return True


def end(row: Row, *, by: Holder, now: datetime) -> None:
    """Its last day was yesterday, and what hangs on it ends with it. Raises Refused."""
    must_keep(by, row)
    today = timezone.localdate(now)
    with transaction.atomic():
        type(row)._default_manager.filter(id=row.id).update(valid_to=today)
        for kind, name, which in _hanging(row):
            kind.objects.filter(which, **{f"{name}__isnull": True}).update(**{name: today})
        noted(road_of(row), row.id, str(row), {"valid_to": [None, str(today)]}, by=by, now=now)


def _hanging(row: Row) -> Sequence[tuple[Any, str, Q]]:
    """What ends with a row: its table, the field of its last day, and which."""
    if isinstance(row, Road):
        every = Q(road=row)
        return (Section, "valid_to", every), (Point, "valid_to", every), (Charge, "held_to", every)
    if isinstance(row, Section):
        return ((Charge, "held_to", Q(section=row.id)),)
    return ()
