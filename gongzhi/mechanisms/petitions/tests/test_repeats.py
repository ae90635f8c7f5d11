"""Whoever petitions again learns on their own page how the first petition stands, and no more."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.cases import linkage
from gongzhi.cases.changes import NewParty
from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import case_for
from gongzhi.cases.sealed import tail_index
from gongzhi.cases.testing import Told
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.tests.conftest import (
    NOTE,
    OPINION,
    TOWN,
    WHY,
    Stage,
    due,
)
from gongzhi.people.posts import Resident

LATER = "13911112222"


def again(stage: Stage, first: Told, phone: str = LATER, **told: Any) -> Told:
    """A second petition by another phone, joined to the first."""
    parties = [NewParty("applicant", name="李四", phone=phone)]
    case = stage.registered(key=phone + str(first.row().seq), parties=parties, **told)
    case.act(m.merge, {**WHY, "other": first.ref, "closed": False}, by=stage.clerk)
    return case


def tracking(case: Told, phone: str = LATER) -> Client:
    client = Client()
    said = {"number": case.receipt.number, "tail": phone[-4:]}
    assert client.post("/track/", said).status_code == 302
    return client


def page(case: Told) -> str:
    return tracking(case).get("/case/").content.decode()


def follower(case: Told) -> Resident:
    return Resident(case=case.receipt.id, tail=tail_index(LATER))


def test_the_first_petition_shows_its_step_its_days_and_its_next_limit(stage: Stage) -> None:
    first = stage.accepted()
    case = again(stage, first)
    found = case_for(follower(case), *case.ref).first
    assert found and found.number == first.receipt.number and found.due_at == due(first, "answer")
    assert [act.name for act, _at in found.steps] == ["accept"] and not found.party
    shown = page(case)
    assert spaced(first.receipt.number) in shown and "已受理，办理中" in shown
    assert "已于" not in shown


def test_whoever_waits_is_told_when_it_is_answered(stage: Stage) -> None:
    first = stage.accepted()
    case = again(stage, first)
    first.travel(days=3)
    first.act(m.answer, OPINION, by=stage.handler)
    answered_at = first.now
    assert "并入的前一件已于" in page(case)
    first.travel(days=9)
    first.act(m.accept_answer, by=first.resident)
    found = case_for(follower(case), *case.ref).first
    assert found and found.answered_at == answered_at, "the day of the answer, not of what follows"
    first.act(m.redo, WHY, by=stage.clerk)
    assert "已于" not in page(case)


def test_a_first_petition_that_was_withdrawn_is_not_called_answered(stage: Stage) -> None:
    first = stage.accepted()
    case = again(stage, first)
    first.act(m.withdraw, WHY, by=first.resident)
    assert "已撤回" in page(case) and "已于" not in page(case)


def test_nothing_of_its_people_and_words_is_shown(stage: Stage) -> None:
    case = again(stage, stage.answered())
    client = tracking(case)
    shown = client.get("/case/").content.decode()
    assert not any(said in shown for said in ("张三", "张*", "限期拆除", "没有许可"))
    assert client.get(reverse("portal:first")).status_code == 404
    assert client.get(reverse("portal:letter", args=["opinion"])).status_code == 404


def test_a_party_of_both_goes_over_to_the_first_and_its_letters(stage: Stage) -> None:
    first = stage.answered()
    member = [NewParty("applicant", name="李四", phone=LATER)]
    first.act(linkage.add_parties, {"count": 1, "people": member}, by=stage.clerk)
    client = tracking(again(stage, first))
    assert reverse("portal:first") in client.get("/case/").content.decode()
    shown = client.get(reverse("portal:first"), follow=True).content.decode()
    assert spaced(first.receipt.number) in shown and "并入的前一件" not in shown
    assert client.get(reverse("portal:letter", args=["opinion"])).status_code == 200


def test_another_with_the_same_last_digits_is_no_party(stage: Stage) -> None:
    first = stage.answered()
    alike = [NewParty("applicant", name="李五", phone="138" + LATER[3:])]
    first.act(linkage.add_parties, {"count": 1, "people": alike}, by=stage.clerk)
    case = again(stage, first)
    found = case_for(follower(case), *case.ref).first
    assert found and not found.party


def test_of_an_accusation_nothing_is_told(stage: Stage) -> None:
    first = stage.registered()
    case = again(stage, first)
    assert case_for(follower(case), *case.ref).first
    unit = stage.inspector.unit
    first.act(m.forward, {**WHY, "unit": stage.cast.units[TOWN]}, by=stage.clerk)
    by = stage.cast[TOWN, "clerk"]
    first.act(linkage.take_in, by=by)
    first.act(m.pass_on, {**WHY, "unit": unit}, by=by)
    assert case_for(follower(case), *case.ref).first is None
    assert "并入的前一件" not in page(case)


def test_whom_the_first_is_about_learns_nothing_of_it(stage: Stage) -> None:
    accused = [NewParty("applicant", name="张三", phone="13800001234"),
               NewParty("respondent", name="李四", phone=LATER)]  # fmt: skip
    case = again(stage, stage.registered(parties=accused))
    assert case_for(follower(case), *case.ref).first is None


def test_a_chain_of_repeats_leads_to_the_petition_that_is_handled(stage: Stage) -> None:
    first = stage.registered()
    middle = stage.registered(key="middle")
    case = again(stage, middle)
    middle.act(m.merge, {**WHY, "other": first.ref, "closed": False}, by=stage.clerk)
    first.act(m.accept, NOTE, by=stage.clerk)
    found = case_for(follower(case), *case.ref).first
    assert found and found.id == first.receipt.id and found.state is m.accepted


@pytest.mark.parametrize("kind", ["clerk", "handler"])
def test_staff_read_the_first_as_linked_and_not_this_way(stage: Stage, kind: str) -> None:
    case = again(stage, stage.accepted())
    view = case_for(stage.clerk if kind == "clerk" else stage.handler, *case.ref)
    assert view.first is None and len(view.linked) == 1
