"""A flow picture: one bar on the left that parts into ribbons, one for each outcome."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HIGH, LEFT, RIGHT = 720, 320, 20, 360
GAP, THIN, LINE = 6, 2, 20  # between ribbons; the least of one; a line of text


@dataclass(frozen=True, slots=True)
class Ribbon:
    name: str
    label: str
    n: int
    path: str
    text_y: float


@dataclass(frozen=True, slots=True)
class Ribbons:
    width: int
    height: float
    bar: float
    total: int
    ribbons: Sequence[Ribbon]


def _path(top: float, low: float, thick: float, end: float) -> str:
    """From the bar, `top` to `top + thick`, to the right edge, `low` to `low + end`."""
    middle = (LEFT + 16 + RIGHT) / 2
    x0, x1 = LEFT + 16, RIGHT
    return (
        f"M{x0} {top:.1f}C{middle} {top:.1f} {middle} {low:.1f} {x1} {low:.1f}"
        f"L{x1} {low + end:.1f}"
        f"C{middle} {low + end:.1f} {middle} {top + thick:.1f} {x0} {top + thick:.1f}Z"
    )


def drawn(ends: Sequence[tuple[str, str, int]]) -> Ribbons:
    """Ribbons as thick as their share; a rare one is still seen, and no two texts meet."""
    total = sum(n for *_names, n in ends)
    ribbons, top, low, said = [], 10.0, 10.0, 0.0
    for name, label, n in ends:
        thick = HIGH * n / total
        end = max(thick, THIN)
        said = max(low + end / 2 + 5, said + LINE)
        ribbons.append(Ribbon(name, label, n, _path(top, low, thick, end), said))
        top += thick
        low = max(low + end + GAP, said - LINE / 2)
    return Ribbons(WIDTH, max(low, top, said) + 10, top - 10, total, ribbons)
