"""A hazard told at a section goes to the section's nearest chief in office, wherever it is told."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.models import Case
from gongzhi.cases.testing import begin, signed_in, told
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.tests.register import (
    NEXT_VILLAGE,
    PROVINCE,
    TOWN,
    VILLAGE,
    Register,
)
from gongzhi.networks.responsibility import routing
from gongzhi.people.models import Account, Appointment
from gongzhi.people.posts import Resident
from gongzhi.people.scope import Scope, within

SAID = {"category": "guard_rail", "text": "护栏断了三米"}


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def case() -> Case:
    with within(Scope(place=PROVINCE)):
        return Case.objects.get()


def reported(client: Client, village: str, **said: Any) -> Case:
    address = reverse("portal:new", args=["roads", village])
    answer = client.post(address, SAID | {"no_phone": "on", "key": uuid4().hex} | said)
    assert answer.status_code == 302, answer.content.decode()
    return case()


def test_the_page_says_which_section_and_keeps_it_in_the_form(
    register: Register, client: Client
) -> None:
    address = reverse("portal:new", args=["roads", VILLAGE])
    page = client.get(address, {"section": str(register.section.id)}).content.decode()
    assert "X413 彩虹路 · 旺村段" in page
    assert f'name="section" value="{register.section.id}"' in page
    assert "ui/position.js" in page and "用我的位置" in page
    plain = client.get(address, {"section": "nonsense"}).content.decode()
    assert "旺村段" not in plain and 'value="nonsense"' not in plain


def test_a_passer_by_tells_the_chief_of_the_section(register: Register, client: Client) -> None:
    chief = register.cast[VILLAGE, "road_chief"]
    own = register.village_unit()
    register.give(own, register.section)
    found = reported(client, VILLAGE, section=str(register.section.id), longitude="111.785",
                     latitude="23.165")  # fmt: skip
    assert found.unit == own.unit != chief.unit
    assert found.facts["section"] == str(register.section.id)
    assert found.facts["road"] == str(register.road.id)
    assert (found.place, found.longitude) == (VILLAGE, 111.785)
    assert "交给负责这里的岗位：X413 彩虹路 · 旺村段" in client.get("/receipt/").content.decode()
    page = signed_in(own).get(reverse("desk:case", args=[found.county, found.id]))
    assert "交给负责这里的岗位（X413 彩虹路 · 旺村段）" in page.content.decode()


def test_without_a_chief_in_office_the_usual_routing_holds(
    register: Register, client: Client
) -> None:
    own = register.village_unit()
    register.give(own, register.section)
    Appointment.objects.filter(post=own.post).update(held_to=register.now)
    found = reported(client, VILLAGE, section=str(register.section.id))
    assert found.unit == register.cast.units[VILLAGE]


@pytest.mark.parametrize("place", [NEXT_VILLAGE, "441226114204"])
def test_a_section_of_another_village_leads_nobody_astray(
    register: Register, client: Client, place: str
) -> None:
    own = register.village_unit()
    register.give(own, register.section)
    assert reported(client, place, section=str(register.section.id)).unit != own.unit


def test_a_section_that_is_unknown_says_nothing(register: Register, client: Client) -> None:
    found = reported(client, VILLAGE, section=str(uuid4()))
    assert "section" not in found.facts and found.unit == register.cast.units[VILLAGE]


def test_a_complaint_about_the_chief_goes_past_them(register: Register) -> None:
    own = register.village_unit()
    register.give(own, register.section)
    Account.objects.filter(id=own.account).update(name="某路长")
    parties = [NewParty("applicant", name="张三"), NewParty("respondent", name="某", who=own.unit)]
    data = {"text": Words("收钱不管"), "section": register.section.id}
    routing.begin(m.roads, told(category="guard_rail", data=data, parties=parties),
                  key=uuid4().hex, now=register.now, by=Resident())  # fmt: skip
    assert case().unit != own.unit


def test_a_clerk_registers_at_a_section_likewise(register: Register) -> None:
    own = register.village_unit()
    register.give(own, register.section)
    client = signed_in(register.cast[TOWN, "clerk"])
    address = reverse("desk:register", args=["roads", VILLAGE])
    page = client.get(address, {"section": str(register.section.id)}).content.decode()
    assert "X413 彩虹路 · 旺村段" in page
    said = SAID | {"section": str(register.section.id), "channel": "visit", "no_phone": "on"}
    client.post(address, said)
    assert case().unit == own.unit


def test_a_report_without_a_section_asks_no_question_more(
    register: Register, django_assert_num_queries: Any
) -> None:
    begin(m.roads, category="guard_rail")  # whatever is kept in memory is read
    routing.keep(None)
    with django_assert_num_queries(1):
        routing.begin(m.roads, told(category="guard_rail", data={}), key=uuid4().hex,
                      now=register.now, by=Resident())  # fmt: skip
