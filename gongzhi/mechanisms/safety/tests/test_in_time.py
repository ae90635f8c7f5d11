"""Whether hazards are eliminated in time, by colour: each counts once, when that is settled."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from gongzhi.cases import replay, rollups
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import Told
from gongzhi.declare import Indicator
from gongzhi.mechanisms.safety import indicators
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.mechanisms.safety.tests.conftest import (
    CITY,
    ORANGE,
    SEEN,
    WHY,
    YELLOW,
    Stage,
)
from gongzhi.people.scope import Scope, within

RATES: Mapping[str, Indicator] = {
    "red": indicators.red_in_time, "orange": indicators.orange_in_time,
    "yellow": indicators.yellow_in_time, "blue": indicators.blue_in_time,
}  # fmt: skip


def counted(names: Sequence[str]) -> int:
    found = rollups.flows([CITY], names, since=date(2026, 1, 1), until=date(2027, 1, 1))
    return sum(found.get(CITY, {}).values())


def rates() -> dict[str, tuple[int, int]]:
    """In time and due, of the colours that have any."""
    with within(Scope(place=CITY)):
        found = {rank: (counted(RATES[rank].over), counted(RATES[rank].under)) for rank in RANKS}
    return {rank: rate for rank, rate in found.items() if rate[1]}


def late(case: Told, days: int) -> None:
    case.travel(days=days)
    sweep(case.now)


def eliminated(stage: Stage, case: Told) -> None:
    case.act(m.rectify, SEEN, by=stage.firm)
    case.act(m.pass_, SEEN, by=stage.second)


@pytest.mark.parametrize(
    ("rank", "colour"), [(YELLOW, "yellow"), ({**YELLOW, "rank": "blue", "d": "20"}, "blue"),
                         (ORANGE, "orange")],
)  # fmt: skip
def test_a_rectification_that_was_late_is_not_in_time(
    stage: Stage, rank: dict[str, Any], colour: str
) -> None:
    assert rates() == {}
    eliminated(stage, stage.ordered(rank))
    assert rates() == {colour: (1, 1)}
    case = stage.ordered(rank)
    late(case, 12)
    assert rates() == {colour: (1, 2)}, "what is late and still open is due"
    eliminated(stage, case)  # the re-inspection itself is in time
    assert not case.row().is_open and rates() == {colour: (1, 2)}


def test_a_hazard_that_is_late_twice_counts_once(stage: Stage) -> None:
    case = stage.ordered()
    late(case, 12)
    case.act(m.rectify, SEEN, by=stage.firm)
    late(case, 12)
    assert case.row().overdue and rates() == {"yellow": (0, 1)}


def test_what_was_late_before_it_was_ranked_counts_with_its_colour(stage: Stage) -> None:
    case = stage.found()
    late(case, 2)
    assert rates() == {}
    case.act(m.rank, YELLOW, by=stage.first)
    case.act(m.order, stage.given(case), by=stage.first)
    eliminated(stage, case)
    assert rates() == {"yellow": (0, 1)}


def restarted(stage: Stage, case: Told) -> None:
    case.act(m.rectify_stopped, SEEN, by=stage.firm)
    case.act(m.pass_stopped, SEEN, by=stage.second)
    case.act(m.restart, WHY, by=stage.head)


def test_a_red_one_is_in_time_or_late_by_its_stop(stage: Stage) -> None:
    restarted(stage, stage.stopped())
    slow = stage.stopped()
    late(slow, 12)
    restarted(stage, slow)
    assert rates() == {"red": (1, 2)} and replay.verify() == []
