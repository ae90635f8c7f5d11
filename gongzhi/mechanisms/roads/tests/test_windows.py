"""Windows against the plain definition: enough accidents that all fit into one window."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gongzhi.mechanisms.roads.registers import windows
from gongzhi.places.distance import metres

Group = frozenset[int]


def connected(sets: Iterable[Group]) -> set[Group]:
    """Merged until no two share a member."""
    found: list[Group] = []
    for one in sets:
        touching = [g for g in found if g & one]
        found = [g for g in found if not g & one] + [one.union(*touching)]
    return set(found)


def as_sets(groups: Sequence[Sequence[int]]) -> set[Group]:
    return {frozenset(g) for g in groups}


def plainly(n: int, enough: int, fits: Callable[[Sequence[int]], bool]) -> set[Group]:
    return connected(frozenset(c) for c in combinations(range(n), enough) if fits(c))


@given(st.lists(st.integers(0, 3000), max_size=9), st.integers(100, 800), st.integers(2, 4))
def test_along_a_road_it_finds_what_the_definition_says(
    stakes: list[int], length: int, enough: int
) -> None:
    def fits(chosen: Sequence[int]) -> bool:
        at = [stakes[i] for i in chosen]
        return max(at) - min(at) <= length

    assert as_sets(windows.along(stakes, length, enough)) == plainly(len(stakes), enough, fits)


# About a kilometre around a town of the south, and one of the north where degrees are narrower.
spots = st.tuples(
    st.floats(112.50, 112.51), st.one_of(st.floats(23.20, 23.21), st.floats(53.0, 53.01))
)


@given(st.lists(spots, max_size=9), st.integers(100, 1500), st.integers(2, 4))
def test_in_the_open_it_finds_what_the_definition_says(
    at: list[tuple[float, float]], length: int, enough: int
) -> None:
    def disc(centre: int) -> Group:
        return frozenset(
            i for i in range(len(at)) if round(metres(at[centre], at[i])) <= length / 2
        )

    discs = (disc(i) for i in range(len(at)))
    expected = connected(d for d in discs if len(d) >= enough)
    assert as_sets(windows.around(at, length, enough)) == expected


@given(st.permutations([0, 90, 480, 2000, 2499, 2500, 5000]))
def test_the_order_in_which_accidents_were_entered_changes_nothing(stakes: list[int]) -> None:
    found = [sorted(stakes[i] for i in g) for g in windows.along(stakes, 500, 3)]
    assert sorted(found) == [[0, 90, 480], [2000, 2499, 2500]]


def test_the_end_of_a_window_is_inside_it() -> None:
    assert windows.along([0, 250, 500], 500, 3) == [[0, 1, 2]]
    assert windows.along([0, 250, 501], 500, 3) == []
