"""The register goes out as a workbook and comes in again: all of it or nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from gongzhi.cases import sheets
from gongzhi.cases.testing import make_post, make_unit, signed_in
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
    Workbook,
)
from gongzhi.mechanisms.neighbourhoods.registers import (
    bringing,
    importing,
    kept_files,
    workbooks,
)
from gongzhi.mechanisms.neighbourhoods.registers.sheets import SHEETS, Item
from gongzhi.mechanisms.neighbourhoods.tests.register import (
    COMMUNITY,
    NEXT_COMMUNITY,
    TOWN,
    Register,
)
from gongzhi.mechanisms.neighbourhoods.tests.test_register_changing import kept, recounted
from gongzhi.people.models import Post, Unit

GRIDS = ["社区", "网格编号", "网格名称"]
BUILDINGS = ["社区", "楼栋编号", "楼栋名称", "网格编号", "英文名称", "地址", "层数", "经度", "纬度"]
DOORS = ["社区", "楼栋编号", "单元", "楼层", "房号", "有人住", "人数"]
CHARGES = ["层级", "社区", "网格编号", "楼栋编号", "单位", "岗位", "顺序"]
NEW_GRID = ["", "02", "第二网格"]
NEW_BUILDING = ["", "8", "8栋", "02", "Block 8", "翠湖路", "7", "111.78", "23.16"]
NEW_DOOR = ["", "8", "1单元", "3", "301", "是", "4"]
NEW_CHARGE = ["楼长", "", "", "8", "", "副楼长", "1"]
SHEET_OF = {"grids": ("网格", GRIDS, NEW_GRID), "buildings": ("楼栋", BUILDINGS, NEW_BUILDING),
            "doors": ("门牌", DOORS, NEW_DOOR),
            "charges": ("六级队伍", CHARGES, NEW_CHARGE)}  # fmt: skip


def book(**rows: list[list[Any]]) -> bytes:
    return sheets.book_of(
        (title, head, rows[name]) for name, (title, head, _usual) in SHEET_OF.items()
        if name in rows
    )  # fmt: skip


def whole(**instead: list[list[Any]]) -> bytes:
    return book(**{name: [usual] for name, (_t, _h, usual) in SHEET_OF.items()} | instead)


@pytest.fixture
def register(db: None) -> Register:
    return Register()


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.clerk)


def sent(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("buildings.xlsx", content)
    return client.post(reverse("neighbourhoods:import"), {"file": file})


def kept_of(shown: Any) -> str:
    found = re.search(r'name="kept" value="([^"]*)"', shown.content.decode())
    assert found, shown.content.decode()
    return found[1]


def entered(client: Client, shown: Any) -> str:
    """What the page that was shown says after it was confirmed."""
    assert shown.status_code == 200, shown.content.decode()
    posted = {"kept": kept_of(shown), "enter": "1"}
    answer = client.post(reverse("neighbourhoods:import"), posted, follow=True)
    return str(answer.content.decode())


def test_a_workbook_is_shown_before_it_is_entered(register: Register, client: Client) -> None:
    shown = sent(client, whole())
    assert "新增 4 项，修改 0 项" in shown.content.decode()
    assert not Building.objects.filter(code="8").exists()
    assert "新增 4 项" in entered(client, shown)
    made = Building.objects.get(code="8")
    assert (made.grid.name, made.storeys, made.longitude, made.households) == (
        "第二网格", 7, 111.78, 1,
    )  # fmt: skip
    home = Household.objects.get(building=made)
    assert (str(home.dwelling), home.people, len(home.key)) == ("1单元 301", 4, 16)
    assert Unit.objects.get(id=made.team).parent == register.committee
    over = Charge.objects.filter(building=made).order_by("deputy")
    titles = [Post.objects.get(id=c.post).title for c in over]
    assert titles == ["楼长", "副楼长"]
    assert kept() == recounted() == [(2, 2, 3, 2)]
    assert not Workbook.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_went_out_comes_in_again_and_changes_nothing(
    register: Register, client: Client, language: str
) -> None:
    entered(client, sent(client, whole()))
    head = ["社区党组织书记", "", "", "", "village_committee 441226114202", "书记", ""]
    entered(client, sent(client, book(charges=[head])))
    assert Post.objects.get(title="书记").sees_place
    tables = (Grid, Building, Dwelling, Household, Charge, Post, RegisterChange)
    before = [list(t._default_manager.order_by("id").values()) for t in tables]
    client.cookies["django_language"] = language
    content = client.get(reverse("neighbourhoods:export")).content
    assert register.home.key not in str(sheets.pages_of(content))
    with translation.override(language):
        plan = importing.planned(workbooks.items(content), by=register.clerk)
    assert (plan.new, plan.otherwise, plan.wrong) == (0, 0, [])
    assert plan.same == 2 + 2 + 3 + 4
    entered(client, sent(client, content))
    assert [list(t._default_manager.order_by("id").values()) for t in tables] == before


def test_an_edited_workbook_changes_rows_and_ends_none(register: Register, client: Client) -> None:
    before = register.home.key
    content = book(
        grids=[["", "01", "东网格"]],
        buildings=[["", "3", "翠湖 3 栋", "01", "", "", "6", "", ""]],
        doors=[["", "3", "1单元", "2", "101", "否", ""], ["", "3", "2单元", "1", "101", "是", "5"]],
        charges=[["楼长", "", "", "3", "", "楼长", "2"]],
    )
    assert "新增 0 项，修改 5 项" in entered(client, sent(client, content))
    register.building.refresh_from_db()
    assert (register.building.name, register.building.storeys) == ("翠湖 3 栋", 6)
    assert Unit.objects.get(id=register.building.team).name == "翠湖 3 栋邻里先锋队"
    register.home.refresh_from_db()
    assert register.home.until is not None
    home = Household.objects.get(until=None)
    assert (home.dwelling, home.people) == (register.next_door, 5) and home.key != before
    register.door.refresh_from_db()
    assert register.door.storey == 2
    assert Charge.objects.get(building=register.building).deputy == 2
    noted = RegisterChange.objects.filter(what=register.door.id).latest("id")
    assert noted.facts == {"storey": [1, 2], "lived_in": [True, False], "people": [3, None]}
    assert kept() == recounted() == [(1, 1, 2, 1)]


def test_people_are_corrected_by_workbook(register: Register, client: Client) -> None:
    entered(client, sent(client, book(doors=[["", "3", "1单元", "1", "101", "", "2"]])))
    register.home.refresh_from_db()
    assert (register.home.people, register.home.until) == (2, None)


@pytest.mark.parametrize(
    ("sheet", "column", "typed", "said"),
    [
        ("grids", 0, "火星", "没有找到“火星”"),
        ("grids", 0, "441202001002", "岗位范围"),
        ("grids", 1, "", "不能空着"),
        ("grids", 2, "长" * 81, "最多 80 个字"),
        ("buildings", 3, "99", "没有编号是“99”的网格"),
        ("buildings", 6, "七", "请写整数"),
        ("buildings", 6, "0", "1 到 200"),
        ("buildings", 7, "东经", "请写度数"),
        ("doors", 1, "99", "没有编号是“99”的楼栋"),
        ("doors", 4, "", "不能空着"),
        ("doors", 5, "也许", "“是”或“否”"),
        ("doors", 5, "否", "不写人数"),
        ("doors", 6, "100", "1 到 99"),
        ("charges", 0, "村长", "请写：第一书记"),
        ("charges", 2, "01", "不写这一格"),
        ("charges", 3, "99", "没有这个编号"),
        ("charges", 4, "没有的单位", "没有找到单位"),
        ("charges", 6, "10", "0 到 9"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(
    client: Client, sheet: str, column: int, typed: str, said: str
) -> None:
    _title, head, usual = SHEET_OF[sheet]
    wrong = [*usual[:column], typed, *usual[column + 1 :]]
    shown = sent(client, whole(**{sheet: [["" for _ in head], wrong]}))
    page = shown.content.decode()
    assert shown.status_code == 422 and said in page, page
    assert "第 3 行" in page and "一行也没有导入" in page
    assert Building.objects.count() == 1 and Grid.objects.count() == 1
    posted = {"kept": kept_of(shown), "marked": "1"}
    marked = client.post(reverse("neighbourhoods:import"), posted).content
    assert said in str(sheets.pages_of(marked))
    refused = client.post(
        reverse("neighbourhoods:import"), {"kept": kept_of(shown), "enter": "1"}, follow=True
    )
    assert "核对后再导入" in refused.content.decode() and Building.objects.count() == 1


def test_a_row_that_stands_twice_is_refused(client: Client) -> None:
    page = sent(client, whole(doors=[NEW_DOOR, NEW_DOOR])).content.decode()
    assert "写了两次" in page and "第 3 行" in page


def test_a_second_in_charge_is_refused_and_a_chief_made_with_the_building_is_not(
    register: Register, client: Client
) -> None:
    own = ["楼长", "", "", "8", "", "楼长", "0"]
    assert "新增 3 项" in sent(client, whole(charges=[own])).content.decode()
    second = ["楼长", "", "", "3", "", "另一楼长", "0"]
    assert "已经有人负责" in sent(client, book(charges=[second])).content.decode()


def test_posts_of_a_department_stand_on_a_rung_if_they_are_there(
    register: Register, client: Client
) -> None:
    unit = make_unit(TOWN, "government", parent=register.cast.units[TOWN])
    Unit.objects.filter(id=unit).update(name="九市镇政府")
    row = ["街道联系领导", "", "", "", "九市镇政府", "副镇长", ""]
    assert "要由它的上级先设" in sent(client, book(charges=[row])).content.decode()
    of_town = make_post(unit, TOWN, "street_contact", unit_kind="government")
    Post.objects.filter(id=of_town.post).update(title="副镇长")
    assert "新增 1 项" in entered(client, sent(client, book(charges=[row])))
    charge = Charge.objects.get(rung="street_contact")
    assert (charge.post, charge.community) == (of_town.post, COMMUNITY)
    town = signed_in(register.cast[TOWN, "leader"])
    other = ["第一书记", COMMUNITY, "", "", "九市镇政府", "驻社区第一书记", ""]
    assert "新增 1 项" in entered(town, sent(town, book(charges=[other])))
    assert not Post.objects.get(title="驻社区第一书记").sees_place


def test_a_community_without_a_committee_gets_no_buildings(register: Register) -> None:
    town = signed_in(register.cast[TOWN, "leader"])
    content = whole(
        grids=[[NEXT_COMMUNITY, "02", "格"]],
        buildings=[[NEXT_COMMUNITY, *NEW_BUILDING[1:]]], doors=[], charges=[],
    )  # fmt: skip
    page = sent(town, content).content.decode()
    assert "居委会" in page and "“楼栋”第 2 行" in page


def test_what_is_no_file_is_asked_for_again(client: Client) -> None:
    address = reverse("neighbourhoods:import")
    for posted in ({}, {"kept": "x"}, {"kept": "0192c2d0-0000-7000-8000-000000000000"}):
        assert client.post(address, posted).status_code == 422
    assert sent(client, b"nothing").status_code == 422
    other = sheets.made_of(["甲"], [["乙"]])
    assert "没有这些工作表" in sent(client, other).content.decode()
    headless = sheets.book_of([("门牌", DOORS[:-1], [])])
    assert "缺少：人数" in sent(client, headless).content.decode()


def test_the_blank_workbook_has_the_headings_that_the_import_asks_for(client: Client) -> None:
    content = client.get(reverse("neighbourhoods:import"), {"blank": ""}).content
    heads = [lines[0][1] for _name, lines in sheets.pages_of(content)]
    assert heads == [GRIDS, BUILDINGS, DOORS, CHARGES]


def test_a_file_is_kept_for_its_own_post_and_for_a_day(register: Register) -> None:
    items = [Item("grids", 2, {"grid": "02"})]
    id_ = kept_files.keep(items, by=register.clerk, now=register.now)
    assert kept_files.items_of(id_, by=register.clerk) == items
    assert kept_files.items_of(id_, by=register.secretary) is None
    kept_files.keep([], by=register.secretary, now=register.now + timedelta(days=2))
    assert kept_files.items_of(id_, by=register.clerk) is None


def test_who_does_not_keep_the_register_finds_no_import(register: Register) -> None:
    for by in (register.appoint(), register.cast[COMMUNITY, "judge"]):
        assert signed_in(by).get(reverse("neighbourhoods:import")).status_code == 404


def test_a_large_file_is_read_and_entered_in_few_questions(
    register: Register, django_assert_max_num_queries: Any
) -> None:
    columns = {name: list(columns) for name, (_title, columns) in SHEETS.items()}

    def item(sheet: str, n: int, cells: list[str]) -> Item:
        return Item(sheet, n, dict(zip(columns[sheet], cells, strict=True)))

    items = [item("grids", 2, NEW_GRID)]
    for n in range(40):
        items.append(item("buildings", n, ["", f"B{n}", f"B{n}栋", *NEW_BUILDING[3:]]))
        items.append(item("charges", n, ["楼长", "", "", f"B{n}", "", "副楼长", "1"]))
        items += [item("doors", n, ["", f"B{n}", "", "1", f"10{k}", "", ""]) for k in range(9)]
    with django_assert_max_num_queries(60):
        plan = bringing.enter(items, by=register.clerk, now=register.now)
    assert plan.new == 1 + 40 + 40 + 360
    assert kept() == recounted()
