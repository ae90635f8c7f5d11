"""How far it is from one point to another: straight lines over the earth, WGS84."""

from math import asin, cos, radians, sin, sqrt

RADIUS = 6371.0  # of the earth, in kilometres
Spot = tuple[float, float]


def km(a: Spot, b: Spot) -> float:
    """The straight line between two points (longitude, latitude)."""
    (x, y), (u, v) = [(radians(lon), radians(lat)) for lon, lat in (a, b)]
    half = sin((v - y) / 2) ** 2 + cos(y) * cos(v) * sin((u - x) / 2) ** 2
    return 2 * RADIUS * asin(sqrt(half))


def metres(a: Spot, b: Spot) -> float:
    return km(a, b) * 1000
