"""From above: a case that is watched is answered for, and a leader who takes charge has to do."""

from datetime import timedelta
from uuid import UUID

import pytest

from gongzhi.cases import forms, linkage, plans
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.clocks import end_of
from gongzhi.cases.models import Task
from gongzhi.cases.reading import seen_by
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.scope import Scope, within

VILLAGE, TOWN = LINE[-1], LINE[-2]
BY = {
    "meet_by": (BEGAN + timedelta(days=10)).date(),
    "plan_by": (BEGAN + timedelta(days=20)).date(),
}
SAID = {"reason": Words("群众多次反映"), "note": Words("已约双方周五见面")}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Told:
    told = begin(m.mediation)
    told.act(m.accept, by=cast[VILLAGE, "clerk"])
    return told


def to_do(case: Told) -> dict[str, UUID]:
    with within(Scope(case=case.receipt.id)):
        return dict(Task.objects.filter(done_at=None).values_list("name", "unit"))


def test_what_is_watched_from_above_is_answered_once(cast: Cast, case: Told) -> None:
    clerk = cast[VILLAGE, "clerk"]
    with pytest.raises(Refused):
        case.act(linkage.answer_supervision, SAID, by=clerk)
    case.act(linkage.supervise, SAID, by=cast[TOWN, "leader"])
    assert to_do(case) == {"answer_supervision": cast.units[VILLAGE]}
    case.act(linkage.answer_supervision, SAID, by=clerk)
    assert to_do(case) == {}
    with pytest.raises(Refused):
        case.act(linkage.answer_supervision, SAID, by=clerk)


def test_a_case_is_watched_from_above_only(cast: Cast, case: Told) -> None:
    with pytest.raises(Refused):
        case.act(linkage.supervise, SAID, by=cast[VILLAGE, "leader"])
    assert to_do(case) == {}


@pytest.mark.parametrize("place", [VILLAGE, TOWN])
def test_a_leader_who_takes_charge_meets_people_and_sets_a_plan(
    cast: Cast, case: Told, place: str
) -> None:
    leader = cast[place, "leader"]
    case.act(plans.take_charge, {**SAID, **BY}, by=leader)
    assert to_do(case) == dict.fromkeys(("meet", "plan"), cast.units[place])
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(name="meet")
    assert task.post == leader.post and task.due_at == end_of(BY["meet_by"])
    assert case.row().facts["leader_in_charge"] == str(leader.post)
    assert case.row().unit == cast.units[VILLAGE]
    case.act(plans.meet, {"met_at": BEGAN, **SAID}, by=leader)
    case.act(plans.plan, {**SAID}, by=leader)
    assert to_do(case) == {}


def test_a_clerk_does_not_take_charge(cast: Cast, case: Told) -> None:
    with pytest.raises(Refused):
        case.act(plans.take_charge, {**SAID, **BY}, by=cast[TOWN, "clerk"])


def test_a_case_is_given_down_and_not_sideways(cast: Cast, case: Told) -> None:
    clerk, above = cast[VILLAGE, "clerk"], cast[TOWN, "clerk"]
    case.act(linkage.escalate, SAID, by=clerk)
    case.act(linkage.take_in, by=above)
    form = forms.DownToUnit(case=seen_by(above, *case.ref), by=above, now=BEGAN)
    offered = {unit.id for unit in form.candidates()}
    assert cast.units[VILLAGE] in offered and cast.units[TOWN] not in offered
    case.act(linkage.delegate, {"unit": cast.units[VILLAGE], **SAID}, by=above)
    assert case.row().unit == cast.units[VILLAGE]
    case.act(linkage.take_in, by=clerk)
    with pytest.raises(Refused):
        case.act(linkage.delegate, {"unit": cast.units[VILLAGE], **SAID}, by=above)
