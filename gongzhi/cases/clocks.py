"""When something falls due: calendar and working days and hours, as the law counts them.

A period in days begins on the day after the event and ends at the end of its last day; a last
day that is no working day moves to the next one. Source: 民法典 Art. 201-203 [M], procedural laws
likewise; see docs/law. Make-up workdays 调休 count as working days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

from gongzhi.declare import Span, Unit

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
# 23:59:59: a person reads the last day, not the first moment of the next.
DAY_END = time(23, 59, 59)
OPENS, SHUTS = time(9), time(17)
FIRST_KNOWN, LAST_KNOWN = date(2004, 1, 1), date(2026, 12, 31)


@dataclass(frozen=True)
class Calendar:
    """Working days: those announced by the State Council, and those a city has added."""

    added: tuple[tuple[date, bool], ...] = ()

    @classmethod
    def with_days(cls, days: Iterable[tuple[date, bool]]) -> "Calendar":
        return cls(tuple(sorted(days)))

    def knows(self, day: date) -> bool:
        """Whether this day is announced; beyond, weekends alone are assumed to be free."""
        return FIRST_KNOWN <= day <= LAST_KNOWN or day.year in _added_years(self.added)

    def is_working(self, day: date) -> bool:
        added = _added(self.added).get(day)
        if added is not None:
            return added
        if FIRST_KNOWN <= day <= LAST_KNOWN:
            return bool(chinese_calendar.is_workday(day))  # type: ignore[no-untyped-call]
        return day.weekday() < 5


@lru_cache(maxsize=4)
def _added(days: tuple[tuple[date, bool], ...]) -> dict[date, bool]:
    return dict(days)


@lru_cache(maxsize=4)
def _added_years(days: tuple[tuple[date, bool], ...]) -> frozenset[int]:
    return frozenset(day.year for day, _ in days)


@dataclass(frozen=True, slots=True)
class Counted:
    """One day as it was counted: why it did or did not."""

    day: date
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due; provisional while the calendar does not reach that far."""

    at: datetime
    provisional: bool


def _end_of(day: date) -> datetime:
    return datetime.combine(day, DAY_END, CHINA)


@lru_cache(maxsize=4096)
def _last_day(start: date, n: int, working: bool, calendar: Calendar) -> tuple[date, bool]:
    day, left, known = start, n, True
    while left:
        day += DAY
        known = known and (not working or calendar.knows(day))
        left -= 1 if not working or calendar.is_working(day) else 0
    while not calendar.is_working(day):
        day += DAY
    return day, not (known and calendar.knows(day))


def _working_hours(start: datetime, left: timedelta, calendar: Calendar) -> Due:
    at, known = start, True
    while True:
        day = at.date()
        known = known and calendar.knows(day)
        opens, shuts = (datetime.combine(day, t, CHINA) for t in (OPENS, SHUTS))
        at = max(at, opens)
        if calendar.is_working(day) and at < shuts:
            if left <= shuts - at:
                return Due(at + left, not known)
            left -= shuts - at
        at = datetime.combine(day + DAY, OPENS, CHINA)


def due(start: datetime, span: Span, calendar: Calendar) -> Due:
    """When a span that begins at this instant ends."""
    if span.unit is Unit.MINUTES:
        return Due(start + timedelta(minutes=span.n), provisional=False)
    if span.unit is Unit.HOURS:
        return Due(start + timedelta(hours=span.n), provisional=False)
    local = start.astimezone(CHINA)
    if span.unit is Unit.WORKING_HOURS:
        return _working_hours(local, timedelta(hours=span.n), calendar)
    working = span.unit is Unit.WORKING_DAYS
    day, provisional = _last_day(local.date(), span.n, working, calendar)
    return Due(_end_of(day), provisional)


def resume_due(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, span: Span, calendar: Calendar
) -> Due:
    """The due time after a pause: what was left when it began is left when it ends."""
    if span.unit in {Unit.MINUTES, Unit.HOURS}:
        return Due(due_at + (resumed_at - paused_at), provisional=False)
    if span.unit is Unit.WORKING_HOURS:
        left = _worked(paused_at.astimezone(CHINA), due_at.astimezone(CHINA), calendar)
        return _working_hours(resumed_at.astimezone(CHINA), left, calendar)
    working = span.unit is Unit.WORKING_DAYS
    first, last = paused_at.astimezone(CHINA).date(), due_at.astimezone(CHINA).date()
    left_days = sum(
        1
        for n in range((last - first).days)
        if not working or calendar.is_working(first + (n + 1) * DAY)
    )
    day, provisional = _last_day(resumed_at.astimezone(CHINA).date(), left_days, working, calendar)
    return Due(_end_of(day), provisional)


def _worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Working time between two instants."""
    total, day = timedelta(), start.date()
    while day <= end.date():
        opens, shuts = (datetime.combine(day, t, CHINA) for t in (OPENS, SHUTS))
        if calendar.is_working(day):
            total += max(timedelta(), min(end, shuts) - max(start, opens))
        day += DAY
    return total


def explain(start: datetime, span: Span, calendar: Calendar) -> list[Counted]:
    """Each day from the event to the end, and why it counted or not (for spans in days)."""
    if span.unit not in {Unit.DAYS, Unit.WORKING_DAYS}:
        return []
    working = span.unit is Unit.WORKING_DAYS
    first = start.astimezone(CHINA).date()
    last = due(start, span, calendar).at.date()
    lines, left = [Counted(first, counts=False, why="event")], span.n
    for n in range((last - first).days):
        day = first + (n + 1) * DAY
        free = not calendar.is_working(day)
        if left and not (working and free):
            left -= 1
            lines.append(Counted(day, counts=True, why="counted"))
        else:
            lines.append(Counted(day, counts=False, why="free" if free else "moved"))
    return lines
