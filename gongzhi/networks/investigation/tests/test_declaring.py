"""Declaring: who may, over what, and what a round asks of the front line."""

from datetime import date, timedelta
from typing import Any

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, make_post, make_unit
from gongzhi.networks.investigation import rounds
from gongzhi.networks.investigation.asked import load
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.tests.conftest import (
    COUNTY,
    MONDAY,
    TOWN,
    VILLAGE,
    declared,
    told,
)
from gongzhi.networks.investigation.turns import open_turn, planned, turns
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder
from gongzhi.places.models import Division


def test_leaders_clerks_and_administrators_declare_over_their_own_place_and_below(
    cast: Cast,
) -> None:
    allowed = {
        (place, kind) for (place, kind), by in cast.posts.items() if rounds.may_declare(by, TOWN)
    }
    assert allowed == {
        (place, kind) for place in LINE[:4] for kind in ("leader", "clerk", "administrator")
    }
    with pytest.raises(Refused):
        declared(cast[OUTSIDE, "leader"])
    with pytest.raises(Refused):
        declared(cast[TOWN, "leader"], place=COUNTY)
    assert not Round.objects.exists()


def test_a_department_declares_and_a_court_does_not(cast: Cast) -> None:
    for kind, may in (("department", True), ("government", True), ("court", False)):
        unit = make_unit(COUNTY, kind)
        by = make_post(unit, COUNTY, "leader", unit_kind=kind)
        assert rounds.may_declare(by, TOWN) is may


def test_who_declared_is_kept(cast: Cast) -> None:
    by = cast[TOWN, "leader"]
    made = declared(by)
    assert (made.unit, made.post, made.account) == (by.unit, by.post, by.account)
    assert made.declared_at == BEGAN


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": MONDAY - timedelta(days=1)}, "ends_on"),
        ({"begins_on": MONDAY - timedelta(days=1)}, "begins_on"),
        ({"ends_on": MONDAY + timedelta(days=93)}, "ends_on"),
        ({"repeats": "week", "times": 4, "ends_on": MONDAY + timedelta(days=7)}, "ends_on"),
        ({"repeats": "week", "times": 53}, "times"),
        ({"repeats": "month", "times": 0}, "times"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["lawyer"]}, "kinds"),
        ({"mechanism": "petitions", "category": "wages"}, "matter"),
        ({"place": VILLAGE, "level": 4}, "level"),
        ({"place": "441226114999"}, "place"),
        ({"place": TOWN, "level": 3}, "level"),
    ],
)
def test_what_cannot_be_answered_is_not_declared(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        declared(cast[TOWN, "leader"], **wrong)
    assert refused.value.field == field and not Round.objects.exists()


def test_who_cannot_register_a_finding_is_not_sent_to_look_for_it(cast: Cast) -> None:
    """A mediator registers disputes and no petitions."""
    with pytest.raises(Refused, match="不能登记"):
        declared(cast[TOWN, "leader"], mechanism="petitions", category="land")


def test_what_a_round_asks_of_the_front_line_is_counted_before_it_is_sent(cast: Cast) -> None:
    villages = Division.objects.filter(parent=TOWN, valid_to=None).count()
    asks = load(TOWN, 5, ["mediator"], BEGAN)
    # One village has a mediator; the town's answers for all others.
    assert (asks.places, asks.by_town, asks.nobody, asks.people) == (villages, villages - 1, 0, 2)
    assert rounds.checked(told(), now=BEGAN, by=cast[TOWN, "leader"]) == asks
    one = load(VILLAGE, 5, ["mediator", "clerk"], BEGAN)
    assert (one.places, one.by_town, one.people) == (1, 0, 2)
    nobody = load(OUTSIDE, 5, ["mediator"], BEGAN)
    assert nobody.nobody == nobody.places > 0 and nobody.people == 0


def test_a_vacant_post_is_not_counted_as_somebody(cast: Cast) -> None:
    Appointment.objects.filter(post=cast[VILLAGE, "mediator"].post).update(held_to=BEGAN)
    asks = load(VILLAGE, 5, ["mediator"], BEGAN)
    assert (asks.by_town, asks.people) == (1, 1)
    Appointment.objects.filter(post=cast[TOWN, "mediator"].post).update(held_to=BEGAN)
    with pytest.raises(Refused, match="没有人收到"):
        declared(cast[TOWN, "leader"], place=VILLAGE)


def test_courts_are_sent_on_no_round(cast: Cast) -> None:
    Appointment.objects.all().delete()
    make_post(make_unit(TOWN, "station"), TOWN, "clerk", unit_kind="station")
    assert load(TOWN, 5, ["clerk"], BEGAN).people == 0


def test_rounds_that_run_in_the_same_place_are_told(cast: Cast) -> None:
    declared(cast[COUNTY, "leader"], place=COUNTY)
    assert rounds.running_beside(TOWN, MONDAY) == 1
    assert rounds.running_beside(OUTSIDE, MONDAY) == 0
    assert rounds.running_beside(TOWN, date(2026, 1, 10)) == 0


def test_a_month_without_a_thirty_first_has_its_last_day() -> None:
    found = planned(date(2026, 1, 31), date(2026, 2, 2), "month", 4)
    assert [str(t.begins_on) for t in found] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip
    assert str(found[1].ends_on) == "2026-03-02"


def test_only_the_latest_turn_is_open(cast: Cast) -> None:
    of = declared(cast[TOWN, "leader"], repeats="week", times=3)
    assert [t.number for t in turns(of, BEGAN + timedelta(days=13))] == [2, 1]
    turn = open_turn(of, BEGAN + timedelta(days=13))
    assert turn is not None and turn.number == 2
    assert of.over_on == date(2026, 1, 23)
    assert open_turn(of, BEGAN + timedelta(days=60)) is None


def test_a_round_that_was_ended_begins_no_more_turns(cast: Cast) -> None:
    leader = cast[TOWN, "leader"]
    of = declared(leader, repeats="week", times=3)
    rounds.end(of, now=BEGAN + timedelta(days=8), by=leader)
    of.refresh_from_db()
    later = BEGAN + timedelta(days=15)
    assert [t.number for t in turns(of, later)] == [2, 1] and open_turn(of, later) is None
    assert of.ended_by == leader.post
    with pytest.raises(Refused):
        rounds.end(of, now=later, by=leader)


def may_end(cast: Cast, of: Round) -> set[tuple[str, str]]:
    return {key for key, by in cast.posts.items() if rounds.may_end(by, of)}


def test_a_round_is_ended_by_its_unit_or_from_above(cast: Cast) -> None:
    of = declared(cast[COUNTY, "leader"], place=COUNTY)
    kinds = ("leader", "clerk", "administrator")
    assert may_end(cast, of) == {(place, kind) for place in LINE[:3] for kind in kinds}
    with pytest.raises(Refused):
        rounds.end(of, now=BEGAN, by=cast[TOWN, "leader"])


def test_nobody_outside_the_line_sees_a_round(cast: Cast) -> None:
    of = declared(cast[COUNTY, "leader"], place=COUNTY)
    kinds = ("leader", "clerk", "administrator")
    seeing = {key for key, by in cast.posts.items() if rounds.may_see(by, of)}
    assert seeing == {(place, kind) for place in LINE[:4] for kind in kinds}
    listed = {key for key, by in cast.posts.items() if rounds.seen_by(by).exists()}
    assert listed == seeing
    assert rounds.part_of(cast[TOWN, "leader"], of) == TOWN
    assert rounds.part_of(cast["44", "leader"], of) == COUNTY


def department(place: str) -> Holder:
    return make_post(make_unit(place, "department"), place, "leader", unit_kind="department")


def test_a_department_sees_its_own_rounds_alone(cast: Cast) -> None:
    one, other = department(COUNTY), department(COUNTY)
    of = declared(one, place=COUNTY)
    assert rounds.may_see(one, of) and rounds.may_see(cast[COUNTY, "leader"], of)
    assert not rounds.may_see(other, of)
    assert [*rounds.seen_by(one)] == [of] and not rounds.seen_by(other).exists()
