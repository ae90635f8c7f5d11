"""Inspections that were made 检查记录: who reads them, page by page, and what one of them says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from gongzhi.mechanisms.safety.models import Category, Enterprise, Inspection, Item
from gongzhi.mechanisms.safety.registers import audit_rights, editions, enterprises
from gongzhi.mechanisms.safety.registers.kinds import VERDICTS
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

PAGE: Final = 50
BEFORE: Final = "(safety_inspection.finished_at, safety_inspection.id) < (%s, %s)"


def is_of_firm(by: Holder, row: Inspection) -> bool:
    own = enterprises.of_unit(by)
    return own is not None and own.id == row.site.enterprise_id


def reads(by: Holder, row: Inspection) -> bool:
    """Staff what lies in their place, a firm what was inspected at its sites; an audit's papers
    whoever reads the audit: while it is under way nobody who is audited."""
    if row.audit is not None:
        return audit_rights.audit_seen(by, row.audit) is not None
    return enterprises.reads(by, row.place) or is_of_firm(by, row)


def hears(by: Holder, row: Inspection) -> bool:
    """What an official spoke is for officials: it may tell what a hazard's case keeps sealed."""
    return enterprises.reads(by, row.place) or row.kind == "self"


def one(id_: UUID) -> Inspection | None:
    found = Inspection.objects.select_related("site__enterprise", "edition")
    return found.filter(id=id_).first()


def _shown(by: Holder) -> QuerySet[Inspection]:
    found = Inspection.objects.filter(audit_rights.open_papers(by))
    return found.select_related("site__enterprise")


def of_place(place: str, by: Holder) -> QuerySet[Inspection]:
    low, high = span(place)
    return _shown(by).filter(place__gte=low, place__lt=high)


def of_firm(row: Enterprise, by: Holder) -> QuerySet[Inspection]:
    return _shown(by).filter(site__enterprise=row)


@dataclass(frozen=True, slots=True)
class Page:
    """The newest first; `after` is where the next page begins (None: this is the last)."""

    rows: list[Inspection]
    after: UUID | None


def page(found: QuerySet[Inspection], *, after: UUID | None = None, size: int = PAGE) -> Page:
    last = Inspection.objects.filter(id=after).first() if after else None
    if last is not None:
        key: Sequence[datetime | UUID] = (last.finished_at, last.id)
        found = found.filter(RawSQL(BEFORE, key, BooleanField()))  # noqa: S611 -- our own words
    rows = list(found.order_by("-finished_at", "-id")[: size + 1])
    return Page(rows[:size], rows[size - 1].id if len(rows) > size else None)


@dataclass(frozen=True, slots=True)
class Line:
    """An item with the number of the hazard that it began."""

    item: Item
    number: str


@dataclass(frozen=True, slots=True)
class Part:
    """A category with how often each verdict was given, in the order of VERDICTS."""

    category: Category
    counts: Sequence[int]

    @property
    def answered(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Record:
    """An inspection with what was seen, in order of items."""

    row: Inspection
    parts: Sequence[Part]
    lines: Mapping[str, Sequence[Line]]

    @property
    def not_met(self) -> Sequence[Line]:
        return self.lines["not_met"]

    @property
    def not_applicable(self) -> Sequence[Line]:
        return self.lines["not_applicable"]


def record(row: Inspection) -> Record:
    """By the edition that it was made with."""
    said = {a.code: a for a in row.answers.all()}
    held = editions.of(row.edition_id)
    lines: dict[str, list[Line]] = {verdict: [] for verdict in VERDICTS}
    by_category: dict[UUID, list[int]] = {}
    for item in held.items:
        answer = said.get(item.code)
        if answer is None:
            continue
        lines[answer.verdict].append(Line(item, answer.number))
        counts = by_category.setdefault(item.category_id, [0] * len(VERDICTS))
        counts[[*VERDICTS].index(answer.verdict)] += 1
    parts = [Part(c, by_category[c.id]) for c in held.categories if c.id in by_category]
    return Record(row, parts, lines)
