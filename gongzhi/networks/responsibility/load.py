"""How many open cases posts hold, and which hold too many 超负荷: posts are compared, not persons.

Too many is what the operator sets (GONGZHI_OVERLOAD_*): no law names a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from gongzhi.declare import Level
from gongzhi.places.levels import county_of
from gongzhi.places.models import Division

# Like posts are of one kind, at one level, under one place with so many digits: towns and villages
# of a county, counties of a city, cities of a province.
UNDER = {2: 0, 4: 2, 6: 4, 9: 6, 12: 6}
_HELD = """
WITH peers AS MATERIALIZED (
    SELECT p.id, p.kind, p.place
    FROM unnest(%(digits)s::int[], %(lows)s::text[]) a (digits, low)
    JOIN people_post p ON length(p.place) = a.digits AND p.place >= a.low AND p.place < a.low || '~'
    WHERE p.valid_to IS NULL
), held AS (
    SELECT l.post, sum(l.n)::int AS n
    FROM unnest(%(counties)s::text[]) county
    CROSS JOIN LATERAL load_v1(county, ARRAY(SELECT id FROM peers)) l GROUP BY 1
)
SELECT p.id, p.kind, p.place, coalesce(h.n, 0) FROM peers p LEFT JOIN held h ON h.post = p.id
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a post holds; `usual`: the median of the other posts like it, if there are any."""

    post: UUID
    place: str
    open: int
    usual: float | None

    @property
    def overloaded(self) -> bool:
        """At least so many, and more than so many times what is usual."""
        config = settings.CONFIG
        most = config.overload_times * (self.usual or 0)
        return bool(self.open >= config.overload_least and self.open > most)


def loads(place: str, *, over: str) -> Mapping[UUID, Load]:
    """Of posts from the level of `over` down, in the places around `place`; one statement."""
    levels = [level.digits for level in Level if level.digits >= len(over)]
    lows = [place[: UNDER[n]] for n in levels]
    root = lows[0] if lows else ""
    places = Division.objects.filter(code__startswith=root, level__lte=Level.COUNTY)
    counties = {county_of(code) for code in places.values_list("code", flat=True)}
    asked: dict[str, Any] = {"digits": levels, "lows": lows, "counties": sorted(counties)}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, asked)
        rows = cursor.fetchall()
    alike: dict[tuple[str, str, int], list[int]] = {}
    for _id, kind, code, n in rows:
        alike.setdefault(_like(kind, code), []).append(n)
    usual = {(like, n): _usual(ns, n) for like, ns in alike.items() for n in {*ns}}
    return {
        id_: Load(id_, code, n, usual[_like(kind, code), n]) for id_, kind, code, n in rows
    }  # fmt: skip


def _like(kind: str, place: str) -> tuple[str, str, int]:
    return kind, place[: UNDER[len(place)]], len(place)


def _usual(held: Sequence[int], n: int) -> float | None:
    """The median of what the others hold, beside one that holds n."""
    others = sorted(held)
    others.remove(n)
    return median(others) if others else None
