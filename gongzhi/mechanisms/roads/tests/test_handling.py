"""From a hazard found to a hazard gone, and proven gone."""

from datetime import timedelta

import pytest

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import ClockRun
from gongzhi.cases.reading import case_for
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.pages.again import part
from gongzhi.mechanisms.roads.tests.conftest import SEEN, Stage
from gongzhi.people.scope import Scope, within

AGAIN = {"reason": Words("又断了")}


def test_what_a_chief_mends_somebody_else_looks_at(stage: Stage) -> None:
    case = stage.reported()
    case.act(m.mend, {"note": Words("扶正")}, by=stage.chief)
    with pytest.raises(Refused):
        case.act(m.check, SEEN, by=stage.chief)
    case.act(m.check, SEEN, by=stage.neighbour)
    assert case.row().state == "cleared"


def test_the_chief_above_may_look_at_it_and_send_it_back(stage: Stage) -> None:
    case = stage.reported()
    case.act(m.mend, {"note": Words("扶正")}, by=stage.chief)
    case.act(m.redo, AGAIN, by=stage.upper)
    assert case.row().state == "discovered"


def test_a_department_does_not_verify_its_own_work(stage: Stage) -> None:
    case = stage.acted()
    with pytest.raises(Refused):
        case.act(m.verify, SEEN, by=stage.transport)
    case.act(m.verify, SEEN, by=stage.chief)
    assert case.row().state == "cleared"


def test_it_is_not_struck_off_while_a_department_has_not_acted(stage: Stage) -> None:
    case = stage.whistled()
    with pytest.raises(Refused):
        case.act(m.verify, SEEN, by=stage.chief)


def test_more_departments_are_called_while_others_are_at_work(stage: Stage) -> None:
    case = stage.whistled(stage.transport)
    said = {"ground": "several", "units": [stage.police.unit], "reason": Words("管交通")}
    case.act(m.whistle, said, by=stage.chief)
    assert {stage.transport.unit, stage.police.unit} <= set(case.row().units)


def test_a_hazard_that_comes_back_within_ninety_days_is_the_same_case(stage: Stage) -> None:
    case = stage.cleared()
    case.travel(days=80)
    case.act(m.recur, AGAIN, by=stage.chief)
    row = case.row()
    assert row.state == "discovered" and row.facts["recurred"] == 1
    assert stage.counted("recurred") == [1]


@pytest.mark.parametrize(("away", "days", "shown"), [(0.0, 5, True), (0.01, 5, False)])
def test_a_hazard_told_again_shows_the_one_that_was_struck_off_there(
    stage: Stage, away: float, days: int, shown: bool
) -> None:
    spot = {"longitude": 111.9, "latitude": 23.2}
    gone = stage.cleared(**spot)
    again = stage.reported(**{**spot, "longitude": 111.9 + away})
    view = case_for(stage.chief, *again.ref)
    told = part(view, stage.chief, gone.now + timedelta(days=days))
    assert (told is not None and told["before"].id == gone.receipt.id) == shown
    assert part(view, stage.chief, gone.now + timedelta(days=91)) is None
    again.act(m.mend, {"note": Words("扶正")}, by=stage.chief)
    view = case_for(stage.chief, *again.ref)
    assert part(view, stage.chief, gone.now) is None, "it is dealt with already"


def test_after_ninety_days_it_is_another_case(stage: Stage) -> None:
    case = stage.cleared()
    case.travel(days=91)
    with pytest.raises(Refused):
        case.act(m.recur, AGAIN, by=stage.chief)


def test_where_nothing_was_found_it_says_so(stage: Stage) -> None:
    case = stage.reported()
    case.act(m.dismiss, {"reason": Words("沿线看过")}, by=stage.chief)
    assert case.row().state == "unfounded"


def test_the_same_hazard_told_twice_is_one_case(stage: Stage) -> None:
    first, second = stage.reported(), stage.reported()
    second.act(m.merge, {"other": first.ref, "number": Words("1")}, by=stage.chief)
    assert second.row().state == "merged" and stage.counted("repeated") == [1]


def test_the_chief_above_gives_departments_more_time_once(stage: Stage) -> None:
    case = stage.whistled()
    longer = act_named(m.roads, "extend_handle")
    case.act(longer, {"reason": Words("等材料")}, by=stage.upper)
    with within(Scope(case=case.receipt.id)):
        assert ClockRun.objects.get(name="handle").due_at > case.now + timedelta(days=29)
    with pytest.raises(Refused):
        case.act(longer, {"reason": Words("再等")}, by=stage.upper)


def test_who_reported_rates_it_once(stage: Stage) -> None:
    case = stage.cleared()
    case.act(m.rate, {"satisfied": True}, by=case.resident)
    with pytest.raises(Refused):
        case.act(m.rate, {"satisfied": True}, by=case.resident)
    assert stage.counted("rated", "satisfied") == [1, 1]


def test_who_reported_withdraws(stage: Stage) -> None:
    case = stage.reported()
    case.act(m.withdraw, AGAIN, by=case.resident)
    assert case.row().state == "withdrawn"


def test_what_is_dangerous_now_is_urgent(stage: Stage) -> None:
    assert stage.reported(data={"danger": True}).row().urgent
    assert not stage.reported().row().urgent
