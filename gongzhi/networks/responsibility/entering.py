"""How the responsibility list changes: rows are entered, succeeded and ended, never rewritten."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.networks.responsibility import routing
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder

DAY = timedelta(days=1)
Key = tuple[str, str, int, str]
SAME = ("lines", "valid_from")


def _key(row: Duty) -> Key:
    return row.mechanism, row.category, row.level, row.place


@dataclass
class Plan:
    """What some rows would change: `new` ones, ends of those there are, and what is refused."""

    new: list[Duty] = field(default_factory=list)
    ended: dict[UUID, date] = field(default_factory=dict)
    same: int = 0
    refused: list[tuple[Duty, Refused]] = field(default_factory=list)


class _Known:
    """What the list says today about the matters of some rows."""

    def __init__(self, rows: Iterable[Duty]) -> None:
        self.by: dict[Key, list[Duty]] = {}
        for row in Duty.objects.filter(place__in={r.place for r in rows}):
            self.by.setdefault(_key(row), []).append(row)

    def like(self, row: Duty) -> Duty | None:
        """The same row, whenever it ends."""
        return next(
            (k for k in self.by.get(_key(row), ())
             if all(getattr(k, name) == getattr(row, name) for name in SAME)), None,
        )  # fmt: skip

    def open_end(self, row: Duty) -> date | None:
        """How its end may also be written: left out, where the next row is what ends it."""
        begun = {k.valid_from for k in self.by[_key(row)]}
        return None if row.valid_to in begun else row.valid_to


def planned(rows: Sequence[Duty], *, by: Holder) -> Plan:
    """What would change; a row that stands there already changes nothing, whoever keeps it."""
    plan, known = Plan(), _Known(rows)
    for row in sorted(rows, key=lambda r: r.valid_from):
        try:
            _add(plan, known, row, by)
        except Refused as error:
            plan.refused.append((row, error))
    return plan


def _check(row: Duty, by: Holder) -> None:
    """Raises Refused."""
    if not may_set(by, Level.COUNTY, row.place):
        raise Refused(_("县级以上的领导或管理员才能修改本地的责任清单。"), field="place")
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise Refused(_("停用的日子要在起用的日子以后。"), field="valid_to")


def _add(plan: Plan, known: _Known, row: Duty, by: Holder) -> None:
    """One row more. Raises Refused."""
    there = known.like(row)
    if there is not None and row.valid_to in {there.valid_to, known.open_end(there)}:
        plan.same += 1
        return
    _check(row, by)
    if there is None:
        _succeed(plan, known.by.setdefault(_key(row), []), row)
    elif there.valid_to is None and row.valid_to is not None:
        plan.ended[there.id] = there.valid_to = row.valid_to
    else:
        raise Refused(_("这一条已经停用，不能再改；请另选起用的日子，写成新的一条。"),
                      field="valid_from")  # fmt: skip


def _succeed(plan: Plan, others: list[Duty], row: Duty) -> None:
    """It holds from its day on; what held before ends on that day. Raises Refused."""
    if any(o.valid_from >= row.valid_from and not o.draft for o in others):
        raise Refused(_("这天或以后已有同一项的新规定，请另选日期。"), field="valid_from")
    for other in others:
        if other.valid_to is None or other.valid_to > row.valid_from:
            plan.ended[other.id] = other.valid_to = max(row.valid_from, other.valid_from)
    others.append(row)
    plan.new.append(row)


@contextmanager
def _alone() -> Iterator[None]:
    """Two sheets at a time would not know of each other."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('responsibility list'))")
        yield


def enter(rows: Sequence[Duty], *, now: datetime, by: Holder) -> Plan:
    """All of them, each from its day on; what held before ends on that day. Raises Refused."""
    with _alone():
        plan = planned(rows, by=by)
        for _row, refused in plan.refused:
            raise refused
        for row in plan.new:
            row.account, row.post, row.entered_at, row.confirmed_at = by.account, by.post, now, now
        ending: list[Any] = list(Duty.objects.filter(id__in=plan.ended))
        for row in ending:
            row.valid_to = plan.ended[row.id]
        Duty.objects.bulk_update(ending, ["valid_to"])
        Duty.objects.bulk_create(plan.new)
    routing.forget()
    return plan


def draft(rows: Sequence[Duty], *, now: datetime) -> int:
    """Laid before the city, for it to confirm or change; where its list says something already,
    nothing is drafted. Returns how many were new."""
    with _alone():
        known = _Known(rows)
        new = [r for r in rows if all(k.valid_to is not None for k in known.by.get(_key(r), ()))]
        for row in new:
            row.entered_at = now
        Duty.objects.bulk_create(new)
    return len(new)


def confirm(ids: Collection[UUID], *, now: datetime, by: Holder) -> int:
    """These drafts are the city's own from now on. Returns how many; raises Refused."""
    with transaction.atomic():
        rows = list(Duty.objects.filter(id__in=ids, confirmed_at=None, valid_to=None))
        if not rows or not all(may_set(by, Level.COUNTY, row.place) for row in rows):
            raise Refused(_("没有这份草案，或者不归您确认。"))
        Duty.objects.filter(id__in=[row.id for row in rows]).update(
            confirmed_at=now, account=by.account, post=by.post
        )
    routing.forget()
    return len(rows)


def end(id_: UUID, *, on: date, by: Holder) -> None:
    """From that day on the list says nothing here. Raises Refused."""
    row = Duty.objects.filter(id=id_, valid_to=None).first()
    if row is None or not may_set(by, Level.COUNTY, row.place):
        raise Refused(_("没有这一条，或者不归您修改。"))
    Duty.objects.filter(id=id_).update(valid_to=max(on, row.valid_from + DAY))
    routing.forget()
