"""Stakes 桩号 and lines of roads: read, checked against the county, made thin, written again."""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians

from django.conf import settings
from django.utils.translation import gettext as _

from gongzhi.places.coordinates import to_wgs84
from gongzhi.places.distance import Spot
from gongzhi.places.maps import KILOMETRES, is_inside
from gongzhi.places.names import name_of

STAKE = re.compile(r"[Kk]?(\d{1,4})(?:\+(\d{1,3})|(\.\d{1,4}))?")
NUMBER = r"-?\d{1,3}(?:\.\d+)?"
PAIR = re.compile(rf"({NUMBER})[\s,，]+({NUMBER})")
BETWEEN = re.compile(r"[;；\n]+")
THIN = 2.0  # metres: a point that lies nearer to the line of its neighbours says nothing
MOST_POINTS = 1_000
Line = list[list[float]]


class Unreadable(ValueError):
    """What to write instead."""


def stake(km: float) -> str:
    """K12+300: kilometres and metres."""
    whole, metres = divmod(round(km * 1000), 1000)
    return f"K{whole}+{metres:03d}"


def kilometres(text: str) -> float:
    """Of a stake K12+300, or of 12.3. Raises Unreadable."""
    found = STAKE.fullmatch(text.strip())
    if found is None:
        raise Unreadable(_("请写桩号，如 K12+300，或公里数，如 12.3。"))
    whole, metres, part = found.groups()
    return int(whole) + (int(metres) / 1000 if metres else float(part or 0))


def read(text: str, system: str) -> list[Spot]:
    """A line as it is written in a cell: longitude and latitude, points with ; between. As WGS84.

    Raises Unreadable.
    """
    spots: list[Spot] = []
    for part in filter(str.strip, BETWEEN.split(text)):
        found = PAIR.fullmatch(part.strip())
        if found is None:
            raise Unreadable(
                _("“%(said)s”不是坐标；请先写经度再写纬度，点之间用分号，如 "
                  "112.567 23.204; 112.571 23.209") % {"said": part.strip()[:30]}
            )  # fmt: skip
        spots.append(to_wgs84((float(found[1]), float(found[2])), system))
    return spots


def written(line: Sequence[Sequence[float]]) -> str:
    return "; ".join(f"{x} {y}" for x, y in line)


def check_inside(spots: Sequence[Spot], place: str) -> None:
    """Raises Unreadable for the first point outside the county (or city, province) of a place."""
    for x, y in spots:
        if not is_inside(settings.CONFIG.city, place, (x, y)):
            raise Unreadable(
                _("%(x)s %(y)s 不在%(place)s；请核对坐标系，以及经度在前、纬度在后。")
                % {"x": x, "y": y, "place": name_of(place[:6])}
            )


def line_of(spots: Sequence[Spot], place: str) -> Line:
    """As it is kept: inside the county and thin. Raises Unreadable."""
    if len(spots) == 1:
        raise Unreadable(_("一条线至少要有两个点。"))
    check_inside(spots, place)
    found = [list(spot) for spot in thinned(spots)]
    if len(found) > MOST_POINTS:
        raise Unreadable(_("线形的点太多（%(n)d 个），请分成几个路段。") % {"n": len(found)})
    return found


def _away(spot: Spot, a: Spot, b: Spot) -> float:
    """Metres from a point to the straight piece from a to b, on a plane: true enough for a road."""
    shrink = cos(radians(spot[1]))
    (ax, ay), (bx, by) = [((x - spot[0]) * shrink, y - spot[1]) for x, y in (a, b)]
    long = (bx - ax) ** 2 + (by - ay) ** 2
    share = min(max(-(ax * (bx - ax) + ay * (by - ay)) / long, 0.0), 1.0) if long else 0.0
    return hypot(ax + share * (bx - ax), ay + share * (by - ay)) * KILOMETRES * 1000


def thinned(spots: Sequence[Spot]) -> list[Spot]:
    """Without the points that say nothing. Source: Douglas and Peucker, 1973."""
    kept, waiting = {0, len(spots) - 1}, [(0, len(spots) - 1)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda n: _away(spots[n], spots[first], spots[last]), default=None)
        if far is not None and _away(spots[far], spots[first], spots[last]) > THIN:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [spots[n] for n in sorted(kept) if 0 <= n < len(spots)]


def bounds(line: Sequence[Sequence[float]]) -> dict[str, float | None]:
    """West, south, east and north of a line; nothing where there is none."""
    if not line:
        return dict.fromkeys(("west", "south", "east", "north"))
    xs, ys = [p[0] for p in line], [p[1] for p in line]
    return {"west": min(xs), "south": min(ys), "east": max(xs), "north": max(ys)}


def middle(line: Sequence[Sequence[float]]) -> Spot | None:
    """A point of the line about half way along."""
    if not line:
        return None
    steps = [hypot(c - a, d - b) for (a, b), (c, d) in pairwise(line)]
    half, gone = sum(steps) / 2, 0.0
    for n, step in enumerate(steps):
        gone += step
        if gone >= half:
            return line[n + 1][0], line[n + 1][1]
    return line[0][0], line[0][1]
