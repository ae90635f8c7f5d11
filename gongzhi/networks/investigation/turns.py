"""The turns of a round 排查: on which days each begins and ends, and which one is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from django.utils import timezone

from gongzhi.networks.investigation.models import Round

ONCE, WEEK, MONTH = "once", "week", "month"
# At most so many days a turn may take, so that it is over before the next one begins.
LONGEST = {ONCE: 92, WEEK: 7, MONTH: 28}
MOST = {ONCE: 1, WEEK: 52, MONTH: 12}  # turns: a year of them
GRACE = timedelta(days=30)  # so long a late answer is taken
SHORT_MONTH = 28


@dataclass(frozen=True, slots=True)
class Turn:
    """One occurrence of a round, its first and last day included."""

    number: int
    begins_on: date
    ends_on: date

    @property
    def ends_at(self) -> datetime:
        """The instant after which an answer is late."""
        return timezone.make_aware(datetime.combine(self.ends_on + timedelta(days=1), time.min))

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at


def _rule(first: date, repeats: str) -> rrule:
    start = datetime.combine(first, time.min)
    if repeats == WEEK:
        return rrule(WEEKLY, dtstart=start)  # type: ignore[no-untyped-call]
    if repeats == ONCE:
        return rrule(DAILY, dtstart=start)  # type: ignore[no-untyped-call]
    # Where a month has no thirty-first, its last day is meant: rrule alone would leave it out.
    days = [*range(SHORT_MONTH, first.day + 1)] or [first.day]
    return rrule(MONTHLY, dtstart=start, bymonthday=days, bysetpos=-1)  # type: ignore[no-untyped-call]


def planned(begins_on: date, ends_on: date, repeats: str, times: int) -> list[Turn]:
    """The turns as they are declared, the first one's days being given."""
    length = ends_on - begins_on
    days = [at.date() for at in islice(_rule(begins_on, repeats), min(times, MOST[repeats]))]
    return [Turn(n, day, day + length) for n, day in enumerate(days, 1)]


def turns(of: Round, now: datetime) -> list[Turn]:
    """Those that have begun, the latest first; a round that was ended begins no more."""
    until = timezone.localdate(min(now, of.ended_at) if of.ended_at else now)
    begun = [t for t in planned(of.begins_on, of.ends_on, of.repeats, of.times)
             if t.begins_on <= until]  # fmt: skip
    return begun[::-1]


def open_turn(of: Round, now: datetime) -> Turn | None:
    """The one that may be answered: the latest begun, some days beyond its end.

    An earlier one may not: what was not looked at then cannot be reported now.
    """
    begun: Sequence[Turn] = () if of.ended_at else turns(of, now)
    return begun[0] if begun and now < begun[0].ends_at + GRACE else None
