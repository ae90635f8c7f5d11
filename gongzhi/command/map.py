"""The map of a city's counties, shaded by how many cases are open; drawn on the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from gongzhi.places.maps import outlines

SHADES = 4
NAME, LINE = 120.0, 26.0  # how wide and high a name with its figure is


@dataclass(frozen=True, slots=True)
class Shape:
    code: str
    path: str
    x: float
    y: float
    n: int
    shade: int


@dataclass(frozen=True, slots=True)
class Map:
    width: float
    height: float
    shapes: list[Shape]


def shapes(code: str, counts: Mapping[str, int]) -> Map | None:
    """The map where one is known: of a city's counties."""
    (width, height), found = outlines(settings.CONFIG.city)
    inside = [o for o in found if o[0].startswith(code)]
    if len(code) != 4 or not inside:
        return None
    names = _apart([place for *_rest, place in inside])
    most = max(counts.values(), default=0) or 1
    return Map(
        width,
        height,
        [
            Shape(c, d, x, y, counts.get(c, 0), -(-SHADES * counts.get(c, 0) // most))
            for (c, _name, d, _place), (x, y) in zip(inside, names, strict=True)
        ],
    )


def _apart(names: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where names stand: one that would lie on another moves down a line."""
    placed: list[tuple[float, float]] = []
    for x, y in names:
        lines = [py for px, py in placed if abs(px - x) < NAME and abs(py - y) < LINE]
        placed.append((x, max(lines) + LINE if lines else y))
    return placed
