"""Stories between mediation and court: confirmation, hand-over, result."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.cases import replay
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.linkage import act_named
from gongzhi.cases.reading import seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, begin, make_unit
from gongzhi.cases.worklists import page
from gongzhi.cases.worklists import tasks_of as asked_of
from gongzhi.mechanisms.mediation import forms
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Served, Visit
from gongzhi.mechanisms.mediation.network import courts
from gongzhi.mechanisms.mediation.tests.asking import clocks_of, counted, late, open_to, tasks_of
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, TERMS, VILLAGE, WORDS, Stage

RULING = {"court_number": "（2026）粤1226民特1号"}


def test_article_33_both_ask_and_the_court_confirms(stage: Stage) -> None:
    case = stage.confirming()
    assert case.row().state == m.confirming.name and "examine" in clocks_of(case)
    assert [a.task.name for a in asked_of(stage.judge)] == ["examine"]
    case.act(m.confirm, RULING, by=stage.judge)
    row = case.row()
    assert (row.state, row.facts["confirmed"]) == (m.performing.name, True)
    assert not tasks_of(case, "examine")


def test_article_33_thirty_days_and_the_chance_is_gone(stage: Stage) -> None:
    case = stage.agreed()
    sweep(BEGAN + timedelta(days=29))
    assert case.row().state == m.agreed.name
    sweep(BEGAN + timedelta(days=32))  # the last day is no working day
    assert case.row().state == m.performing.name
    assert m.apply_confirmation not in open_to(stage.mediator, case)


def test_a_rejected_agreement_still_binds_and_can_be_talked_about_anew(stage: Stage) -> None:
    case = stage.confirming()
    case.act(m.reject, {**WORDS, **RULING}, by=stage.judge)
    assert case.row().facts["confirmed"] is False
    may = open_to(stage.mediator, case)
    assert all(act in may for act in (m.perform, m.default, m.enforce))


def test_the_president_grants_thirty_days_more(stage: Stage) -> None:
    case = stage.confirming()
    case.act(act_named(m.mediation, "extend_examine"), WORDS, by=stage.president)
    sweep(BEGAN + timedelta(days=33))
    assert not late(case, "examine")
    sweep(BEGAN + timedelta(days=63))
    assert late(case, "examine")


def test_who_took_part_in_the_talks_does_not_examine(stage: Stage) -> None:
    case = stage.mediating()
    join = act_named(m.mediation, "join")
    case.act(join, {"units": [stage.court], **WORDS}, by=stage.clerk)
    case.act(m.hold, {"record": Words("释法")}, by=stage.judge)
    case.act(m.agree, TERMS, by=stage.mediator)
    case.act(m.apply_confirmation, {"unit": stage.court}, by=stage.mediator)
    assert m.confirm not in open_to(stage.judge, case)
    other = stage.post(stage.court, "judge", "court")
    case.act(m.confirm, RULING, by=other)


def test_the_judge_of_the_villages_point_has_it_in_their_own_list(stage: Stage) -> None:
    point = make_unit(VILLAGE, "contact_point", parent=stage.court)
    colleague = stage.post(stage.court, "judge", "court")
    day = datetime(2026, 1, 1, tzinfo=UTC)
    Served.objects.create(unit=point, village=VILLAGE, served_from=day.date())
    Visit.objects.create(
        unit=point, judge=colleague.post, begins_at=day, ends_at=day + timedelta(hours=3)
    )
    case = stage.agreed()
    form = forms.ApplyConfirmation(
        {"unit": str(stage.court), "both": "on"},
        case=seen_by(stage.mediator, *case.ref), by=stage.mediator, now=BEGAN,
    )  # fmt: skip
    assert form.is_valid() and form.given() == {"judge": colleague.post}
    case.act(m.apply_confirmation, {**form.told(), **form.given()}, by=stage.mediator)
    assert [c.id for c in page("mine", colleague).rows] == [case.receipt.id]
    assert not page("mine", stage.judge).rows


def test_the_right_court_is_offered_first(stage: Stage) -> None:
    tribunal = make_unit(stage.clerk.place[:9], "tribunal", parent=stage.court)
    case, from_court = stage.agreed(), begin(m.mediation, by=stage.judge, channel="court_before")
    first = [courts.near(seen_by(stage.clerk, *c.ref), courts.COURTS)[0].id
             for c in (case, from_court)]  # fmt: skip
    assert first == [tribunal, stage.court]


def test_a_delegating_court_is_told_the_result(stage: Stage) -> None:
    case = begin(m.mediation, by=stage.judge, channel="court_before", category="family")
    case.act(m.accept, by=stage.clerk)
    case.act(m.assign, {"mediator": stage.mediator.post}, by=stage.clerk)
    with pytest.raises(Refused):
        case.act(m.agree, TERMS, by=stage.judge)
    case.act(m.agree, {**TERMS, "instalments": []}, by=stage.mediator)
    assert [a.task.name for a in asked_of(stage.judge)] == ["court_result"]
    case.act(m.take_result, {"outcome": "dropped"}, by=stage.judge)
    with pytest.raises(Refused):
        case.act(m.take_result, {"outcome": "dropped"}, by=stage.judge)
    case.act(m.close, {"note": Words("和好")}, by=stage.clerk)
    assert counted("settled.%", "filed.%") == {"settled.village.family": 1}


def test_a_suit_that_mediation_settled_is_not_counted_as_before_filing(stage: Stage) -> None:
    case = begin(m.mediation, by=stage.judge, channel="court_suit", category="family")
    case.act(m.accept, by=stage.clerk)
    case.act(m.assign, {"mediator": stage.mediator.post}, by=stage.clerk)
    case.act(m.agree, {**TERMS, "instalments": []}, by=stage.mediator)
    case.act(m.close, {"note": Words("和好")}, by=stage.clerk)
    assert counted("filed.%", "settled_filed.%", "settled_unfiled.%") == {
        "filed.family": 1, "settled_filed.family": 1,
    }  # fmt: skip


def test_what_was_filed_is_counted_once_however_often_it_comes_back(stage: Stage) -> None:
    case = begin(m.mediation, by=stage.judge, channel="court_suit")
    case.act(m.accept, by=stage.clerk)
    case.act(m.assign, {"mediator": stage.mediator.post}, by=stage.clerk)
    case.act(m.fail, WORDS, by=stage.mediator)
    case.act(m.refer, {"unit": stage.court, "note": Words("争议")}, by=stage.mediator)
    case.act(m.file, {"court_number": "（2026）粤1226民初9号"}, by=stage.judge)
    assert counted("filed.%") == {"filed.wages": 1}


def test_the_file_goes_to_court_which_holds_it_to_the_end(stage: Stage) -> None:
    case = stage.referred()
    assert case.row().unit == stage.court and m.hold not in open_to(stage.mediator, case)
    case.act(m.file, {"court_number": "（2026）粤1226民初9号"}, by=stage.judge)
    case.act(m.conclude, {"result": "judgment"}, by=stage.judge)
    assert case.row().state == m.concluded.name
    assert counted("filed.%", "ended.%", "settled.%") == {
        "filed.wages": 1, "ended.concluded.wages": 1,
    }  # fmt: skip


def test_a_court_that_does_not_take_it_sends_it_back(stage: Stage) -> None:
    case = stage.referred()
    case.act(m.send_back, WORDS, by=stage.judge)
    row = case.row()
    assert (row.state, row.unit) == (m.unresolved.name, stage.mediator.unit)
    assert m.refer in open_to(stage.officer, case)
    case.act(m.end, WORDS, by=stage.officer)


def test_a_court_that_does_nothing_is_noticed(stage: Stage) -> None:
    case = stage.referred()
    sweep(BEGAN + timedelta(days=9))
    assert late(case, "file")


def test_wages_go_to_arbitration(stage: Stage) -> None:
    arbitrator = stage.arbitrator()
    case = stage.unresolved()
    form = forms.Refer(case=seen_by(stage.mediator, *case.ref), by=stage.mediator, now=BEGAN)
    assert str(arbitrator.unit) in dict(form.fields["unit"].choices)  # type: ignore[attr-defined]
    case.act(m.refer, {"unit": arbitrator.unit, "note": Words("工资")}, by=stage.mediator)
    case.act(m.take_up, {"court_number": "德劳人仲案〔2026〕1号"}, by=arbitrator)
    case.act(act_named(m.mediation, "extend_arbitrate"), WORDS, by=arbitrator)
    sweep(BEGAN + timedelta(days=50))
    assert not late(case, "arbitrate")
    sweep(BEGAN + timedelta(days=66))
    assert late(case, "arbitrate")
    case.act(m.conclude, {"result": "award"}, by=arbitrator)


def test_a_trial_that_needs_longer_is_extended_once(stage: Stage) -> None:
    case = stage.referred()
    case.act(m.file, {"court_number": "（2026）粤1226民初9号"}, by=stage.judge)
    case.act(act_named(m.mediation, "extend_try"), WORDS, by=stage.judge)
    sweep(BEGAN + timedelta(days=185))
    assert not late(case, "try")


def test_who_defaults_on_a_confirmed_agreement_is_taken_to_court(fresh_database: str) -> None:
    stage = Stage()
    case = stage.confirming()
    case.act(m.confirm, RULING, by=stage.judge)
    case.travel(days=60)
    case.act(m.enforce, {"unit": stage.court, "note": Words("第二期未付")}, by=stage.mediator)
    row = case.row()
    assert (row.state, row.unit) == (m.referred.name, stage.court)
    assert not tasks_of(case, "instalment") and counted("due") == {"due": 2}
    case.act(m.file, {"court_number": "（2026）粤1226执1号"}, by=stage.judge)
    case.act(m.conclude, {"result": "enforced"}, by=stage.judge)
    assert replay.verify() == []
    assert row.place[:6] == COUNTY
