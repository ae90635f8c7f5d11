"""Hard cases: plans of several steps, a leader's word before closing, a joint meeting."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.cases import linkage, plan_forms, plans, steps
from gongzhi.cases.changes import Accused, Refused, Words
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.reading import acts_open_to, seen_by
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
DAY = BEGAN.date()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Told:
    told = begin(m.mediation)
    told.act(m.accept, by=cast[VILLAGE, "clerk"])
    return told


def open_tasks(case: Told) -> set[tuple[str, Any]]:
    with within(Scope(case=case.receipt.id)):
        return set(Task.objects.filter(done_at=None).values_list("name", "unit"))


def planned(*rows: tuple[Any, int]) -> dict[str, Any]:
    """A plan: unit and days for each step."""
    told = steps.told([steps.Step(u, "去办", DAY + timedelta(days=d)) for u, d in rows])
    return {"aim": Words("并行办理"), **told}


def step(case: Told, unit: Any) -> tuple[int, int]:
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(name=steps.STEP, unit=unit, done_at=None)
    return task.seq, task.n


def led(case: Told, by: Holder) -> None:
    dates = {"meet_by": DAY, "plan_by": DAY}
    case.act(plans.take_charge, {"reason": Words("久拖未决"), **dates}, by=by)


def test_the_steps_of_a_plan_run_side_by_side(cast: Cast, case: Told) -> None:
    clerk, units = cast[VILLAGE, "clerk"], cast.units
    case.act(plans.plan, planned((units[TOWN], 3), (units["court"], 5)), by=clerk)
    assert open_tasks(case) == {(steps.STEP, units[TOWN]), (steps.STEP, units["court"])}
    judge = cast["court", "judge"]
    with pytest.raises(Refused):
        case.act(plans.carry_out, {"step": step(case, units[TOWN])}, by=judge)
    case.act(plans.carry_out, {"step": step(case, units["court"])}, by=judge)
    assert open_tasks(case) == {(steps.STEP, units[TOWN])}


def test_a_step_says_to_its_unit_what_is_to_be_done(cast: Cast, case: Told) -> None:
    case.act(plans.plan, planned((cast.units["court"], 3)), by=cast[VILLAGE, "clerk"])
    judge = cast["court", "judge"]
    form = plan_forms.CarryOut(case=seen_by(judge, *case.ref), by=judge, now=BEGAN)
    assert "去办" in str(form["step"])


def test_a_step_never_goes_to_whom_the_case_complains_about(cast: Cast, case: Told) -> None:
    clerk = cast[VILLAGE, "clerk"]
    case.act(linkage.exclude, {"units": [cast.units[TOWN]], "reason": Words("投诉")}, by=clerk)
    with pytest.raises(Accused):
        case.act(plans.plan, planned((cast.units[TOWN], 3)), by=clerk)


def test_the_green_channel_runs_a_shorter_clock_besides(cast: Cast, case: Told) -> None:
    clerk = cast[VILLAGE, "clerk"]
    case.act(plans.plan, {**planned((cast.units[TOWN], 3)), "green": True}, by=clerk)
    with within(Scope(case=case.receipt.id)):
        due = dict(ClockRun.objects.filter(ended_at=None).values_list("name", "due_at"))
    assert due["green"] < due["mediate"]


def test_what_a_leader_answers_for_is_closed_with_their_word_only(cast: Cast, case: Told) -> None:
    clerk, leader = cast[VILLAGE, "clerk"], cast[COUNTY, "leader"]
    led(case, leader)
    case.act(plans.plan, planned((cast.units[VILLAGE], 3)), by=leader)
    stopped = {"reason": Words("一方不再参加"), "ground": "absent"}
    with pytest.raises(Refused, match="同意办结"):
        case.act(m.stop, stopped, by=clerk)
    with pytest.raises(Refused, match="1 步"):
        case.act(plans.approve, {}, by=leader)
    case.act(plans.carry_out, {"step": step(case, cast.units[VILLAGE])}, by=clerk)
    case.act(plans.approve, {}, by=leader)
    case.act(m.stop, stopped, by=clerk)
    assert not case.row().is_open


def test_only_the_leader_in_charge_does_their_duties(cast: Cast, case: Told) -> None:
    led(case, cast[COUNTY, "leader"])
    for other in (cast[CITY, "leader"], cast[COUNTY, "clerk"]):
        names = {a.name for a in acts_open_to(other, seen_by(other, *case.ref))}
        assert not names & {"meet", "approve"}
        with pytest.raises(Refused):
            case.act(plans.approve, {}, by=other)


def test_another_leader_takes_the_duties_over(cast: Cast, case: Told) -> None:
    led(case, cast[COUNTY, "leader"])
    city = cast[CITY, "leader"]
    named = {"post": city.post, "unit": city.unit, "reason": Words("提级包案"),
             "meet_by": DAY, "plan_by": DAY}  # fmt: skip
    case.act(plans.name_leader, named, by=cast[CITY, "clerk"])
    assert open_tasks(case) == {("meet", city.unit), ("plan", city.unit)}


def test_leaders_offered_are_of_the_right_level_and_not_complained_about(
    cast: Cast, case: Told
) -> None:
    clerk = cast[VILLAGE, "clerk"]
    case.act(linkage.exclude, {"units": [cast.units[TOWN]], "reason": Words("投诉")}, by=clerk)
    form = plan_forms.NameLeader(case=seen_by(clerk, *case.ref), by=clerk, now=BEGAN)
    found = {h.post for h in form.leaders.values()}
    assert found == {cast[p, "leader"].post for p in (PROVINCE, CITY, COUNTY, VILLAGE)}


def on_the_agenda(cast: Cast, case: Told, place: str) -> Holder:
    asked = {"unit": cast.units[place], "reason": Words("请议定由谁牵头")}
    case.act(plans.table, asked, by=cast[VILLAGE, "clerk"])
    return cast[place, "clerk"]


def test_what_a_joint_meeting_decides_becomes_tasks_of_the_case(cast: Cast, case: Told) -> None:
    convenor = on_the_agenda(cast, case, COUNTY)
    assert open_tasks(case) == {("agenda", cast.units[COUNTY])}
    said = {**planned((cast.units[TOWN], 7)), "outcome": "decided", "resolution": Words("镇里牵头")}
    case.act(plans.resolve, said, by=convenor)
    assert open_tasks(case) == {(steps.STEP, cast.units[TOWN])}
    with pytest.raises(Refused):
        case.act(plans.resolve, said, by=convenor)


def test_what_stays_undecided_comes_back_at_the_next_meeting(cast: Cast, case: Told) -> None:
    convenor = on_the_agenda(cast, case, COUNTY)
    case.act(plans.resolve, {"outcome": "postponed", "resolution": Words("材料不全")}, by=convenor)
    assert open_tasks(case) == {("agenda", cast.units[COUNTY])}


def test_what_a_meeting_cannot_decide_goes_to_the_level_above(cast: Cast, case: Told) -> None:
    convenor = on_the_agenda(cast, case, COUNTY)
    seen = seen_by(convenor, *case.ref)
    form = plan_forms.Resolve(
        {"outcome": "up", "resolution": "请市里定"}, case=seen, by=convenor, now=BEGAN
    )
    assert form.is_valid(), form.errors
    case.act(plans.resolve, form.told(), by=convenor)
    assert open_tasks(case) == {("agenda", cast.units[CITY])}


def test_a_row_of_a_plan_that_is_half_written_is_asked_for_again(cast: Cast, case: Told) -> None:
    clerk = cast[VILLAGE, "clerk"]
    written = {"aim": "并行", "steps_2_what": "拆除违建", "steps_2_due": "2026-02-01"}
    form = plan_forms.Plan(written, case=seen_by(clerk, *case.ref), by=clerk, now=BEGAN)
    assert not form.is_valid() and "2" in str(form.errors["steps"])
    assert "拆除违建" in str(form["steps"])
