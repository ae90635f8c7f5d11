"""act(): the one door by which anything changes.

Beginning a case is one round trip to the database; acting on one is two: read under lock, write.
Who may was declared; it is checked here for every surface, and the database checks post, scope
and state once more.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from secrets import randbits
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import DatabaseError, connection, transaction

from gongzhi.cases import catalogue, limits, numbers, plans, sealed, transition, whistles
from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.changes import (
    Accused,
    Booked,
    Changes,
    Faster,
    NewFile,
    NewParty,
    NewTask,
    NobodyTakesIt,
    NotFound,
    OtherUnit,
    PlaceUnknown,
    Refused,
    Words,
)
from gongzhi.cases.snapshot import Snapshot, snapshot_of
from gongzhi.declare import Act, Mechanism
from gongzhi.people.models import Unit
from gongzhi.people.permissions import Actor, may, may_begin
from gongzhi.people.posts import Holder, NotYourPost, Resident, Timer
from gongzhi.places.levels import county_of, level_of

REFUSALS: dict[str | None, type[Exception]] = {
    "GZ001": NotFound,
    "GZ002": NotYourPost,
    "GZ003": Faster,
    "GZ004": NobodyTakesIt,
    "GZ005": PlaceUnknown,
    "GZ007": Accused,
    "GZ008": OtherUnit,
    "GZ009": Booked,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done: the case, the line in its ledger, and whether it had been done before."""

    county: str
    id: UUID
    number: str
    seq: int
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told when a case begins."""

    place: str
    category: str
    title: str
    data: Mapping[str, Any]
    parties: Sequence[NewParty] = ()
    files: Sequence[NewFile] = ()
    tasks: Sequence[NewTask] = ()
    channel: str = "web"
    urgent: bool = False
    longitude: float | None = None
    latitude: float | None = None
    unit: UUID | None = None
    facts: Mapping[str, Any] | None = None


def new_id(now: datetime) -> UUID:
    """UUID version 7 (RFC 9562): cases of one time lie side by side in every index."""
    since = int(now.timestamp() * 1000)
    lot = randbits(74)
    return UUID(int=since << 80 | 7 << 76 | lot >> 62 << 64 | 2 << 62 | lot & (1 << 62) - 1)


def _plain(value: object) -> object:
    """JSON of what acts are made of, besides ids and times, which orjson knows."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in the ledger")


def encode(value: object) -> str:
    """As the database takes it."""
    return orjson.dumps(value, default=_plain).decode()


@contextmanager
def refusing() -> Iterator[None]:
    """The database's refusals become ours."""
    try:
        yield
    except (DatabaseError, psycopg.Error) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
        if state in REFUSALS:
            raise REFUSALS[state] from None
        raise


Param = str | UUID | datetime | int | None


def _call(statement: str, params: Sequence[Param]) -> dict[str, Any]:
    """One round trip."""
    with refusing(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchone()
    result: dict[str, Any] = orjson.loads(found[0])
    return result


def _told(
    statement: str, params: Sequence[Param], county: str, id_: UUID, seq: int
) -> dict[str, Any]:
    """One round trip, which tells open pages too: statements sent together are one transaction.

    NOTIFY belongs to this connection: on a sharded server, a door runs elsewhere.
    """
    said = f"{statement}; SELECT tell_v1(%s, %s, %s)"
    return _call(said, [*params, county, id_, seq])


def _who(by: Actor) -> dict[str, Any]:
    """As the database knows who acts."""
    if isinstance(by, Holder):
        return {"account": str(by.account), "post": str(by.post), "unit": str(by.unit)}
    if isinstance(by, Resident) and by.tail:
        return {"tail": sealed.hexed(by.tail)}
    return {"timer": True} if isinstance(by, Timer) else {}


def _entry(
    act: Act, by: Actor, step: transition.Step, *, before: str, after: str
) -> dict[str, Any]:
    holder = by if isinstance(by, Holder) else None
    return {
        "seq": step.seq,
        "act": act.name,
        "at": step.at,
        "account": holder and holder.account,
        "post": holder and holder.post,
        "unit": holder and holder.unit,
        "place": holder.place if holder else "",
        "before": before,
        "after": after,
    }


def _key(by: Actor, key: str, case: UUID | None = None) -> str | None:
    """The idempotency key belongs to whoever sent it and to the case it was sent for: one key may
    go to many cases, as when a post is handed over."""
    said = f"{encode(_who(by))}|{case or ''}|{key}"
    return sealed.hexed(hashlib.sha256(said.encode()).digest())


def _file_rows(files: Sequence[NewFile]) -> list[dict[str, Any]]:
    return [
        {"n": n, "sha256": f.sha256, "kind": f.kind, "size": f.size} for n, f in enumerate(files)
    ]


def _step(mechanism: Mechanism, now: datetime, seq: int) -> transition.Step:
    return transition.Step(
        now, seq, working_calendar(), partial(catalogue.origin, mechanism),
        partial(limits.in_force, mechanism.name),
    )  # fmt: skip


def prepare(
    mechanism: Mechanism, told: Report, *, key: str, now: datetime, by: Actor
) -> tuple[str, UUID, dict[str, Any]]:
    """County, id and payload of a new case. Shared by report() and bulk intake.

    Raises Refused when this actor may not begin such a case there.
    """
    allowed = may_begin(by, mechanism.starts, told.place)
    if not allowed:
        raise Refused(allowed.reason)  # type: ignore[union-attr]
    effect = mechanism.starts.effect
    said = {**told.data, "channel": told.channel, "category": told.category, **(told.facts or {})}
    begun: Changes = effect(None, said, by) if effect else Changes()
    county, id_ = county_of(told.place), new_id(now)
    drawn = numbers.draw(county, now.year)
    accused = {str(p.who) for p in told.parties if p.who and p.side == "respondent"}
    hidden = sorted(accused | {str(one) for one in begun.hide})
    columns = {
        "id": id_,
        "number": drawn[0],
        "category": told.category,
        "place": told.place,
        "unit": told.unit,
        "post": None,
        "units": sorted({str(u) for u in begun.join} - {*hidden}),
        "hidden": hidden,
        "confined": bool(begun.confine),
        "channel": told.channel,
        "urgent": told.urgent or bool(begun.urgent),
        "weight": begun.weight or 0,
        "facts": {**begun.facts, **(told.facts or {})},
    }
    step = _step(mechanism, now, 1)
    tasks = (*told.tasks, *begun.tasks)
    changes = transition.at_start(mechanism, columns, tasks, begun.figures, step)
    data, rows = sealed.split({**told.data, "title": Words(told.title)}, county, id_, 1)
    payload = {
        "by": _who(by),
        "key": _key(by, key),
        "numbers": drawn,
        "routed_to": mechanism.routed_to,
        "apart": {
            "title": told.title[:80],
            "longitude": told.longitude,
            "latitude": told.latitude,
        },
        "entry": _entry(mechanism.starts, by, step, before="", after=changes["case"]["state"]),
        "data": data,
        "changes": changes,
        "sealed": rows,
        "parties": sealed.party_rows(told.parties, county),
        "files": _file_rows(told.files),
    }
    return county, id_, payload


def report(mechanism: Mechanism, told: Report, *, key: str, now: datetime, by: Actor) -> Receipt:
    """Begin a case: one round trip. The same key again gives the same receipt.

    Raises Refused, NobodyTakesIt, PlaceUnknown, NotYourPost.
    """
    county, id_, payload = prepare(mechanism, told, key=key, now=now, by=by)
    done = _told("SELECT report_v1(%s, %s)::text", [county, encode(payload)], county, id_, 1)
    return Receipt(county, UUID(done["id"]), done["number"], done["seq"], done["again"])


def lock(
    county: str, id_: UUID, *, key: str, now: datetime, by: Actor
) -> tuple[Snapshot, int | None]:
    """The case under lock, and the entry this key made before, if any. Raises NotFound."""
    found = _call(
        "SELECT lock_v1(%s, %s, %s, %s, %s)::text",
        [county, id_, encode(_who(by)), now, _key(by, key, id_)],
    )
    return snapshot_of(found), found["again"]


def act(
    case: tuple[str, UUID],
    act: Act,
    data: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
    by: Actor,
    files: Sequence[NewFile] = (),
    given: Mapping[str, Any] | None = None,
) -> Receipt:
    """Do an act on a case (county, id). The same key again gives the same receipt.

    `given` is for the effect alone and does not enter the ledger (names of a group).
    Raises Refused with a reason the user can read, NotFound, Faster, NotYourPost.
    """
    county, id_ = case
    with transaction.atomic():
        seen, before = lock(county, id_, key=key, now=now, by=by)
        if before is not None:
            return Receipt(county, id_, seen.number, before, again=True)
        payload = _payload(seen, act, data, files=files, given=given or {}, now=now, by=by)
        payload["key"] = _key(by, key, id_)
        done = _told("SELECT act_v1(%s, %s, %s)::text", [county, id_, encode(payload)],
                     county, id_, seen.seq + 1)  # fmt: skip
    return Receipt(county, id_, seen.number, done["seq"], done["again"])


def _levelled(seen: Snapshot, changes: Changes) -> Changes:
    """The level of a unit that an effect names without it, where limits hang on the level."""
    if changes.unit is None or changes.level is not None:
        return changes
    if not any(clock.at for clock in seen.mechanism.clocks):
        return changes
    place = Unit.objects.filter(id=changes.unit).values_list("place", flat=True).first()
    return replace(changes, level=level_of(place)) if place else changes


def _payload(
    seen: Snapshot,
    act: Act,
    data: Mapping[str, Any],
    *,
    files: Sequence[NewFile],
    given: Mapping[str, Any],
    now: datetime,
    by: Actor,
) -> dict[str, Any]:
    """All that this act writes. Raises Refused."""
    allowed = may(by, act, seen)
    if not allowed:
        raise Refused(allowed.reason)  # type: ignore[union-attr]
    if seen.state not in seen.mechanism.sources(act):
        raise Faster
    plans.hold_open(seen, act.then or seen.state, by)
    whistles.hold_open(seen, act.then or seen.state, by)
    changes = act.effect(seen, {**data, **given}, by) if act.effect else Changes()
    changes = _levelled(seen, changes)
    step = _step(seen.mechanism, now, seen.seq + 1)
    written = transition.after_act(seen, act, changes, step)
    open_data, rows = sealed.split(data, seen.county, seen.id, step.seq)
    after = act.then or seen.state
    payload: dict[str, Any] = {
        "by": _who(by),
        "entry": _entry(act, by, step, before=seen.state.name, after=after.name),
        "data": open_data,
        "changes": written,
    }
    if rows:
        payload["sealed"] = rows
    if changes.parties:
        payload["parties"] = sealed.party_rows(changes.parties, seen.county)
    if files:
        payload["files"] = _file_rows(files)
    if changes.links:
        payload["links"] = [
            {"other": str(k.case), "other_county": k.county, "kind": k.kind} for k in changes.links
        ]
    return payload
