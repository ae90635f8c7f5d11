"""The pages of the register: from the city down to a door, for staff and for the chief alone."""

import io
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import begin, signed_in
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
)
from gongzhi.mechanisms.neighbourhoods.registers.entering import (
    NewBuilding,
    NewDoor,
    enter_many,
)
from gongzhi.mechanisms.neighbourhoods.tests.register import (
    CITY,
    COMMUNITY,
    COUNTY,
    NEXT_COMMUNITY,
    TOWN,
    Register,
)


@pytest.fixture
def register(db: None) -> Register:
    return Register()


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.clerk)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"neighbourhoods:{name}", args=args), asked)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def text_of(pdf: bytes) -> list[str]:
    return [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_the_city_walks_down_to_the_community(register: Register) -> None:
    client = signed_in(register.cast[CITY, "leader"])
    assert "德庆县" in page(client, "register")
    town = page(client, "register", place=TOWN)
    assert reverse("neighbourhoods:register") + f"?place={COMMUNITY}" in town
    assert "还没有登记的地方" in town
    answer = client.get(reverse("neighbourhoods:register"), {"place": COMMUNITY})
    assert answer["Location"] == reverse("neighbourhoods:community", args=[COMMUNITY])


def test_the_community_shows_grids_buildings_and_vacancies(
    register: Register, client: Client
) -> None:
    said = page(client, "community", COMMUNITY)
    assert "第一网格" in said and "3栋" in said and "1 栋楼现在没有楼长" in said
    register.appoint(name="王某某")
    said = page(client, "community", COMMUNITY)
    assert "王某某" in said and "现在没有楼长" not in said
    other = register.add_grid("02", "第二网格")
    assert "3栋" not in page(client, "community", COMMUNITY, grid=other.id)


def test_a_long_list_of_buildings_has_pages_in_the_order_of_numbers(
    register: Register, client: Client
) -> None:
    rows = [NewBuilding(COMMUNITY, str(n), f"楼{n}号", "01") for n in range(100, 220)]
    enter_many([], rows, [], by=register.clerk, now=register.now)
    first = page(client, "community", COMMUNITY)
    assert "楼100号" in first and "楼219号" not in first and "after=198" in first
    second = page(client, "community", COMMUNITY, after="198")
    assert "楼219号" in second and "楼198号" not in second


def test_a_building_shows_its_doors_its_chain_and_what_is_open(
    register: Register, client: Client
) -> None:
    register.appoint(name="楼长甲")
    data = {"text": Words("漏水"), "building": register.building.id}
    begin(m.neighbourhoods, category="leak", title="三楼漏水", data=data, place=COMMUNITY,
          unit=register.building.team)  # fmt: skip
    begin(m.neighbourhoods, category="leak", title="别处漏水", place=COMMUNITY,
          unit=register.committee)  # fmt: skip
    said = page(client, "building", register.building.id)
    for words in ("1单元", "101", "3 人", "空置", "楼长甲", "第一书记", "未任", "三楼漏水",
                  "1 户，已知 3 人"):  # fmt: skip
        assert words in said, words
    assert "别处漏水" not in said and register.home.key not in said


def test_a_chief_opens_their_own_building_and_changes_nothing(register: Register) -> None:
    other = register.add_building("4", "4栋")
    client = signed_in(register.appoint())
    answer = client.get(reverse("neighbourhoods:register"))
    own = reverse("neighbourhoods:building", args=[register.building.id])
    assert answer["Location"] == own
    said = client.get(own).content.decode()
    assert "101" in said and "停用这栋楼" not in said and "任楼长" not in said
    page(client, "door", register.door.id)
    page(client, "building", other.id, status=404)
    page(client, "community", COMMUNITY, status=404)
    page(client, "vacancies", status=404)
    page(client, "find", status=404)
    page(client, "export", status=404)
    building, door = register.building.id, register.door.id
    for name, of in (
        ("change_building", building), ("end_door", door), ("move_in", register.next_door.id),
        ("add_doors", building),
    ):  # fmt: skip
        page(client, name, of, status=404)
    client.post(reverse("neighbourhoods:move_out", args=[register.door.id]))
    assert Household.objects.get().until is None


def test_staff_of_another_place_find_nothing_here(register: Register) -> None:
    client = signed_in(register.cast["441202", "leader"])
    page(client, "building", register.building.id, status=404)
    page(client, "door", register.door.id, status=404)
    page(client, "community", COMMUNITY, status=404)
    page(client, "register", place=COUNTY, status=404)
    page(client, "posters", COMMUNITY, status=404)
    page(client, "poster", register.building.id, status=404)
    slips = reverse("neighbourhoods:slips", args=[register.building.id])
    assert client.post(slips).status_code == 404


def test_a_grid_a_building_and_doors_are_added_by_page(client: Client) -> None:
    address = reverse("neighbourhoods:add_grid", args=[COMMUNITY])
    assert client.post(address, {"code": "01", "name": "重的"}).status_code == 422
    assert client.post(address, {"code": "02", "name": "第二网格"}).status_code == 302
    grid = Grid.objects.get(code="02")
    said = {"code": "8", "name": "8栋", "grid": str(grid.id), "storeys": "3"}
    address = reverse("neighbourhoods:add_building", args=[COMMUNITY])
    assert client.post(address, said | {"grid": ""}).status_code == 422
    assert client.post(address, said).status_code == 302
    building = Building.objects.get(code="8")
    many = reverse("neighbourhoods:add_doors", args=[building.id])
    assert 'value="3"' in client.get(many).content.decode()
    doors = {
        "stairs": "甲单元 乙单元",
        "lowest": "1",
        "highest": "3",
        "rooms": "2",
        "lived_in": "1",
    }
    assert client.post(many, doors | {"highest": "0"}).status_code == 422
    assert client.post(many, doors | {"rooms": "50", "highest": "200"}).status_code == 422
    assert client.post(many, doors).status_code == 302
    building.refresh_from_db()
    assert building.dwellings.count() == building.households == 12
    again = client.post(many, doors | {"highest": "4"})
    assert again.status_code == 422 and "已经登记过" in again.content.decode()
    one = reverse("neighbourhoods:add_door", args=[building.id])
    assert client.post(one, {"stair": "", "storey": "", "room": "商铺1"}).status_code == 302
    assert "商铺1" in page(client, "building", building.id)


def test_things_are_changed_and_ended_by_page(register: Register, client: Client) -> None:
    change = reverse("neighbourhoods:change_building", args=[register.building.id])
    said = {"code": "3", "name": "翠湖 3 栋", "grid": str(register.grid.id), "storeys": "7"}
    assert client.post(change, said).status_code == 302
    assert "楼栋名称：3栋 → 翠湖 3 栋" in page(
        client, "building", register.building.id
    ) or "名称：3栋 → 翠湖 3 栋" in page(client, "building", register.building.id)
    end = reverse("neighbourhoods:end_building", args=[register.building.id])
    assert "邻里先锋队一并停用" in client.get(end).content.decode()
    grid = reverse("neighbourhoods:end_grid", args=[register.grid.id])
    assert "还有楼栋" in client.post(grid, follow=True).content.decode()
    assert "已停用" in client.post(end, follow=True).content.decode()
    page(client, "building", register.building.id, status=404)


def test_households_move_by_page(register: Register, client: Client) -> None:
    door = register.door.id
    client.post(reverse("neighbourhoods:count_people", args=[door]), {"people": "4"})
    assert "4 人" in page(client, "door", door)
    client.post(reverse("neighbourhoods:renew_key", args=[door]))
    client.post(reverse("neighbourhoods:move_out", args=[door]))
    said = page(client, "door", door)
    assert "现在空置" in said and "有人住：是 → 否" in said
    client.post(reverse("neighbourhoods:move_in", args=[door]), {"people": ""})
    assert Household.objects.filter(until=None).get().people is None
    page(client, "count_people", register.next_door.id, status=404)


def test_a_door_is_found_by_community_building_and_room(register: Register, client: Client) -> None:
    place = {"community": COMMUNITY, "community_said": COMMUNITY, "community_for": COMMUNITY}
    found = reverse("neighbourhoods:find")
    assert "按门牌找" in client.get(found).content.decode()
    answer = client.get(found, place | {"building": "3", "room": "1单元 101"})
    assert answer["Location"] == reverse("neighbourhoods:door", args=[register.door.id])
    answer = client.get(found, place | {"building": "3", "room": "101"})  # there are two
    assert answer["Location"] == reverse("neighbourhoods:building", args=[register.building.id])
    register.add_building("4", "4栋")
    assert "是哪一栋" in client.get(found, place | {"building": "", "room": ""}).content.decode()
    none = client.get(found, place | {"building": "没有这栋", "room": ""})
    assert "没有找到" in none.content.decode()


def test_vacancies_have_pages_and_lead_to_where_they_are_filled(
    register: Register, client: Client
) -> None:
    rows = [NewBuilding(COMMUNITY, f"{n:03}", f"楼{n:03}号", "01") for n in range(1, 121)]
    enter_many([], rows, [], by=register.clerk, now=register.now)
    said = page(client, "vacancies")
    assert "121 栋" in said and "楼001号" in said and "楼120号" not in said
    assert "社区党组织书记" in said and "第一网格" in said
    assert "楼120号" in page(client, "vacancies", after=f"{COMMUNITY}_100")
    assert NEXT_COMMUNITY not in said


def test_posters_stand_one_on_a_page(register: Register, client: Client, settings: Any) -> None:
    register.add_building("4", "4栋", address="翠湖路 8 号")
    register.appoint(name="王某某")
    answer = client.get(reverse("neighbourhoods:posters", args=[COMMUNITY]))
    pages = text_of(answer.content)
    assert len(pages) == 2 and "有事找楼长" in pages[0] and "暂缺" in pages[1]
    assert "王某某" not in pages[0] and "翠湖路" in pages[1]
    one = client.get(reverse("neighbourhoods:poster", args=[register.building.id]))
    assert len(text_of(one.content)) == 1


def test_a_poster_names_the_chief_where_the_city_says_so(
    register: Register, client: Client, settings: Any
) -> None:
    register.appoint(name="王某某")
    settings.CONFIG = replace(settings.CONFIG, chief_names=True)
    answer = client.get(reverse("neighbourhoods:poster", args=[register.building.id]))
    assert "王某某" in text_of(answer.content)[0]


def test_slips_are_printed_for_who_lives_there_and_noted(
    register: Register, client: Client
) -> None:
    address = reverse("neighbourhoods:slips", args=[register.building.id])
    assert client.get(address).status_code == 405
    answer = client.post(address)
    assert "no-store" in answer["Cache-Control"]
    said = text_of(answer.content)
    assert len(said) == 1 and "1单元 101" in said[0] and "2单元" not in said[0]
    noted = RegisterChange.objects.filter(what=register.building.id).latest("id")
    assert noted.facts == {"slips": [None, 1]} and noted.account == register.clerk.account
    chief = signed_in(register.appoint())
    assert chief.post(address).status_code == 200


def test_the_door_sheet_lists_doors_and_no_names(register: Register, client: Client) -> None:
    answer = client.get(reverse("neighbourhoods:door_sheet", args=[register.building.id]))
    said = "".join(text_of(answer.content))
    assert "3栋门牌表" in said and "101" in said and "空置" in said


def test_a_building_asks_few_questions_however_many_doors(
    register: Register, client: Client
) -> None:
    def asked(name: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, name, *args)
        return len(found)

    pages: list[tuple[Any, ...]] = [("building", register.building.id), ("community", COMMUNITY)]
    for name, *args in pages:
        asked(name, *args)
    before = [asked(name, *args) for name, *args in pages]
    rows = [NewDoor(COMMUNITY, "3", "9单元", n, f"{n}01") for n in range(1, 60)]
    more = [NewBuilding(COMMUNITY, f"N{n}", f"N{n}栋", "01") for n in range(30)]
    enter_many([], more, rows, by=register.clerk, now=register.now)
    assert [asked(name, *args) for name, *args in pages] == before
    assert before[0] <= 15, before
    assert Dwelling.objects.count() == 61


def test_hub_leads_a_chief_to_their_building_and_staff_to_the_register(register: Register) -> None:
    assert "楼栋台账" in page(signed_in(register.clerk), "hub")
    said = page(signed_in(register.appoint()), "hub")
    assert "我的楼栋" in said and "楼栋台账" not in said
