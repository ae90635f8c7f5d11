"""Maps of the places right below: drawn on the server, and the same told to MapLibre.

Counties have outlines; towns (and villages, where it is known) have the point of their seat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from django.conf import settings

from gongzhi.command.asking import Asked
from gongzhi.declare import Level
from gongzhi.places.maps import county_outlines, outlines, view
from gongzhi.places.models import Division
from gongzhi.places.search import name_of

SHADES = 4
SMALLEST, LARGEST = 5.0, 20.0  # radius of a point
COUNTY, TOWN = 22.0, 15.0  # sizes of letters, as in the style sheets
LATIN, LINE = 0.6, 1.15  # of these, how wide a letter is, and how high a line


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the drawn map: an outline, or a point with its radius."""

    code: str
    n: int
    shade: int
    x: float
    y: float
    path: str = ""
    radius: float = 0.0
    name: tuple[float, float] = (0.0, 0.0)  # the middle of its name


@dataclass(frozen=True, slots=True)
class Map:
    width: float
    height: float
    ground: list[str]  # outlines of what the points lie in
    marks: list[Mark]


def _shade(n: int, most: int) -> int:
    return -(-SHADES * n // most)


def _radius(n: int, most: int) -> float:
    """The area tells the number."""
    return round(SMALLEST + (LARGEST - SMALLEST) * sqrt(n / most), 1)


def _known(code: str) -> bool:
    """Whether there are outlines of the city that a place is, or lies in."""
    found = county_outlines(settings.CONFIG.city)
    return len(code) >= Level.CITY.digits and any(
        f["properties"]["code"].startswith(code[:6]) for f in found
    )


def drawn(code: str, below: Sequence[Division], counts: Mapping[str, int]) -> Map | None:
    """Where one is known: of a city's counties, of a county's towns."""
    if not below or not _known(code):
        return None
    most = max(counts.values(), default=0) or 1
    (width, height), found = outlines(settings.CONFIG.city, code[:6])
    if len(code) == Level.CITY.digits:
        return Map(width, height, [], _apart([
            Mark(c, counts.get(c, 0), _shade(counts.get(c, 0), most), x, y, d)
            for c, _name, d, (x, y) in found
        ], width, COUNTY))  # fmt: skip
    seen = view(settings.CONFIG.city, code[:6])
    marks = [
        Mark(d.code, n, _shade(n, most), *seen.at(d.longitude, d.latitude),
             radius=_radius(n, most))
        for d in below if d.longitude is not None and d.latitude is not None
        for n in [counts.get(d.code, 0)]
    ]  # fmt: skip
    ground = [d for _c, _name, d, _place in found]
    return Map(width, height, ground, _apart(marks, width, TOWN)) if marks else None


def told(of: Asked, below: Sequence[Division], counts: Mapping[str, int]) -> dict[str, Any]:
    """The same for MapLibre: outlines with their shades, and points."""
    most = max(counts.values(), default=0) or 1
    if not below or not _known(of.code):
        return {}
    shapes = [
        {**f, "properties": {"code": c, "shade": _shade(counts.get(c, 0), most)}}
        for f in county_outlines(settings.CONFIG.city, of.code[:6])
        for c in [f["properties"]["code"]]
    ]
    at = {f["properties"]["code"]: (f["properties"]["label_lng"], f["properties"]["label_lat"])
          for f in county_outlines(settings.CONFIG.city)}  # fmt: skip
    places = [(d.code, at.get(d.code, (d.longitude, d.latitude))) for d in below]
    return {
        "outlines": {"type": "FeatureCollection", "features": shapes},
        "places": [
            {"name": name_of(c), "n": counts.get(c, 0), "at": where, "radius": _radius(n, most),
             "url": f"?place={c}&{of.query}", "dot": c not in at}
            for c, where in places if where[0] is not None for n in [counts.get(c, 0)]
        ],
        "tiles": settings.CONFIG.tiles, "tilesBy": settings.CONFIG.tiles_by,
    }  # fmt: skip


def _wide(text: str, size: float) -> float:
    """About how wide a name is drawn: Han characters are square, others about half of that."""
    return size * sum(1 if c > "\u2e80" else LATIN for c in text)


def _apart(marks: Sequence[Mark], across: float, size: float) -> list[Mark]:
    """Names stand within the picture, and one that would lie on another moves down."""
    placed: list[tuple[float, float, float]] = []  # middle, line, and how wide
    found = []
    for mark in sorted(marks, key=lambda one: (one.y, one.x)):
        wide = _wide(f"{name_of(mark.code)} {mark.n}", size)
        x, y = max(wide / 2, min(mark.x, across - wide / 2)), mark.y
        for px, py, other in sorted(placed, key=lambda one: one[1]):
            if abs(px - x) < (wide + other) / 2 and abs(py - y) < size * LINE:
                y = py + size * LINE
        placed.append((x, y, wide))
        found.append(replace(mark, name=(round(x, 1), round(y, 1))))
    return found
