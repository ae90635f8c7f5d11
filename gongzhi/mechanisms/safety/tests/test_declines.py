"""Three declines: periods, counts side by side, and what chance alone allows to say."""

from collections import Counter
from datetime import date, datetime

import pytest
from django.utils import timezone

from gongzhi.cases.clocks import CHINA
from gongzhi.mechanisms.safety.registers import declines
from gongzhi.mechanisms.safety.tests.accidents import happened
from gongzhi.mechanisms.safety.tests.conftest import COUNTY, TOWN, VILLAGE
from gongzhi.mechanisms.safety.tests.register import Register

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "month", "since", "last", "before"),
    [
        ("month", "2026-10", "2026-10-01", "2026-10-31", "2025-10-01 2025-10-31"),
        ("month", "2026-11", "2026-11-01", "2026-11-20", "2025-11-01 2025-11-20"),
        ("month", "2024-02", "2024-02-01", "2024-02-29", "2023-02-01 2023-02-28"),
        ("quarter", "2026-08", "2026-07-01", "2026-09-30", "2025-07-01 2025-09-30"),
        ("quarter", "2026-12", "2026-10-01", "2026-11-20", "2025-10-01 2025-11-20"),
        ("ytd", "2026-10", "2026-01-01", "2026-10-31", "2025-01-01 2025-10-31"),
        ("ytd", "2025-12", "2025-01-01", "2025-12-31", "2024-01-01 2024-12-31"),
        ("year", "2025-03", "2025-01-01", "2025-12-31", "2024-01-01 2024-12-31"),
    ],
)
def test_the_same_days_of_the_year_before(
    kind: str, month: str, since: str, last: str, before: str
) -> None:
    of = declines.period(kind, month, today=TODAY)
    assert (str(of.since), str(of.last)) == (since, last)
    assert f"{of.before_since} {of.before_last}" == before


def test_up_to_a_leap_day_is_up_to_the_last_of_february() -> None:
    of = declines.period("month", "2024-02", today=date(2024, 2, 28))
    assert (str(of.last), str(of.before_last), of.whole) == ("2024-02-28", "2023-02-28", False)


def measures(
    before: dict[tuple[int, int], int], after: dict[tuple[int, int], int]
) -> list[declines.Measure]:
    tally = declines.Tally(Counter(before), Counter(after))
    return tally.measures(declines.period("year", "2023-01", today=TODAY))


def test_few_say_nothing_and_many_may() -> None:
    few = measures({(0, 0): 4}, {(0, 0): 1})[0]
    assert few.too_few and few.words == "降了 3 起；数量太少，就算全在一边也可能是偶然。"
    some = measures({(0, 0): 12}, {(0, 0): 9})[0]
    assert some.words == "降了 3 起；这样的差别偶然也常出现。"
    many = measures({(0, 0): 40}, {(0, 0): 12})[0]
    assert many.words == "降了 28 起；这样的差别偶然出现的可能小于 5 %。" and many.telling
    more = measures({(0, 0): 12}, {(0, 0): 40})[0]
    assert more.words.startswith("增加了 28 起")


def test_equal_and_none_say_so() -> None:
    equal, none, _hurt = measures({(0, 0): 3}, {(0, 0): 3})
    assert (equal.words, none.words) == ("和去年同期一样多。", "两个时期都没有。")


def test_percent_only_from_ten_on() -> None:
    assert measures({(0, 0): 9}, {(0, 0): 3})[0].percent is None
    assert measures({(0, 0): 10}, {(0, 0): 3})[0].percent == -70
    assert measures({}, {(0, 0): 3})[0].ratio is None


def test_the_dead_of_one_accident_are_one_throw() -> None:
    """Twelve against none is telling of accidents; of the dead of a single accident it is not."""
    apart = measures({(1, 0): 12}, {})
    assert apart[0].telling and apart[1].telling
    together = measures({(12, 0): 1}, {})
    assert together[1].before == 12 and not together[1].telling
    assert together[1].words == "降了 12 人；这样的差别偶然也常出现。"


def test_the_published_comparison() -> None:
    """As R's poisson.test(c(10, 2)): p 0.0386, ratio 0.021 to 0.939."""
    one = measures({(0, 0): 10}, {(0, 0): 2})[0]
    assert one.p == pytest.approx(0.03857, abs=1e-5)
    assert (one.low, one.high) == pytest.approx((0.021307, 0.938502), abs=1e-6)


def test_by_place_and_industry(register: Register) -> None:
    def at(year: int, month: int = 3, hour: int = 12) -> datetime:
        return datetime(year, month, 1, hour, tzinfo=CHINA)

    by = register.bureau
    happened(by, at(2025), deaths=2)
    happened(by, at(2026, hour=0), deaths=1, injured=2)  # the first instant of the period
    happened(by, at(2026), industry="H62", place=COUNTY)
    happened(by, at(2026, 4, 0))  # the first instant after it
    happened(by, at(2026), void=True)
    found = declines.of(COUNTY, declines.period("month", "2026-03", today=TODAY), below=[TOWN])
    assert [(m.before, m.after) for m in found.total] == [(1, 2), (2, 1), (1, 3)]
    assert [(m.before, m.after) for m in found.places[TOWN]] == [(1, 1), (2, 1), (1, 2)]
    assert [m.after for m in found.places[COUNTY]] == [1, 0, 1]
    assert list(found.industries) == ["C", "C33", "H", "H62"]
    assert found.industries["C"] == found.industries["C33"]
    village = declines.of(VILLAGE, found.period)
    assert village.total[0].after == 1


def test_one_query_whatever_there_is(register: Register, django_assert_num_queries: object) -> None:
    of = declines.period("ytd", "2026-10", today=timezone.localdate())
    with django_assert_num_queries(1):  # type: ignore[operator]
        declines.of(COUNTY, of)


def test_the_change_stands_among_the_indicators(register: Register) -> None:
    """From ten the year before on; with fewer no change is told."""
    by, since, until = register.bureau, date(2026, 10, 1), date(2026, 11, 1)
    for day in range(1, 11):
        happened(by, datetime(2025, 10, day, 9, tzinfo=CHINA), deaths=1)
    for day in range(1, 8):
        happened(by, datetime(2026, 10, day, 9, tzinfo=CHINA))
    assert declines.changed("accidents", COUNTY, since, until) == (-3, 10)
    assert declines.changed("deaths", COUNTY, since, until) == (-10, 10)
    assert declines.changed("deaths", "441202", since, until) == (0, 0)
    period = declines.period("month", "2026-10", today=TODAY)
    (shown,) = [x for x in declines.of(COUNTY, period).total if x.name == "accidents"]
    assert shown.percent == -30
