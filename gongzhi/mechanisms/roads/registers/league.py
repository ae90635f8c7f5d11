"""Departments side by side 部门比较: how soon they came, acted, and how they were rated.

Figures are those of the whistles (cases/whistles.py), read from counters alone; no case is looked
at. Units are compared, with counts; never persons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import rollups
from gongzhi.cases.chances import wilson
from gongzhi.cases.grounds import BUCKETS
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.ui.words import named

NAME = "roads"
STARS = 3  # of at most so many
OVERSEE = ("leader", "administrator", "road_chief")
# Share: label, formula, numerator and denominator among the counted figures; whether more is good.
SHARES: Final[Mapping[str, tuple[Any, Any, str, str]]] = {
    "reported": (_("按时报到"), _("期限内报到 ÷ 已报到"), "reported_in_time", "reported"),
    "remedied": (_("按时处置"), _("期限内反馈处置 ÷ 已反馈处置"), "remedied_in_time", "remedied"),
    "redone": (_("返工"), _("核验没有通过 ÷ 已反馈处置"), "redone", "remedied"),
    "chased": (_("被催办"), _("过了期限被催办 ÷ 被吹哨"), "late", "summoned"),
    "disputed": (_("对职责有异议"), _("报到时提出异议 ÷ 已报到"), "disputed", "reported"),
}
# Grounds of a whistle, shorter than they are asked for.
CALLED: Final = {"urgent": _("紧急"), "beyond": _("超出本级"), "several": _("多部门")}


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its counts and its 95 % interval, in percent."""

    label: Any
    over: int
    under: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.over / self.under) if self.under else None

    @property
    def interval(self) -> tuple[int, int] | None:
        found = wilson(self.over, self.under)
        return (round(100 * found[0]), round(100 * found[1])) if found else None


@dataclass(frozen=True)
class Row:
    """One department in a place and a period; `least`: below so many calls it is not ordered."""

    unit: Unit
    counts: Mapping[str, int]
    least: int
    shares: Mapping[str, Share] = field(init=False)

    def __post_init__(self) -> None:
        found = {
            name: Share(label, self.counts.get(over, 0), self.counts.get(under, 0))
            for name, (label, _formula, over, under) in SHARES.items()
        }
        object.__setattr__(self, "shares", found)

    @property
    def summoned(self) -> int:
        return self.counts.get("summoned", 0)

    @property
    def small(self) -> bool:
        return self.summoned < self.least

    @property
    def median(self) -> tuple[int, int | None] | None:
        """Between how many minutes the middle report-in came (None: no upper bound)."""
        return median([self.counts.get(f"in.{b}", 0) for b in (*BUCKETS, "more")])

    @property
    def stars(self) -> float | None:
        """The mean rating, of three."""
        rated = self.counts.get("rated", 0)
        return self.counts.get("stars", 0) / rated if rated else None

    @property
    def grounds(self) -> list[tuple[Any, int]]:
        """On which grounds it was called: urgent calls are to be answered sooner."""
        return [(label, self.counts.get(f"ground.{name}", 0)) for name, label in CALLED.items()]

    @property
    def disputes(self) -> list[tuple[Any, int]]:
        """How disputes about its duty were decided."""
        said = {"stands": _("仍归它"), "other": _("归别的单位"), "none": _("不用部门办")}
        return [(label, self.counts.get(f"dispute_{how}", 0)) for how, label in said.items()]


def median(classes: Sequence[int]) -> tuple[int, int | None] | None:
    """The class in which the middle of grouped counts falls, as bounds; both classes, if the two
    middle ones lie in different classes. Nothing is interpolated: within a class no time is known.
    """
    n = sum(classes)
    if not n:
        return None
    low, high = _class_of((n + 1) // 2, classes), _class_of(n // 2 + 1, classes)
    bounds = (0, *BUCKETS, None)
    return bounds[low] or 0, bounds[high + 1]


def _class_of(rank: int, classes: Sequence[int]) -> int:
    gone = 0
    for n, count in enumerate(classes):
        gone += count
        if gone >= rank:
            return n
    raise ValueError(rank)


def oversees(by: Holder) -> bool:
    """Leaders, road chiefs and their offices see all departments in their place."""
    return by.sees_place and (by.kind in OVERSEE or by.unit_kind == "road_office")


def rows(place: str, since: str, until: str, *, least: int, order: str, by: Holder) -> list[Row]:
    """All departments that were called in a place, from one month to another, both counted; the
    departments themselves see their own row."""
    figures = "unit.%" if oversees(by) else f"unit.{by.unit.hex}.%"
    with within(Scope(place=by.place)):
        found = rollups.months(place, [], [figures], since=since, until=until, mechanism=NAME)
    counts: dict[str, dict[str, int]] = {}
    for month in found.own.values():
        for name, n in month.items():
            _unit, of, what = name.split(".", 2)
            one = counts.setdefault(of, {})
            one[what] = one.get(what, 0) + n
    units = Unit.objects.in_bulk([UUID(hexed) for hexed in counts])
    told = [Row(unit, counts[id_.hex], least) for id_, unit in units.items()]
    return sorted(told, key=lambda row: _key(row, order))


def _key(row: Row, order: str) -> tuple[bool, float, str, str]:
    """By name; or by a share, and then who was called too seldom stands apart at the end."""
    if order not in SHARES:
        return False, 0.0, row.unit.place, named(row.unit)
    share = row.shares[order]
    apart = row.small or not share.under
    return apart, 0.0 if apart else -share.over / share.under, row.unit.place, named(row.unit)
