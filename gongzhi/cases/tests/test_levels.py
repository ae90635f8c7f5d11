"""Limits by level: each level that holds a case has its own time, and time hands it up."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from gongzhi.cases import fallback, linkage, replay
from gongzhi.cases.changes import Words
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.cases.tests.toys import anyone, clerk
from gongzhi.declare import (
    OPEN,
    TIMER,
    Act,
    Clock,
    Level,
    Mechanism,
    Phase,
    State,
    days,
    hours,
    registry,
    working_days,
)  # fmt: skip
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE

asked = State("asked", "问", Phase.REGISTER)
at_work = State("at_work", "办", Phase.HANDLE)
ready = State("ready", "完", Phase.CLOSE, final=True)
ask = Act("ask", "问", when=[], then=asked, by=anyone)
begin_work = Act("begin_work", "办", when=[asked], then=at_work, by=clerk)
too_late = Act("too_late", "超时上交", when=[asked], then=at_work, by=TIMER, up=True)
end_work = Act("end_work", "完", when=[at_work], then=ready, by=clerk)
levels = Mechanism(
    "levels", "各级", starts=ask, keep=days(30), routed_to=("governance_centre",),
    acts=[begin_work, too_late, end_work],
    clocks=[
        Clock("first", "首答", hours(2), runs_in=[asked], law="toy", late=too_late),
        Clock("village", "村", working_days(1), runs_in=[at_work], law="toy", at=Level.VILLAGE),
        Clock("town", "镇", working_days(3), runs_in=[at_work], law="toy", at=Level.TOWN),
        Clock("county", "县", working_days(7), runs_in=[at_work], law="toy", at=Level.COUNTY),
        Clock("whole", "总时限", days(60), runs_in=OPEN, law="toy"),
    ],
)  # fmt: skip


@pytest.fixture
def cast(fresh_database: str) -> Iterator[Cast]:
    with registry.with_toy(levels):
        yield make_cast()


def running(case: Told) -> dict[str, int]:
    """The clocks that run, and how many days each gives."""
    with within(Scope(case=case.receipt.id)):
        runs = ClockRun.objects.filter(ended_at=None)
        return {r.name: (r.due_at.date() - r.started_at.date()).days for r in runs}


def ended(case: Told) -> dict[str, str]:
    with within(Scope(case=case.receipt.id)):
        return dict(ClockRun.objects.exclude(ended_at=None).values_list("name", "status"))


def working(cast: Cast) -> Told:
    case = begin(levels)
    case.act(begin_work, by=cast[VILLAGE, "clerk"])
    return case


def test_only_the_clock_of_the_holders_level_runs(cast: Cast) -> None:
    case = working(cast)
    assert set(running(case)) == {"village", "whole"}
    case.act(linkage.escalate, {"reason": Words("办不了")}, by=cast[VILLAGE, "clerk"])
    assert set(running(case)) == {"town", "whole", "receive"}
    assert ended(case)["village"] == "met"


def test_what_is_given_back_has_the_time_of_its_level_again(cast: Cast) -> None:
    case = working(cast)
    case.act(linkage.escalate, {"reason": Words("办不了")}, by=cast[VILLAGE, "clerk"])
    case.act(linkage.give_back, {"reason": Words("你们办")}, by=cast[TOWN, "clerk"])
    assert set(running(case)) == {"village", "whole", "receive"}
    assert replay.verify() == []


def test_delegated_down_it_has_the_time_of_the_lower_level(cast: Cast) -> None:
    case = working(cast)
    case.act(linkage.escalate, {"reason": Words("办不了")}, by=cast[VILLAGE, "clerk"])
    case.act(linkage.take_in, by=cast[TOWN, "clerk"])
    down = {"unit": cast.units[VILLAGE], "level": Level.VILLAGE, "reason": Words("再试")}
    case.act(linkage.delegate, down, by=cast[TOWN, "clerk"])
    assert "village" in running(case) and "town" not in running(case)


def test_a_unit_named_past_the_form_has_its_own_level(cast: Cast) -> None:
    case = working(cast)
    said = {"unit": cast.units[COUNTY], "reason": Words("直接送县")}
    case.act(linkage.transfer, said, by=cast[VILLAGE, "clerk"])
    assert "county" in running(case) and "village" not in running(case)


def test_within_a_level_its_time_goes_on(cast: Cast) -> None:
    case = working(cast)
    due = case.row().due_at
    case.travel(hours=1)
    case.act(linkage.note, {"note": Words("在办")}, by=cast[VILLAGE, "clerk"])
    assert case.row().due_at == due


def test_what_nobody_answers_goes_to_the_unit_above_by_itself(cast: Cast) -> None:
    case = begin(levels)
    case.travel(hours=3)
    assert sweep(case.now) == 1
    row = case.row()
    assert (row.state, row.unit, row.offered) == ("at_work", cast.units[TOWN], True)
    assert row.post is None and cast.units[VILLAGE] in row.units
    assert set(running(case)) == {"town", "whole", "receive"} and not row.overdue
    assert row.facts["from_unit"] == str(cast.units[VILLAGE])
    assert replay.verify() == []
    case.act(linkage.take_in, by=cast[TOWN, "clerk"])
    case.act(end_work, by=cast[TOWN, "clerk"])
    assert ended(case)["town"] == "met"


def test_open_tasks_of_the_holder_go_with_it(cast: Cast) -> None:
    case = begin(levels)
    case.act(linkage.add, {"note": Words("还有一件")}, by=case.resident)
    case.travel(hours=3)
    sweep(case.now)
    with within(Scope(case=case.receipt.id)):
        assert Task.objects.get(name="addition").unit == cast.units[TOWN]


def test_at_the_top_it_stays_and_goes_on(cast: Cast) -> None:
    case = begin(levels, unit=cast.units[PROVINCE])
    case.travel(hours=3)
    sweep(case.now)
    row = case.row()
    assert (row.state, row.unit, row.offered) == ("at_work", cast.units[PROVINCE], False)
    assert set(running(case)) == {"whole"}


def test_past_whoever_is_complained_about(cast: Cast) -> None:
    case = begin(levels)
    said = {"units": [cast.units[TOWN]], "posts": [], "reason": Words("投诉镇里")}
    case.act(linkage.exclude, said, by=cast[VILLAGE, "clerk"])
    case.travel(hours=3)
    sweep(case.now)
    assert case.row().unit == cast.units[COUNTY] and "county" in running(case)


def fallen(case: Told, **span: float) -> UUID:
    case.travel(**span)
    sweep(case.now)
    fallback.fall_back(case.now)
    return case.row().unit


def test_the_fallback_ends_one_levels_time_and_starts_the_next(cast: Cast) -> None:
    rule = FallbackRule(place=COUNTY, remind_after=0, up_after=1)
    fallback.switch_on(rule, now=BEGAN, by=cast[COUNTY, "leader"])
    case = working(cast)
    assert fallen(case, days=3) == cast.units[VILLAGE], "first it is reminded"
    assert fallen(case, days=3) == cast.units[TOWN]
    assert set(running(case)) == {"town", "whole", "receive"}
    assert ended(case)["village"] == "breached" and not case.row().overdue
    due = case.row().due_at
    assert due and due - case.now < timedelta(days=4)
    assert replay.verify() == []
