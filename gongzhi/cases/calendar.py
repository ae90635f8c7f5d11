"""The working-day calendar of this installation: the law's and the days the city adds."""

import csv
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from gongzhi.cases.clocks import Calendar
from gongzhi.cases.models import CalendarDay

WORDS = {"1": True, "0": False, "班": True, "休": False}


class BadCalendar(Exception):
    """A calendar file has rows that cannot be read."""


class Day(NamedTuple):
    date: date
    working: bool
    note: str


@lru_cache(maxsize=1)
def working_calendar() -> Calendar:
    """Read once per process; processes that run must be started anew after an import."""
    return Calendar.with_days(CalendarDay.objects.values_list("date", "working", "note"))


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
    working_calendar.cache_clear()
    return len(days)
