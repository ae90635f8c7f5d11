"""The working-day calendar of this installation: the law's and the days the city adds."""

import csv
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from django.db import transaction

from gongzhi.cases.clocks import Calendar
from gongzhi.cases.registers import CalendarDay

STALE = 60.0  # seconds
WORDS = {"1": True, "0": False, "班": True, "休": False}


class BadCalendar(Exception):
    """A calendar file has rows that cannot be read."""


class Day(NamedTuple):
    date: date
    working: bool
    note: str


class _Kept(NamedTuple):
    read_at: float
    days: list[tuple[date, bool, str]]
    calendar: Calendar


_kept: list[_Kept] = []


def working_calendar() -> Calendar:
    """Read anew once a minute: an import runs in another process."""
    if not _kept or monotonic() - _kept[0].read_at > STALE:
        days = list(CalendarDay.objects.values_list("date", "working", "note").order_by("date"))
        # The same object as long as the days are: what was counted with it stays counted.
        known = _kept and _kept[0].days == days
        calendar = _kept[0].calendar if known else Calendar.with_days(days)
        _kept[:] = [_Kept(monotonic(), days, calendar)]
    return _kept[0].calendar


def forget_calendar() -> None:
    """After days have changed."""
    _kept.clear()


def _day(n: int, row: dict[str, str]) -> Day:
    try:
        return Day(
            datetime.fromisoformat(row["date"]).date(), WORDS[row["working"].strip()],
            (row.get("note") or "")[:60],
        )  # fmt: skip
    except (KeyError, ValueError, AttributeError):
        raise BadCalendar(
            f"row {n}: write date,working,note such as 2027-01-01,0,元旦 (1 or 班: works; 0 or 休)"
        ) from None


def import_days(path: Path) -> int:
    """Take in a CSV with date, working and note: all rows or none. Raises BadCalendar.

    Only days that differ from the week need be given. A year counts as announced once its New Year
    and first days of October are there, which are free every year.
    """
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    days = [_day(n, row) for n, row in enumerate(rows, 2)]
    if not days:
        raise BadCalendar(f"{path}: no rows")
    with transaction.atomic():
        CalendarDay.objects.filter(date__in=[d.date for d in days]).delete()
        CalendarDay.objects.bulk_create(
            [CalendarDay(date=d.date, working=d.working, note=d.note) for d in days]
        )
    forget_calendar()
    return len(days)
