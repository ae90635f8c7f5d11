"""How things stand in a place and right below it, and what happened in a span: from counters."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise

from gongzhi.cases import rollups
from gongzhi.command.asking import Asked
from gongzhi.declare import Level, Mechanism, Phase
from gongzhi.people.scope import Scope, within
from gongzhi.ui.period import months_between

FLOWS: Final = ("reported", "settled.%", "breached.%")
SHOWN: Final[Sequence[Phase]] = (
    Phase.REGISTER, Phase.DISPATCH, Phase.HANDLE, Phase.FEED_BACK,
)  # fmt: skip
SMALL: Final = 5  # below this many, a figure says little and is marked
Figures = Mapping[str, int]


def _sum(figures: Figures, beginning: str) -> int:
    return sum(n for name, n in figures.items() if name.startswith(beginning))


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one place, mechanism, week or month."""

    stocks: Figures
    flows: Figures

    @property
    def open(self) -> int:
        return _sum(self.stocks, "now.open.")

    @property
    def overdue(self) -> int:
        return self.stocks.get("now.overdue", 0)

    @property
    def phases(self) -> list[tuple[Phase, int]]:
        return [(p, self.stocks.get(f"now.open.{p}", 0)) for p in SHOWN]

    @property
    def reported(self) -> int:
        return self.flows.get("reported", 0)

    @property
    def settled(self) -> int:
        return _sum(self.flows, "settled.")

    @property
    def late(self) -> int:
        """Limits that were kept too late, on the day on which that ended."""
        return _sum(self.flows, "breached.")


@dataclass(frozen=True, slots=True)
class Pile:
    """How many open cases units of a level hold, and how many of these are late."""

    level: Level
    held: int
    late: int


@dataclass(frozen=True, slots=True)
class Overview:
    own: Line
    places: Mapping[str, Line]
    mechanisms: list[tuple[Mechanism, Line]]
    times: Mapping[str, Line]  # by the first day of the week (2026-11-23) or month (2026-11)
    parts: Mapping[str, str | Promise]  # of these, what lies in the span in part only
    before: Line  # of the same days of last year
    piles: list[Pile]


def overview(of: Asked, below: Sequence[str]) -> Overview:
    codes = [of.code, *below]
    span = {"since": of.since, "until": of.until}
    with within(Scope(place=of.by.place)):
        stocks = rollups.stocks(codes, mechanism=of.mechanism)
        flows, times = _by_month(of, below) if of.by_month else _by_week(of, codes)
        kinds = rollups.stocks_by_mechanism(of.code)
        done = rollups.flows_by_mechanism(of.code, FLOWS, **span)
        since, until = of.before
        before = rollups.flows(
            [of.code], FLOWS, since=since, until=until, mechanism=of.mechanism
        ).get(of.code, {})
    lines = {c: Line(stocks.get(c, {}), flows.get(c, {})) for c in codes}
    own = lines.pop(of.code)
    return Overview(
        own, lines,
        [(m, Line(kinds.get(m.name, {}), done.get(m.name, {}))) for m in of.mechanisms],
        times, _parts(of), Line({}, before), _piles(own.stocks),
    )  # fmt: skip


def _piles(stocks: Figures) -> list[Pile]:
    names = [(level, level.name.lower()) for level in Level]
    return [
        Pile(level, stocks.get(f"now.held.{name}", 0), stocks.get(f"now.late.{name}", 0))
        for level, name in names
    ]


def together(many: Iterable[Figures]) -> Figures:
    total: Counter[str] = Counter()
    for figures in many:
        total.update(figures)
    return total


def _by_month(of: Asked, below: Sequence[str]) -> tuple[Mapping[str, Figures], dict[str, Line]]:
    since, until = f"{of.since:%Y-%m}", f"{of.last:%Y-%m}"
    found = rollups.months(
        of.code, below, FLOWS, since=since, until=until, mechanism=of.mechanism
    )  # fmt: skip
    times = {m: Line({}, found.own.get(m, {})) for m in months_between(since, until)}
    return {**found.below, of.code: together(found.own.values())}, times


def _by_week(of: Asked, codes: Sequence[str]) -> tuple[Mapping[str, Figures], dict[str, Line]]:
    span = {"since": of.since, "until": of.until}
    flows = rollups.flows(codes, FLOWS, mechanism=of.mechanism, **span)
    days = rollups.days(of.code, FLOWS, mechanism=of.mechanism, **span)
    weeks: dict[str, list[Figures]] = {}
    for n in range((of.until - of.since).days):
        day = of.since + timedelta(days=n)
        weeks.setdefault(_monday(day), []).append(days.get(day.isoformat(), {}))
    return flows, {week: Line({}, together(found)) for week, found in weeks.items()}


def _parts(of: Asked) -> dict[str, str | Promise]:
    if of.by_month:
        return {} if of.until.day == 1 else {f"{of.last:%Y-%m}": of.short}
    ends = (of.since, of.since.weekday()), (of.last, of.until.weekday())
    return {_monday(day): of.short for day, weekday in ends if weekday}


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()
