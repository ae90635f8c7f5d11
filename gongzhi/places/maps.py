"""Outlines of a city's counties, for maps that need no tiles, and what lies inside them."""

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

from gongzhi.places.city import folder
from gongzhi.places.distance import Spot

WIDTH = 640.0
KILOMETRES = 111.2  # of one degree of latitude
BESIDE = 1.5  # kilometres: the outlines are drawn so coarsely

Outline = tuple[str, str, str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class View:
    """How longitude and latitude become a point of the picture.

    Equirectangular, shrunk by the cosine of the middle latitude: true enough for one city.
    """

    west: float
    north: float
    shrink: float
    scale: float
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (
            round((longitude - self.west) * self.shrink * self.scale, 1),
            round((self.north - latitude) * self.scale, 1),
        )

    def length(self, kilometres: float) -> float:
        return round(kilometres / KILOMETRES * self.scale, 1)


@lru_cache(maxsize=4)
def _features(city: str) -> list[dict[str, Any]]:
    raw = (folder(city) / "counties.geojson").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(raw)["features"]
    return found


def _inside(city: str, within: str) -> list[dict[str, Any]]:
    found = _features(city)
    return [f for f in found if f["properties"]["code"].startswith(within)] or found


@lru_cache(maxsize=32)
def view(city: str, within: str = "") -> View:
    """The picture of the counties whose codes begin with `within`; of all where none does."""
    features = _inside(city, within)
    points = [p for f in features for ring in _rings(f["geometry"]) for p in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * shrink)
    return View(west, north, shrink, scale, round((north - south) * scale, 1))


@lru_cache(maxsize=32)
def outlines(city: str, within: str = "") -> tuple[tuple[float, float], list[Outline]]:
    """Size of the picture, and for each county: code, name, path, where its name stands."""
    seen = view(city, within)
    found: list[Outline] = []
    for f in _inside(city, within):
        told = f["properties"]
        rings = [[seen.at(x, y) for x, y in ring] for ring in _rings(f["geometry"])]
        d = " ".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
        label = seen.at(told["label_lng"], told["label_lat"])
        found.append((told["code"], told["name"], d, label))
    return (WIDTH, seen.height), found


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    kind, of = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return list(of)
    return [ring for polygon in of for ring in polygon]


def _crosses(ring: list[list[float]], spot: Spot) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    x, y = spot
    return bool(
        sum(
            (b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a
            for (a, b), (c, d) in pairwise([*ring, ring[0]])
        )
        % 2
    )


def _near(ring: list[list[float]], spot: Spot) -> bool:
    """Whether the ring passes within BESIDE."""
    shrink = cos(radians(spot[1]))
    points = [((x - spot[0]) * shrink, y - spot[1]) for x, y in ring]
    for (a, b), (c, d) in pairwise([*points, points[0]]):
        long = (c - a) ** 2 + (d - b) ** 2
        share = min(max(-(a * (c - a) + b * (d - b)) / long, 0), 1) if long else 0
        if hypot(a + share * (c - a), b + share * (d - b)) * KILOMETRES <= BESIDE:
            return True
    return False


def is_inside(city: str, code: str, spot: Spot) -> bool:
    """Whether a point lies in a place of the city, as far as outlines of counties can say."""
    found = [f for f in _features(city) if f["properties"]["code"].startswith(code[:6])]
    rings = [ring for f in found for ring in _rings(f["geometry"])]
    return any(_crosses(ring, spot) for ring in rings) or any(_near(ring, spot) for ring in rings)


def county_outlines(city: str, within: str = "") -> list[dict[str, Any]]:
    """The outlines as GeoJSON features, for maps that draw themselves."""
    return _inside(city, within)
