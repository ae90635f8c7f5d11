"""The opinion, its review and re-examination: 信访工作条例 Art. 34 to 36."""

from datetime import timedelta

import pytest

from gongzhi.cases import linkage
from gongzhi.cases.changes import Refused
from gongzhi.cases.reading import case_for, seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN
from gongzhi.documents.letters import letter, letters_of, letters_to_party
from gongzhi.mechanisms.petitions import forms
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.tests.conftest import (
    CITY,
    COUNTY,
    NOTE,
    OPINION,
    PROVINCE,
    REVIEW,
    TOWN,
    VILLAGE,
    WHY,
    Stage,
    clocks_of,
    counted,
    due,
)


def test_a_request_is_answered_within_sixty_days(stage: Stage) -> None:
    case = stage.accepted()
    limit = due(case, "answer")
    assert timedelta(days=60) < limit - BEGAN < timedelta(days=64)
    case.act(m.answer, OPINION, by=stage.handler)
    assert counted("answered_in_time", "met.answer") == {"answered_in_time": 1, "met.answer": 1}


def test_thirty_days_more_are_granted_once_by_a_leader_with_the_reason(stage: Stage) -> None:
    case = stage.accepted()
    before = due(case, "answer")
    with pytest.raises(Refused):
        case.act(m.prolong, WHY, by=stage.handler)
    leader = stage.cast[VILLAGE, "leader"]
    case.act(m.prolong, WHY, by=leader)
    assert due(case, "answer") - before > timedelta(days=29)
    with pytest.raises(Refused):
        case.act(m.prolong, WHY, by=leader)
    assert "extension" in {d.name for d in letters_to_party(case_for(stage.clerk, *case.ref))}


@pytest.mark.parametrize("lacking", ["facts", "basis", "decision", "explanation", "request"])
def test_an_opinion_without_one_of_its_parts_is_not_given(stage: Stage, lacking: str) -> None:
    case = stage.accepted()
    said = {name: value for name, value in OPINION.items() if name != lacking}
    seen = seen_by(stage.handler, *case.ref)
    form = forms.Opinion(said, case=seen, by=stage.handler, now=BEGAN)
    assert set(form.errors) == {lacking}


def test_the_opinion_tells_the_way_to_a_review(stage: Stage) -> None:
    view = case_for(stage.handler, *stage.answered().ref)
    (found,) = [d for d in letters_of(view) if d.name == "opinion"]
    assert "三十日内" in str(letter(view, found.name)) and "复查" in str(letter(view, found.name))


def test_an_answer_nobody_appeals_from_takes_effect(stage: Stage) -> None:
    case = stage.answered()
    sweep(BEGAN + timedelta(days=33))
    assert case.row().state == "in_effect" and "carry_out" in clocks_of(case)


def test_who_accepts_the_answer_need_not_wait(stage: Stage) -> None:
    case = stage.answered()
    case.act(m.accept_answer, by=case.resident)
    assert case.row().state == "in_effect"


def test_a_review_goes_to_the_level_above_and_to_other_hands(stage: Stage) -> None:
    case = stage.answered()
    case.act(m.review, WHY, by=case.resident)
    row = case.row()
    assert row.unit == stage.cast.units[TOWN] and not row.offered
    with pytest.raises(Refused):
        case.act(m.review_opinion, REVIEW, by=stage.handler)
    case.act(m.review_opinion, REVIEW, by=stage.above)
    assert set(clocks_of(case)) == {"ask_reexamine", "total"}


def test_a_reexamination_is_final_and_the_first_unit_carries_it_out(stage: Stage) -> None:
    case = stage.reviewed()
    case.act(m.reexamine, WHY, by=case.resident)
    assert case.row().unit == stage.cast.units[COUNTY]
    case.act(m.final_opinion, {**REVIEW, "outcome": "change"}, by=stage.cast[COUNTY, "handler"])
    row = case.row()
    assert (row.state, row.unit) == ("in_effect", stage.cast.units[VILLAGE])
    case.act(m.verify, NOTE, by=stage.cast[VILLAGE, "leader"])
    with pytest.raises(Refused, match="复核"):
        case.act(m.reopen, WHY, by=case.resident)


def test_the_time_of_a_hearing_is_not_counted(stage: Stage) -> None:
    case = stage.reviewed()
    case.act(m.reexamine, WHY, by=case.resident)
    before, handler = due(case, "reexamine"), stage.cast[COUNTY, "handler"]
    case.act(m.hear, {"on": BEGAN, **NOTE}, by=handler)
    assert clocks_of(case)["reexamine"] == "paused"
    case.travel(days=20)
    case.act(m.end_hearing, NOTE, by=handler)
    assert due(case, "reexamine") - before >= timedelta(days=19)


def test_above_the_province_there_is_no_review(stage: Stage) -> None:
    case = stage.registered(unit=stage.cast.units[PROVINCE])
    case.act(m.accept, NOTE, by=stage.cast[PROVINCE, "clerk"])
    case.act(m.answer, OPINION, by=stage.cast[PROVINCE, "handler"])
    with pytest.raises(Refused, match="上一级"):
        case.act(m.review, WHY, by=case.resident)


def test_a_clerk_asks_for_the_review_of_somebody_who_wrote_a_letter(stage: Stage) -> None:
    case = stage.answered()
    case.act(m.review, WHY, by=stage.clerk)
    assert case.row().state == "reviewing"


def test_a_review_never_goes_to_whom_the_petition_complains_about(stage: Stage) -> None:
    case = stage.answered()
    case.act(linkage.exclude, {"units": [stage.cast.units[TOWN]], **WHY}, by=stage.clerk)
    case.act(m.review, WHY, by=case.resident)
    assert case.row().unit == stage.cast.units[COUNTY]
    assert stage.cast[CITY, "leader"].unit not in case.row().units
