"""What of a section a patrol covered 巡查覆盖: its way laid beside the section's line.

Both are cut into short steps; a step of the line is covered when the way came near it. Where the
phone was without a position for long, nothing is supposed about the way between.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, cos, floor, hypot, radians
from uuid import UUID

NEAR = 40.0  # metres from the line that count as on it: phones err by tens of metres
STEP = 10.0  # metres between points of a line that are looked at
GAP = 300.0  # metres without a position across which the way is not drawn
ENOUGH = 0.7  # share of a section from which it counts as patrolled: our default
METRES = 111_195.0  # of one degree of latitude

Spot = tuple[float, float]
Line = Sequence[Sequence[float]]


def _plane(of: Line, middle: float) -> list[Spot]:
    """Positions as metres: true enough within a county."""
    shrink = cos(radians(middle))
    return [(p[0] * METRES * shrink, p[1] * METRES) for p in of]


def _steps(line: Sequence[Spot], step: float, gap: float = float("inf")) -> Iterator[Spot]:
    """The line's points and more between them, none further apart than a step."""
    yield from line[:1]
    for (x, y), (u, v) in pairwise(line):
        far = hypot(u - x, v - y)
        cuts = max(ceil(far / step), 1) if far <= gap else 1
        for n in range(1, cuts + 1):
            yield x + (u - x) * n / cuts, y + (v - y) * n / cuts


def _cell(spot: Spot) -> tuple[int, int]:
    return floor(spot[0] / NEAR), floor(spot[1] / NEAR)


class Way:
    """The way of a patrol, in cells as wide as near is, so that what is near lies next door."""

    def __init__(self, track: Line) -> None:
        self.middle = track[0][1] if track else 0.0
        self.cells: dict[tuple[int, int], list[Spot]] = {}
        for spot in _steps(_plane(track, self.middle), STEP, GAP):
            self.cells.setdefault(_cell(spot), []).append(spot)

    def _is_near(self, spot: Spot) -> bool:
        x, y = _cell(spot)
        around = ((x + i, y + j) for i in (0, -1, 1) for j in (0, -1, 1))
        return any(
            hypot(spot[0] - u, spot[1] - v) <= NEAR
            for cell in around for u, v in self.cells.get(cell, ())
        )  # fmt: skip

    def share(self, line: Line) -> float:
        """How much of this line the way covered, from 0 to 1."""
        if not self.cells or len(line) < 2:
            return 0.0
        spots = list(_steps(_plane(line, self.middle), STEP))
        return round(sum(map(self._is_near, spots)) / len(spots), 3)


def shares(track: Line, lines: Iterable[tuple[UUID, Line]]) -> dict[UUID, float]:
    """Of each section that the way touched, how much."""
    way = Way(track)
    found = {name: way.share(line) for name, line in lines}
    return {name: share for name, share in found.items() if share > 0}
