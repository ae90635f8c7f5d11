"""What a case page shows to whoever looks: read within their scope, masked as they must see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from gongzhi.cases import linkage, sealed
from gongzhi.cases.changes import NotFound
from gongzhi.cases.models import Attachment, Case, ClockRun, Entry, Link, Party, Sealed, Task
from gongzhi.cases.snapshot import OpenTask, PartyRef, Run, Snapshot
from gongzhi.cases.transition import RECEIVE
from gongzhi.declare import Act, Clock, Mechanism, registry
from gongzhi.people.masking import mask_address, mask_name, mask_phone, mask_text
from gongzhi.people.models import Unit
from gongzhi.people.permissions import Actor, may
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import within
from gongzhi.people.sealing import SealBroken, unseal


@dataclass(frozen=True, slots=True)
class Person:
    """A party as it may be shown."""

    side: str
    name: str
    phone: str
    address: str
    masked: bool


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
        order = [*asked, *(n for n in self.words if n not in asked)]
        return [
            (asked[n].label if n in asked and len(asked) > 1 else "", self.words[n])
            for n in order
            if n in self.words and n != "title"
        ]

    @property
    def told(self) -> list[tuple[Any, str]]:
        """What of it the party reads too: answers to them, not what units write to each other."""
        return [] if not self.own or (self.act and self.act.quiet) else self.said


@dataclass(frozen=True, slots=True)
class ClockView:
    run: ClockRun
    clock: Clock | None


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

    @property
    def running(self) -> list[ClockView]:
        return [c for c in self.clocks if c.run.ended_at is None]

    @property
    def state(self) -> Any:
        return self.mechanism.state(self.case.state)

    def words(self, act: str, name: str) -> str:
        """What was written in this field when this act was last done."""
        for line in reversed(self.lines):
            if line.entry.act == act and name in line.words:
                return line.words[name]
        return ""


def _run(k: ClockRun) -> Run:
    return Run(k.name, k.seq, k.status, k.started_at, k.due_at, k.provisional, k.paused_at,
               k.ended_at, k.extended)  # fmt: skip


def _task(t: Task) -> OpenTask:
    return OpenTask(t.name, t.seq, t.n, t.unit, t.post, t.due_at, t.data, t.done_at)


@dataclass(frozen=True, slots=True)
class _Rows:
    """All rows of one case that its reader may see."""

    case: Case
    entries: list[Entry]
    sealed: list[Sealed]
    clocks: list[ClockRun]
    tasks: list[Task]
    parties: list[Party]
    files: list[Attachment]
    linked: list[Case]


def _read(by: Actor, county: str, id_: UUID) -> _Rows:
    """Within the reader's scope. Raises NotFound."""
    with within(by.scope):
        case = Case.objects.filter(county=county, id=id_).first()
        if case is None:
            raise NotFound
        of: dict[str, Any] = {"county": county, "case_id": id_}
        return _Rows(
            case,
            list(Entry.objects.filter(**of).order_by("seq")),
            list(Sealed.objects.filter(**of)),
            list(ClockRun.objects.filter(**of).order_by("due_at")),
            list(Task.objects.filter(**of).order_by("due_at", "seq", "n")),
            list(Party.objects.filter(**of).order_by("seq", "side")),
            list(Attachment.objects.filter(**of).order_by("seq", "n")),
            # Only those that this reader may see for themselves.
            list(Case.objects.filter(id__in=_linked_ids(of))),
        )


def _linked_ids(of: dict[str, Any]) -> list[UUID]:
    return list(Link.objects.filter(**of).values_list("other", flat=True))


def _snapshot(rows: _Rows, unit: Unit) -> Snapshot:
    case, mechanism = rows.case, registry.get(rows.case.mechanism)
    return Snapshot(
        county=case.county, id=case.id, number=case.number, mechanism=mechanism,
        state=mechanism.state(case.state), category=case.category, place=case.place,
        unit=case.unit, post=case.post, offered=case.offered, units=tuple(case.units),
        hidden=tuple(case.hidden), facts=case.facts, overdue=case.overdue, urgent=case.urgent,
        reported_at=case.reported_at, seq=case.seq, holder_place=unit.place,
        parent_unit=unit.parent,
        clocks=tuple(_run(k) for k in rows.clocks if k.ended_at is None),
        tasks=tuple(_task(t) for t in rows.tasks if t.done_at is None),
        parties=tuple(PartyRef(p.id, p.side, p.who, bytes(p.phone_index) if p.phone_index else None)
                      for p in rows.parties),
        last={e.act: str(e.account) if e.account else None for e in rows.entries},
    )  # fmt: skip


def _person(party: Party, *, masked: bool) -> Person:
    def show(name: str, mask: Any) -> str:
        body = getattr(party, name)
        if body is None:
            return ""
        text = unseal(bytes(body), about=f"{party.county}/{party.id}/{name}")
        return str(mask(text)) if masked else text

    return Person(
        party.side, show("name", mask_name), show("phone", mask_phone),
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
        if seen.state in seen.mechanism.sources(act) and _sensible(act, seen) and may(by, act, seen)
    ]


def _sensible(act: Act, seen: Snapshot) -> bool:
    """Acts of custody are shown when there is something to take or return."""
    if act.name in {"take_in", "give_back"}:
        return seen.offered and (act.name == "take_in" or bool(seen.facts.get("from_unit")))
    if act.name == "assist":
        return any(t.name in {"assist", "report_in"} for t in seen.tasks)
    if act.name == "answer_supervision":
        return any(t.name == "answer_supervision" for t in seen.tasks)
    if act.name == "hand_over":  # done for all cases of a post at once, on the page of the team
        return False
    if act.name == "escalate":
        return seen.parent_unit is not None
    return True


def case_for(by: Actor, county: str, id_: UUID, *, unmasked: bool = False) -> CaseView:
    """The case as this actor may see it. Raises NotFound when it is not theirs to see.

    `unmasked` after the act `reveal`, or for a party looking at their own case.
    """
    rows = _read(by, county, id_)
    case = rows.case
    wanted = {case.unit, *case.units, *(e.unit for e in rows.entries if e.unit)}
    units = {u.id: u for u in Unit.objects.filter(id__in=wanted)}
    seen = _snapshot(rows, units[case.unit])
    words = _words(rows.sealed, county, id_, full=concerned(by, case))
    acts = {a.name: a for a in (seen.mechanism.starts, *linkage.acts_of(seen.mechanism))}
    own = {a.name for a in (seen.mechanism.starts, *seen.mechanism.acts, linkage.add)}
    declared = {c.name: c for c in (*seen.mechanism.clocks, RECEIVE)}
    return CaseView(
        case=case, mechanism=seen.mechanism, snapshot=seen, unit=units[case.unit],
        lines=[
            Line(e, acts.get(e.act), words.get(e.seq, {}),
                 [f for f in rows.files if f.seq == e.seq],
                 units.get(e.unit) if e.unit else None, e.act in own)
            for e in rows.entries
        ],
        clocks=[ClockView(k, declared.get(k.name)) for k in rows.clocks],
        tasks=rows.tasks, units=units, linked=rows.linked,
        people=[_person(p, masked=not unmasked) for p in rows.parties if not p.erased_at],
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
