"""A case as it stands, locked, at the moment of an act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.declare import Level, Mechanism, State, registry
from gongzhi.places.levels import level_of

BREACH = "breach"  # the entry of time itself: a limit ran out
FIRST_LATE = "first_late."  # and its weight: a case of which the first limit ran out


@dataclass(frozen=True, slots=True)
class Run:
    """One open run of a clock."""

    name: str
    seq: int
    status: str
    started_at: datetime
    due_at: datetime
    provisional: bool = False
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    extended: bool = False


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task not yet done."""

    name: str
    seq: int
    n: int
    unit: UUID
    post: UUID | None
    due_at: datetime | None
    data: Mapping[str, Any]
    done_at: datetime | None = None


def row_of(what: Run | OpenTask) -> dict[str, Any]:
    """As asdict(), which copies deeply and took a third of the time of a report."""
    return {name: getattr(what, name) for name in what.__slots__}


@dataclass(frozen=True, slots=True)
class PartyRef:
    """A party without name or phone: enough to see a conflict of interest."""

    id: UUID
    side: str
    who: UUID | None
    phone_index: bytes | None
    tail_index: bytes | None = None
    seq: int = 1  # of the entry that named them


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What effects and permissions may know of a case, at the instant `at`. No personal data is
    in it."""

    county: str
    id: UUID
    number: str
    mechanism: Mechanism
    state: State
    category: str
    channel: str
    place: str
    unit: UUID
    post: UUID | None
    offered: bool
    units: tuple[UUID, ...]
    hidden: tuple[UUID, ...]
    confined: bool
    facts: Mapping[str, Any]
    overdue: bool
    urgent: bool
    reported_at: datetime
    closed_at: datetime | None
    at: datetime
    seq: int
    holder_place: str
    parent_unit: UUID | None
    parent_place: str | None = None
    from_place: str | None = None
    clocks: tuple[Run, ...] = ()
    tasks: tuple[OpenTask, ...] = ()
    parties: tuple[PartyRef, ...] = ()
    last: Mapping[str, str | None] = field(default_factory=dict)
    weight: int = 0

    @property
    def fell_late(self) -> bool:
        """Whether one of its limits ever ran out 曾经逾期."""
        return BREACH in self.last

    @property
    def parent_level(self) -> Level | None:
        return level_of(self.parent_place) if self.parent_place else None

    @property
    def from_level(self) -> Level | None:
        """Of the unit that offered the case."""
        return level_of(self.from_place) if self.from_place else None

    @property
    def members(self) -> list[PartyRef]:
        """All who ask for something together: the group, where they are several."""
        return [p for p in self.parties if p.side == "applicant"]

    def parties_of(self, tail: bytes) -> list[PartyRef]:
        """The applicants whose phone ends so."""
        return [p for p in self.members if p.tail_index == tail]


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _must(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("a time is missing in the ledger")
    return at


def run_from(row: Mapping[str, Any]) -> Run:
    return Run(
        name=row["name"],
        seq=row["seq"],
        status=row["status"],
        started_at=_must(_time(row["started_at"])),
        due_at=_must(_time(row["due_at"])),
        provisional=bool(row.get("provisional")),
        paused_at=_time(row.get("paused_at")),
        ended_at=_time(row.get("ended_at")),
        extended=bool(row.get("extended")),
    )


def task_from(row: Mapping[str, Any]) -> OpenTask:
    return OpenTask(
        name=row["name"],
        seq=row["seq"],
        n=row["n"],
        unit=UUID(row["unit"]),
        post=_id(row.get("post")),
        due_at=_time(row.get("due_at")),
        data=row.get("data") or {},
        done_at=_time(row.get("done_at")),
    )


def _bytes(text: str | None) -> bytes | None:
    """As the database writes bytea into JSON."""
    return bytes.fromhex(text[2:]) if text else None


def _party(row: Mapping[str, Any]) -> PartyRef:
    return PartyRef(
        id=UUID(row["id"]),
        side=row["side"],
        who=_id(row.get("who")),
        phone_index=_bytes(row.get("phone_index")),
        tail_index=_bytes(row.get("tail_index")),
        seq=row["seq"],
    )


def snapshot_of(found: Mapping[str, Any]) -> Snapshot:
    """The snapshot in what seen_v1 or lock_v1 has read."""
    c = found["case"]
    mechanism = registry.get(c["mechanism"])
    return Snapshot(
        county=c["county"],
        id=UUID(c["id"]),
        number=c["number"],
        mechanism=mechanism,
        state=mechanism.state(c["state"]),
        category=c["category"],
        channel=c["channel"],
        place=c["place"],
        unit=UUID(c["unit"]),
        post=_id(c["post"]),
        offered=c["offered"],
        units=tuple(UUID(u) for u in c["units"]),
        hidden=tuple(UUID(u) for u in c["hidden"]),
        confined=c["confined"],
        facts=c["facts"],
        overdue=c["overdue"],
        urgent=c["urgent"],
        reported_at=_must(_time(c["reported_at"])),
        closed_at=_time(c["closed_at"]),
        at=_must(_time(found["at"])),
        seq=c["seq"],
        holder_place=found["holder_place"],
        parent_unit=_id(found["parent_unit"]),
        parent_place=found["parent_place"],
        from_place=found["from_place"],
        clocks=tuple(run_from(k) for k in found["clocks"]),
        tasks=tuple(task_from(t) for t in found["tasks"]),
        parties=tuple(_party(p) for p in found["parties"]),
        last=found["last"],
        weight=c["weight"],
    )
