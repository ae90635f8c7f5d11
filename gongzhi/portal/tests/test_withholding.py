"""Nobody computes a withheld count: not from totals, and not by knowing the rule."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.portal.account.withholding import Below, totals, tree, withheld

ROOT = "4412"
Bounds = dict[str, tuple[int, int]]


def places(counties: Sequence[int]) -> list[str]:
    """Towns: so many in each county."""
    return [f"{ROOT}{c:02}{t:03}" for c, n in enumerate(counties) for t in range(n)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Below, dict[str, int], int]:
    """Many small counts, some large, as towns have them."""
    towns = places(draw(st.lists(st.integers(1, 6), min_size=1, max_size=5)))
    least = draw(st.integers(3, 12))
    some = st.one_of(st.just(0), st.integers(0, least), st.integers(0, 200))
    below = tree(towns, ROOT)
    return below, totals(ROOT, below, {town: draw(some) for town in towns}), least


def attacked(below: Below, total: Mapping[str, int], hidden: set[str]) -> Bounds:
    """The tightest bounds of each cell for whoever knows all that is told and that every total is
    the sum of its parts: narrowed until nothing moves. The equations form a tree, so that bounds
    that agree everywhere are those of a linear programme."""
    most = sum(total.values()) + 1
    at = {c: (0, most) if c in hidden else (n, n) for c, n in total.items()}
    while True:
        was = dict(at)
        for parent, kids in below.items():
            low, high = sum(at[k][0] for k in kids), sum(at[k][1] for k in kids)
            at[parent] = max(at[parent][0], low), min(at[parent][1], high)
            for kid in kids:
                others_low, others_high = low - at[kid][0], high - at[kid][1]
                at[kid] = (
                    max(at[kid][0], at[parent][0] - others_high),
                    min(at[kid][1], at[parent][1] - others_low),
                )
                low, high = others_low + at[kid][0], others_high + at[kid][1]
        if at == was:
            return at


@settings(max_examples=500, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_totals_leave_every_withheld_cell_open(
    table: tuple[Below, dict[str, int], int], lot: random.Random
) -> None:
    below, total, least = table
    hidden = withheld(ROOT, below, total, least, lot.choice)
    assert {code for code, n in total.items() if n < least} <= hidden
    if ROOT in hidden:
        assert hidden == set(total)
        return
    for code, (low, high) in attacked(below, total, hidden).items():
        if code in hidden:
            assert low == 0 and high >= least, (code, low, high)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_what_is_not_small_is_told_where_it_gives_nothing_away(
    table: tuple[Below, dict[str, int], int],
) -> None:
    below, total, least = table
    hidden = withheld(ROOT, below, total, least, min)
    if ROOT in hidden:
        return
    for parent, kids in below.items():
        if parent not in hidden:
            besides = [k for k in kids if k in hidden and total[k] >= least]
            assert len(besides) <= 1  # one complement is always enough


class Draws:
    """Tells the rule what to draw: one way after another, until there is no other."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.made: list[tuple[int, int]] = []

    def __call__(self, of: Sequence[str]) -> str:
        n = self.asked[len(self.made)] if len(self.made) < len(self.asked) else 0
        self.made.append((n, len(of)))
        return of[n]

    def on(self) -> bool:
        made, self.made = self.made, []
        while made and made[-1][0] + 1 == made[-1][1]:
            made.pop()
        self.asked = [n for n, _of in made[:-1]] + [made[-1][0] + 1] if made else []
        return bool(made)


def every_draw(below: Below, total: Mapping[str, int], least: int) -> Iterator[frozenset[str]]:
    """All that the lot may withhold."""
    draws = Draws()
    yield frozenset(withheld(ROOT, below, total, least, draws))
    while draws.on():
        yield frozenset(withheld(ROOT, below, total, least, draws))


Told = frozenset[tuple[str, int | None]]


def worlds(counties: Sequence[int], least: int, most: int) -> dict[Told, list[dict[str, int]]]:
    """Every table up to a sum, with every draw, by what of it is told."""
    towns = places(counties)
    below, found = tree(towns, ROOT), defaultdict(list)
    for counts in product(range(most + 1), repeat=len(towns)):
        if sum(counts) <= most:
            total = totals(ROOT, below, dict(zip(towns, counts, strict=True)))
            for hidden in every_draw(below, total, least):
                told = frozenset((c, None if c in hidden else n) for c, n in total.items())
                found[told].append(total)
    return found


@pytest.mark.parametrize("counties", [(2, 2), (3, 1), (1, 1, 2), (5,)], ids=str)
def test_who_knows_the_rule_cannot_tell_either(counties: tuple[int, ...]) -> None:
    """Of all tables that look alike from outside, a withheld cell is none in some and `least` or
    more in others; where the whole city has fewer, anything below that."""
    for told, alike in worlds(counties, least=3, most=9).items():
        small = dict(told)[ROOT] is None
        for code in [code for code, n in told if n is None]:
            possible = {world[code] for world in alike}
            assert possible == {0, 1, 2} if small else 0 in possible and max(possible) >= 3, told


def test_one_that_is_small_takes_another_with_it() -> None:
    towns = places((3, 2))
    below = tree(towns, ROOT)
    total = totals(ROOT, below, dict(zip(towns, (2, 30, 40, 50, 60), strict=True)))
    assert withheld(ROOT, below, total, 5, min) == {towns[0], towns[1]}
    assert withheld(ROOT, below, total, 5, max) == {towns[0], towns[2]}


def test_below_a_withheld_county_nothing_is_told() -> None:
    towns = places((2, 2, 2))
    below = tree(towns, ROOT)
    total = totals(ROOT, below, dict(zip(towns, (1, 1, 30, 40, 50, 60), strict=True)))
    hidden = withheld(ROOT, below, total, 5, min)
    assert hidden == {"441200", *towns[:2], "441201", *towns[2:4]}
    assert total["441202"] == 110


def test_no_count_below_none_is_taken_over() -> None:
    below = tree(places((2,)), ROOT)
    assert totals(ROOT, below, {places((2,))[0]: -1})[ROOT] == 0
