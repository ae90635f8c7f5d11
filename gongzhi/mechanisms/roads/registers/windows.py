"""Where accidents lie close together, by a rule that depends on no order: what a black spot is.

Along a known road a *sliding window* (AASHTO, Highway Safety Manual, 2010, network screening) of
fixed length moves over the stakes: wherever it holds enough accidents, all of them belong to a
spot. Away from known stakes the window is a disc of the same width around each accident, by the
straight line over the earth. Windows that share an accident are one spot. Distances are whole
metres, so that the end of a window is inside it on every machine.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from math import cos, radians
from typing import TypeVar

from gongzhi.places.distance import Spot, metres

T = TypeVar("T")
DEGREE = 110_000  # metres of one degree of latitude, at least
NARROWS = 0.99  # a degree of longitude may be so much shorter at the end of a window


def along(stakes: Sequence[int], length: int, enough: int) -> list[list[int]]:
    """Spots on one road: indexes of the accidents in each. `stakes` are metres from its start."""
    order = sorted(range(len(stakes)), key=lambda i: stakes[i])
    groups, end = [], 0
    for start, i in enumerate(order):
        while end < len(order) and stakes[order[end]] - stakes[i] <= length:
            end += 1
        if end - start >= enough:
            groups.append(order[start:end])
    return list(joined(groups))


def around(spots: Sequence[Spot], length: int, enough: int) -> list[list[int]]:
    """Spots in the open: indexes of the accidents in each."""
    order = sorted(range(len(spots)), key=lambda i: spots[i][1])
    norths = [spots[i][1] for i in order]
    reach, tall, groups = length / 2, length / 2 / DEGREE, []
    for i in order:
        x, y = spots[i]
        wide = tall / (cos(radians(y)) * NARROWS)
        row = order[bisect_left(norths, y - tall) : bisect_right(norths, y + tall)]
        boxed = [j for j in row if abs(spots[j][0] - x) <= wide]
        near = [j for j in boxed if round(metres(spots[i], spots[j])) <= reach]
        if len(near) >= enough:
            groups.append(near)
    return list(joined(groups))


def joined(groups: Sequence[Sequence[T]]) -> Iterator[list[T]]:
    """Groups that share a member are one."""
    of: dict[T, list[T]] = {}
    for group in groups:
        whole: dict[T, None] = {}
        for member in group:
            whole |= dict.fromkeys(of.get(member, [member]))
        members = list(whole)
        of |= dict.fromkeys(members, members)
    seen: set[int] = set()
    for members in of.values():
        if id(members) not in seen:
            seen.add(id(members))
            yield members
