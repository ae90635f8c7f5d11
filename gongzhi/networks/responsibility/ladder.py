"""Who is responsible, level by level: unit, posts, who holds them, what is vacant or overloaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from gongzhi.declare import Level, Mechanism
from gongzhi.networks.responsibility import duties
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.load import Load, loads
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.places.levels import level_of


@dataclass(frozen=True, slots=True)
class Seat:
    """A post with who holds it; `load` is None for who may not know."""

    post: Post
    holders: Sequence[Holder]
    load: Load | None

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
    helping = {level: row.helpers for level, row in rows.items()}
    lines = [line for found in helping.values() for line in found]
    near = Q(kind__in={x.kind for x in lines if not x.unit}, place__in=places.values())
    called = Q(id__in={x.unit for x in lines if x.unit})
    helpers = list(Unit.objects.filter(near | called, valid_to=None).order_by("id"))
    seats = _seats(posts, holders_in(ids, at=now), place, by)
    return [
        Rung(level, code, leads[level], rows.get(level),
             [u for u in helpers if any(_helps(u, x, code) for x in helping.get(level, ()))],
             [s for s in seats if leads[level] and s.post.unit_id == leads[level].id])  # type: ignore[union-attr]
        for level, code in places.items()
    ]  # fmt: skip


def _helps(unit: Unit, line: Line, place: str) -> bool:
    return unit.id == line.unit if line.unit else (unit.kind, unit.place) == (line.kind, place)


def _seats(posts: Sequence[Post], holders: Sequence[Holder], place: str, by: Holder) -> list[Seat]:
    """How much a post holds is told to those who stand over it; no person is named with it."""
    knows = by.sees_place and place.startswith(by.place)
    held = loads(place, over=by.place) if knows else {}
    return [
        Seat(post, [h for h in holders if h.post == post.id], held.get(post.id)) for post in posts
    ]
