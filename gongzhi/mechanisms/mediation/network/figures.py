"""The filter 过滤器 in figures: where disputes enter, and where they end.

Flows of a period: what entered and what ended in it are not the same disputes. All of it is read
from counters; no dispute is looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gongzhi.cases import rollups
from gongzhi.cases.rollups import Months
from gongzhi.people.scope import Scope, within

NAME = "mediation"
LEVELS = ("village", "town", "county", "city", "province")
COUNTED = ("category.%", "entered.%", "settled.%", "ended.%", "filed.%", "settled_filed.%",
           "recurred.%")  # fmt: skip
# How a dispute can end besides being settled, in the order in which it is shown.
OTHERWISE = ("concluded", "unsettled", "broken_off", "withdrawn", "refused")


@dataclass
class Filtered:
    """What one place, kind or month counts."""

    entered: int = 0
    at: dict[str, int] = field(default_factory=dict)  # entered at a level
    settled: dict[str, int] = field(default_factory=dict)  # by the level that settled it
    ended: dict[str, int] = field(default_factory=dict)  # otherwise
    filed: int = 0
    settled_filed: int = 0
    recurred: int = 0

    @property
    def all_settled(self) -> int:
        return sum(self.settled.values())

    @property
    def before_filing(self) -> int:
        """Settled although no court had it: the share of the filter is taken from this."""
        return self.all_settled - self.settled_filed

    @property
    def all_ended(self) -> int:
        return self.all_settled + sum(self.ended.values())


def _take(into: Filtered, parts: Sequence[str], n: int) -> None:
    match parts:
        case ["category"]:
            into.entered += n
        case ["entered", level]:
            into.at[level] = into.at.get(level, 0) + n
        case ["settled", level]:
            into.settled[level] = into.settled.get(level, 0) + n
        case ["ended", state] if state in OTHERWISE:
            into.ended[state] = into.ended.get(state, 0) + n
        case [("filed" | "settled_filed" | "recurred") as name]:
            setattr(into, name, getattr(into, name) + n)


def summed(figures: Mapping[str, int], kind: str = "") -> Filtered:
    """All kinds of dispute together, or one of them."""
    found = Filtered()
    for name, n in figures.items():
        *parts, of = name.split(".")
        if kind in {"", of}:
            _take(found, parts, n)
    return found


def by_kind(figures: Mapping[str, int]) -> dict[str, Filtered]:
    found: dict[str, Filtered] = {}
    for name, n in figures.items():
        *parts, of = name.split(".")
        _take(found.setdefault(of, Filtered()), parts, n)
    return found


def months(seen_from: str, place: str, below: Iterable[str], since: str, until: str) -> Months:
    """The counted figures of a place month by month, and of those below it: one statement."""
    with within(Scope(place=seen_from)):
        return rollups.months(place, below, COUNTED, since=since, until=until, mechanism=NAME)


def together(own: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """All months as one."""
    found: Counter[str] = Counter()
    for figures in own.values():
        found.update(figures)
    return found
