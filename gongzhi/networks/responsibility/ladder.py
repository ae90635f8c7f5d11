"""Who is responsible, level by level: unit, posts, who holds them, what is vacant or overloaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from gongzhi.declare import Level, Mechanism
from gongzhi.networks.responsibility import duties
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.places.levels import county_of, level_of, span

# Overload 超负荷: at least so many, and more than so many times the median of like posts.
LEAST, TIMES = 10, 2


@dataclass(frozen=True, slots=True)
class Seat:
    """A post with who holds it; `open` is None for who may not know."""

    post: Post
    holders: Sequence[Holder]
    open: int | None
    overloaded: bool

    @property
    def vacant(self) -> bool:
        return not self.holders


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: who leads and why, who helps, and whether anybody is there."""

    level: Level
    place: str
    unit: Unit | None
    duty: Duty | None
    helpers: Sequence[Unit]
    seats: Sequence[Seat]

    @property
    def nobody(self) -> bool:
        return self.unit is None or all(s.vacant for s in self.seats)


def _loads(county: str, posts: Sequence[UUID]) -> Mapping[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM load_v1(%s, %s)", [county, list(posts)])
        return dict(cursor.fetchall())


def _usual(county: str, like: set[tuple[str, int]]) -> Mapping[tuple[str, int], float]:
    """The median of open cases of posts of a kind at a level, in the county."""
    low, high = span(county)
    found = Post.objects.filter(
        kind__in={kind for kind, _digits in like}, place__gte=low, place__lt=high, valid_to=None
    )
    posts = [(p.id, (p.kind, len(p.place))) for p in found.only("id", "kind", "place")]
    held = _loads(county, [id_ for id_, _key in posts])
    by: dict[tuple[str, int], list[int]] = {}
    for id_, key in posts:
        by.setdefault(key, []).append(held.get(id_, 0))
    return {key: median(ns) for key, ns in by.items()}


def ladder(
    mechanism: Mechanism, category: str, place: str, *, now: datetime, by: Holder
) -> list[Rung]:
    """From the province down to the place; in a handful of statements, whatever the place."""
    rows = duties.rows_for(mechanism.name, category, place, timezone.localdate(now))
    places = {level_of(code): code for code in duties.chain(place)}
    named = duties.Leads(rows.values(), at=duties.chain(place))
    leads: dict[Level, Unit | None] = {}
    for level, code in places.items():
        row = rows.get(level)
        leads[level] = named.of(row, place) if row else duties.routed(mechanism, code)
    ids = [u.id for u in leads.values() if u]
    posts = list(Post.objects.filter(unit__in=ids, valid_to=None).order_by("kind", "title", "id"))
    helpers = Unit.objects.filter(
        kind__in={k for r in rows.values() for k in r.helpers}, place__in=places.values(),
        valid_to=None,
    )  # fmt: skip
    seats = _seats(posts, holders_in(ids, at=now), county_of(place), by)
    return [
        Rung(level, code, leads[level], rows.get(level),
             [u for u in helpers if u.place == code
              and level in rows and u.kind in rows[level].helpers],
             [s for s in seats if leads[level] and s.post.unit_id == leads[level].id])  # type: ignore[union-attr]
        for level, code in places.items()
    ]  # fmt: skip


def _seats(posts: Sequence[Post], holders: Sequence[Holder], county: str, by: Holder) -> list[Seat]:
    """Counts are told to those who stand over the county; they name posts, and rank nobody."""
    knows = by.sees_place and county.startswith(by.place)
    held: Mapping[Any, int] = _loads(county, [p.id for p in posts]) if knows else {}
    usual = _usual(county, {(p.kind, len(p.place)) for p in posts}) if knows else {}
    found = []
    for post in posts:
        n = held.get(post.id, 0) if knows else None
        most = max(LEAST, TIMES * usual.get((post.kind, len(post.place)), 0))
        mine = [h for h in holders if h.post == post.id]
        found.append(Seat(post, mine, n, n is not None and n > most))
    return found


# Counties and towns where such a matter would stop: no unit to take it in, or nobody in its posts.
EMPTY = """
SELECT d.code, d.level, bool_or(u.id IS NOT NULL) AS has_unit
FROM places_division d
LEFT JOIN people_unit u ON u.place = d.code AND u.kind = ANY (%(kinds)s)
    AND u.valid_from <= %(at)s AND (u.valid_to IS NULL OR u.valid_to > %(at)s)
LEFT JOIN people_post p ON p.unit_id = u.id AND (p.valid_to IS NULL OR p.valid_to > %(at)s)
LEFT JOIN people_appointment a ON a.post_id = p.id AND a.held_from <= %(at)s
    AND (a.held_to IS NULL OR a.held_to > %(at)s)
WHERE d.code >= %(low)s AND d.code < %(high)s AND d.level IN (3, 4) AND d.valid_to IS NULL
GROUP BY d.code, d.level HAVING count(a.id) = 0 ORDER BY d.code
"""


@dataclass(frozen=True, slots=True)
class Empty:
    code: str
    level: int
    has_unit: bool


def vacancies(mechanism: Mechanism, place: str, *, now: datetime) -> list[Empty]:
    """Where an escalation would be blocked, before it is; one statement for a whole province."""
    low, high = span(place)
    asked: dict[str, Any] = {
        "kinds": list(mechanism.routed_to), "low": low, "high": high, "at": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(EMPTY, asked)
        return [Empty(*row) for row in cursor.fetchall()]
