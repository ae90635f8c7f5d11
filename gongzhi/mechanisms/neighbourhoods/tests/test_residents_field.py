"""A chief's phone: doors and purposes on it, no person; residents registered there arrive once."""

import json
from typing import Any
from uuid import UUID

import pytest

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Registered
from gongzhi.mechanisms.neighbourhoods.registers import purposes, residents
from gongzhi.mechanisms.neighbourhoods.tests.homes import NAME, PHONE, Homes
from gongzhi.mechanisms.neighbourhoods.tests.phones import Phone
from gongzhi.people.scope import within

SAID = {"present": ["on"], "name": [NAME], "phone": [PHONE]}


@pytest.fixture
def homes(db: None) -> Homes:
    return Homes()


def did(
    phone: Phone, home: UUID, said: dict[str, Any], *, purpose: UUID = purposes.CONTACT
) -> dict[str, Any]:
    data = {"household": str(home), "purpose": str(purpose), "said": said}
    return phone.did("register", data)


def rows(homes: Homes) -> list[Registered]:
    with within(homes.chief.scope):
        return list(Registered.objects.all())


def test_the_pack_has_the_own_doors_and_no_person(homes: Homes) -> None:
    homes.registered()
    homes.declared()
    said = signed_in(homes.chief).get("/field/pack").json()
    part = said["parts"]["neighbourhoods"]
    (building,) = part["buildings"]
    assert [d["name"] for d in building["doors"]] == ["101", "102"]
    assert {p["name"] for p in part["purposes"]} == {"邻里联系", "疫苗接种"}
    (contact,) = [p for p in part["purposes"] if p["id"] == str(purposes.CONTACT)]
    assert contact["basis"] and contact["until"] and 'name="agree_alone"' in contact["form"]
    told = json.dumps(said, ensure_ascii=False)
    assert NAME not in told and PHONE not in told and "138****1234" not in told
    assert homes.home.key not in told
    assert "neighbourhoods" not in signed_in(homes.secretary).get("/field/pack").json()["parts"]


def test_what_was_registered_at_the_door_arrives_once(homes: Homes) -> None:
    phone = Phone(homes.chief)
    one = did(phone, homes.home.id, {**SAID, "agree_mobility": ["on"], "mobility": ["bed"]})
    assert [what for what, _said in phone.send(one, one)] == ["done", "done"]
    assert phone.send(one)[0][0] == "again"
    (row,) = rows(homes)
    person = residents.own(str(row.key))
    assert person.said == {"name": NAME, "phone": PHONE, "mobility": "bed"}
    assert row.by_post == homes.chief.post


@pytest.mark.parametrize(
    "said",
    [
        {"name": [NAME], "phone": [PHONE]},
        {**SAID, "phone": ["138"]},
        {**SAID, "mobility": ["bed"]},
        {"present": ["on"]},
    ],
    ids=["nobody agreed", "no phone", "a need without consent", "nothing"],
)
def test_what_lacks_consent_or_is_wrong_is_not_taken(homes: Homes, said: dict[str, Any]) -> None:
    phone = Phone(homes.chief)
    ((what, why),) = phone.send(did(phone, homes.home.id, said))
    assert what == "rejected" and why and rows(homes) == []


def test_another_building_or_an_ended_purpose_is_not_taken(homes: Homes) -> None:
    phone, of = Phone(homes.chief), homes.declared()
    purposes.end(of.id, now=homes.now, by=homes.secretary)
    of.ends_on = of.valid_from.replace(year=2025)
    of.save()
    homes.next.until = homes.today
    homes.next.save()
    found = phone.send(
        did(phone, homes.far.id, SAID), did(phone, homes.home.id, SAID, purpose=of.id),
        did(phone, homes.next.id, SAID), did(phone, UUID(int=0), SAID),
        {**did(phone, homes.home.id, SAID), "data": {"household": "x"}},
    )  # fmt: skip
    assert [what for what, _said in found] == ["conflict", *["rejected"] * 4]
    assert rows(homes) == []


def test_what_a_phone_adds_that_was_not_asked_is_not_kept(homes: Homes) -> None:
    phone = Phone(homes.chief)
    phone.send(did(phone, homes.home.id, {**SAID, "tenure": ["rent"], "note": ["糖尿病"]}))
    (row,) = rows(homes)
    assert set(residents.own(str(row.key)).said) == {"name", "phone"}
