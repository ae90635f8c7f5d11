"""Coordinates from Chinese maps become WGS84 at the edge, once it is said which system came in.

CGCS2000 differs from WGS84 by centimetres and is taken as the same. GCJ-02 (most phone maps) and
BD-09 (Baidu) are shifted by some hundred metres; neither shift was ever published: the formulas
here are those in common use (wandergis/coordtransform, whose examples are our tests), good to
about a metre.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.places.distance import Spot

# The ellipsoid of Krasovsky 1940, by which GCJ-02 was made.
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
TURN = pi * 3000.0 / 180.0
ENOUGH = 1e-8  # degrees: a millimetre


def _wave(x: float) -> float:
    return 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)


def _shift(at: Spot) -> Spot:
    """How far GCJ-02 lies from WGS84 there, in degrees."""
    x, y = at[0] - 105.0, at[1] - 35.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += 2.0 / 3.0 * (_wave(x) + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi))
    east += 2.0 / 3.0 * (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += 2.0 / 3.0 * (_wave(x) + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi))
    north += 2.0 / 3.0 * (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0))
    latitude = at[1] / 180.0 * pi
    bent = 1 - ECCENTRICITY * sin(latitude) ** 2
    return (
        east * 180.0 / (AXIS / sqrt(bent) * cos(latitude) * pi),
        north * 180.0 / (AXIS * (1 - ECCENTRICITY) / (bent * sqrt(bent)) * pi),
    )


def gcj02_of(wgs84: Spot) -> Spot:
    east, north = _shift(wgs84)
    return wgs84[0] + east, wgs84[1] + north


def from_gcj02(spot: Spot) -> Spot:
    """The place whose GCJ-02 this is: guessed, and corrected by how far the guess misses."""
    guess = spot
    for _try in range(10):
        x, y = gcj02_of(guess)
        miss = spot[0] - x, spot[1] - y
        guess = guess[0] + miss[0], guess[1] + miss[1]
        if hypot(*miss) < ENOUGH:
            break
    return guess


def gcj02_of_bd09(spot: Spot) -> Spot:
    x, y = spot[0] - 0.0065, spot[1] - 0.006
    far = hypot(x, y) - 0.00002 * sin(y * TURN)
    angle = atan2(y, x) - 0.000003 * cos(x * TURN)
    return far * cos(angle), far * sin(angle)


def _same(spot: Spot) -> Spot:
    return spot


# Name -> what it is called, and how it becomes WGS84.
SYSTEMS: Final[dict[str, tuple[str | Promise, Callable[[Spot], Spot]]]] = {
    "wgs84": (_("WGS84 或 CGCS2000（GPS、国家 2000 坐标）"), _same),
    "gcj02": (_("GCJ-02（高德、腾讯等手机地图）"), from_gcj02),
    "bd09": (_("BD-09（百度地图）"), lambda spot: from_gcj02(gcj02_of_bd09(spot))),
}


def to_wgs84(spot: Spot, system: str) -> Spot:
    """Rounded to a centimetre, which no survey of a road gets under."""
    x, y = SYSTEMS[system][1](spot)
    return round(x, 7), round(y, 7)
