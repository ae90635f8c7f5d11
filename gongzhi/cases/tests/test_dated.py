"""A dated clock ends on the day that an act names, and is extended to a day once, not too far."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from gongzhi.cases.changes import Changes, Refused
from gongzhi.cases.models import ClockRun
from gongzhi.cases.snapshot import Snapshot
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin
from gongzhi.cases.tests import toys
from gongzhi.declare import OPEN, Act, Clock, Mechanism, days, registry
from gongzhi.people.permissions import Actor
from gongzhi.people.scope import Scope, within

VILLAGE = LINE[-1]
SOON, LATER = BEGAN + timedelta(days=3), BEGAN + timedelta(days=6)


def _until(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    return Changes(limits={"work": data["until"], "whole": data["until"]} if data else {})


def _longer(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    return Changes(extend=("work",), limits={"work": data["until"]} if data else {})


order = Act("order", "限期", when=[toys.new], then=toys.doing, by=toys.clerk, effect=_until)
touch = Act("touch", "动一动", when=[toys.doing], by=toys.clerk, effect=_until)
longer = Act("longer", "延期", when=[toys.doing], by=toys.clerk, effect=_longer)
dated = Mechanism(
    "dated", "限期", starts=toys.begin, keep=days(30), routed_to=("governance_centre",),
    acts=[order, touch, longer, toys.fix, toys.verify],
    clocks=[
        Clock("work", "办理", days(10), runs_in=[toys.doing], law="toy", dated=True,
              extend=days(5), extended_by=longer),
        Clock("whole", "总时限", days(60), runs_in=OPEN, law="toy"),
    ],
    categories=[("wages", "工资")],
)  # fmt: skip


@pytest.fixture
def case(cast: Cast) -> Iterator[tuple[Told, Any]]:
    with registry.with_toy(dated):
        yield begin(dated), cast[VILLAGE, "clerk"]


def due(case: Told, name: str = "work") -> Any:
    with within(Scope(case=case.receipt.id)):
        run = ClockRun.objects.get(case_id=case.receipt.id, name=name, ended_at=None)
    return run.due_at


def test_it_ends_when_the_act_says_and_no_other_clock_does(case: Any) -> None:
    told, clerk = case
    whole = due(told, "whole")
    told.act(order, {"until": SOON}, by=clerk)
    assert (due(told), due(told, "whole"), told.row().due_at) == (SOON, whole, SOON)


def test_without_a_day_it_runs_as_declared(case: Any) -> None:
    told, clerk = case
    told.act(order, by=clerk)
    assert due(told) > SOON


def test_what_runs_is_not_moved_by_a_day_alone(case: Any) -> None:
    told, clerk = case
    told.act(order, {"until": SOON}, by=clerk)
    told.act(touch, {"until": LATER}, by=clerk)
    assert due(told) == SOON


def test_it_is_extended_to_a_day_once_and_not_too_far(case: Any) -> None:
    told, clerk = case
    told.act(order, {"until": SOON}, by=clerk)
    for wrong in (SOON, SOON + timedelta(days=9)):
        with pytest.raises(Refused, match="最多延长到"):
            told.act(longer, {"until": wrong}, by=clerk)
    told.act(longer, {"until": LATER}, by=clerk)
    assert due(told) == LATER
    with pytest.raises(Refused, match="不能再延长"):
        told.act(longer, {"until": LATER + timedelta(days=1)}, by=clerk)
