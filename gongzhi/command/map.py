"""The map of a city's counties, shaded by how many cases are open; drawn on the server."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from gongzhi.places.maps import outlines

SHADES = 4


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
    most = max(counts.values(), default=0) or 1
    return Map(
        width,
        height,
        [
            Shape(c, d, x, y, counts.get(c, 0), -(-SHADES * counts.get(c, 0) // most))
            for c, _name, d, (x, y) in inside
        ],
    )
