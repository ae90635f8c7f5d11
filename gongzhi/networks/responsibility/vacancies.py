"""Where a matter would stop 空缺, at all five levels: nobody in the posts, or no unit at all.

A unit with nobody in its posts holds up what comes there; where there is no unit, the level above
takes it in. Each answer is one statement, whatever the number of places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from gongzhi.declare import Level, Mechanism
from gongzhi.places.levels import ancestors, level_of, span

PAGE = 50
# Every place with whether a unit takes such matters in there, and whether anybody is in its posts.
_STAFFED = """
    SELECT d.code, d.level, bool_or(u.id IS NOT NULL) AS has_unit, count(a.id) = 0 AS empty
    FROM places_division d
    LEFT JOIN people_unit u ON u.place = d.code AND u.kind = ANY (%(kinds)s)
        AND u.valid_from <= %(at)s AND (u.valid_to IS NULL OR u.valid_to > %(at)s)
    LEFT JOIN people_post p ON p.unit_id = u.id AND (p.valid_to IS NULL OR p.valid_to > %(at)s)
    LEFT JOIN people_appointment a ON a.post_id = p.id AND a.held_from <= %(at)s
        AND (a.held_to IS NULL OR a.held_to > %(at)s)
    WHERE d.valid_to IS NULL AND {where}
    GROUP BY d.code, d.level
"""
_BELOW = _STAFFED.format(where="d.code > %(low)s AND d.code < %(high)s")
_CHAIN = _STAFFED.format(where="d.code = ANY (%(chain)s)")
_PARTS = f"""
    SELECT left(code, %(digits)s), level, count(*), count(*) FILTER (WHERE empty AND has_unit),
        count(*) FILTER (WHERE empty AND NOT has_unit)
    FROM ({_BELOW}) s GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 -- our own words
_EMPTY = f"""
    SELECT code, level, has_unit FROM ({_BELOW}) s
    WHERE empty AND code > %(after)s AND level = ANY (%(levels)s) ORDER BY code LIMIT %(most)s
"""  # noqa: S608 -- our own words


@dataclass(frozen=True, slots=True)
class Count:
    """The places of one level in a part: all, those with nobody in post, those without a unit."""

    level: int
    all: int
    nobody: int
    no_unit: int


@dataclass(frozen=True, slots=True)
class Part:
    """A place right below, with the places in it, level by level from its own."""

    code: str
    counts: Sequence[Count]


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    level: int
    has_unit: bool
    empty: bool = True


def _rows(
    statement: str, mechanism: Mechanism, here: str, now: datetime, **more: Any
) -> list[tuple[Any, ...]]:
    low, high = span(here)
    asked = {"kinds": list(mechanism.routed_to), "at": now, "low": low, "high": high, **more}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def chain(mechanism: Mechanism, here: str, *, now: datetime) -> list[Place]:
    """The place itself and those above it, through which a matter would go up."""
    codes = [*ancestors(here), here]
    return [Place(*row) for row in _rows(_CHAIN + " ORDER BY d.level", mechanism, here, now,
                                         chain=codes)]  # fmt: skip


def parts(mechanism: Mechanism, here: str, *, now: datetime) -> list[Part]:
    """The places right below with how much is vacant in them."""
    if level_of(here) == Level.VILLAGE:
        return []
    digits = Level(level_of(here) + 1).digits
    found: dict[str, list[Count]] = {}
    for code, *counted in _rows(_PARTS, mechanism, here, now, digits=digits):
        found.setdefault(code, []).append(Count(*counted))
    return [Part(code, counts) for code, counts in found.items()]


def vacant(
    mechanism: Mechanism, here: str, *, now: datetime, level: Level | None = None,
    after: str = "", most: int | None = None,
) -> list[Place]:  # fmt: skip
    """Vacant places below, by code, from behind `after`; of one level, or of all."""
    levels = [int(x) for x in ((level,) if level else Level)]
    return [Place(*row) for row in _rows(_EMPTY, mechanism, here, now, after=after, most=most,
                                         levels=levels)]  # fmt: skip
