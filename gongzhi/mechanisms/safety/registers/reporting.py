"""Hazards that an inspection finds: begun in one go; what is open already is not begun twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from gongzhi.cases import linkage
from gongzhi.cases.act import Report, act
from gongzhi.cases.bulk import report_many
from gongzhi.cases.changes import NewFile, Refused, Words
from gongzhi.cases.models import Case
from gongzhi.declare import Mechanism
from gongzhi.mechanisms.safety.models import Exhibit, Inspection, Item, Site
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

TITLE: Final = 80  # of a case


@dataclass(frozen=True, slots=True)
class Found:
    """What was written about an item that is not met; false where nothing was."""

    text: str
    danger: bool = False

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Seen:
    """An item that is not met."""

    item: Item
    found: Found

    @property
    def said(self) -> dict[str, Any]:
        return {"text": Words(self.found.text), "danger": self.found.danger}


@dataclass(frozen=True, slots=True)
class Begun:
    """Numbers of hazards by item; `fresh` are those that began now."""

    numbers: Mapping[str, str]
    fresh: frozenset[str]


def open_at(sites: Sequence[Site], mechanism: str, *, by: Holder) -> list[Case]:
    """Open hazards at these sites that `by` sees. What a worker told is left out: a firm, which
    sees what it was inspected for, would learn of it."""
    ids = [str(s.id) for s in sites]
    with within(by.scope):
        return list(
            Case.objects.filter(
                county__in={s.place[:6] for s in sites}, place__in={s.place for s in sites},
                mechanism=mechanism, is_open=True, facts__site__in=ids,
                facts__told_by_public__isnull=True,
            )
        )  # fmt: skip


def _files(row: Inspection) -> Mapping[str, Sequence[NewFile]]:
    """What came before the inspection, by item."""
    found: dict[str, list[NewFile]] = defaultdict(list)
    for one in Exhibit.objects.filter(inspection=row, account=row.account).exclude(code=""):
        found[one.code].append(NewFile(one.sha256, one.kind, one.size))
    return found


def _key(row: Inspection, code: str) -> str:
    return f"{row.id}:{code}"


def acting_at(site: Site, by: Holder) -> Holder:
    """A firm answers for its sites wherever they lie; it sees no place by that."""
    return by if site.place.startswith(by.place) else replace(by, place=site.place)


def _report(
    row: Inspection, seen: Seen, noted: Mapping[str, Any], files: Sequence[NewFile]
) -> Report:
    where = {"site": str(row.site_id), "enterprise": str(row.site.enterprise_id),
             "item": seen.item.code, "edition": str(row.edition_id),
             "inspection": str(row.id)}  # fmt: skip
    return Report(
        place=row.place, category=seen.item.category.group, title=seen.item.not_met[:TITLE],
        data={**seen.said, **where, **noted}, files=files, channel="patrol",
        longitude=row.longitude, latitude=row.latitude,
    )  # fmt: skip


def add_words(
    case: Case, text: str, noted: Mapping[str, Any], files: Sequence[NewFile], *, key: str,
    now: datetime, by: Holder,
) -> bool:  # fmt: skip
    """As a note, where this post may write one; else the case stays as it is."""
    said = {"note": Words(text), **noted}
    try:
        with transaction.atomic():
            act((case.county, case.id), linkage.note, said, key=key, now=now, by=by, files=files)
    except Refused:
        return False
    return True


def begin(
    row: Inspection, seen: Iterable[Seen], noted: Mapping[str, Any], *, mechanism: Mechanism,
    now: datetime, by: Holder,
) -> Begun:  # fmt: skip
    """A hazard for each, with its files; within the caller's transaction. Raises Refused."""
    seen = list(seen)
    if not seen:
        return Begun({}, frozenset())
    files = _files(row)
    known = {c.facts.get("item"): c for c in open_at([row.site], mechanism.name, by=by)}
    numbers = {}
    for one in seen:
        code = one.item.code
        if code in known:
            numbers[code] = known[code].number
            add_words(known[code], one.found.text, noted, files.get(code, ()), key=_key(row, code),
                      now=now, by=by)  # fmt: skip
    fresh = [one for one in seen if one.item.code not in known]
    told = [(_key(row, one.item.code), _report(row, one, noted, files.get(one.item.code, ())))
            for one in fresh]  # fmt: skip
    done = report_many(mechanism, told, now=now, by=acting_at(row.site, by))
    codes = [one.item.code for one in fresh]
    numbers |= {code: r.number for code, r in zip(codes, done, strict=True)}
    return Begun(numbers, frozenset(codes))
