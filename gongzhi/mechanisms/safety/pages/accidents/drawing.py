"""Pairs of bars with their intervals: the same period of last year, and this one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gongzhi.mechanisms.safety.registers.declines import Measure

WIDE = 100  # units that the longest interval takes


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a bar goes, and its interval from where to where."""

    n: int
    to: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pair:
    label: Any
    before: Bar
    after: Bar
    too_few: bool


def pairs(rows: Iterable[tuple[Any, Measure]]) -> list[Pair]:
    """All on one scale."""
    rows = list(rows)
    most = max((high for _l, m in rows for _low, high in m.intervals), default=1.0)

    def bar(n: int, interval: tuple[float, float]) -> Bar:
        return Bar(n, *(round(WIDE * x / most, 1) for x in (n, *interval)))

    return [
        Pair(label, bar(m.before, m.intervals[0]), bar(m.after, m.intervals[1]), m.too_few)
        for label, m in rows
    ]
