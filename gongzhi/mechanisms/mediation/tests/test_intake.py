"""Stories of intake: who applies how, who is in danger, what belongs elsewhere."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Task
from gongzhi.cases.reading import seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, begin
from gongzhi.mechanisms.mediation import forms
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.tests.asking import clocks_of, counted, late, open_to, tasks_of
from gongzhi.mechanisms.mediation.tests.conftest import TOWN, VILLAGE, WORDS, Stage
from gongzhi.people.scope import within

HOME: dict[str, Any] = {"data": {"text": Words("又被打了"), "danger": "home"}, "category": "family"}


def asked(form: type[Any], case: Any, by: Any) -> Any:
    return form(case=seen_by(by, *case.ref), by=by, now=BEGAN)


def test_article_17_anybody_applies_and_staff_apply_for_them(stage: Stage) -> None:
    officer = stage.cast[TOWN, "judicial_officer"]
    for by in (None, stage.clerk, officer, stage.cast[VILLAGE, "grid_member"]):
        assert begin(m.mediation, by=by).row().state == m.registered.name
    with pytest.raises(Refused):  # a leader decides about cases, but does not take them in
        begin(m.mediation, by=stage.cast[VILLAGE, "leader"])


def test_a_refusal_points_out_the_right_way(stage: Stage) -> None:
    case = begin(m.mediation)
    assert "way" in forms.Refuse.base_fields and forms.Refuse.base_fields["way"].required
    case.act(m.refuse, WORDS, by=stage.clerk)
    assert case.row().state == m.refused.name and not case.row().is_open


def test_who_is_in_danger_is_helped_before_anything_else(stage: Stage) -> None:
    case = begin(m.mediation, data={"text": Words("他拿着刀"), "danger": "threat"})
    assert case.row().urgent
    (task,) = tasks_of(case, "call_out")
    assert task.due_at == BEGAN + timedelta(hours=1)
    with pytest.raises(Refused, match="紧急处置"):
        case.act(m.accept, by=stage.clerk)
    case.act(
        m.call_out, {"police": "called", "note": Words("已到场"), "safe": True}, by=stage.clerk
    )
    assert not tasks_of(case, "call_out") and not case.row().urgent
    case.act(m.accept, by=stage.clerk)


def test_a_danger_that_is_not_over_stays_urgent(stage: Stage) -> None:
    case = begin(m.mediation, **HOME)
    case.act(m.call_out, {"police": "told", "note": Words("去过了")}, by=stage.clerk)
    assert case.row().urgent


def test_domestic_violence_is_not_pressed_into_mediation(stage: Stage) -> None:
    calm, case = begin(m.mediation), begin(m.mediation, **HOME)
    assert "willing" not in asked(forms.Accept, calm, stage.clerk).fields
    assert asked(forms.Accept, case, stage.clerk).fields["willing"].required
    case.act(m.call_out, {"police": "called", "note": Words("到场"), "safe": True}, by=stage.clerk)
    case.act(m.accept, by=stage.clerk)
    case.act(m.assign, {"mediator": stage.mediator.post}, by=stage.clerk)
    said = {"held_on": "2026-01-05T08:00", "setting": "together", "present": ["applicant"],
            "record": "谈了"}  # fmt: skip
    of = {"case": seen_by(stage.mediator, *case.ref), "by": stage.mediator, "now": BEGAN}
    assert "setting" in forms.Hold(said, **of).errors
    assert forms.Hold({**said, "setting": "apart"}, **of).is_valid()
    assert forms.Hold({**said, "wish": "on"}, **of).is_valid()
    assert asked(forms.Agree, case, stage.mediator).fields["free_will"].required


def test_a_court_that_delegates_before_filing_stays_concerned(stage: Stage) -> None:
    case = begin(m.mediation, by=stage.judge, channel="court_before", category="family")
    row = case.row()
    assert row.facts["court"] == str(stage.court) and stage.court in row.units
    assert "delegated" in clocks_of(case) and not counted("filed.%")
    usual = begin(m.mediation, category="family")
    assert "delegated" not in clocks_of(usual)


def test_what_comes_during_a_suit_was_filed_already(stage: Stage) -> None:
    begin(m.mediation, by=stage.judge, channel="court_suit", category="family")
    assert counted("filed.%") == {"filed.family": 1}


def test_a_matter_that_comes_back_is_counted(stage: Stage) -> None:
    begin(m.mediation, facts={"recurs": "a case of before"})
    assert counted("recurred.%") == {"recurred.wages": 1}


def test_labour_article_14_fifteen_days_for_wages(stage: Stage) -> None:
    wages, other = begin(m.mediation), begin(m.mediation, category="land")
    sweep(BEGAN + timedelta(days=17))
    assert late(wages, "labour") and "labour" not in clocks_of(other)


def test_who_mediates_takes_cases_in_where_nobody_else_does(stage: Stage) -> None:
    case = begin(m.mediation)
    assert all(act in open_to(stage.mediator, case) for act in (m.accept, m.refuse))


@pytest.mark.parametrize(("clock", "days"), [("accept", 4), ("total", 366)])
def test_a_case_that_nobody_takes_up_is_noticed(stage: Stage, clock: str, days: int) -> None:
    case, cast = begin(m.mediation), stage.cast
    sweep(BEGAN + timedelta(days=days))
    assert late(case, clock) and case.row().overdue
    with within(cast[TOWN, "leader"].scope):
        assert Task.objects.filter(name="overdue", unit=cast.units[TOWN]).exists()


def test_article_3_whoever_applied_may_stop(stage: Stage) -> None:
    case = stage.mediating()
    case.act(m.withdraw, WORDS, by=case.resident)
    assert case.row().state == m.withdrawn.name
    with pytest.raises(Refused):
        case.act(m.hold, {"record": Words("继续")}, by=stage.mediator)
