"""The working-day calendar of this installation: the law's and the days the city adds."""

from functools import lru_cache

from gongzhi.cases.clocks import Calendar
from gongzhi.cases.models import CalendarDay


@lru_cache(maxsize=1)
def working_calendar() -> Calendar:
    """Read once per process; `gongzhi calendar add` tells running processes to start anew."""
    return Calendar.with_days(CalendarDay.objects.values_list("date", "working"))
