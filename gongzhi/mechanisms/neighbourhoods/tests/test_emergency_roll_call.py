"""The roll call: all at once, each answers once, who is silent is followed by who comes next."""

from datetime import timedelta
from uuid import UUID

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Called, Emergency, RollCall
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, roll_calls
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import (
    COMMUNITY,
    NOW,
    Stage,
    begin,
    make_stage,
    vacate,
)
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, as_holder

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage() -> Stage:
    return make_stage(buildings=4, deputies=2)


@pytest.fixture
def emergency(stage: Stage) -> Emergency:
    return begin(stage)


@pytest.fixture
def roll(stage: Stage, emergency: Emergency) -> RollCall:
    return roll_calls.call(emergency, now=NOW, by=stage.leader)


def stands(roll: RollCall) -> tuple[int, int, int, int]:
    found, _parts = roll_calls.standing(roll, roll.emergency.place)
    assert found.answered + found.acting + found.waiting + found.gaps == found.buildings
    return found.answered, found.acting, found.waiting, found.gaps


def turns(roll: RollCall, building: UUID) -> list[tuple[int, bool, bool]]:
    rows = Called.objects.filter(roll_call=roll, building=building).order_by("deputy")
    return [(c.deputy, c.answered_at is not None, c.missed_at is not None) for c in rows]


def test_all_chiefs_are_called_and_each_answers_once(stage: Stage, roll: RollCall) -> None:
    assert stands(roll) == (0, 0, 4, 0)
    chief = stage.chiefs[stage.buildings[0].id]
    assert roll_calls.waiting_for(chief).count() == 1
    assert roll_calls.answer(roll, now=NOW + 2 * MINUTE, by=chief) == 1
    assert roll_calls.answer(roll, now=NOW + 3 * MINUTE, by=chief) == 0
    assert stands(roll) == (1, 0, 3, 0)
    found, _parts = roll_calls.standing(roll, COMMUNITY)
    assert found.times == (0, 1, 0, 0, 0, 0) and found.median == 1
    assert not roll_calls.waiting_for(chief).exists()


def test_nobody_else_answers_for_a_chief(stage: Stage, roll: RollCall) -> None:
    for by in (stage.leader, stage.deputies[stage.buildings[0].id][0]):
        assert roll_calls.answer(roll, now=NOW, by=by) == 0
    assert stands(roll) == (0, 0, 4, 0)


def test_who_is_silent_is_followed_by_the_deputies_then_the_grid_head(
    stage: Stage, roll: RollCall
) -> None:
    of = stage.buildings[0].id
    for other in stage.buildings[1:]:
        roll_calls.answer(roll, now=NOW, by=stage.chiefs[other.id])
    assert roll_calls.pass_on(NOW + 14 * MINUTE) == 0
    for n in (1, 2, 3):
        assert roll_calls.pass_on(NOW + n * 15 * MINUTE) == 1
        assert stands(roll) == (3, 0, 1, 0)
        assert [d for d, _a, _m in turns(roll, of)] == [*range(n + 1)]
    (head,) = stage.heads.values()
    assert Called.objects.get(roll_call=roll, building=of, deputy=3).post == head.post
    assert roll_calls.pass_on(NOW + 60 * MINUTE) == 1
    assert stands(roll) == (3, 0, 0, 1)
    (gap,) = roll_calls.silent(roll, COMMUNITY, now=NOW)
    assert gap.is_gap and gap.called.building_id == of
    assert roll_calls.pass_on(NOW + 90 * MINUTE) == 0


def test_a_deputy_who_answers_acts_as_chief_until_it_ends(
    stage: Stage, emergency: Emergency, roll: RollCall
) -> None:
    of = stage.buildings[0].id
    chief, deputy = stage.chiefs[of], stage.deputies[of][0]
    roll_calls.pass_on(NOW + 15 * MINUTE)
    assert roll_calls.answer(roll, now=NOW + 16 * MINUTE, by=deputy) == 1
    assert stands(roll) == (0, 1, 3, 0)
    acting = as_holder(deputy.account, chief.post, at=NOW + 17 * MINUTE)
    assert acting.deputy and acting.unit == chief.unit
    made = Appointment.objects.get(post=chief.post, deputy=True)
    assert made.held_to == emergencies.last_moment(emergency.ends_on)
    later = emergency.ends_on + timedelta(days=3)
    emergencies.extend(emergency.id, later, "水还没退", now=NOW + MINUTE, by=stage.leader)
    made.refresh_from_db()
    assert made.held_to == emergencies.last_moment(later)
    emergencies.end(emergency.id, "水退了", now=NOW + timedelta(days=1), by=stage.leader)
    made.refresh_from_db()
    assert made.held_to == NOW + timedelta(days=1)


def test_a_chief_may_answer_late_and_a_call_that_waits_is_withdrawn(
    stage: Stage, roll: RollCall
) -> None:
    of = stage.buildings[0].id
    roll_calls.pass_on(NOW + 15 * MINUTE)
    deputy = stage.deputies[of][0]
    assert roll_calls.waiting_for(deputy).exists()
    assert roll_calls.still_asked(stage.chiefs[of], roll.emergency).exists()
    assert roll_calls.answer(roll, now=NOW + 17 * MINUTE, by=stage.chiefs[of]) == 1
    assert stands(roll) == (1, 0, 3, 0)
    assert not roll_calls.waiting_for(deputy).exists()
    assert roll_calls.answer(roll, now=NOW + 18 * MINUTE, by=deputy) == 0
    assert not Appointment.objects.filter(deputy=True).exists()


def test_where_a_post_is_vacant_who_follows_is_called_at_once(
    stage: Stage, emergency: Emergency
) -> None:
    first, second = (b.id for b in stage.buildings[:2])
    vacate(stage.chiefs[first])
    for holder in (stage.chiefs[second], *stage.deputies[second], *stage.heads.values()):
        vacate(holder)
    roll = roll_calls.call(emergency, now=NOW, by=stage.clerk)
    assert stands(roll) == (0, 0, 3, 1)
    assert turns(roll, first) == [(0, False, True), (1, False, False)]
    assert roll_calls.answer(roll, now=NOW, by=stage.deputies[first][0]) == 1
    assert stands(roll) == (0, 1, 2, 1)


def test_a_grid_head_answers_for_all_buildings_at_once(stage: Stage, emergency: Emergency) -> None:
    for of in stage.buildings[:2]:
        for holder in (stage.chiefs[of.id], *stage.deputies[of.id]):
            vacate(holder)
    roll = roll_calls.call(emergency, now=NOW, by=stage.leader)
    (head,) = stage.heads.values()
    assert roll_calls.answer(roll, now=NOW, by=head) == 2
    assert stands(roll) == (0, 2, 2, 0)
    taken = Appointment.objects.filter(account=head.account, deputy=True)
    assert {a.post_id for a in taken} == {stage.chiefs[b.id].post for b in stage.buildings[:2]}


def test_a_second_call_waits_for_the_first(
    stage: Stage, emergency: Emergency, roll: RollCall
) -> None:
    with pytest.raises(Refused):
        roll_calls.call(emergency, now=NOW + MINUTE, by=stage.leader)
    for holder in stage.chiefs.values():
        roll_calls.answer(roll, now=NOW + MINUTE, by=holder)
    assert stands(roll_calls.call(emergency, now=NOW + 2 * MINUTE, by=stage.leader)) == (0, 0, 4, 0)


@pytest.mark.parametrize("who", ["office", "chief", "clerk"])
def test_only_whoever_works_over_all_of_it_calls(
    stage: Stage, emergency: Emergency, who: str
) -> None:
    by: Holder = {
        "office": stage.offices[COMMUNITY], "chief": next(iter(stage.chiefs.values())),
        "clerk": stage.clerk,
    }[who]  # fmt: skip
    if who == "chief":
        with pytest.raises(Refused):
            roll_calls.call(emergency, now=NOW, by=by)
    else:
        assert stands(roll_calls.call(emergency, now=NOW, by=by)) == (0, 0, 4, 0)


def test_nothing_is_answered_or_passed_on_after_the_end(
    stage: Stage, emergency: Emergency, roll: RollCall
) -> None:
    emergencies.end(emergency.id, "结束", now=NOW + MINUTE, by=stage.leader)
    assert roll_calls.answer(roll, now=NOW + MINUTE, by=next(iter(stage.chiefs.values()))) == 0
    assert roll_calls.pass_on(NOW + 20 * MINUTE) == 0
