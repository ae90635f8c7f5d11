"""Answering: who is asked, one answer for each place, corrections, and what a finding names."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gongzhi.cases.changes import NewParty, Refused
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, PHONE, Cast, begin
from gongzhi.declare import registry
from gongzhi.networks.investigation import answers, asked
from gongzhi.networks.investigation.models import Answer, Round
from gongzhi.networks.investigation.tests.conftest import BARE, COUNTY, TOWN, VILLAGE, declared
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder

LATER = BEGAN + timedelta(hours=1)


@pytest.fixture
def round_(cast: Cast) -> Round:
    return declared(cast[COUNTY, "leader"], place=COUNTY)


def answered(of: Round, by: Holder, place: str = VILLAGE, **more: Any) -> Answer:
    usual: dict[str, Any] = {"seen": None, "now": LATER, "numbers": ()}
    return answers.answer(of.id, 1, place, by=by, **{**usual, **more})


def open_places(by: Holder) -> set[str]:
    return {p.code for p in asked.places_of(by, now=LATER)}


def test_a_village_answers_for_itself_and_its_town_where_it_has_nobody(
    cast: Cast, round_: Round
) -> None:
    assert open_places(cast[VILLAGE, "mediator"]) == {VILLAGE}
    of_town = asked.places_of(cast[TOWN, "mediator"], now=LATER)
    codes = {p.code for p in of_town}
    assert BARE in codes and VILLAGE not in codes and all(p.for_village for p in of_town)
    assert {c[:9] for c in codes} == {TOWN}
    asking = {key for key, by in cast.posts.items() if open_places(by)}
    assert asking == {(VILLAGE, "mediator"), (TOWN, "mediator")}


def test_a_vacant_post_in_the_village_leaves_it_to_the_town(cast: Cast, round_: Round) -> None:
    Appointment.objects.filter(post=cast[VILLAGE, "mediator"].post).update(held_to=BEGAN)
    assert VILLAGE in open_places(cast[TOWN, "mediator"])


def test_towns_answer_where_towns_are_asked(cast: Cast) -> None:
    declared(cast[COUNTY, "leader"], place=COUNTY, level=4)
    assert open_places(cast[TOWN, "mediator"]) == {TOWN}
    assert open_places(cast[VILLAGE, "mediator"]) == set()


def test_a_round_of_one_village_asks_its_town_for_that_village_alone(cast: Cast) -> None:
    declared(cast[TOWN, "leader"], place=BARE)
    assert open_places(cast[TOWN, "mediator"]) == {BARE}
    assert open_places(cast[VILLAGE, "mediator"]) == set()


def test_nobody_answers_for_a_place_that_is_not_theirs(cast: Cast, round_: Round) -> None:
    for by, place in (
        (cast[VILLAGE, "mediator"], BARE),
        (cast[TOWN, "mediator"], VILLAGE),  # it has somebody of its own
        (cast[VILLAGE, "clerk"], VILLAGE),  # whom the round does not ask
        (cast[OUTSIDE, "mediator"], VILLAGE),
        (cast[COUNTY, "leader"], VILLAGE),
    ):
        with pytest.raises(Refused):
            answered(round_, by, place)
    assert not Answer.objects.exists()


def test_a_zero_report_is_one_tap_and_two_taps_are_one(cast: Cast, round_: Round) -> None:
    by = cast[VILLAGE, "mediator"]
    first = answered(round_, by)
    assert (first.found, first.numbers) == (0, []) and first.account == by.account
    assert answered(round_, by).id == first.id
    assert Answer.objects.count() == 1
    assert asked.waiting(by, now=LATER) == 0


def test_a_correction_replaces_and_history_stays(cast: Cast, round_: Round) -> None:
    by = cast[VILLAGE, "mediator"]
    first = answered(round_, by)
    number = begin(registry.get("mediation"), place=VILLAGE).receipt.number
    late = BEGAN + timedelta(days=6)
    second = answered(round_, by, numbers=[number], seen=first.id, now=late)
    assert (second.found, second.numbers, second.first_at) == (1, [number], LATER)
    first.refresh_from_db()
    assert first.replaced_at == late and Answer.objects.count() == 2


def test_nobody_wipes_out_what_a_colleague_has_just_said(cast: Cast, round_: Round) -> None:
    declared_for = declared(cast[TOWN, "leader"], kinds=["mediator", "clerk"])
    number = begin(registry.get("mediation"), place=VILLAGE).receipt.number
    answered(declared_for, cast[VILLAGE, "clerk"], numbers=[number])
    with pytest.raises(Refused, match="刚刚"):
        answered(declared_for, cast[VILLAGE, "mediator"])
    assert Answer.objects.get().found == 1


def test_an_answer_is_withdrawn_and_the_place_waits_again(cast: Cast, round_: Round) -> None:
    by = cast[VILLAGE, "mediator"]
    first = answered(round_, by)
    answers.withdraw(round_.id, 1, VILLAGE, seen=first.id, now=LATER, by=by)
    assert asked.waiting(by, now=LATER) == 1 and Answer.objects.count() == 1
    with pytest.raises(Refused):
        answers.withdraw(round_.id, 1, VILLAGE, seen=first.id, now=LATER, by=by)


def test_a_finding_names_a_case_of_that_place_and_those_days(cast: Cast, round_: Round) -> None:
    by = cast[VILLAGE, "mediator"]
    elsewhere = begin(registry.get("mediation"), place=BARE).receipt.number
    unknown = "4412262600000019"
    for number in (elsewhere, unknown):
        with pytest.raises(Refused, match="核对编号"):
            answered(round_, by, numbers=[number])
    before = begin(registry.get("mediation"), place=VILLAGE).receipt.number
    next_week = declared(cast[TOWN, "leader"], begins_on=round_.ends_on, ends_on=round_.ends_on)
    with pytest.raises(Refused, match="核对编号"):
        answered(next_week, by, numbers=[before], now=BEGAN + timedelta(days=4))
    assert not Answer.objects.exists()


def accusing(who: UUID) -> Any:
    parties = [
        NewParty("applicant", name="张三", phone=PHONE),
        NewParty("respondent", name="某单位", who=who),
    ]
    return begin(
        registry.get("mediation"), place=VILLAGE, title="告村里的事", parties=parties
    ).receipt


def test_who_is_complained_about_neither_picks_nor_names_the_case(
    cast: Cast, round_: Round
) -> None:
    by = cast[VILLAGE, "mediator"]
    hidden = accusing(by.unit)
    place = answers.place_for(by, round_.id, 1, VILLAGE, now=LATER)
    assert place is not None and answers.offered(place, by=by) == []
    with pytest.raises(Refused):
        answered(round_, by, numbers=[hidden.number])
    # Registered because of the round, it is counted, and its number is kept from them.
    made = answers.registered(round_.id, 1, VILLAGE, hidden.id, now=LATER, by=by)
    assert (made.found, made.numbers) == (1, [])


def test_registering_adds_to_what_the_place_has_answered(cast: Cast, round_: Round) -> None:
    by = cast[VILLAGE, "mediator"]
    one, two = (begin(registry.get("mediation"), place=VILLAGE).receipt for _ in range(2))
    answered(round_, by)
    answers.registered(round_.id, 1, VILLAGE, one.id, now=LATER, by=by)
    answers.registered(round_.id, 1, VILLAGE, two.id, now=LATER, by=by)
    last = answers.registered(round_.id, 1, VILLAGE, two.id, now=LATER, by=by)
    assert last.found == 2 and set(last.numbers) == {one.number, two.number}
    assert Answer.objects.filter(replaced_at=None).count() == 1


def test_what_is_over_for_long_takes_no_answer(cast: Cast, round_: Round) -> None:
    by = cast[VILLAGE, "mediator"]
    with pytest.raises(Refused, match="截止"):
        answered(round_, by, now=BEGAN + timedelta(days=60))
    late = answered(round_, by, now=BEGAN + timedelta(days=7))
    assert late.first_at == BEGAN + timedelta(days=7)


def test_posts_that_no_round_asks_cost_no_statement(
    cast: Cast, round_: Round, django_assert_num_queries: Any
) -> None:
    never = [cast[place, "clerk"] for place in LINE[:3]]
    never += [cast[VILLAGE, kind] for kind in ("judge", "inspector", "administrator")]
    with django_assert_num_queries(0):
        assert [asked.waiting(by, now=LATER) for by in never] == [0] * len(never)
    with django_assert_num_queries(2):
        assert asked.waiting(cast[VILLAGE, "mediator"], now=LATER) == 1
    with django_assert_num_queries(1):
        assert asked.waiting(cast[VILLAGE, "clerk"], now=LATER) == 0
