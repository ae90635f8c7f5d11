"""Periods end when the law says, on the real calendars of 2025 and 2026."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.cases.clocks import (
    CHINA,
    DAY,
    LAST_YEAR,
    Calendar,
    due,
    due_again,
    explain,
    remaining,
    resume_due,
)
from gongzhi.declare import Span, Unit, days, hours, minutes, working_days, working_hours

LAW = Calendar()
HOLIDAYS_2027 = [
    (date(2027, 1, 1), False),
    (date(2027, 1, 4), False),
    (date(2027, 1, 9), True),
    (date(2027, 10, 1), False),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def day_of(start: str, span: Span, calendar: Calendar = LAW) -> str:
    return due(at(start), span, calendar).at.date().isoformat()


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # the day of the event is not counted
        ("2026-03-02T09:00", days(1), "2026-03-03"),
        ("2026-03-02T23:59", days(1), "2026-03-03"),
        ("2025-08-01T10:00", days(60), "2025-09-30"),
        # a last day within National Day 2025 (1 to 8 October) moves behind it
        ("2025-09-16T10:00", days(15), "2025-10-09"),
        # 30 days to 15 February 2026, the first of nine days of Spring Festival
        ("2026-01-16T10:00", days(30), "2026-02-24"),
        # 14 February 2026 is a Saturday on which people work: it is a good last day
        ("2026-01-16T10:00", days(29), "2026-02-14"),
        # Sunday 28 September 2025 was worked; eight days of holiday follow
        ("2025-09-26T10:00", working_days(5), "2025-10-10"),
        ("2026-02-13T10:00", working_days(1), "2026-02-14"),
        ("2026-02-13T10:00", working_days(2), "2026-02-24"),
        # from a Saturday: Monday is the first day
        ("2026-03-07T10:00", working_days(3), "2026-03-11"),
        ("2026-03-06T10:00", days(0), "2026-03-06"),
        ("2026-03-07T10:00", days(0), "2026-03-09"),
    ],
)
def test_a_period_in_days_ends_on_this_day(start: str, span: Span, end: str) -> None:
    assert day_of(start, span) == end
    assert not due(at(start), span, LAW).provisional


def test_a_day_ends_at_its_very_end_in_china() -> None:
    # 17:00 in London of 2 March is one o'clock of 3 March in Zhaoqing.
    started = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert due(started, days(1), LAW).at == at("2026-03-04T23:59:59.999999")


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-02-16T23:50", minutes(30), "2026-02-17T00:20"),
        ("2026-02-16T23:50", hours(24), "2026-02-17T23:50"),
        ("2026-03-02T10:00", working_hours(2), "2026-03-02T12:00"),
        ("2026-03-02T16:00", working_hours(1), "2026-03-02T17:00"),
        ("2026-03-02T16:30", working_hours(2), "2026-03-03T10:30"),
        ("2026-03-02T06:00", working_hours(2), "2026-03-02T11:00"),
        ("2026-03-02T20:00", working_hours(2), "2026-03-03T11:00"),
        # Friday, then the worked Saturday, then nine days of Spring Festival
        ("2026-02-13T16:00", working_hours(3), "2026-02-14T11:00"),
        ("2026-02-14T16:00", working_hours(3), "2026-02-24T11:00"),
    ],
)
def test_hours_run_by_the_clock_and_working_hours_by_the_office(
    start: str, span: Span, end: str
) -> None:
    assert due(at(start), span, LAW).at == at(end)


def test_a_city_has_its_own_office_hours() -> None:
    city = Calendar.with_days([], opens=time(8, 30), shuts=time(17, 30))
    assert due(at("2026-03-02T17:00"), working_hours(1), city).at == at("2026-03-03T09:00")


def test_beyond_the_calendar_it_is_provisional_until_the_year_is_added() -> None:
    started = at("2026-12-21T10:00")
    before = due(started, working_days(11), LAW)
    assert (before.at.date(), before.provisional) == (date(2027, 1, 5), True)
    after = due(started, working_days(11), Calendar.with_days(HOLIDAYS_2027))
    # Friday the first and Monday the fourth turn out to be free
    assert (after.at.date(), after.provisional) == (date(2027, 1, 7), False)


def test_a_clock_that_stood_still_keeps_its_rest_when_the_year_is_added() -> None:
    whole, span = Calendar.with_days(HOLIDAYS_2027), working_days(11)
    first = due(at("2026-12-14T10:00"), span, LAW)
    # It stood from the sixteenth to the twenty-third, when nine of its days were left.
    second = resume_due(first.at, at("2026-12-16T10:00"), at("2026-12-23T10:00"), span, LAW)
    assert (second.at.date(), second.provisional) == (date(2027, 1, 5), True)
    again = due_again(second.at, at("2026-12-28T10:00"), span, whole)
    assert (again.at.date(), again.provisional) == (date(2027, 1, 7), False)
    assert due_again(second.at, at("2026-12-28T10:00"), span, LAW) == second


def test_a_lone_day_changes_itself_but_does_not_make_a_year_known() -> None:
    typhoon = Calendar.with_days([(date(2027, 3, 1), False, "台风停工")])
    assert not typhoon.is_working(date(2027, 3, 1))
    assert not typhoon.knows(date(2027, 3, 1))
    assert typhoon.knows(date(2026, 3, 1))


@pytest.mark.parametrize("year", range(LAST_YEAR + 1, LAST_YEAR + 30))
def test_a_list_of_what_differs_from_the_week_makes_its_year_known(year: int) -> None:
    free = [date(year, 1, 1), *(date(year, 10, n) for n in (1, 2, 3))]
    differing = [(day, False) for day in free if day.weekday() < 5]
    assert not LAW.knows(date(year, 6, 1))
    assert Calendar.with_days(differing).knows(date(year, 6, 1))
    assert not Calendar.with_days(differing[:-1]).knows(date(year, 6, 1))


def test_the_last_days_of_a_year_wait_for_the_next_notice() -> None:
    assert due(at("2026-12-24T10:00"), working_days(1), LAW).provisional is False
    assert due(at("2026-12-24T10:00"), working_days(2), LAW).provisional is True
    whole = Calendar.with_days(HOLIDAYS_2027)
    assert due(at("2026-12-24T10:00"), working_days(2), whole).provisional is False


def test_a_city_may_close_a_day_of_a_known_year() -> None:
    city = Calendar.with_days([(date(2026, 3, 3), False, "台风停工")])
    assert day_of("2026-03-02T10:00", working_days(1), city) == "2026-03-04"
    assert day_of("2026-03-02T10:00", working_days(1)) == "2026-03-03"


def test_an_extension_counts_from_the_old_due_day() -> None:
    first = due(at("2025-08-01T10:00"), days(60), LAW).at
    assert due(first, days(30), LAW).at.date() == date(2025, 10, 30)


@pytest.mark.parametrize("span", [days(-1), working_hours(-1)])
def test_there_are_no_negative_periods(span: Span) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        due(at("2026-03-02T10:00"), span, LAW)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without its zone"):
        due(datetime(2026, 3, 2, 10), days(1), LAW)  # noqa: DTZ001


def test_a_pause_moves_the_end_by_its_length() -> None:
    started = at("2026-03-02T10:00")  # a Monday; five working days end on the ninth
    end = due(started, working_days(5), LAW).at
    paused, resumed = at("2026-03-04T15:00"), at("2026-03-11T09:00")
    assert remaining(end, paused, working_days(5), LAW) == 3
    assert resume_due(end, paused, resumed, working_days(5), LAW).at.date() == date(2026, 3, 16)


def test_a_holiday_that_moved_the_end_is_not_given_twice() -> None:
    # Fifteen days end on 1 October 2025 and are moved to the ninth. Paused with ten days left.
    started, paused = at("2025-09-16T10:00"), at("2025-09-21T10:00")
    end, span = due(started, days(15), LAW).at, days(15)
    resumed = at("2025-10-09T10:00")
    told = resume_due(end, paused, resumed, span, LAW, started_at=started)
    assert told.at.date() == date(2025, 10, 20)  # the nineteenth is a Sunday
    assert resume_due(end, paused, resumed, span, LAW).at.date() == date(2025, 10, 27)


def test_a_pause_in_hours_is_by_the_clock_or_by_the_office() -> None:
    started = at("2026-03-06T09:00")
    end = due(started, hours(24), LAW).at
    again = resume_due(end, at("2026-03-06T10:00"), at("2026-03-06T12:00"), hours(24), LAW)
    assert again.at == end + timedelta(hours=2)
    span = working_hours(10)
    office = due(started, span, LAW).at
    again = resume_due(office, at("2026-03-06T11:00"), at("2026-03-09T09:00"), span, LAW)
    assert again.at == at("2026-03-09T17:00")


spans = st.builds(Span, st.integers(0, 90), st.sampled_from(Unit))
in_days = st.builds(Span, st.integers(0, 90), st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))
instants = st.datetimes(
    datetime(2024, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


@given(instants, spans)
def test_nothing_is_due_before_it_begins_or_on_a_holiday(start: datetime, span: Span) -> None:
    found = due(start, span, LAW)
    assert found.at >= start
    if span.unit not in {Unit.HOURS, Unit.MINUTES} and span.n:
        assert LAW.is_working(found.at.date())


@given(instants, st.timedeltas(timedelta(), timedelta(days=40)), spans)
def test_who_begins_later_is_due_no_earlier(start: datetime, later: timedelta, span: Span) -> None:
    assert due(start, span, LAW).at <= due(start + later, span, LAW).at


@given(instants, spans)
def test_a_longer_span_ends_no_earlier(start: datetime, span: Span) -> None:
    assert due(start, span, LAW).at <= due(start, Span(span.n + 1, span.unit), LAW).at


@given(instants, st.integers(0, 60))
def test_working_days_are_never_shorter_than_days_by_the_calendar(start: datetime, n: int) -> None:
    end = due(start, working_days(n), LAW).at
    assert end >= due(start, days(n), LAW).at or n == 0
    counted = [start.astimezone(CHINA).date() + DAY * k for k in range(1, 400)]
    assert sum(LAW.is_working(d) for d in counted if d <= end.date()) == max(
        n, int(n == 0 and not LAW.is_working(start.astimezone(CHINA).date()))
    )


@given(instants, in_days, st.integers(0, 90), st.integers(0, 30))
def test_pausing_costs_nobody_a_day(start: datetime, span: Span, used: int, pause: int) -> None:
    end = due(start, span, LAW).at
    paused = start + DAY * used
    if paused > end:
        return
    resumed = paused + DAY * pause
    again = resume_due(end, paused, resumed, span, LAW, started_at=start).at
    if pause == 0:
        assert again == end
    before = remaining(end, paused, span, LAW, started_at=start)
    fresh = due(resumed, Span(int(before), span.unit), LAW).at  # type: ignore[arg-type]
    assert again == fresh
    assert again >= end or span.unit is Unit.DAYS


@given(instants, st.integers(1, 40), st.integers(0, 300), st.integers(0, 100))
def test_a_pause_of_working_hours_keeps_their_length(
    start: datetime, n: int, used: int, pause: int
) -> None:
    span = working_hours(n)
    end = due(start, span, LAW).at
    paused = min(start + timedelta(hours=used), end)
    resumed = paused + timedelta(hours=pause)
    again = resume_due(end, paused, resumed, span, LAW).at
    whole = timedelta(hours=n)
    assert remaining(again, resumed, span, LAW) == remaining(end, paused, span, LAW)
    assert remaining(end, start, span, LAW) == whole


@given(instants, in_days)
def test_the_explanation_accounts_for_every_day(start: datetime, span: Span) -> None:
    lines = explain(start, span, LAW)
    assert lines[0].first == start.astimezone(CHINA).date()
    assert lines[-1].last == due(start, span, LAW).at.date()
    assert all(b.first == a.last + DAY for a, b in pairwise(lines))
    assert lines[-1].spent == span.n
    if span.unit is Unit.DAYS and span.n:
        assert sum((k.last - k.first).days + 1 for k in lines if k.counts) == span.n


@pytest.fixture
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


@pytest.mark.usefixtures("chinese")
def test_working_days_are_explained_in_words() -> None:
    assert [str(k) for k in explain(at("2025-09-26T10:00"), working_days(5), LAW)] == [
        "2025年9月26日：事件当日，次日起算",
        "2025年9月27日：周末，不计",
        "2025年9月28日：调休上班，计入",
        "2025年9月29日 — 2025年9月30日：计入",
        "2025年10月1日 — 2025年10月5日：国庆节，不计",
        "2025年10月6日：中秋，不计",
        "2025年10月7日 — 2025年10月8日：国庆节，不计",
        "2025年10月9日 — 2025年10月10日：计入",
    ]


@pytest.mark.usefixtures("chinese")
def test_days_moved_by_a_holiday_are_explained_in_words() -> None:
    lines = [str(k) for k in explain(at("2026-01-16T10:00"), days(30), LAW)]
    assert lines == [
        "2026年1月16日：事件当日，次日起算",
        "2026年1月17日 — 2026年2月15日：计入",
        "2026年2月16日 — 2026年2月23日：春节，期限顺延",
        "2026年2月24日：顺延至这一天届满",
    ]


@pytest.mark.usefixtures("chinese")
def test_hours_and_what_is_not_announced_are_explained_in_words() -> None:
    city = Calendar.with_days([(date(2026, 12, 30), False, "台风停工")])
    lines = [str(k) for k in explain(at("2026-12-29T16:30"), working_hours(2), city)]
    assert lines == [
        "2026年12月29日：计入 0 小时 30 分",
        "2026年12月30日：台风停工，不计",
        "2026年12月31日：计入 1 小时 30 分",
    ]
    lines = [str(k) for k in explain(at("2026-12-25T16:30"), working_days(2), LAW)]
    assert lines[-1] == "2026年12月28日 — 2026年12月29日：计入（放假安排尚未公布，暂按周末推算）"
    (line,) = explain(at("2026-03-02T16:30"), hours(24), LAW)
    assert "按钟点连续计算" in str(line)
