"""The planner against trying everything."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.mechanisms.mediation.network.planner import Town, plan
from gongzhi.places.distance import km

POINTS = st.tuples(st.floats(111, 112), st.floats(23, 24))
INSTANCES = st.lists(st.tuples(POINTS, st.integers(0, 30)), max_size=7)


def towns(told: list[tuple[tuple[float, float], int]]) -> list[Town]:
    return [Town(f"{n:09d}", spot, weight, float(weight)) for n, (spot, weight) in enumerate(told)]


def reached(there: list[Town], chosen: set[str], radius: float) -> set[str]:
    seats = [t.spot for t in there if t.code in chosen]
    return {t.code for t in there if t.weight and any(km(t.spot, s) <= radius for s in seats)}


@settings(max_examples=60, deadline=None)
@given(INSTANCES, st.floats(0, 80), st.integers(1, 4))
def test_nothing_covers_more_than_the_plan(
    told: list[tuple[tuple[float, float], int]], radius: float, p: int
) -> None:
    there = towns(told)
    weight = {t.code: t.weight for t in there}
    found = plan(there, radius=radius, p=p)
    ways = [set(c) for n in range(p + 1) for c in combinations(weight, n)]
    best = max(sum(weight[c] for c in reached(there, way, radius)) for way in ways)
    assert found.covered == pytest.approx(best)
    assert found.optimal and len(found.chosen) <= p
    assert set(found.reached) == reached(there, set(found.chosen), radius)


@settings(max_examples=30, deadline=None)
@given(INSTANCES, st.floats(0, 80))
def test_no_point_is_proposed_for_nobody(
    told: list[tuple[tuple[float, float], int]], radius: float
) -> None:
    there = towns(told)
    found = plan(there, radius=radius, p=7)
    for code in found.chosen:
        others = set(found.chosen) - {code}
        assert reached(there, others, radius) != set(found.reached)


def test_with_a_radius_of_nothing_the_largest_towns_are_chosen() -> None:
    there = towns([((111.0, 23.0), 3), ((111.5, 23.5), 9), ((111.9, 23.9), 5)])
    assert plan(there, radius=0, p=2).chosen == [there[1].code, there[2].code]


def test_it_says_when_its_time_was_up() -> None:
    spots = [((111 + n % 20 / 20, 23 + n // 20 / 20), 1 + n % 7) for n in range(200)]
    found = plan(towns(spots), radius=9, p=20, seconds=0)
    assert not found.optimal
