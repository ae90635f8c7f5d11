"""The roll call 点名: all chiefs of an emergency at once, each answers with one press.

Who is silent when the time is over is missed, and whoever follows is called; who answers in a
chief's place acts as chief until the emergency ends. Times are counted by community, never by
person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Called, Emergency, RollCall, RollTally
from gongzhi.mechanisms.neighbourhoods.models.emergencies import OPEN_CALL
from gongzhi.mechanisms.neighbourhoods.registers import emergencies
from gongzhi.mechanisms.neighbourhoods.registers.charges import held
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.posts import Holder, deputise
from gongzhi.people.posts import current as appointed
from gongzhi.places.levels import span

EDGES: Final = (1, 3, 5, 10, 15)  # minutes, between the parts of RollTally.times
WAITS: Final = (3, 120)  # minutes that a call may wait, least and most


def usual_minutes() -> int:
    """How long a call waits, as the city has set it."""
    return int(settings.CONFIG.roll_call_minutes)


def call(of: Emergency, *, now: datetime, by: Holder, minutes: int | None = None) -> RollCall:
    """All chiefs in one statement. Raises Refused."""
    emergencies.must_run(by, of)
    minutes = minutes or usual_minutes()
    if not WAITS[0] <= minutes <= WAITS[1]:
        raise Refused(_("等候时间要在三分钟到两小时之间。"), field="minutes")
    id_, due = uuid4(), now + timedelta(minutes=minutes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT call_roll_v1(%s, %s, %s, %s, %s, %s, %s)",
            [id_, of.id, now, due, timezone.localdate(now), by.account, by.post],
        )
        (n,) = cursor.fetchone()
    if n == -1:
        raise Refused(_("战斗状态已经结束。"))
    if n == -2:
        raise Refused(_("上一次点名还有人没有应答，等它结束再点。"))
    return RollCall.objects.get(id=id_)


def answer(
    roll: RollCall, *, now: datetime, by: Holder, noted: Mapping[str, Any] | None = None
) -> int:
    """到: for every building this post was called for. Returns for how many it was new.

    Who answers in a chief's place is appointed to that post until the emergency ends. What is
    `noted` stands beside it in the record of the emergency.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM answer_v1(%s, %s, %s, %s, %s::jsonb)",
                [roll.id, by.post, by.account, now, orjson.dumps(noted or {}).decode()],
            )
            rows = cursor.fetchall()
        for called, _building, deputy, chief in rows:
            if deputy and chief:
                _step_in(called, chief, roll.emergency, now, by)
    return len(rows)


def was_late(roll: RollCall, by: Holder) -> bool:
    """Whether this post has answered after its time was over."""
    mine = Called.objects.filter(roll_call=roll, post=by.post)
    return mine.filter(answered_at__gt=F("due_at")).exists()


def _step_in(called: UUID, chief: UUID, of: Emergency, now: datetime, by: Holder) -> None:
    """Once: who acts in the post already goes on."""
    there = Appointment.objects.filter(appointed(now), post=chief, account=by.account)
    if there.exists():
        return
    made = deputise(
        Post.objects.get(id=chief), Account.objects.get(id=by.account),
        from_=now, until=emergencies.last_moment(of.ends_on),
    )  # fmt: skip
    Called.objects.filter(id=called).update(appointment=made.id)


def pass_on(now: datetime) -> int:
    """Who is silent is missed, and whoever follows is called. Returns how many were missed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pass_on_v1(%s, %s)", [now, timezone.localdate(now)])
        missed: int = cursor.fetchone()[0]
    return missed


def waiting_for(by: Holder) -> QuerySet[Called]:
    """Calls that this post has not answered yet."""
    return Called.objects.filter(OPEN_CALL, post=by.post, roll_call__emergency__ended_at=None)


def still_asked(by: Holder, of: Emergency) -> QuerySet[Called]:
    """The last call, where this post may still answer it, be it late."""
    last = RollCall.objects.filter(emergency=of).order_by("-called_at").values("id")[:1]
    return Called.objects.filter(
        roll_call__in=last, post=by.post, answered_at=None, withdrawn_at=None
    ).select_related("building")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a roll call stands: buildings by what became of them, and how long answers took."""

    buildings: int
    answered: int
    acting: int
    waiting: int
    gaps: int
    times: tuple[int, ...]

    @property
    def median(self) -> int | None:
        """The part of EDGES in which the middle answer lies; None without answers."""
        whole, seen = sum(self.times), 0
        for n, count in enumerate(self.times):
            seen += count
            if whole and 2 * seen >= whole:
                return n
        return None


def _added(rows: Sequence[RollTally]) -> Standing:
    return Standing(
        buildings=sum(t.buildings for t in rows), answered=sum(t.answered for t in rows),
        acting=sum(t.acting for t in rows), waiting=sum(t.waiting for t in rows),
        gaps=sum(t.gaps for t in rows),
        times=tuple(sum(t.times[n] for t in rows) for n in range(len(EDGES) + 1)),
    )  # fmt: skip


def standing(roll: RollCall, place: str) -> tuple[Standing, list[tuple[str, Standing]]]:
    """Of a place, and of each community in it: from counters alone."""
    low, high = span(place)
    rows = list(roll.tallies.filter(community__gte=low, community__lt=high).order_by("community"))
    return _added(rows), [(t.community, _added([t])) for t in rows]


def gaps_in(community: str) -> RollTally | None:
    """The newest roll call that goes on and has left buildings there without anybody."""
    going = RollTally.objects.filter(community=community, gaps__gt=0)
    found = going.filter(roll_call__emergency__ended_at=None).select_related("roll_call")
    return found.order_by("-roll_call__called_at").first()


@dataclass(frozen=True, slots=True)
class Silent:
    """A building whose chief has not answered: who is called now, or that nobody is left."""

    called: Called
    who: str
    name: str

    @property
    def is_gap(self) -> bool:
        return self.called.missed_at is not None


def silent(roll: RollCall, community: str, *, now: datetime) -> list[Silent]:
    """Building by building in the order of their codes: whom to ring or to knock at."""
    found = Called.objects.filter(roll_call=roll, building__community=community)
    last: dict[UUID, Called] = {}
    done = set()
    for row in found.select_related("building").order_by("building__code", "deputy"):
        last[row.building_id] = row
        if row.answered_at:
            done.add(row.building_id)
    rows = [c for id_, c in last.items() if id_ not in done]
    ids = {c.post for c in rows if c.post}
    posts, names = Post.objects.in_bulk(ids), held(ids, now)
    return [
        Silent(c, posts[c.post].title if c.post else "", names.get(c.post, "") if c.post else "")
        for c in rows
    ]
