"""The diary 排期: when a unit's people and rooms are taken, by sessions and by visit days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from gongzhi.cases.models import Case
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.models import Room, Visit
from gongzhi.mechanisms.mediation.network.tallies import OVERSEE
from gongzhi.mechanisms.mediation.network.visits import HEARD
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.scope import within
from gongzhi.places.levels import county_of
from gongzhi.places.models import Division

MEETING = (
    "mediator", "judge", "judicial_officer", "clerk", "lawyer", "expert", "arbitrator", "handler",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Whose time is kept: a post, or a room."""

    id: UUID
    label: str
    room: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Time that is taken; the case and the visit only for those who may see them."""

    begins_at: datetime
    ends_at: datetime
    books: frozenset[UUID]
    uid: str
    case: Case | None = None
    visit: Visit | None = None
    point: Unit | None = None
    done: bool = False


def whose(by: Holder, now: datetime) -> list[Kept]:
    """One's own time first; who guides a unit sees that of its people and rooms too."""
    own = Kept(by.post, by.name)
    if by.kind not in OVERSEE:
        return [own]
    people = holders_in([by.unit], at=now, kinds=MEETING)
    others = {h.post: h.name for h in people if not h.deputy and h.post != by.post}
    rooms = Room.objects.filter(unit=by.unit, closed_on=None).order_by("name")
    return [
        own,
        *(Kept(post, name) for post, name in others.items()),
        *(Kept(room.id, room.name, room=True) for room in rooms),
    ]


def _counties(place: str) -> list[str]:
    """Where the cases are that a post of this place may be booked for."""
    if len(place) >= Level.COUNTY.digits:
        return [county_of(place)]
    below = Division.objects.filter(
        level=Level.COUNTY, code__startswith=place, valid_to=None
    ).values_list("code", flat=True)
    return [county_of(place), *below]


def _sessions(by: Holder, books: Collection[UUID], since: datetime, until: datetime) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c, d.* FROM unnest(%s::text[]) c CROSS JOIN LATERAL diary_v1(c, %s, %s, %s) d",
            [_counties(by.place), [str(b) for b in books], since, until],
        )
        rows = [r for r in cursor.fetchall() if r[-1] in HEARD]
    with within(by.scope):
        asked = {(county, id_) for county, id_, *_rest in rows}
        seen = Case.objects.filter(county__in={c for c, _ in asked}, id__in={i for _, i in asked})
        cases = {(c.county, c.id): c for c in seen}
    return [
        Entry(begins, ends, frozenset(map(UUID, taken)), f"{id_}-{seq}-{n}",
              case=cases.get((county, id_)), done=done is not None)
        for county, id_, seq, n, taken, begins, ends, done, _ended_by in rows
    ]  # fmt: skip


def _visits(books: Collection[UUID], since: datetime, until: datetime) -> list[Entry]:
    found = list(
        Visit.objects.filter(
            judge__in=[*books], begins_at__lt=until, ends_at__gt=since, cancelled_at=None
        )
    )
    points = {u.id: u for u in Unit.objects.filter(id__in={v.unit for v in found})}
    return [
        Entry(v.begins_at, v.ends_at, frozenset([v.judge]), str(v.id), visit=v,
              point=points[v.unit])
        for v in found
    ]  # fmt: skip


def entries(by: Holder, books: Collection[UUID], since: datetime, until: datetime) -> list[Entry]:
    """What takes the time of these posts and rooms, in order."""
    found = [*_sessions(by, books, since, until), *_visits(books, since, until)]
    return sorted(found, key=lambda e: (e.begins_at, e.uid))


def names(rooms: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Room.objects.filter(id__in=list(rooms)).values_list("id", "name"))
