"""When something falls due: calendar and working days and hours, as the law counts them.

A period in days begins on the day after the event and ends at 24:00 of its last day; a last day
that is no working day moves to the next one. Source: 民法典 Art. 201-203 [M], procedural laws
likewise; see docs/law. Hours and minutes run by the clock. Make-up workdays 调休 are working days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from chinese_calendar.constants import Holiday
from chinese_calendar.constants import holidays as _HOLIDAYS
from chinese_calendar.constants import workdays as _MAKE_UP
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from gongzhi.declare import Span, Unit

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
# The last instant that PostgreSQL can tell from the next day: a reader sees the day that counts,
# and an act in the last second is still in time.
DAY_END = time(23, 59, 59, 999_999)
_CHINESE = {holiday.value: str(holiday.chinese) for holiday in Holiday}  # type: ignore[attr-defined]
FIRST_YEAR, LAST_YEAR = min(_HOLIDAYS).year, max(_HOLIDAYS).year
# The notice for a year may take days from the end of the one before (29 to 31 December 2018).
YEAR_END = (12, 28)

Row = tuple[date, bool] | tuple[date, bool, str]


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working days: those announced by the State Council, and those a city has added."""

    added: Mapping[date, bool] = field(default_factory=dict)
    notes: Mapping[date, str] = field(default_factory=dict)
    opens: time = time(9)
    shuts: time = time(17)
    # From this day on the week alone counts: the calendar as it was before a year was announced.
    week_from: date = date.max

    @classmethod
    def with_days(
        cls, rows: Iterable[Row], *, opens: time = time(9), shuts: time = time(17)
    ) -> "Calendar":
        """From (day, working) or (day, working, note)."""
        rows = list(rows)
        notes = {row[0]: row[2] for row in rows if len(row) == 3 and row[2]}
        return cls({row[0]: row[1] for row in rows}, notes, opens, shuts)

    def is_working(self, day: date) -> bool:
        if day >= self.week_from:
            return day.weekday() < 5
        added = self.added.get(day)
        if added is not None:
            return added
        return day in _MAKE_UP or (day.weekday() < 5 and day not in _HOLIDAYS)

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year are known; else weekends alone are assumed free.

        Of an added year 1 January and 1 to 3 October must come out free: by law they are in every
        year, and they never all fall on a weekend. So any whole list makes its year known, also one
        that names only what differs from the week, and a lone day (a typhoon) does not.
        """
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return True
        fixed = (date(day.year, 1, 1), *(date(day.year, 10, n) for n in (1, 2, 3)))
        return not any(self.is_working(d) for d in fixed)

    def is_final(self, day: date) -> bool:
        """Whether no notice to come can change this day."""
        if day in self.added:
            return True
        at_end = (day.month, day.day) >= YEAR_END
        return self.knows(day) and (not at_end or self.knows(date(day.year + 1, 1, 1)))

    def why_free(self, day: date) -> str:
        """Weekend, the holiday's name, or the city's note."""
        if day in self.notes:
            return self.notes[day]
        if day in _HOLIDAYS and day not in self.added:
            name = str(_HOLIDAYS[day])
            return _CHINESE.get(name, name) if (get_language() or "zh").startswith("zh") else name
        return gettext("周末") if day.weekday() >= 5 else gettext("放假")


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due; provisional while the calendar does not reach that far."""

    at: datetime
    provisional: bool


# What is left of a period: days, or time by the clock.
Left = int | timedelta


def local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be counted from")
    return at.astimezone(CHINA)


def end_of(day: date) -> datetime:
    return datetime.combine(day, DAY_END, CHINA)


def _between(after: date, last: date) -> Iterator[date]:
    """The days after one day, up to and including another."""
    return (after + DAY * n for n in range(1, (last - after).days + 1))


@lru_cache(maxsize=16_384)
def _last_day(start: date, n: int, working: bool, calendar: Calendar) -> tuple[date, bool]:
    """The last day of a period, and whether all that it rests on is final."""
    day, final = start, True
    if working:
        left = n
        while left:
            day += DAY
            final = final and calendar.is_final(day)
            left -= calendar.is_working(day)
    else:
        day += DAY * n
    while not calendar.is_working(day):
        final = final and calendar.is_final(day)
        day += DAY
    return day, final and calendar.is_final(day)


def _office(day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, calendar.opens, CHINA),
        datetime.combine(day, calendar.shuts, CHINA),
    )


def _worked(start: datetime, end: datetime, calendar: Calendar) -> Iterator[tuple[date, timedelta]]:
    """Working time between two instants, by day."""
    day = start.date()
    while day <= end.date():
        opens, shuts = _office(day, calendar)
        spent = min(end, shuts) - max(start, opens)
        if calendar.is_working(day) and spent > timedelta():
            yield day, spent
        day += DAY


def _working_time(at: datetime, left: timedelta, calendar: Calendar) -> Due:
    final = True
    while True:
        day = at.date()
        final = final and calendar.is_final(day)
        opens, shuts = _office(day, calendar)
        at = max(at, opens)
        if calendar.is_working(day) and at < shuts:
            if left <= shuts - at:
                return Due(at + left, not final)
            left -= shuts - at
        at = datetime.combine(day + DAY, calendar.opens, CHINA)


def _after(start: datetime, left: Left, unit: Unit, calendar: Calendar) -> Due:
    """When what is left, counted from this instant in this unit, is over."""
    if isinstance(left, int):
        working = unit is Unit.WORKING_DAYS
        day, final = _last_day(start.date(), left, working, calendar)
        return Due(end_of(day), not final)
    if unit is Unit.WORKING_HOURS:
        return _working_time(start, left, calendar)
    return Due(start + left, provisional=False)


def _whole(span: Span) -> Left:
    if span.n < 0:
        raise ValueError(f"{span} is no length of time")
    if span.unit is Unit.MINUTES:
        return timedelta(minutes=span.n)
    if span.unit in {Unit.HOURS, Unit.WORKING_HOURS}:
        return timedelta(hours=span.n)
    return span.n


def due(start: datetime, span: Span, calendar: Calendar) -> Due:
    """When a span that begins at this instant ends. To extend: from the old due time."""
    return _after(local(start), _whole(span), span.unit, calendar)


def remaining(
    due_at: datetime,
    at: datetime,
    span: Span,
    calendar: Calendar,
    *,
    started_at: datetime | None = None,
) -> Left:
    """What is left at this instant: whole days after today, or time by the (office) clock.

    With `started_at`, a last day that was moved over a holiday counts as what it was before, as
    long as the period was neither paused nor extended; else the moved day counts.
    """
    here, end = local(at), local(due_at)
    if span.unit is Unit.WORKING_HOURS:
        return sum((spent for _, spent in _worked(here, end, calendar)), timedelta())
    if span.unit in {Unit.HOURS, Unit.MINUTES}:
        return max(end - here, timedelta())
    if span.unit is Unit.WORKING_DAYS:
        return sum(calendar.is_working(day) for day in _between(here.date(), end.date()))
    last = end.date()
    if started_at is not None and due(started_at, span, calendar).at == due_at:
        last = local(started_at).date() + DAY * span.n
    return max(0, (last - here.date()).days)


def resume_due(
    due_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    span: Span,
    calendar: Calendar,
    *,
    started_at: datetime | None = None,
) -> Due:
    """The due time after a pause: what was left when it began is left when it ends.

    In days, the day of the pause is used up and the day of resuming is not counted.
    """
    left = remaining(due_at, paused_at, span, calendar, started_at=started_at)
    return _after(local(resumed_at), left, span.unit, calendar)


def due_again(due_at: datetime, at: datetime, span: Span, calendar: Calendar) -> Due:
    """A provisional due time of a clock that may have stood still, now that more is announced.

    What was left at this instant while the year was unknown is left now: the days that the clock
    stood are in the old time, and are kept.
    """
    end = local(due_at).date()
    unknown = end.year if (end.month, end.day) < YEAR_END else end.year + 1
    before = replace(calendar, week_from=date(unknown - 1, *YEAR_END))
    return _after(local(at), remaining(due_at, at, span, before), span.unit, calendar)


@dataclass(frozen=True, slots=True)
class Counted:
    """Days in a row that were counted, or not, for one reason; in words as text.

    `spent` is what has been counted up to and including them.
    """

    first: date
    last: date
    counts: bool
    why: str
    spent: Left

    def __str__(self) -> str:
        days = date_format(self.first, "DATE_FORMAT")
        if self.last != self.first:
            days += f" — {date_format(self.last, 'DATE_FORMAT')}"
        return gettext("%(days)s：%(why)s") % {"days": days, "why": self.why}


def _reason(day: date, working: bool, over: bool, calendar: Calendar) -> tuple[bool, str]:
    """Whether a day counts, and why. `over`: the whole span has been counted before it."""
    free = not calendar.is_working(day)
    if over:
        says = gettext("%(day)s，期限顺延") if free else gettext("顺延至这一天届满")
        counts = False
    elif working and free:
        says, counts = gettext("%(day)s，不计"), False
    elif working and day.weekday() >= 5:
        says, counts = gettext("调休上班，计入"), True
    else:
        says, counts = gettext("计入"), True
    if (working or over) and not calendar.is_final(day):
        says += gettext("（放假安排尚未公布，暂按周末推算）")
    return counts, says % {"day": calendar.why_free(day)}


def _days(start: date, last: date, span: Span, calendar: Calendar) -> Iterator[Counted]:
    spent = 0
    yield Counted(start, start, False, gettext("事件当日，次日起算"), spent)
    for day in _between(start, last):
        working = span.unit is Unit.WORKING_DAYS
        counts, why = _reason(day, working, spent == span.n, calendar)
        spent += counts
        yield Counted(day, day, counts, why, spent)


def _hours(start: datetime, end: datetime, calendar: Calendar) -> Iterator[Counted]:
    spent, worked = timedelta(), dict(_worked(start, end, calendar))
    for day in _between(start.date() - DAY, end.date()):
        today = worked.get(day, timedelta())
        spent += today
        if today:
            hours, minutes = divmod(int(today.total_seconds()) // 60, 60)
            why = gettext("计入 %(hours)s 小时 %(minutes)s 分") % {
                "hours": hours,
                "minutes": minutes,
            }
        elif calendar.is_working(day):
            why = gettext("已过办公时间，不计")
        else:
            _, why = _reason(day, True, False, calendar)
        yield Counted(day, day, bool(today), why, spent)


def explain(start: datetime, span: Span, calendar: Calendar) -> list[Counted]:
    """Each day from the event to the end and why it counted or not; like days are one line."""
    begun, end = local(start), due(start, span, calendar).at
    if span.unit in {Unit.HOURS, Unit.MINUTES}:
        why = gettext("按钟点连续计算，不分昼夜和节假日")
        return [Counted(begun.date(), end.date(), True, why, end - begun)]
    if span.unit is Unit.WORKING_HOURS:
        days = _hours(begun, end, calendar)
    else:
        days = _days(begun.date(), end.date(), span, calendar)
    lines: list[Counted] = []
    for day in days:
        if lines and (lines[-1].counts, lines[-1].why) == (day.counts, day.why):
            lines[-1] = Counted(lines[-1].first, day.last, day.counts, day.why, day.spent)
        else:
            lines.append(day)
    return lines
