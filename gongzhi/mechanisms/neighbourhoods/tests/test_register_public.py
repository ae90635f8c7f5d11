"""What the code at a door and a household's own link show, without signing in."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from gongzhi.mechanisms.neighbourhoods.models import Household
from gongzhi.mechanisms.neighbourhoods.registers import changing
from gongzhi.mechanisms.neighbourhoods.tests.register import COMMUNITY, Register
from gongzhi.people.models import Unit
from gongzhi.ui.throttling import slow_down


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def register(db: None) -> Register:
    return Register()


def door(client: Client, register: Register) -> str:
    answer = client.get(reverse("neighbourhoods:at_door", args=[register.building.id]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def home(client: Client, key: str) -> Any:
    return client.get(reverse("neighbourhoods:at_home", args=[key]))


def test_the_door_says_who_is_chief_by_post_and_how_to_reach_the_community(
    register: Register, client: Client
) -> None:
    Unit.objects.filter(id=register.committee).update(name="旺村居委会", phone="0758-7700001")
    assert "现在没有楼长" in door(client, register)
    register.appoint(name="王某某")
    said = door(client, register)
    assert "3栋邻里先锋队" in said and "0758-7700001" in said and "12345" in said
    assert "王某某" not in said and register.home.key not in said


def test_a_name_stands_there_only_where_the_city_says_so(
    register: Register, client: Client, settings: Any
) -> None:
    register.appoint(name="王某某")
    settings.CONFIG = replace(settings.CONFIG, chief_names=True)
    assert "王某某" in door(client, register)


def test_the_button_leads_to_a_request_about_this_building(
    register: Register, client: Client
) -> None:
    place = reverse("portal:new", args=["neighbourhoods", COMMUNITY])
    address = f"{place}?building={register.building.id}"
    assert address in door(client, register)
    assert "3栋" in client.get(address).content.decode()


def test_a_household_finds_its_own_page_by_its_link(register: Register, client: Client) -> None:
    answer = home(client, register.home.key)
    said = answer.content.decode()
    assert answer.status_code == 200 and "1单元 101" in said and "告诉楼长" in said
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]


def test_an_old_or_unknown_link_says_what_to_do(register: Register, client: Client) -> None:
    old = register.home.key
    changing.move_out(register.door, by=register.clerk, now=register.now)
    for key in (old, "abcd", "x" * 200):
        answer = home(client, key)
        said = answer.content.decode()
        assert answer.status_code == 404 and "请楼长或社区给您一张新的" in said
        assert "1单元" not in said
    new = register.move_in(register.door)
    assert home(client, new.key).status_code == 200
    assert Household.objects.count() == 2


def test_a_building_that_is_over_says_what_to_do(register: Register, client: Client) -> None:
    changing.end(register.building, by=register.clerk, now=register.now)
    for id_ in (register.building.id, uuid4()):
        answer = client.get(reverse("neighbourhoods:at_door", args=[id_]))
        assert answer.status_code == 404 and "这个码不能用了" in answer.content.decode()


def test_who_asks_too_often_is_asked_to_wait(
    register: Register, client: Client, rf: RequestFactory
) -> None:
    address = reverse("neighbourhoods:at_door", args=[register.building.id])
    assert client.get(address).status_code == 200
    for _again in range(299):
        assert slow_down(rf.get(address), "door") is None
    assert client.get(address).status_code == 429
    assert home(client, register.home.key).status_code == 429
