"""Intervals and comparisons, against what SciPy 1.17.1 says (binomtest)."""

import pytest

from gongzhi.mechanisms.roads.registers import chances


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
