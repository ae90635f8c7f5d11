"""What the rules on accidents say: every bound of the classes, growth, and the reports up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gongzhi.mechanisms.safety.registers import accidents_law as law

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("deaths", "injured", "loss", "grade"),
    [
        (0, 0, None, "general"), (2, 0, None, "general"), (3, 0, None, "larger"),
        (9, 0, None, "larger"), (10, 0, None, "major"), (29, 0, None, "major"),
        (30, 0, None, "gravest"),
        (0, 9, None, "general"), (0, 10, None, "larger"), (0, 49, None, "larger"),
        (0, 50, None, "major"), (0, 99, None, "major"), (0, 100, None, "gravest"),
        (0, 0, "9999999.99", "general"), (0, 0, "10000000", "larger"),
        (0, 0, "49999999.99", "larger"), (0, 0, "50000000", "major"),
        (0, 0, "99999999.99", "major"), (0, 0, "100000000", "gravest"),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_graver_class(
    deaths: int, injured: int, loss: str | None, grade: str
) -> None:
    assert law.grade_of(deaths, injured, Decimal(loss) if loss else None) == grade


def test_the_gravest_of_the_three_decides() -> None:
    assert law.grade_of(2, 50, Decimal(10 * MILLION)) == law.MAJOR
    assert [str(x) for x in law.decided_by(2, 50, Decimal(10 * MILLION))] == ["重伤人数"]
    both = [str(x) for x in law.decided_by(3, 10, None)]
    assert both == ["死亡人数", "重伤人数"]
    assert law.decided_by(1, 0, None) == []


def test_deaths_count_for_thirty_days_and_seven_after_fire_or_on_roads() -> None:
    assert law.grows_until("machine", AT) == date(2026, 3, 31)
    assert law.grows_until("fire", AT) == law.grows_until("traffic", AT) == date(2026, 3, 8)


def test_how_far_up_it_is_reported_follows_from_the_class() -> None:
    reach = {grade: [s.to for s in law.steps(grade, AT, {}, now=AT)] for grade in law.GRADES}
    assert reach["general"] == ["county", "city"]
    assert reach["larger"] == ["county", "city", "province"]
    assert reach["major"] == reach["gravest"] == ["county", "city", "province", "state"]


def test_one_hour_for_the_firm_and_two_for_each_level() -> None:
    def at(minutes: int) -> datetime:
        return AT + timedelta(minutes=minutes)

    first, second = law.steps("general", AT, {"county": at(60)}, now=at(180))
    assert (first.due, first.met) == (at(60), True)
    assert (second.due, second.met) == (at(180), None)
    first, second = law.steps("general", AT, {"county": at(61), "city": at(181)}, now=at(999))
    assert first.met is False and second.met is True
    (first, second) = law.steps("general", AT, {}, now=at(61))
    assert first.met is False and (second.due, second.met) == (None, None)


def test_without_knowing_when_the_firm_knew_nothing_is_due() -> None:
    assert {s.met for s in law.steps("general", None, {}, now=AT)} == {None}
