"""Accidents 交通事故: recorded, corrected with what stood there before, listed by place.

Of people only how many were killed or injured; never who they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.roads.models import Accident, AccidentChange, Section
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

PAGE = 50
UNITS = ("road_office", "traffic_police")
CLERKS = ("clerk", "handler")
KINDS: Final[Mapping[str, Any]] = {
    "head_on": _("正面相撞"), "rear": _("追尾"), "side": _("侧面相撞"),
    "pedestrian": _("撞到行人"), "cycle": _("涉及非机动车、摩托车"), "fixed": _("撞固定物"),
    "over": _("翻车"), "off_road": _("坠车、冲出路外"), "other": _("其他"),
}  # fmt: skip
# What a correction may change; where it lies and how grave it was.
FACTS = ("place", "road_id", "km", "longitude", "latitude", "at", "kind", "deaths", "injured",
         "loss_yuan", "note", "source", "void")  # fmt: skip


def may_record(by: Holder) -> bool:
    """Clerks of road offices, handlers of the traffic police, and chiefs: within their place."""
    return by.kind == "road_chief" or (by.kind in CLERKS and by.unit_kind in UNITS)


def may_read(by: Holder) -> bool:
    return may_record(by) or by.sees_place


def section_at(road: UUID | None, km: float | None, at: datetime) -> UUID | None:
    """The section of a road on which a stake stood that day, where it is known."""
    if road is None or km is None:
        return None
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=at.date())
    found = Section.objects.filter(
        still, road=road, from_km__lte=km, to_km__gte=km, valid_from__lte=at.date()
    )
    return found.order_by("from_km").values_list("id", flat=True).first()


def _check(row: Accident, by: Holder) -> None:
    """Raises Refused."""
    if not may_record(by) or not row.place.startswith(by.place):
        raise Refused(_("路长办公室、交警和路长只登记本辖区的事故。"), field="place")
    staked = row.road_id is not None and row.km is not None
    if not staked and (row.longitude is None or row.latitude is None):
        raise Refused(_("请写道路和桩号，或者经度和纬度，至少一样。"), field="km")


def record(facts: Mapping[str, Any], *, now: datetime, by: Holder) -> Accident:
    """Raises Refused."""
    row = Accident(**facts, entered_by=by.account, entered_at=now)
    _check(row, by)
    row.section = section_at(row.road_id, row.km, row.at)
    row.save(force_insert=True)
    return row


def correct(id_: UUID, facts: Mapping[str, Any], *, now: datetime, by: Holder) -> bool:
    """What differs is changed, and what stood there is kept. Returns whether anything was.

    Raises Refused.
    """
    with transaction.atomic():
        row = Accident.objects.select_for_update().filter(id=id_).first()
        if row is None or not row.place.startswith(by.place):
            raise Refused(_("没有这起事故，或者不归您登记。"))
        before = {name: getattr(row, name) for name in FACTS}
        changed = {n: [before[n], v] for n, v in facts.items() if before[n] != v}
        if not changed:
            return False
        for name, (_was, value) in changed.items():
            setattr(row, name, value)
        _check(row, by)
        row.section = section_at(row.road_id, row.km, row.at)
        row.save()
        AccidentChange.objects.create(
            accident=row, at=now, account=by.account, post=by.post,
            facts={n: [_plain(was), _plain(value)] for n, (was, value) in changed.items()},
        )  # fmt: skip
    return True


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, int, float, type(None))) else str(value)


def of_place(place: str) -> QuerySet[Accident]:
    """Those that count, in a place and below it."""
    low, high = span(place)
    return Accident.objects.filter(place__gte=low, place__lt=high, void=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Some accidents, the newest first, and where the next page begins."""

    rows: Sequence[Accident]
    after: str | None


def _read_key(text: str) -> tuple[datetime, UUID] | None:
    at, _line, id_ = text.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        return None


def page(place: str, wanted: Q, *, after: str = "", size: int = PAGE) -> Page:
    """A page of the register; what is void is shown too, as such."""
    low, high = span(place)
    found = Accident.objects.filter(wanted, place__gte=low, place__lt=high)
    key = _read_key(after)
    if key is not None:
        found = found.filter(Q(at__lt=key[0]) | Q(at=key[0], id__lt=key[1]))
    rows = list(found.select_related("road").order_by("-at", "-id")[: size + 1])
    if len(rows) <= size:
        return Page(rows, None)
    last = rows[size - 1]
    return Page(rows[:size], f"{last.at.isoformat()}_{last.id}")


def there(facts: Mapping[str, Any]) -> bool:
    """Whether the same accident stands in the register already: same moment, same spot."""
    same = {n: facts.get(n) for n in ("place", "at", "road_id", "km", "longitude", "latitude")}
    where = {f"{n}__isnull" if v is None else n: True if v is None else v for n, v in same.items()}
    return Accident.objects.filter(void=False, **where).exists()
