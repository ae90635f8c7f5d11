"""The prediction limit keeps what it states, on series that are drawn by a seeded generator."""

from datetime import date
from math import exp, sqrt
from random import Random

import pytest

from gongzhi.command.alerts import watching
from gongzhi.command.alerts.method import Baseline, at_least, baseline, interval, limit
from gongzhi.command.alerts.parameters import KNOWN
from gongzhi.command.alerts.watching import Series
from gongzhi.command.models import Watch

WEEKS, GAP = 50, 2


def poisson(rng: Random, mean: float) -> int:
    """Knuth's way, in halves where the exponential would be too small."""
    if mean > 30:
        return poisson(rng, mean / 2) + poisson(rng, mean / 2)
    n, left, end = 0, rng.random(), exp(-mean)
    while left > end:
        n, left = n + 1, left * rng.random()
    return n


def drawn(rng: Random, mean: float, dispersion: float) -> int:
    """A week that is Poisson, or negative binomial with this variance over mean."""
    if dispersion == 1:
        return poisson(rng, mean)
    size = mean / (dispersion - 1)
    return poisson(rng, rng.gammavariate(size, mean / size))


def ended(rng: Random, mean: float, share: float, together: float) -> tuple[int, int]:
    """Of the limits that ended in a week, how many were late; beta-binomial, if they hang
    together."""
    n, chance = poisson(rng, mean), share
    if together:
        size = 1 / together - 1
        chance = rng.betavariate(share * size, (1 - share) * size)
    return sum(rng.random() < chance for _n in range(n)), n


def alarms(mean: float, dispersion: float, rate: float, *, times: float, n: int) -> float:
    """Of n series, how many alarm when the last week has `times` the usual mean."""
    rng = Random(f"{mean} {dispersion}")  # noqa: S311 -- it must be the same each time
    found = 0
    for _n in range(n):
        before = baseline([drawn(rng, mean, dispersion) for _week in range(WEEKS)])
        found += at_least(drawn(rng, times * mean, dispersion), before) <= rate
    return found / n


@pytest.mark.parametrize("dispersion", [1, 1.5, 3])
@pytest.mark.parametrize("mean", [1, 5, 20])
def test_a_series_alarms_falsely_no_more_often_than_stated(mean: int, dispersion: float) -> None:
    rate, n = 0.01, 6000
    found = alarms(mean, dispersion, rate, times=1, n=n)
    assert found <= rate + 3 * sqrt(rate * (1 - rate) / n), found


def test_without_the_upper_bound_a_series_that_varies_would_alarm_too_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The simulation can tell: taken for Poisson, weeks that vary three times as much fail it."""
    monkeypatch.setattr("gongzhi.command.alerts.method.CAUTION", 0.0)
    assert alarms(5, 3, 0.01, times=1, n=1000) > 0.03


# Of the mean and dispersion of a series, how often a week of twice as many is found at 1 %.
POWER = [(5, 1, 0.2), (20, 1, 0.8), (20, 1.5, 0.6), (50, 1.5, 0.95)]


@pytest.mark.parametrize(("mean", "dispersion", "power"), POWER)
def test_a_doubled_rate_is_found_as_often_as_stated(
    mean: int, dispersion: float, power: float
) -> None:
    assert alarms(mean, dispersion, 0.01, times=2, n=1000) >= power


def test_all_series_together_alarm_falsely_no_more_often_than_stated() -> None:
    """A city of 300 counts and 60 shares, small ones among them, in 100 weeks: one false alarm a
    week at most."""
    rng, n = Random(8), 100  # noqa: S311 -- it must be the same each time
    numbers = {name: known.default for name, known in KNOWN.items()}
    found = 0
    for _week in range(n):
        counts = {
            Series("441226", str(i), "", watching.REPORTED):
                [1, *(drawn(rng, (0.1, 1, 4, 12)[i % 4], (1, 2)[i // 4 % 2]) for _w in range(53))]
            for i in range(300)
        }  # fmt: skip
        for i in range(60):
            weeks = [ended(rng, (3, 12)[i % 2], (0.05, 0.2)[i // 2 % 2], (0, 0.05)[i // 4 % 2])
                     for _week in range(54)]  # fmt: skip
            late, of = (list(told) for told in zip(*weeks, strict=True))
            counts[Series("441226", str(i), "", watching.BREACHED)] = late
            counts[Series("441226", str(i), "", watching.ENDED)] = of
        judged, short = watching._judged(counts, numbers)
        series = sum(one.weighs for one in judged)
        watch = Watch(week=date(2026, 11, 16), rate=numbers["false"] / series, numbers=numbers)
        assert (len(judged), short) == (360, 0) and 0.002 < watch.rate < 0.01
        found += len(list(watching._alerts(watch, judged)))
    assert 0 < found / n <= 1


def test_a_poisson_week_given_the_sum_is_binomial() -> None:
    of = Baseline(50, 100, 1.0)
    n, p = 106, 1 / 51
    assert at_least(0, of) == 1.0
    none = (1 - p) ** 101
    assert at_least(1, Baseline(50, 100, 1.0)) == pytest.approx(1 - none)
    below = sum(_choose(n, i) * p**i * (1 - p) ** (n - i) for i in range(6))
    assert at_least(6, of) == pytest.approx(1 - below)


def _choose(n: int, k: int) -> float:
    found = 1.0
    for i in range(k):
        found *= (n - i) / (i + 1)
    return found


def test_weeks_that_vary_more_raise_the_limit() -> None:
    calm, wild = Baseline(50, 500, 1.0), Baseline(50, 500, 3.0)
    assert limit(calm, 0.001, 5) < limit(wild, 0.001, 5)
    assert at_least(limit(calm, 0.001, 5), calm) <= 0.001 < at_least(
        limit(calm, 0.001, 5) - 1, calm)  # fmt: skip


def test_of_almost_nothing_a_few_raise_no_alert() -> None:
    assert limit(baseline([0] * 50), 0.01, 5) == 5
    assert limit(baseline([1, *[0] * 49]), 0.01, 3) == 3


def test_the_interval_holds_the_mean() -> None:
    low, high = interval(Baseline(50, 500, 1.0))
    assert low < 10 < high and (low, high) == (4, 17)
    assert interval(baseline([0] * 50)) == (0, 0)
    low, high = interval(Baseline(50, 100_000, 1.0))
    assert 1900 < low < 2000 < high < 2100
