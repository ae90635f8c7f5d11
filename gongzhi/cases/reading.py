"""What a case page shows to whoever looks: read within their scope, masked as they must see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import grounds, linkage, sealed, steps, whistles
from gongzhi.cases.changes import NotFound
from gongzhi.cases.informing import Informed, informed, read_letter
from gongzhi.cases.models import (
    Attachment,
    Case,
    ClockRun,
    Delivery,
    Entry,
    Party,
    Sealed,
    Task,
)
from gongzhi.cases.rows import models_of
from gongzhi.cases.snapshot import Snapshot, snapshot_of
from gongzhi.cases.transition import SHARED
from gongzhi.declare import Act, Clock, Mechanism, Phase, State, registry
from gongzhi.people.masking import mask_address, mask_name, mask_phone, mask_text
from gongzhi.people.models import Unit
from gongzhi.people.permissions import Actor, may
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import asked, within
from gongzhi.people.sealing import SealBroken, unseal


@dataclass(frozen=True, slots=True)
class Person:
    """A party as it may be shown."""

    id: UUID
    side: str
    name: str
    phone: str
    address: str
    masked: bool


# What every report asks beside the mechanism's own form, in this order.
LABELS = {"text": _("发生了什么"), "code": _("查询码")}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger in words."""

    entry: Entry
    act: Act | None
    words: Mapping[str, str]
    files: list[Attachment]
    unit: Unit | None
    own: bool = True

    @property
    def said(self) -> list[tuple[Any, str]]:
        """What was written, in the order of the form, each with its question."""
        form = self.act.form if self.act else None
        asked = form.base_fields if form else {}
        told = [n for n in LABELS if n not in asked]
        order = [*told, *asked, *(n for n in self.words if n not in {*told, *asked})]
        labels = {n: f.label if len(asked) > 1 else "" for n, f in asked.items()}
        return [
            ({**LABELS, **labels}.get(n) or steps.label_of(n), self.words[n])
            for n in order
            if n in self.words and n != "title"
        ]

    @property
    def by_spot(self) -> str:
        """The spot whose own post a new case was given to, where its mechanism knew one."""
        facts = self.entry.changes.get("case", {}).get("facts", {})
        return str(facts.get("by_spot", {}).get("called", "")) if self.entry.seq == 1 else ""

    @property
    def by_list(self) -> str:
        """The basis in the responsibility list by which the case began where it did, if it did."""
        facts = self.entry.changes.get("case", {}).get("facts") or {}
        return str(facts.get("by_list", {}).get("basis", "")) if self.entry.seq == 1 else ""

    @property
    def told(self) -> list[tuple[Any, str]]:
        """What of it the party reads too: answers to them, not what units write to each other."""
        return [] if not self.own or (self.act and self.act.quiet) else self.said


@dataclass(frozen=True, slots=True)
class ClockView:
    run: ClockRun
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class First:
    """How the case stands that a repeat was joined to: all that the repeat's party learns of it.

    `party`: they are one of its parties too, and may track it as such.
    """

    county: str
    id: UUID
    number: str
    state: State
    is_open: bool
    reported_at: datetime
    due_at: datetime | None
    steps: list[tuple[Act, datetime]]
    party: bool
    answered_at: datetime | None


@dataclass
class CaseView:
    """Everything a case page shows."""

    case: Case
    mechanism: Mechanism
    snapshot: Snapshot
    unit: Unit
    lines: list[Line] = field(default_factory=list)
    clocks: list[ClockView] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    units: dict[UUID, Unit] = field(default_factory=dict)
    linked: list[Case] = field(default_factory=list)
    first: First | None = None
    shut_out: list[Unit] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def running(self) -> list[ClockView]:
        return [c for c in self.clocks if c.run.ended_at is None]

    @property
    def next_clock(self) -> ClockView | None:
        """Whose day is the case's next, where it is a clock's and not a task's."""
        return next((c for c in self.running if c.run.due_at == self.case.due_at), None)

    @property
    def state(self) -> Any:
        return self.mechanism.state(self.case.state)

    @property
    def story(self) -> list[Line]:
        """What was done, the newest first; that each of a group has read a letter is a count."""
        read = read_letter.name
        return [line for line in reversed(self.lines) if line.entry.act != read]

    @property
    def told(self) -> Informed:
        """Who of a group has been told what."""
        return informed(line.entry for line in self.lines)

    def words(self, act: str, name: str) -> str:
        """What was written in this field when this act was last done."""
        for line in reversed(self.lines):
            if line.entry.act == act and name in line.words:
                return line.words[name]
        return ""


def _asked(statement: str, by: Actor, county: str, id_: UUID) -> dict[str, Any]:
    """Within the reader's scope. Raises NotFound."""
    (found,) = asked(by.scope, statement, [county, id_, timezone.now()])
    if found is None:
        raise NotFound
    read: dict[str, Any] = orjson.loads(found)
    return read


def seen_by(by: Actor, county: str, id_: UUID) -> Snapshot:
    """What decides what this actor may do next. Raises NotFound when it is not theirs to see."""
    return snapshot_of(_asked("SELECT seen_v1(%s, %s, %s)::text", by, county, id_))


def _person(party: Party, *, masked: bool) -> Person:
    def show(name: str, mask: Any) -> str:
        body = getattr(party, name)
        if body is None:
            return ""
        text = unseal(bytes(body), about=f"{party.county}/{party.id}/{name}")
        return str(mask(text)) if masked else text

    return Person(
        party.id, party.side, show("name", mask_name), show("phone", mask_phone),
        show("address", mask_address), masked,
    )  # fmt: skip


def concerned(by: Actor, case: Case) -> bool:
    """Whether the words of a case may be read in full: its units and the party, nobody else."""
    if isinstance(by, Resident):
        return by.case == case.id
    return isinstance(by, Holder) and (by.unit == case.unit or by.unit in case.units)


def _words(
    rows: Iterable[Sealed], county: str, case: UUID, *, full: bool
) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        try:
            text = sealed.opened(county, case, row.seq, row.field, bytes(row.body))
        except SealBroken as error:
            text = str(error.__doc__)
        found.setdefault(row.seq, {})[row.field] = text if full else mask_text(text)
    return found


def acts_open_to(by: Actor, seen: Snapshot) -> list[Act]:
    """What this actor may do next, the mechanism's own acts first."""
    return [
        act
        for act in linkage.acts_of(seen.mechanism)
        if seen.state in seen.mechanism.sources(act)
        and _sensible(act, seen, by)
        and may(by, act, seen)
    ]


# Acts that fulfil a task are shown while there is one; some, only to the unit whose task it is.
ANSWERS: Mapping[str, frozenset[str]] = {
    "carry_out": frozenset({steps.STEP}),
    "resolve": frozenset({"agenda"}),
    "note_arrival": frozenset({grounds.REPORT_IN}),
    "note_remedy": frozenset({grounds.REMEDY}),
    **{act.name: frozenset({task}) for task, act in whistles.FULFILS.items()},
}
OWN_TASK = {"carry_out", "resolve", *(act.name for act in whistles.FULFILS.values())}
# Done for many at once: a post that changes hands, a meeting that is planned, members of a group.
ON_PAGES_OF_THEIR_OWN = {"hand_over", "convene", "tell_members", "read_letter"}


def _sensible(act: Act, seen: Snapshot, by: Actor) -> bool:
    """Acts of custody are shown when there is something to take or return."""
    if act.answers:
        return any(task.name == act.answers for task in seen.tasks)
    if act.name in ANSWERS:
        own = by.unit if act.name in OWN_TASK and isinstance(by, Holder) else None
        names = ANSWERS[act.name]
        # What a department does is noted for it only where its arrival was.
        tasks = [t for t in seen.tasks if act.name != "note_remedy" or t.data.get("noted")]
        return any(t.name in names and own in {None, t.unit} for t in tasks)
    if act.name in {"take_in", "give_back"}:
        return seen.offered and (act.name == "take_in" or bool(seen.facts.get("from_unit")))
    if act.name == "escalate":
        return seen.parent_unit is not None
    return act.name not in ON_PAGES_OF_THEIR_OWN


def _answered(mechanism: Mechanism, steps: Sequence[tuple[Act, datetime]]) -> datetime | None:
    """When the letter came that answers it as it stands; withdrawing is no answer."""
    lettered = {d.after.name for d in mechanism.documents}
    at = None
    for act, done_at in reversed(steps):
        if act.then is None or act.then.phase not in {Phase.FEED_BACK, Phase.CLOSE}:
            break
        at = done_at if act.name in lettered else at
    return at


def _first(found: Mapping[str, Any] | None) -> First | None:
    if found is None:
        return None
    mechanism = registry.get(found["mechanism"])
    acts = {a.name: a for a in mechanism.acts if not a.quiet}
    steps = [(acts[s["act"]], datetime.fromisoformat(s["at"]))
             for s in found["steps"] or [] if s["act"] in acts]  # fmt: skip
    due = found["due_at"]
    return First(
        county=found["county"], id=UUID(found["id"]), number=found["number"],
        state=mechanism.state(found["state"]), is_open=found["is_open"],
        reported_at=datetime.fromisoformat(found["reported_at"]),
        due_at=datetime.fromisoformat(due) if due else None,
        steps=steps, party=found["party"], answered_at=_answered(mechanism, steps),
    )  # fmt: skip


def case_for(by: Actor, county: str, id_: UUID, *, unmasked: bool = False) -> CaseView:
    """The case as this actor may see it. Raises NotFound when it is not theirs to see.

    `unmasked` after the act `reveal`, or for a party looking at their own case.
    """
    read = _asked("SELECT whole_v1(%s, %s, %s)::text", by, county, id_)
    seen = snapshot_of(read["seen"])
    (case,) = models_of(Case, [read["seen"]["case"]])
    entries, files = models_of(Entry, read["entries"]), models_of(Attachment, read["files"])
    units = {u.id: u for u in models_of(Unit, read["units"])}
    shut_out = models_of(Unit, read["shut_out"])
    # A public body is no person: whoever handles the complaint must know whom it is about.
    bodies = {u.id for u in shut_out}
    # With the code one acts as the party: like their phone, it is shown after `reveal` only.
    told = [s for s in models_of(Sealed, read["sealed"]) if unmasked or s.field != "code"]
    words = _words(told, county, id_, full=concerned(by, case))
    acts = {a.name: a for a in (seen.mechanism.starts, *linkage.acts_of(seen.mechanism))}
    own = {a.name for a in (seen.mechanism.starts, *seen.mechanism.acts, linkage.add)}
    declared = {c.name: c for c in (*seen.mechanism.clocks, *SHARED)}
    return CaseView(
        case=case, mechanism=seen.mechanism, snapshot=seen, unit=units[case.unit],
        lines=[
            Line(e, acts.get(e.act), words.get(e.seq, {}),
                 [f for f in files if f.seq == e.seq],
                 units.get(e.unit) if e.unit else None, e.act in own)
            for e in entries
        ],
        clocks=[ClockView(k, declared.get(k.name)) for k in models_of(ClockRun, read["clocks"])],
        tasks=models_of(Task, read["tasks"]), units=units, linked=models_of(Case, read["linked"]),
        deliveries=models_of(Delivery, read["deliveries"]),
        first=_first(read["first"]), shut_out=shut_out,
        people=[_person(p, masked=not unmasked and p.who not in bodies)
                for p in models_of(Party, read["parties"]) if not p.erased_at],
        acts=acts_open_to(by, seen),
    )  # fmt: skip


def attachment_for(by: Actor, county: str, id_: UUID, seq: int, n: int) -> Attachment:
    """A file of a case, for those whose case it is. Raises NotFound."""
    with within(by.scope):
        case = Case.objects.filter(county=county, id=id_).first()
        found = Attachment.objects.filter(
            county=county, case_id=id_, seq=seq, n=n, erased_at=None
        ).first()
    if case is None or found is None or not concerned(by, case):
        raise NotFound
    return found


def tracked(number: str, tail: str) -> Resident | None:
    """The resident to whom number and phone suffix belong."""
    index = sealed.tail_index(tail)
    with connection.cursor() as cursor:
        cursor.execute("SELECT track_v1(%s, %s, %s)", [number[:6], number, index])
        (found,) = cursor.fetchone()
    return Resident(case=found, tail=index) if found else None
