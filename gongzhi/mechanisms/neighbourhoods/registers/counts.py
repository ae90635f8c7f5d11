"""How many grids, buildings, doors and households there are: counted anew where something changed.

Whoever changes the register of a community calls `keep` in the same transaction. The community's
row is locked first, so that the last of several changes counts them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count as Number
from django.db.models import Q, Sum
from django.db.models.functions import Left
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Tally
from gongzhi.places.levels import span

_LOCK = """
    INSERT INTO neighbourhoods_tally (community, grids, buildings, dwellings, households)
    SELECT c, 0, 0, 0, 0 FROM unnest(%(communities)s::varchar[]) c ON CONFLICT DO NOTHING;
    SELECT FROM neighbourhoods_tally WHERE community = ANY (%(communities)s)
    ORDER BY community FOR UPDATE
"""
_COUNT = """
    UPDATE neighbourhoods_building b SET households = n.n FROM (
        SELECT b.id, count(h.id) AS n FROM neighbourhoods_building b
        LEFT JOIN neighbourhoods_household h
            ON h.building_id = b.id AND (h.until IS NULL OR h.until > %(today)s)
        WHERE b.community = ANY (%(communities)s) GROUP BY b.id) n
    WHERE b.id = n.id AND b.households <> n.n;
    UPDATE neighbourhoods_tally t
    SET grids = (SELECT count(*) FROM neighbourhoods_grid g WHERE g.community = t.community
            AND (g.valid_to IS NULL OR g.valid_to > %(today)s)),
        buildings = coalesce(n.buildings, 0), households = coalesce(n.households, 0),
        dwellings = (SELECT count(*) FROM neighbourhoods_dwelling d
            JOIN neighbourhoods_building b ON b.id = d.building_id
            WHERE b.community = t.community AND (d.valid_to IS NULL OR d.valid_to > %(today)s))
    FROM neighbourhoods_tally t2 LEFT JOIN (
        SELECT community, count(*) AS buildings, sum(households) AS households
        FROM neighbourhoods_building WHERE valid_to IS NULL OR valid_to > %(today)s
        GROUP BY community) n ON n.community = t2.community
    WHERE t2.community = t.community AND t.community = ANY (%(communities)s)
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Of one place, all below it together."""

    place: str
    communities: int = 0
    grids: int = 0
    buildings: int = 0
    dwellings: int = 0
    households: int = 0


def keep(communities: Iterable[str]) -> None:
    """After a change, in its transaction."""
    asked: dict[str, Any] = {"communities": sorted(set(communities)), "today": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, asked)
        # Only now, in a statement of its own, is seen what others have committed meanwhile.
        cursor.execute(_COUNT, asked)


def of(community: str) -> Count:
    found = Tally.objects.filter(community=community).first()
    if found is None:
        return Count(community)
    return Count(community, 1, found.grids, found.buildings, found.dwellings, found.households)


def below(place: str, digits: int) -> dict[str, Count]:
    """By the places below that have so many digits; those where nothing is registered left out."""
    low, high = span(place)
    some = Q(grids__gt=0) | Q(buildings__gt=0)
    found = (
        Tally.objects.filter(some, community__gte=low, community__lt=high)
        .annotate(part=Left("community", digits))
        .values("part")
        .annotate(n=Number("*"), g=Sum("grids"), b=Sum("buildings"), d=Sum("dwellings"),
                  h=Sum("households"))
        .order_by("part")
    )  # fmt: skip
    return {r["part"]: Count(r["part"], r["n"], r["g"], r["b"], r["d"], r["h"]) for r in found}


def total(found: Iterable[Count], place: str) -> Count:
    every = list(found)
    return Count(
        place, *(sum(getattr(c, name) for c in every)
                 for name in ("communities", "grids", "buildings", "dwellings", "households"))
    )  # fmt: skip
