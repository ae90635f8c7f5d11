"""Days of a series, as people mean them."""

from datetime import date, datetime

import pytest

from gongzhi.cases.clocks import CHINA, Calendar
from gongzhi.mechanisms.mediation.network.series import MOST, series


def days(first: date, every: str, times: int) -> list[str]:
    begins = datetime(first.year, first.month, first.day, 14, tzinfo=CHINA)
    found = series(begins, every, times, Calendar())
    assert {d.hour for d in found.begins} == {14}
    return [f"{d:%m-%d}" for d in found.begins]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("week", ["01-07", "01-14", "01-21"]),
        ("two_weeks", ["01-07", "01-21", "02-04"]),
        ("four_weeks", ["01-07", "02-04", "03-04"]),
        ("month", ["01-07", "02-04", "03-04"]),
    ],
)
def test_every_so_often(every: str, expected: list[str]) -> None:
    assert days(date(2026, 1, 7), every, 3) == expected


def test_the_same_weekday_of_each_month() -> None:
    """The second Wednesday; and a fifth one means the last of each month."""
    assert days(date(2026, 1, 14), "month", 4) == ["01-14", "02-11", "03-11", "04-08"]
    assert days(date(2026, 1, 29), "month", 3) == ["01-29", "02-26", "03-26"]


def test_holidays_are_left_out_and_named() -> None:
    first = datetime(2026, 9, 24, 9, tzinfo=CHINA)
    found = series(first, "week", 3, Calendar())
    assert [f"{d:%m-%d}" for d in found.begins] == ["09-24", "10-08", "10-15"]
    assert found.left_out == [date(2026, 10, 1)]


def test_who_begins_on_a_free_day_means_it() -> None:
    assert days(date(2026, 10, 1), "week", 2) == ["10-01", "10-08"]
    assert days(date(2026, 1, 10), "week", 2) == ["01-10", "01-17"]  # Saturdays


def test_a_series_ends() -> None:
    assert len(days(date(2026, 1, 7), "week", 1000)) == MOST
