"""The days of a series of visits: every so many weeks, or the same weekday of each month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from gongzhi.cases.clocks import CHINA, Calendar

MOST = 52  # visits planned at once: a year of weeks
WEEK = timedelta(weeks=1)
RULES: Mapping[str, int] = {"week": 1, "two_weeks": 2, "four_weeks": 4}  # every so many weeks
MONTH = "month"


@dataclass(frozen=True, slots=True)
class Series:
    """When the visits begin, and the days that were left out because they are holidays."""

    begins: list[datetime]
    left_out: list[date]


def _rule(first: datetime, every: str) -> rrule:
    """In local time: two o'clock stays two o'clock."""
    start = first.astimezone(CHINA).replace(tzinfo=None)
    if every != MONTH:
        return rrule(WEEKLY, interval=RULES[every], dtstart=start)  # type: ignore[no-untyped-call]
    # The fourth Monday may be the last one; who means the last one picks a fifth, which few
    # months have, so that -1 is meant.
    nth = (start.day - 1) // 7 + 1
    on = weekday(start.weekday(), nth if nth < 5 else -1)  # type: ignore[no-untyped-call]
    return rrule(MONTHLY, byweekday=on, dtstart=start)  # type: ignore[no-untyped-call]


def _holiday(day: date, calendar: Calendar) -> bool:
    """A day of the week that is free by law; who plans a visit on a Sunday means it."""
    return day.weekday() < 5 and not calendar.is_working(day)


def series(first: datetime, every: str, times: int, calendar: Calendar) -> Series:
    """So many days from the first on, which is kept whatever day it is."""
    found, left_out = [first], []
    later = islice(_rule(first, every), 1, MOST * 2)
    for at in later:
        if len(found) == min(times, MOST):
            break
        if _holiday(at.date(), calendar):
            left_out.append(at.date())
        else:
            found.append(at.replace(tzinfo=CHINA))
    return Series(found, left_out)
