"""Stories of the agreement: what it must be, how it is performed, how it is verified."""

from datetime import date, timedelta
from typing import Any

import pytest

from gongzhi.cases import replay
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.reading import seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, Told, begin, make_unit
from gongzhi.mechanisms.mediation import forms
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.tests.asking import counted, late, open_to, tasks_of
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, TERMS, TOWN, WORDS, Stage

ORAL = {
    "kind": "oral", "whole": "all", "facts": "墙根渗水", "terms": "改排水管，不再追究",
    "method": "自行改造", "legal": [name for name, _ in forms.agreement.LEGAL],
}  # fmt: skip


def filled(stage: Stage, case: Told, **changes: Any) -> forms.Agree:
    seen = seen_by(stage.mediator, *case.ref)
    return forms.Agree({**ORAL, **changes}, case=seen, by=stage.mediator, now=BEGAN)


def perform(case: Told, n: int, stage: Stage) -> None:
    case.act(m.perform, {"n": n, "note": Words("到账")}, by=stage.mediator)


def test_article_28_an_oral_agreement_needs_no_signatures(stage: Stage) -> None:
    case = stage.mediating()
    assert filled(stage, case).is_valid()
    wrong = filled(stage, case, kind="written").errors
    assert {"signature_applicant", "signature_respondent", "signature_mediator"} == {*wrong}


def test_an_agreement_that_the_law_forbids_is_not_made(stage: Stage) -> None:
    form = filled(stage, stage.mediating(), legal=["law", "public", "morals", "free"])
    assert {*form.errors} == {"legal"}


def test_what_is_to_be_done_is_sealed_and_has_its_day(stage: Stage) -> None:
    case = stage.mediating()
    form = filled(stage, case, duties="2026-02-01 拆除张三墙边的棚子\n\n2026-03-01 道歉")
    assert form.is_valid()
    told = form.told()
    assert isinstance(told["duties"], Words) and "张三" in told["duties"]
    case.act(m.agree, told, by=stage.mediator)
    assert [t.data for t in tasks_of(case, "duty")] == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize(
    ("field", "line"),
    [("instalments", "明年 100"), ("instalments", "2026-02-01 很多"),
     ("instalments", "2026-02-01 0"),
     ("duties", "2026-02-01"), ("duties", "拆棚子")],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named(stage: Stage, field: str, line: str) -> None:
    form = filled(stage, stage.mediating(), **{field: f"2026-01-31 1\n{line}"})
    assert "2" in str(form.errors[field])


def test_articles_28_to_31_an_agreement_is_performed_part_by_part(stage: Stage) -> None:
    case = stage.performing()
    parts = tasks_of(case, "instalment")
    assert [t.data["amount"] for t in parts] == ["190000", "190000"]
    case.travel(days=20)
    perform(case, 1, stage)
    with pytest.raises(Refused, match="2"):
        case.act(m.close, {"note": Words("核实")}, by=stage.clerk)
    case.travel(days=60)
    perform(case, 2, stage)
    with pytest.raises(Refused):
        perform(case, 2, stage)
    case.act(m.follow_up, {"how": "phone", "quiet": "good", "note": Words("好")}, by=stage.mediator)
    case.act(m.close, {"note": Words("核实")}, by=stage.clerk)
    assert case.row().state == m.settled.name
    # The second came after its day.
    assert counted("kept", "due") == {"kept": 1, "due": 2}
    hex_ = stage.mediator.post.hex
    mine = {k.split(".")[2]: n for k, n in counted("post.%").items() if hex_ in k}
    assert mine == {"taken": 1, "agreed": 1, "due": 2, "kept": 1, "settled": 1}


def test_article_31_who_does_not_perform_is_called_back(stage: Stage) -> None:
    case = stage.performing()
    case.travel(days=45)
    case.act(m.default, WORDS, by=stage.mediator)
    assert case.row().state == m.mediating.name and not tasks_of(case, "instalment")
    assert counted("kept", "due") == {"due": 1}  # the other was not due yet
    later = [{"on": date(2026, 6, 1), "amount": 380_000}]
    case.act(m.agree, {**TERMS, "instalments": later}, by=stage.mediator)
    assert [t.data["n"] for t in tasks_of(case, "instalment")] == [1]


def test_whoever_made_the_agreement_does_not_close_it(stage: Stage) -> None:
    case = stage.accepted()
    case.act(m.assign, {"mediator": stage.clerk.post}, by=stage.clerk)
    case.act(m.agree, {**TERMS, "instalments": []}, by=stage.clerk)
    assert m.close not in open_to(stage.clerk, case)
    with pytest.raises(Refused):
        case.act(m.close, {"note": Words("自己核实")}, by=stage.clerk)
    case.act(m.close, {"note": Words("核实")}, by=stage.officer)


def test_whoever_sent_it_to_a_studio_verifies_what_it_made(stage: Stage) -> None:
    case, studio = stage.accepted(), stage.studio()
    case.act(m.assign, {"mediator": studio.post, "unit": studio.unit}, by=stage.clerk)
    case.act(m.agree, {**TERMS, "instalments": []}, by=studio)
    assert m.close not in open_to(studio, case) and m.close in open_to(stage.clerk, case)
    case.act(m.close, {"note": Words("核实")}, by=stage.clerk)
    assert counted("settled.%") == {"settled.town.wages": 1}


def test_the_centre_above_a_studio_verifies_what_came_to_it_directly(stage: Stage) -> None:
    unit = make_unit(COUNTY, "studio", parent=stage.cast.units[COUNTY])
    studio = stage.post(unit, "mediator", "studio")
    case = begin(m.mediation, unit=unit)
    case.act(m.accept, by=studio)
    case.act(m.assign, {"mediator": studio.post}, by=studio)
    case.act(m.agree, {**TERMS, "instalments": []}, by=studio)
    assert m.close not in open_to(stage.cast[TOWN, "clerk"], case)
    case.act(m.close, {"note": Words("核实")}, by=stage.cast[COUNTY, "clerk"])


def test_a_reopened_case_begins_without_its_mediator(stage: Stage) -> None:
    case = stage.unresolved()
    case.act(m.end, WORDS, by=stage.mediator)
    case.act(m.reopen, WORDS, by=case.resident)
    assert (case.row().state, case.row().post) == (m.registered.name, None)


def test_a_closed_case_is_rated_once_and_may_be_reopened(stage: Stage) -> None:
    case = begin(m.mediation)
    case.act(m.refuse, WORDS, by=stage.clerk)
    case.act(m.rate, {"satisfied": False}, by=case.resident)
    with pytest.raises(Refused):
        case.act(m.rate, {"satisfied": True}, by=case.resident)
    # Rated after it was closed, and not closed again by that.
    assert counted("rated", "closed.%") == {"rated": 1, "closed.refused": 1}
    case.act(m.reopen, WORDS, by=case.resident)
    assert case.row().state == m.registered.name and case.row().is_open
    case.act(m.accept, by=stage.clerk)


@pytest.mark.parametrize(("days", "again"), [(89, {"recurred.wages": 1}), (91, {})])
def test_what_comes_back_within_ninety_days_has_recurred(
    stage: Stage, days: int, again: dict[str, int]
) -> None:
    case = stage.mediating()
    case.act(m.stop, {**WORDS, "why": "absent"}, by=stage.mediator)
    case.travel(days=days)
    case.act(m.reopen, WORDS, by=case.resident)
    assert counted("recurred.%") == again


def test_parties_who_want_no_confirmation_go_on_to_perform(stage: Stage) -> None:
    case = stage.agreed()
    case.act(m.waive, by=stage.mediator)
    assert case.row().state == m.performing.name
    assert m.apply_confirmation not in open_to(stage.mediator, case)


def test_a_case_without_follow_up_is_noticed(stage: Stage) -> None:
    case = stage.performing()
    sweep(BEGAN + timedelta(days=100))
    assert not late(case, "follow_up")
    sweep(BEGAN + timedelta(days=183))  # the last day was a Saturday
    assert late(case, "follow_up")


def test_what_happened_can_be_told_again(fresh_database: str) -> None:
    stage = Stage()
    case = stage.performing()
    for n in (1, 2):
        perform(case, n, stage)
    case.act(m.close, {"note": Words("核实")}, by=stage.clerk)
    assert replay.verify() == []
