"""Intervals and comparisons, against published values and what SciPy 1.17.1 and R say."""

import pytest

from gongzhi.cases import chances


@pytest.mark.parametrize(
    ("over", "under", "low", "high"),
    [  # binomtest(k, n).proportion_ci(method="wilson")
        (8, 10, 0.4901625, 0.9433178), (0, 10, 0.0, 0.2775328), (10, 10, 0.7224672, 1.0),
        (50, 100, 0.4038315, 0.5961685),
    ],
)  # fmt: skip
def test_the_interval_of_a_share_is_wilsons(over: int, under: int, low: float, high: float) -> None:
    assert chances.wilson(over, under) == pytest.approx((low, high), abs=1e-6)


def test_of_nothing_there_is_no_share() -> None:
    assert chances.wilson(0, 0) is None


@pytest.mark.parametrize(
    ("k", "n", "p", "expected"),
    [  # binomtest(k, n, p).pvalue
        (2, 12, 0.5, 0.03857422), (5, 10, 0.5, 1.0), (0, 6, 0.5, 0.03125), (1, 10, 0.3, 0.2995767),
        (2, 12, 1 / 3, 0.3588451),
    ],
)  # fmt: skip
def test_the_exact_test_is_the_binomial_one(k: int, n: int, p: float, expected: float) -> None:
    assert chances.exact(k, n, p) == pytest.approx(expected, abs=1e-6)


def test_two_counts_are_compared_with_the_days_they_took() -> None:
    """Bounds from binomtest(2, 12).proportion_ci(method="exact"), as odds."""
    found = chances.compare(10, 365, 2, 365)
    assert found.ratio == pytest.approx(0.2)
    assert found.p == pytest.approx(0.03857422, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.02130704, 0.93850199), abs=1e-7)
    longer = chances.compare(10, 730, 2, 365)
    assert longer.ratio == pytest.approx(0.4)
    assert longer.p == pytest.approx(0.3588451, abs=1e-6)


def test_five_are_too_few_and_six_may_say_something() -> None:
    assert chances.compare(5, 100, 0, 100).too_few
    assert not chances.compare(6, 100, 0, 100).too_few
    assert chances.compare(0, 100, 0, 100).too_few


def test_nothing_before_leaves_no_ratio_and_no_upper_bound() -> None:
    found = chances.compare(0, 100, 7, 100)
    assert found.ratio is None and found.high is None and found.p < chances.ALPHA


def test_two_rates_as_in_the_manual_of_r() -> None:
    """poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)): breast cancer, 0.0797, 0.858 to 4.277."""
    found = chances.compare(21, 3011, 11, 800)
    assert found.p == pytest.approx(0.07967, abs=1e-5)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(3, 10, 0.06674, 0.65245), (0, 10, 0, 0.30850), (10, 10, 0.6915, 1)]
)
def test_the_exact_interval_of_a_share(k: int, n: int, low: float, high: float) -> None:
    assert chances.clopper_pearson(k, n) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize(
    ("k", "low", "high"),
    [  # from the usual tables of Poisson limits
        (0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627),
    ],
)  # fmt: skip
def test_the_exact_interval_of_a_count(k: int, low: float, high: float) -> None:
    assert chances.garwood(k) == pytest.approx((low, high), abs=1e-3)


def test_a_province_has_more_than_a_float_can_count_ways_for() -> None:
    found = chances.compare(10_000, 365, 10_300, 365)
    assert found.p == pytest.approx(0.0358, abs=1e-3) and found.high is not None
    assert found.low < found.ratio < found.high  # type: ignore[operator]


def test_what_comes_in_lots_differs_by_chance_more_easily() -> None:
    """Seven dead in one accident are one throw of a coin, seven accidents of one dead are seven."""
    assert chances.central_in_lots(0, {1: 7}, 0.5) == pytest.approx(chances.exact(0, 7, 0.5))
    assert chances.central_in_lots(0, {7: 1}, 0.5) == 1.0
    assert chances.central_in_lots(2, {0: 9, 1: 12}, 0.5) == pytest.approx(0.03857422)


def test_a_leap_day_makes_no_difference_to_five() -> None:
    """By the likelihood of outcomes five on one side would tell something, and on the other not."""
    assert chances.exact(5, 5, 365 / 731) < chances.ALPHA < chances.exact(0, 5, 365 / 731)
    assert chances.compare(0, 366, 5, 365).too_few and chances.compare(5, 366, 0, 365).too_few


@pytest.mark.parametrize(("before", "after"), [(2, 10), (3, 10), (40, 60), (41, 60), (7, 0)])
def test_the_central_test_agrees_with_the_interval(before: int, after: int) -> None:
    found = chances.compare(before, 365, after, 366)
    leaves_out = found.low > 1 or (found.high is not None and found.high < 1)
    assert (found.central < chances.ALPHA) == leaves_out
