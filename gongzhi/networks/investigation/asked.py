"""Who is asked in a round 排查: derived from places and posts, never written down in advance.

A place answers by the posts of the asked kinds that stand in it and are held. Where a village has
none, its town answers for it; where the town has none either, nobody is asked, and pages say so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from gongzhi.declare import Level, Mechanism, Tie, registry
from gongzhi.networks.investigation.models import Answer, Round
from gongzhi.networks.investigation.turns import GRACE, Turn, open_turn
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, span

LEVELS = (Level.TOWN, Level.VILLAGE)  # at which places answer
# Courts, arbitration and discipline are nobody's to send on a round.
UNITS = (
    "governance_centre", "government", "department", "village_committee", "mediation_committee",
    "judicial_office",
)  # fmt: skip
NOT_ASKED = {"judge", "arbitrator", "inspector"}

# Posts that are held at an instant, and by how many; `p` is the post, `u` its unit.
HELD = """
    people_post p JOIN people_unit u ON u.id = p.unit_id AND u.kind = ANY(%(units)s)
    JOIN people_appointment a ON a.post_id = p.id AND a.held_from <= %(at)s
        AND (a.held_to IS NULL OR a.held_to > %(at)s)
"""
IS_HELD = "p.valid_from <= %(at)s AND (p.valid_to IS NULL OR p.valid_to > %(at)s)"
EXISTS = (
    "(d.valid_from IS NULL OR d.valid_from <= %(day)s)"
    " AND (d.valid_to IS NULL OR d.valid_to > %(day)s)"
)


def kinds_for(mechanism: Mechanism, level: Level | None = None) -> set[str]:
    """Kinds of posts that may register a finding: who cannot is not sent to look for it."""
    roles = [r for r in mechanism.starts.roles if r.tie is Tie.PLACE]
    return {k for r in roles if level is None or level in r.at for k in r.kinds} - NOT_ASKED


def every_kind() -> list[str]:
    """All kinds of posts that some round may ask."""
    return sorted({k for m in registry.every() for k in kinds_for(m)})


def moment(at: datetime) -> Mapping[str, Any]:
    """What the statements ask of an instant."""
    return {"at": at, "day": timezone.localdate(at), "units": list(UNITS)}


@dataclass(frozen=True, slots=True)
class Load:
    """What a round asks of the front line: places, those that their town answers for, those with
    nobody to ask, and people."""

    places: int
    by_town: int
    nobody: int
    people: int


_LOAD = f"""
    WITH held AS MATERIALIZED (
        SELECT p.place, a.account_id FROM {HELD}
        WHERE p.kind = ANY(%(kinds)s) AND p.place >= %(from)s AND p.place < %(high)s AND {IS_HELD}
    ), seats AS (SELECT DISTINCT place FROM held
    ), asked AS (
        SELECT d.code, coalesce(own.place, town.place) AS answers
        FROM places_division d
        LEFT JOIN seats own ON own.place = d.code
        LEFT JOIN seats town ON own.place IS NULL AND town.place = left(d.code, 9)
        WHERE d.level = %(level)s AND d.code >= %(low)s AND d.code < %(high)s AND {EXISTS}
    )
    SELECT count(*), count(*) FILTER (WHERE answers <> code),
        count(*) FILTER (WHERE answers IS NULL),
        (SELECT count(DISTINCT account_id) FROM held WHERE place IN (SELECT answers FROM asked))
    FROM asked
"""  # noqa: S608 -- our own words


def load(place: str, level: int, kinds: Collection[str], at: datetime) -> Load:
    """How many places and people a round there would ask; one statement."""
    low, high = span(place)
    given = {
        "low": low, "high": high, "from": low[:9], "level": int(level), "kinds": list(kinds),
        **moment(at),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, given)
        return Load(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a post is asked to answer for in the open turn, and its answer so far."""

    of: Round
    turn: Turn
    code: str
    answer: Answer | None
    for_village: bool  # the town answers, since the village has nobody


_PLACES = f"""
    SELECT r.id, d.code, w.id
    FROM unnest(%(rounds)s::uuid[], %(turns)s::int[]) AS t(id, turn)
    JOIN investigation_round r ON r.id = t.id
    JOIN places_division d ON d.level = r.level AND d.code >= %(low)s AND d.code < %(high)s
        AND d.code >= r.place AND d.code < r.place || '~' AND {EXISTS}
    LEFT JOIN investigation_answer w
        ON w.of_id = r.id AND w.turn = t.turn AND w.place = d.code AND w.replaced_at IS NULL
    WHERE d.code = %(mine)s OR NOT EXISTS (
        SELECT FROM {HELD} WHERE p.place = d.code AND p.kind = ANY(r.kinds) AND {IS_HELD})
    ORDER BY d.code
"""  # noqa: S608 -- our own words


def can_be_asked(by: Holder) -> bool:
    """Known without asking the database: most posts never are."""
    return by.unit_kind in UNITS and by.level in LEVELS and by.kind in every_kind()


def _rounds(by: Holder, now: datetime) -> list[tuple[Round, Turn]]:
    """Those that ask posts like this one, with the turn that is open, the most pressing first."""
    low, high = span(by.place)
    today = timezone.localdate(now)
    above = Q(place__in=[*ancestors(by.place), by.place]) | Q(place__gte=low, place__lt=high)
    found = Round.objects.filter(
        above, ended_at=None, kinds__contains=[by.kind], level__gte=by.level,
        begins_on__lte=today, over_on__gt=today - GRACE,
    )  # fmt: skip
    running = [(of, turn) for of in found if (turn := open_turn(of, now))]
    return sorted(running, key=lambda r: (r[1].ends_on, r[0].declared_at, r[0].id))


def places_of(by: Holder, *, now: datetime, only: UUID | None = None) -> list[Place]:
    """What this post is asked now, answered or not; three statements at most."""
    if not can_be_asked(by):
        return []
    running = {of.id: (of, t) for of, t in _rounds(by, now) if only in {None, of.id}}
    rows = _asked_of(by, running, now) if running else []
    answers = Answer.objects.in_bulk([w for _of, _code, w in rows if w])
    found = [Place(*running[of], code, answers.get(w), code != by.place) for of, code, w in rows]
    order = list(running)
    return sorted(found, key=lambda p: (order.index(p.of.id), p.code))


def _asked_of(
    by: Holder, running: Mapping[UUID, tuple[Round, Turn]], now: datetime
) -> Sequence[tuple[UUID, str, UUID | None]]:
    low, high = span(by.place)
    given = {
        "rounds": list(running), "turns": [t.number for _of, t in running.values()],
        "low": low, "high": high, "mine": by.place, **moment(now),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, given)
        return list(cursor.fetchall())


def waiting(by: Holder, *, now: datetime) -> int:
    """How many rounds this post still has to answer; no statement for posts that none asks."""
    return len({p.of.id for p in places_of(by, now=now) if p.answer is None})
