"""Decisions on whose duty a matter is 先例: what was decided before, for the list to learn from.

They are entries of the ledger, read within the scope of whoever looks; the words of a decision are
read by those whose case it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sealed
from gongzhi.cases.models import Case, Entry, Sealed
from gongzhi.cases.reading import concerned
from gongzhi.cases.whistles import decide_duty
from gongzhi.networks.responsibility.duties import rows_for
from gongzhi.networks.responsibility.lines import Line
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.places.levels import level_of, span
from gongzhi.ui import words

PAGE = 50
# As one comparison of rows the index goes straight to the page.
BEFORE = "(at, case_id) < (%s, %s)"


@dataclass(frozen=True, slots=True)
class Precedent:
    """Which unit disputed, what was decided, whose duty it is (None: nobody's), and the words."""

    entry: Entry
    case: Case
    disputing: UUID
    verdict: str
    unit: UUID | None
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{self.case.county}/{self.case.id}/{self.entry.seq}"


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Precedent]
    after: str | None


def _read_key(text: str) -> tuple[datetime, UUID] | None:
    at, _sep, id_ = text.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        return None


def _about(mechanism: str, category: str, place: str) -> Q:
    low, high = span(place)
    found = Q(place__gte=low, place__lt=high)
    if mechanism:
        found &= Q(mechanism=mechanism)
    return found & Q(category=category) if category else found


def page(
    by: Holder, *, mechanism: str = "", category: str = "", place: str = "", after: str = ""
) -> Page:
    """The newest first; of one matter and below one place, or of all."""
    asked = Entry.objects.filter(act=decide_duty.name).order_by("-at", "-case_id")
    if mechanism or place:
        cases = Case.objects.filter(
            _about(mechanism, category, place), county=OuterRef("county"), id=OuterRef("case_id")
        )
        asked = asked.filter(Exists(cases))
    key = _read_key(after)
    if key:
        asked = asked.filter(RawSQL(BEFORE, key, BooleanField()))  # noqa: S611 -- our own words
    with within(by.scope):
        found = _read(list(asked[: PAGE + 1]), by)
    if len(found) <= PAGE:
        return Page(found, None)
    last = found[PAGE - 1].entry
    return Page(found[:PAGE], f"{last.at.isoformat()}_{last.case_id}")


def _read(entries: Sequence[Entry], by: Holder) -> list[Precedent]:
    """With their cases and words, read at once."""
    of = Q(county__in={e.county for e in entries})
    ids = {e.case_id for e in entries}
    cases = {c.id: c for c in Case.objects.filter(of, id__in=ids)}
    rows = Sealed.objects.filter(of, case_id__in=ids, field="reason")
    said = {(r.case_id, r.seq): r for r in rows if concerned(by, cases[r.case_id])}
    return [_precedent(e, cases[e.case_id], said) for e in entries]


def _precedent(entry: Entry, case: Case, said: Mapping[tuple[UUID, int], Sealed]) -> Precedent:
    """What was disputed stands in the task that the decision ended."""
    done = next(t for t in entry.changes["tasks"] if t["name"] == decide_duty.name)
    verdict, disputing = entry.data["verdict"], UUID(done["data"]["unit"])
    others = {"stands": disputing, "none": None}
    unit = others[verdict] if verdict in others else UUID(entry.data["unit"])
    row = said.get((case.id, entry.seq))
    reason = row and sealed.opened(case.county, case.id, entry.seq, row.field, bytes(row.body))
    return Precedent(entry, case, disputing, verdict, unit, reason or "")


def begun(said: str, *, by: Holder) -> tuple[dict[str, Any], list[Line]]:
    """The list of that matter, with this decision in it. Raises Http404."""
    county, _sep, rest = said.partition("/")
    case, _sep, seq = rest.partition("/")
    try:
        wanted = Q(county=county, case_id=UUID(case), seq=int(seq), act=decide_duty.name)
    except ValueError:
        raise Http404 from None
    with within(by.scope):
        found = _read(list(Entry.objects.filter(wanted)), by)
    if not found:
        raise Http404
    (precedent,) = found
    of = precedent.case
    rows = rows_for(of.mechanism, of.category, of.place, timezone.localdate(), drafts=True)
    level, row = max(rows.items(), default=(None, None))
    lines = row.lines if row else []
    begins = {"matter": f"{of.mechanism}/{of.category}", **({"level": int(level)} if level else {})}
    units = Unit.objects.in_bulk({u for u in (precedent.unit, precedent.disputing) if u})
    unit = units.get(precedent.unit) if precedent.unit else None
    if unit is None:
        return begins, lines
    begins.setdefault("level", int(level_of(unit.place)))
    return begins, _taught(lines, units[precedent.disputing], unit, _basis(precedent))


def _basis(precedent: Precedent) -> str:
    return _("先例：%(day)s 对案件 %(number)s 的裁定") % {
        "day": words.day(precedent.entry.at), "number": words.number(precedent.case.number),
    }  # fmt: skip


def _taught(lines: Sequence[Line], disputing: Unit, unit: Unit, basis: str) -> list[Line]:
    """In the place of who disputed stands whose duty it is. A kind is found wherever the matter
    lies; of departments of any kind only the one that was named is meant."""
    old = next((x for x in lines if x.names(disputing)), None)
    own = next((x for x in lines if x.names(unit)), None)
    named = unit.id if unit.kind == "department" else None
    told = own or old or Line(unit.kind, basis)
    basis = f"{own.basis}；{basis}" if own else basis
    leads = told.leads or not lines or (old is not None and old.leads)
    new = replace(told, kind=unit.kind, unit=named, basis=basis, leads=leads)
    rest = [x for x in lines if not x.names(disputing) and not x.names(unit)]
    return [new, *rest] if leads else [*rest, new]
