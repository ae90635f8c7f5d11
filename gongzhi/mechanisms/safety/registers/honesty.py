"""The honesty index 自查一致率: of the hazards that audits found, how many the firm had found too.

Of firms and of places, over a period, from issued audits alone; never of persons. Sites are drawn
by risk, so it says how true checks were where it matters most, not of all sites alike.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Left
from django.utils import timezone

from gongzhi.cases.chances import wilson
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Enterprise, Framed
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT
from gongzhi.places.levels import span

FIRMS: Final = "firms"
# By what rows are told apart: firms, or the digits of a place's code.
BY: Final = {FIRMS: 0, "counties": Level.COUNTY.digits, "towns": Level.TOWN.digits}


@dataclass(frozen=True, slots=True)
class Row:
    """A firm or a place: `agreed` of `hazards` that audits found at so many sites."""

    place: str
    firm: Enterprise | None
    sites: int
    hazards: int
    agreed: int

    @property
    def small(self) -> bool:
        """Too few to be read as a figure: neither share nor interval is told."""
        return self.hazards < CURRENT.least

    @property
    def share(self) -> float | None:
        return None if self.small else self.agreed / self.hazards

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)

    @property
    def interval(self) -> tuple[int, int] | None:
        """95 %, by Wilson, in percent."""
        found = None if self.small else wilson(self.agreed, self.hazards)
        return (round(100 * found[0]), round(100 * found[1])) if found else None


def rows(place: str, since: str, until: str, *, by: str, order: str = "name") -> list[Row]:
    """Audits issued from one month to another, both counted; by name unless by share."""
    here = _issued(place, _begins(since), _begins(until, 1))
    found = _firms(here) if by == FIRMS else _places(here, BY[by])
    key = _by_share if order == "share" else _by_name
    return sorted(found, key=key)


def _by_name(row: Row) -> tuple[Any, ...]:
    return row.place, row.firm.name if row.firm else ""


def _by_share(row: Row) -> tuple[Any, ...]:
    """The lowest first; those that are too few stand apart at the end."""
    return row.small, row.share or 0.0, *_by_name(row)


def agreed(place: str, since: date, until: date) -> tuple[int, int]:
    """Hazards of audits issued from one day up to another: found by firms too, of all."""
    here = _issued(place, _midnight(since), _midnight(until))
    found = here.aggregate(agreed=Sum("agreed", default=0), hazards=Sum("hazards", default=0))
    return found["agreed"], found["hazards"]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _issued(place: str, since: datetime, until: datetime) -> QuerySet[Framed]:
    low, high = span(place)
    return Framed.objects.filter(
        turn__isnull=False, place__gte=low, place__lt=high,
        audit__issued_at__gte=since, audit__issued_at__lt=until,
    )  # fmt: skip


def _begins(month: str, after: int = 0) -> datetime:
    """The first instant of a month, or of the one after it."""
    year, of = map(int, month.split("-"))
    n = year * 12 + of - 1 + after
    return _midnight(date(n // 12, n % 12 + 1, 1))


def _counted(of: QuerySet[Any, Any]) -> list[dict[str, Any]]:
    told = of.annotate(sites=Count("site", distinct=True), h=Sum("hazards"), a=Sum("agreed"))
    return list(told)


def _firms(here: QuerySet[Framed]) -> list[Row]:
    said = {row["site__enterprise"]: row for row in _counted(here.values("site__enterprise"))}
    firms: dict[UUID, Enterprise] = Enterprise.objects.in_bulk(list(said))
    return [
        Row(f.place, f, said[id_]["sites"], said[id_]["h"], said[id_]["a"])
        for id_, f in firms.items()
    ]


def _places(here: QuerySet[Framed], digits: int) -> list[Row]:
    said = _counted(here.annotate(at=Left("place", digits)).values("at"))
    return [Row(row["at"], None, row["sites"], row["h"], row["a"]) for row in said]
