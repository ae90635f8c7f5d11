"""An emergency on a chief's phone: the call stands first and is answered once; needs by door."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Emergency,
    EmergencyEntry,
    Need,
    RollCall,
)
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, needs, roll_calls
from gongzhi.mechanisms.neighbourhoods.registers.emergencies import Wanted
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import COMMUNITY, Stage, make_stage
from gongzhi.mechanisms.neighbourhoods.tests.phones import Phone
from gongzhi.people.scope import within

pytestmark = pytest.mark.django_db
NOTE = "三楼王伯要降压药"


@pytest.fixture
def stage() -> Stage:
    return make_stage(buildings=2)


@pytest.fixture
def emergency(stage: Stage) -> Emergency:
    until = timezone.localdate() + timedelta(days=3)
    wanted = Wanted(kind="flood", name="西江洪水", place=COMMUNITY, reason="水位", ends_on=until)
    return emergencies.activate(wanted, now=timezone.now(), by=stage.leader)


@pytest.fixture
def phone(stage: Stage) -> Phone:
    return Phone(stage.chiefs[stage.buildings[0].id])


def call(stage: Stage, emergency: Emergency, *, ago: int = 0) -> RollCall:
    at = timezone.now() - timedelta(minutes=ago)
    return roll_calls.call(emergency, now=at, by=stage.leader, minutes=15)


def answer(phone: Phone, roll: RollCall, *, ago: int = 0) -> dict[str, Any]:
    at = timezone.now() - timedelta(minutes=ago)
    return phone.did("answer", {"roll": str(roll.id)}, at=at)


def test_a_call_stands_in_the_pack_while_it_waits_and_is_answered_once(
    stage: Stage, emergency: Emergency, phone: Phone
) -> None:
    roll = call(stage, emergency)
    (waits,) = phone.pack()["calls"]
    assert waits["id"] == str(roll.id) and waits["buildings"] == ["1 栋"]
    one = answer(phone, roll, ago=7)
    assert phone.send(one, one) == [("done", "到。已记下 1 栋楼。")] * 2
    assert phone.send(one)[0][0] == "again" and phone.pack()["calls"] == []
    entry = EmergencyEntry.objects.get(emergency=emergency, what="answered")
    assert abs(timezone.now() - entry.at) < timedelta(minutes=1)
    assert entry.facts["phone_at"][:16] == one["at"][:16] and "phone_skew" in entry.facts


def test_who_answers_too_late_is_thanked(stage: Stage, emergency: Emergency, phone: Phone) -> None:
    roll = call(stage, emergency, ago=20)
    roll_calls.pass_on(timezone.now())
    ((what, said),) = phone.send(answer(phone, roll, ago=18))
    assert what == "done" and "谢谢" in said and "照样记下" in said
    emergencies.end(emergency.id, "水退", now=timezone.now(), by=stage.leader)
    other = Phone(stage.chiefs[stage.buildings[1].id])
    ((what, said),) = other.send(answer(other, roll))
    assert what == "done" and "谢谢" in said and "不用再应答" in said
    assert phone.send(phone.did("answer", {"roll": str(emergency.id)}))[0][0] == "rejected"


def need(phone: Phone, of: Emergency, home: Any, **said: Any) -> dict[str, Any]:
    data = {"emergency": str(of.id), "household": str(home.id), "said": said}
    return phone.did("need", data)


def test_needs_are_told_once_and_none_of_them_lies_on_the_phone(
    stage: Stage, emergency: Emergency, phone: Phone
) -> None:
    first, second = stage.households(stage.buildings[0])
    (building,) = phone.pack()["buildings"]
    left = building["emergencies"][str(emergency.id)]
    assert sorted(left) == sorted([str(first.id), str(second.id)])
    one = need(phone, emergency, first, kinds=["medicine", "food"], note=[NOTE])
    sent = phone.send(one, one, need(phone, emergency, second), need(phone, emergency, second))
    assert sent == [("done", "")] * 4 and phone.send(one)[0][0] == "again"
    row = Affected.objects.get(emergency=emergency, building=stage.buildings[0])
    assert (row.registered, row.needs) == (2, 2)
    shown = needs.of_building(emergency, stage.buildings[0], by=phone.by)
    assert {s.need.kind for s in shown} == {"medicine", "food", needs.WELL}
    assert NOTE in {s.note for s in shown}
    pack = signed_in(phone.by).get("/field/pack").json()
    (told,) = pack["parts"]["neighbourhoods"]["emergencies"]
    assert told["name"] == "西江洪水" and 'name="kinds"' in told["form"]
    assert pack["parts"]["neighbourhoods"]["buildings"][0]["emergencies"][told["id"]] == []
    assert NOTE not in json.dumps(pack, ensure_ascii=False)


def test_another_building_or_what_is_over_is_not_taken(
    stage: Stage, emergency: Emergency, phone: Phone
) -> None:
    own, other = (stage.households(b)[0] for b in stage.buildings)
    wrong = need(phone, emergency, own, kinds=["x"])
    unknown = phone.did("need", {"emergency": str(own.id), "household": str(own.id)})
    sent = phone.send(need(phone, emergency, other), wrong, unknown)
    emergencies.end(emergency.id, "水退", now=timezone.now(), by=stage.leader)
    sent += phone.send(need(phone, emergency, own, kinds=["food"]))
    assert [what for what, _said in sent] == ["rejected"] * 4
    with within(phone.by.scope):
        assert not Need.objects.exists()
