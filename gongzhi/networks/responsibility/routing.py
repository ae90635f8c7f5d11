"""A new case goes to whoever leads by the responsibility list in force, and its entry says why.

A mechanism may know better who answers for the very spot (`unit_for` of its start form). Drafts
lead nobody, nor do the lists of a mechanism that whistles. Else the nearest level that the list
names leads. Where it is silent, or names whom the case complains about, or a unit in which nobody
could take such a case up, the usual routing holds.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gongzhi.cases.act import Receipt, Report, report
from gongzhi.cases.changes import Accused
from gongzhi.declare import Mechanism, Tie
from gongzhi.networks.responsibility.duties import Leads, best, chain, names_of, routes
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Appointment
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import current

STALE = 60.0  # seconds


class Lists(NamedTuple):
    """The rows that hold or will, by mechanism and place; who leads; which posts are held there."""

    rows: Mapping[tuple[str, str], list[Duty]]
    leads: Leads
    staff: Mapping[UUID, set[str]]


class _Kept(NamedTuple):
    read_at: float
    lists: Lists | None


_kept: list[_Kept] = []


def _read(now: datetime) -> Lists | None:
    over = Q(valid_to__lte=timezone.localdate(now)) | Q(confirmed_at=None)
    found: dict[tuple[str, str], list[Duty]] = {}
    for row in Duty.objects.exclude(over):
        if routes(row.mechanism):
            found.setdefault((row.mechanism, row.place), []).append(row)
    if not found:
        return None
    leads = Leads(row for rows in found.values() for row in rows)
    held = Appointment.objects.filter(current(now), post__unit__in=leads.named, post__valid_to=None)
    staff: dict[UUID, set[str]] = {}
    for unit, kind in held.values_list("post__unit", "post__kind").distinct():
        staff.setdefault(unit, set()).add(kind)
    return Lists(found, leads, staff)


def _lists(now: datetime) -> Lists | None:
    """Read anew once a minute, like the calendar: another process may have changed them."""
    kept = [*_kept]  # another thread may forget meanwhile
    if kept and monotonic() - kept[0].read_at <= STALE:
        return kept[0].lists
    lists = _read(now)
    keep(lists)
    return lists


def keep(lists: Lists | None) -> None:
    """Know these for a minute; None: no list holds."""
    _kept[:] = [_Kept(monotonic(), lists)]


def forget() -> None:
    """After the list was changed."""
    _kept.clear()


def _takers(mechanism: Mechanism) -> set[str]:
    """Kinds of posts that may do the first act on a new case which their unit holds."""
    first = mechanism.starts.then
    return {
        kind
        for act in mechanism.acts if first in mechanism.sources(act)
        for role in act.roles if role.tie is Tie.HOLDS
        for kind in role.kinds
    }  # fmt: skip


def lead(
    mechanism: Mechanism, category: str, place: str, *, on: date, now: datetime
) -> tuple[UUID, Duty] | None:
    """Whom the list names for a new case, the nearest level first, and by which row."""
    lists = _lists(now)
    if lists is None:
        return None
    names = names_of(mechanism.name, category)
    rows = best(
        (row for code in chain(place) for row in lists.rows.get((mechanism.name, code), ())
         if row.category in names and row.valid_from <= on
         and (row.valid_to is None or row.valid_to > on)), names,
    )  # fmt: skip
    for level in sorted(rows, reverse=True):
        unit = lists.leads.of(rows[level], place)
        if unit is not None and lists.staff.get(unit.id, set()) & _takers(mechanism):
            return unit.id, rows[level]
    return None


def _said(duty: Duty) -> Mapping[str, Any]:
    """What the ledger keeps of it: rows are never rewritten, and their basis is told to readers."""
    return {"duty": str(duty.id), "basis": duty.lead.basis}


def _offers(mechanism: Mechanism, told: Report, now: datetime) -> Iterator[Report]:
    """The same report for each unit that should take it, the best first: whom the mechanism itself
    knows to answer for that very spot (the start form's `unit_for`), then the lead by the list."""
    nearest = getattr(mechanism.starts.form, "unit_for", None)
    known = nearest(told, now=now) if nearest else None
    if known is not None:
        unit, why = known
        yield replace(told, unit=unit, facts={**(told.facts or {}), **why})
    on = timezone.localdate(now)
    found = lead(mechanism, told.category, told.place, on=on, now=now)
    if found is not None:
        unit, duty = found
        yield replace(told, unit=unit, facts={**(told.facts or {}), "by_list": _said(duty)})


def led(mechanism: Mechanism, told: Report, *, now: datetime) -> Report:
    """The report with the best unit to take it, and why; as it is where nothing names one."""
    return told if told.unit is not None else next(_offers(mechanism, told, now), told)


def begin(
    mechanism: Mechanism, told: Report, *, key: str, now: datetime, by: Actor
) -> Receipt:  # fmt: skip
    """report(), for whoever has named no unit: to whom it is offered, unless complained about."""
    others = [p for p in told.parties if p.side == "respondent"]
    for led in _offers(mechanism, told, now) if told.unit is None else ():
        if not any(p.who or p.phone for p in others):  # nobody whom the door could know as ours
            return report(mechanism, led, key=key, now=now, by=by)
        with suppress(Accused), transaction.atomic():
            return report(mechanism, led, key=key, now=now, by=by)
    return report(mechanism, told, key=key, now=now, by=by)
