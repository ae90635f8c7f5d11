"""Outlines of a city's counties as SVG paths, for maps that need no script and no tiles."""

import json
from functools import lru_cache
from math import cos, radians
from typing import Any

from gongzhi.places.city import folder

WIDTH = 640.0

Outline = tuple[str, str, str, tuple[float, float]]


@lru_cache(maxsize=4)
def outlines(city: str) -> tuple[tuple[float, float], list[Outline]]:
    """Size of the picture, and for each county: code, name, path, where its name stands.

    Equirectangular, shrunk by the cosine of the middle latitude: true enough for one city.
    """
    raw = (folder(city) / "counties.geojson").read_text("utf-8")
    features = json.loads(raw)["features"]
    rings = {f["properties"]["code"]: _rings(f["geometry"]) for f in features}
    points = [p for rs in rings.values() for r in rs for p in r]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * shrink)

    def at(point: list[float]) -> tuple[float, float]:
        return (
            round((point[0] - west) * shrink * scale, 1),
            round((north - point[1]) * scale, 1),
        )

    found: list[Outline] = []
    for f in features:
        code, name = f["properties"]["code"], f["properties"]["name"]
        d = " ".join("M" + "L".join(f"{x} {y}" for x, y in map(at, r)) + "Z" for r in rings[code])
        label = at([f["properties"]["label_lng"], f["properties"]["label_lat"]])
        found.append((code, name, d, label))
    return (WIDTH, round((north - south) * scale, 1)), found


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    kind, of = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return list(of)
    return [ring for polygon in of for ring in polygon]
