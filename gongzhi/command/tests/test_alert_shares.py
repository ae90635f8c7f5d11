"""Shares of limits that ended late: the method on simulated weeks, and an alert from real acts."""

from datetime import timedelta
from math import comb, sqrt
from random import Random
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.act import act, report
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE, Cast, make_cast, signed_in, told
from gongzhi.cases.tests.toys import take, toy
from gongzhi.command.alerts import shares, shown
from gongzhi.command.alerts.shares import Ended, Reference, at_least, interval, limit, reference
from gongzhi.command.alerts.watching import WEEK, last_week, watch
from gongzhi.command.models import Alert
from gongzhi.command.tests.test_alert_method import ended
from gongzhi.command.tests.test_alerts import noon
from gongzhi.people.posts import Resident

_PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
NOW = timezone.now()
THIS = last_week(NOW)
RATE = 0.01


def alarms(mean: float, share: float, together: float, *, now: float, n: int) -> float:
    """Of n series, how many alarm when the share of the last week is what is said."""
    rng = Random(f"{mean} {share} {together}")  # noqa: S311 -- it must be the same each time

    def alarm() -> bool:
        before = reference([ended(rng, mean, share, together) for _week in range(50)])
        late, of = ended(rng, mean, now, together)
        return late > 0 and at_least(late, of, before) <= RATE

    return sum(alarm() for _n in range(n)) / n


@pytest.mark.parametrize("together", [0, 0.1])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("mean", [5, 20, 60])
def test_a_share_alarms_falsely_no_more_often_than_stated(
    mean: int, share: float, together: float
) -> None:
    n = 1000
    found = alarms(mean, share, together, now=share, n=n)
    assert found <= RATE + 3 * sqrt(RATE * (1 - RATE) / n), found


def test_without_the_design_effect_limits_that_hang_together_would_alarm_too_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The simulation can tell: weeks taken for independent fail it."""
    monkeypatch.setattr(shares, "CAUTION", 0.0)
    assert alarms(20, 0.1, 0.1, now=0.1, n=500) > 0.03


# Of so many limits a week and a usual share, how often a share now is found at 1 %.
POWER = [(60, 0.1, 0.3, 0.8), (60, 0.3, 0.6, 0.9), (20, 0.1, 0.3, 0.2), (20, 0.3, 0.6, 0.25)]


@pytest.mark.parametrize(("mean", "share", "now", "power"), POWER)
def test_a_higher_share_is_found_as_often_as_stated(
    mean: int, share: float, now: float, power: float
) -> None:
    assert alarms(mean, share, 0, now=now, n=500) >= power


def test_without_correlation_it_is_fishers_test() -> None:
    of = Reference(50, 10, 100, 0.0, 1.0)
    tail = sum(comb(15, k) * comb(105, 20 - k) for k in range(5, 16)) / comb(120, 20)
    assert at_least(5, 20, of) == pytest.approx(tail)
    assert at_least(0, 20, of) == pytest.approx(1.0)
    assert at_least(5, 5, Reference(50, 0, 500, 0.0, 1.0)) == pytest.approx(1 / comb(505, 5))


def test_weeks_in_which_all_are_late_or_none_weigh_as_one_limit_each() -> None:
    weeks: list[Ended] = [(10, 10) if n % 10 == 0 else (0, 10) for n in range(50)]
    of = reference(weeks)
    assert of.together == 1.0 and shares.effect(10, of) == 10 == of.effect
    assert at_least(10, 10, of) == pytest.approx(6 / 51)


def test_the_limit_is_the_fewest_that_are_so_rare() -> None:
    of = reference([(1, 10)] * 50)
    k = limit(20, of, RATE, 5)
    assert at_least(k, 20, of) <= RATE < at_least(k - 1, 20, of)
    assert limit(3, of, RATE, 5) == 4, "of three that ended, five are not late"
    low, high = interval(20, of)
    assert low <= 2 < high < k


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(["leader", "clerk"])


@pytest.fixture
def alert(cast: Cast) -> Alert:
    """Two limits a week are met; in this week, ten of twelve are not."""

    def taken(weeks: int, n: int, *, after: timedelta = timedelta()) -> None:
        at, by = noon(THIS - weeks * WEEK), cast[VILLAGE, "clerk"]
        made = [report(toy, told(), key=uuid4().hex, now=at - after, by=Resident())
                for _n in range(n)]  # fmt: skip
        if after:
            sweep(at)
        for one in made:
            act((one.county, one.id), take, {}, key=uuid4().hex, now=at, by=by)

    for week in range(53, -1, -1):
        taken(week, 2)
    taken(0, 10, after=WEEK)
    watch(CITY, THIS, now=NOW)
    return Alert.objects.get(place=TOWN, measure="share")


def test_a_week_in_which_far_more_ended_late_is_told_of_county_and_town(alert: Alert) -> None:
    assert set(Alert.objects.filter(measure="share").values_list("place", flat=True)) == {
        COUNTY, TOWN,
    }  # fmt: skip
    assert (alert.n, alert.ended, alert.ended_before, alert.expected) == (10, 12, 100, 0)
    assert alert.recent == [*[0] * 25, 10] and alert.ended_recent == [*[2] * 25, 12]
    assert (alert.year_ago, alert.ended_year_ago) == (0, 2)
    assert alert.p <= alert.watch.rate and alert.low == 0 <= alert.high < alert.limit <= 10
    assert shown.told(alert) == "办完 12 个期限，10 个逾期，平常 0.0 个"


def test_it_is_shown_as_a_share_with_formula_chart_table_and_sheet(
    cast: Cast, alert: Alert
) -> None:
    client = signed_in(cast[TOWN, "leader"])
    address = reverse("command:alert", args=[alert.id])
    said = client.get(address).content.decode()
    assert "办完 12 个期限，<strong>10</strong> 个逾期，占 83 %" in said
    assert "10 ÷ 12 = 83.3 %" in said and "合计 0 ÷ 100 = 0.0 %" in said and "Fisher" in said
    assert said.count('class="bar"') == 26 and "52–98 %" in said
    sheet = client.get(address, {"as": "csv"}).content.decode().splitlines()
    assert sheet[-1] == f"{THIS},10,12,83.3,51.6,97.9" and len(sheet) == 27
    rows = client.get(reverse("command:alerts")).content.decode()
    assert "<strong>10</strong> / 12" in rows and "逾期办完的占比" in rows
    line = client.get(reverse("command:alerts"), {"as": "csv"}).content.decode()
    assert ",10,0.0," in line and ",12,新" in line
