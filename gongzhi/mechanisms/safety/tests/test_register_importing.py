"""Firms, sites and contacts from Excel and back: all or nothing, each fault by row and column."""

import io
from time import perf_counter
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.safety.models import Contact, Enterprise, RegisterChange, Site
from gongzhi.mechanisms.safety.registers import contacts, importing, workbooks
from gongzhi.mechanisms.safety.registers.entering import (
    NewContact,
    NewFirm,
    NewSite,
    enter_many,
)
from gongzhi.mechanisms.safety.registers.sheets import SHEETS, Item, value
from gongzhi.mechanisms.safety.tests.register import TOWN, VILLAGE, Register, code
from gongzhi.people.models import Unit

FIRM = {"code": code(500), "name": "新来家具厂", "name_en": "", "place": VILLAGE,
        "industry": "C21 家具制造业", "size": "小型", "employees": "35",
        "overseer": ""}  # fmt: skip
SITE = {"code": code(500), "name": "打磨车间", "name_en": "", "place": "", "address": "新街1号",
        "longitude": "111.78", "latitude": "23.16", "facts": "可燃性粉尘、木工机械",
        "colour": "橙色"}  # fmt: skip
PERSON = {"code": code(500), "duty": "主要负责人", "name": "何某", "phone": "13800005678"}


def items(*rows: tuple[str, dict[str, str]]) -> list[Item]:
    return [Item(sheet, n, cells) for n, (sheet, cells) in enumerate(rows, 2)]


def planned(register: Register, *rows: tuple[str, dict[str, str]]) -> importing.Plan:
    return importing.planned(items(*rows), system="wgs84", by=register.clerk)


def enter(register: Register, found: list[Item]) -> importing.Plan:
    return importing.enter(found, system="wgs84", by=register.clerk, now=register.now)


WHOLE = (("contacts", PERSON), ("sites", SITE), ("firms", FIRM))


def test_firms_with_sites_and_contacts_come_in_together(register: Register) -> None:
    enter(register, items(*WHOLE))
    firm = Enterprise.objects.get(code=code(500))
    site = Site.objects.get(enterprise=firm)
    assert (firm.industry, firm.size, firm.employees) == ("C21", "small", 35)
    assert (site.place, site.facts, site.colour) == (VILLAGE, ["dust", "woodworking"], "orange")
    assert contacts.of_firms([firm.id])[firm.id][0].name == "何某"
    assert RegisterChange.objects.filter(of=firm).count() == 3
    again = enter(register, items(*WHOLE))
    assert (again.new, again.otherwise, again.same) == (0, 0, 3)


def test_what_the_file_says_otherwise_is_changed_and_noted(register: Register) -> None:
    enter(register, items(*WHOLE))
    office = Unit.objects.get(id=register.cast.units[TOWN])
    plan = enter(register, items(
        ("firms", FIRM | {"size": "large", "overseer": office.name}),
        ("sites", SITE | {"facts": "", "colour": "red"}),
        ("contacts", PERSON | {"name": "许某", "phone": "13800005679"}),
    ))  # fmt: skip
    assert (plan.new, plan.otherwise) == (0, 3)
    assert Enterprise.objects.get(code=code(500)).overseer == office.id
    assert Site.objects.get(name="打磨车间").facts == []
    assert Contact.objects.get(held_to=None).duty == "head"


@pytest.mark.parametrize(
    ("sheet", "change", "column", "why"),
    [
        ("firms", {"code": code(500)[:-1] + "?"}, "code", "第 18 位"),
        ("firms", {"name": ""}, "name", "不能空着"),
        ("firms", {"place": "不知何处"}, "place", "没有找到"),
        ("firms", {"place": "441202"}, "place", "不"),
        ("firms", {"industry": "五金"}, "industry", "行业大类"),
        ("firms", {"size": "巨大"}, "size", "大型、中型"),
        ("firms", {"employees": "三十"}, "employees", "整数"),
        ("firms", {"overseer": "没有的局"}, "overseer", "没有叫"),
        ("sites", {"facts": "动火作业、乱写"}, "facts", "乱写"),
        ("sites", {"longitude": "113.9", "latitude": "22.5"}, "longitude", "不在德庆县"),
        ("sites", {"latitude": ""}, "longitude", "都写"),
        ("sites", {"code": code(999)}, "code", "没有统一社会信用代码"),
        ("sites", {"colour": "绿色"}, "colour", "红色"),
        ("contacts", {"duty": "老板"}, "duty", "主要负责人"),
        ("contacts", {"phone": "123"}, "phone", "完整的电话"),
        ("contacts", {"name": "何**", "phone": "138****5678"}, "name", "星号"),
    ],
)  # fmt: skip
def test_each_fault_has_its_row_and_column(
    register: Register, sheet: str, change: dict[str, str], column: str, why: str
) -> None:
    rows = [(s, cells | change if s == sheet else cells) for s, cells in WHOLE]
    plan = planned(register, *rows)
    n = next(i for i, (s, _cells) in enumerate(rows, 2) if s == sheet)
    (wrong,) = [w for w in plan.wrong if w.sheet == sheet]
    assert (wrong.row, wrong.column) == (n, column) and why in wrong.said
    before = Enterprise.objects.count()
    with pytest.raises(Refused):
        enter(register, items(*rows))
    assert Enterprise.objects.count() == before


def test_what_is_written_twice_is_said(register: Register) -> None:
    plan = planned(register, ("firms", FIRM), ("firms", FIRM))
    assert [(w.row, w.column) for w in plan.wrong] == [(3, "code")]


def test_what_is_kept_elsewhere_does_not_come_in(register: Register) -> None:
    by = register.cast[VILLAGE, "clerk"]
    other = "441226114203"
    found = items(("firms", FIRM | {"place": other}))
    assert importing.planned(found, system="wgs84", by=by).wrong
    enter(register, found)
    taken = items(("firms", FIRM | {"place": VILLAGE}))
    (wrong,) = importing.planned(taken, system="wgs84", by=by).wrong
    assert wrong.column == "place"


def test_names_alike_are_shown_before_they_come_in(register: Register) -> None:
    plan = planned(register, ("firms", FIRM | {"name": "兴旺五金厂"}))
    assert plan.alike == [("兴旺五金厂", register.firm.name)] and not plan.wrong


def book(rows: dict[str, list[dict[str, str]]]) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, (title, columns) in SHEETS.items():
        page = made.create_sheet(str(title))
        page.append([str(label) for label in columns.values()])
        for cells in rows.get(name, ()):
            page.append([cells[column] for column in columns])
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile("a.xlsx", out.getvalue())


def lines(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    made = openpyxl.load_workbook(io.BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in made.worksheets}


def test_an_export_comes_back_without_a_change_and_tells_no_phone(register: Register) -> None:
    enter(register, items(*WHOLE))
    written = workbooks.written(TOWN)
    assert b"13800005678" not in written and "138****5678" in str(lines(written))
    plan = enter(register, workbooks.items(written))
    assert (plan.new, plan.otherwise, plan.same) == (0, 0, 6)


@pytest.mark.parametrize(
    "said", ["动火作业；冲压和剪切", "冲压和剪切、动火作业", "hot_work, stamping"]
)
def test_several_facts_in_a_cell_whatever_stands_between(said: str) -> None:
    assert value("sites", "facts", said) == ["hot_work", "stamping"]


class TestThePage:
    @pytest.fixture
    def client(self, register: Register) -> Client:
        return signed_in(register.clerk)

    def test_a_file_is_shown_then_entered(self, client: Client) -> None:
        file = book({"firms": [FIRM], "sites": [SITE], "contacts": [PERSON]})
        answer = client.post(reverse("safety:import"), {"file": file, "system": "wgs84"})
        assert answer.status_code == 200 and "新增 3 项" in answer.content.decode()
        assert not Enterprise.objects.filter(code=code(500)).exists()
        said = {"items": answer.context["items"], "system": "wgs84", "enter": "1"}
        done = client.post(reverse("safety:import"), said, follow=True)
        assert "已写进台账" in done.content.decode()
        assert Enterprise.objects.filter(code=code(500)).exists()

    def test_a_marked_copy_says_what_to_change_beside_each_row(self, client: Client) -> None:
        file = book({"firms": [FIRM | {"size": "巨大"}]})
        answer = client.post(reverse("safety:import"), {"file": file, "system": "wgs84"})
        assert answer.status_code == 422 and "“企业”第 2 行" in answer.content.decode()
        said = {"items": answer.context["items"], "system": "wgs84", "marked": "1"}
        marked = lines(client.post(reverse("safety:import"), said).content)
        assert str(marked["企业"][1][-1]).startswith("规模：请写")

    def test_a_blank_one_says_how_to_fill_it_in(self, client: Client) -> None:
        blank = lines(client.get(reverse("safety:import"), {"blank": ""}).content)
        assert list(blank) == ["企业", "场所", "联系人"] and "动火作业" in str(blank["场所"])

    def test_only_keepers_take_out_and_in(self, register: Register) -> None:
        client = signed_in(register.cast[TOWN, "grid_member"])
        for name in ("import", "export"):
            assert client.get(reverse(f"safety:{name}")).status_code == 404


def test_many_are_entered_in_sets(register: Register) -> None:
    """50,000 take as long as twenty-five of these: well within a minute."""
    firms = [NewFirm(code(n), f"{n}号五金厂", VILLAGE, "C33", "micro") for n in range(1000, 3000)]
    sites = [NewSite(f.code, "车间", VILLAGE, "blue", ("stamping",)) for f in firms]
    people = [NewContact(f.code, "head", "演示", "13800001234") for f in firms]
    began = perf_counter()
    enter_many(firms, sites, people, by=register.clerk, now=register.now)
    assert perf_counter() - began < 10  # a loaded machine; see docs/benchmarks.md
    assert Enterprise.objects.count() == 2001 and Contact.objects.count() == 2000
    with pytest.raises(Refused):
        enter_many([], [NewSite(code(9), "x", VILLAGE, "blue")], by=register.clerk,
                   now=register.now)  # fmt: skip
