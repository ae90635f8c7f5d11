"""The way of a case through the five levels 五级路径: who held it, how long, why it moved on.

Drawn from the ledger alone; what units were called in or decided beside the holder are dots.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from gongzhi.cases.reading import CaseView, Line
from gongzhi.declare import Level
from gongzhi.people.models import Unit
from gongzhi.places.levels import level_of

# Room at the left for the names of the levels, the longest in English.
WIDTH, LEFT, LANE, BAR, LEAST = 340, 62, 30, 14, 6.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which one unit held the case; `line` is the act by which it came."""

    unit: Unit | None
    begins: datetime
    ends: datetime
    line: Line
    now: bool

    @property
    def lasted(self) -> timedelta:
        return self.ends - self.begins

    @property
    def reason(self) -> str:
        return self.line.words.get("reason", "")


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    now: bool
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Journey:
    left: int
    width: int
    height: int
    lanes: Sequence[tuple[int, int]]  # (level, y of its text)
    bars: Sequence[Bar]
    dots: Sequence[Dot]
    way: str  # the line that goes from bar to bar


def stretches(view: CaseView, now: datetime) -> list[Stretch]:
    """Who held it from when to when, in the order of time."""
    moves = [
        (line, UUID(line.entry.changes["case"]["unit"]))
        for line in view.lines if "unit" in line.entry.changes.get("case", {})
    ]  # fmt: skip
    end = view.case.closed_at or now
    until = [*(line.entry.at for line, _unit in moves[1:]), end]
    return [
        Stretch(view.units.get(unit), line.entry.at, max(to, line.entry.at), line,
                view.case.is_open and line is moves[-1][0])
        for (line, unit), to in zip(moves, until, strict=True)
    ]  # fmt: skip


def _y(level: int) -> int:
    return (level - 1) * LANE + LANE // 2


def _lane(unit: Unit | None) -> int | None:
    return int(level_of(unit.place)) if unit else None


def _beside(view: CaseView, held: Sequence[Stretch]) -> Iterator[tuple[datetime, int]]:
    """When units that did not hold it did something in it, and at which level."""
    for line in view.lines:
        lane = _lane(line.unit)
        holder = next((s.unit for s in reversed(held) if s.begins <= line.entry.at), None)
        if lane and line.unit and (holder is None or holder.id != line.unit.id):
            yield line.entry.at, lane


def drawn(view: CaseView, held: Sequence[Stretch], called: Sequence[str]) -> Journey:
    """As a picture: a lane for each level, time from left to right. `called`: a title each."""
    begin = held[0].begins
    whole = max((held[-1].ends - begin).total_seconds(), 1.0)
    room = WIDTH - LEFT - LEAST

    def x(at: datetime) -> float:
        return round(LEFT + room * min((at - begin).total_seconds() / whole, 1.0), 1)

    def wide(s: Stretch) -> float:
        return round(max(x(s.ends) - x(s.begins), LEAST), 1)

    bars = [
        Bar(x(s.begins), _y(lane) - BAR / 2, wide(s), s.now, t)
        for s, t in zip(held, called, strict=True) if (lane := _lane(s.unit))
    ]  # fmt: skip
    points = [(b.x, b.y + BAR / 2) for b in bars]
    way = "".join(f"M{x1} {y0}L{x1} {y1}" for (_x0, y0), (x1, y1) in pairwise(points))
    dots = [Dot(x(at), _y(lane)) for at, lane in _beside(view, held)]
    lanes = [(int(level), _y(int(level))) for level in Level]
    return Journey(LEFT, WIDTH, LANE * len(lanes), lanes, bars, dots, way)
