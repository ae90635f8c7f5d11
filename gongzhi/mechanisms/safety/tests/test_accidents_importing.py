"""Accidents from Excel: all or nothing, each fault by row and column, nothing twice."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import sheets
from gongzhi.cases.clocks import CHINA
from gongzhi.cases.testing import OUTSIDE, signed_in
from gongzhi.cases.workbooks import Row
from gongzhi.mechanisms.safety.models import Accident
from gongzhi.mechanisms.safety.registers import accidents_sheets
from gongzhi.mechanisms.safety.registers.accidents_sheets import BOOK, COLUMNS
from gongzhi.mechanisms.safety.tests.accidents import happened
from gongzhi.mechanisms.safety.tests.register import VILLAGE, Register

GOOD: dict[str, str] = {
    **dict.fromkeys(COLUMNS, ""), "place": VILLAGE, "industry": "C33", "kind": "机械伤害",
    "at": "2026-03-01 08:30", "deaths": "0", "injured": "1", "how": "冲床伤手",
}  # fmt: skip


def rows(*said: dict[str, str]) -> list[Row]:
    return [Row("accidents", n, {**GOOD, **one}) for n, one in enumerate(said, 2)]


def planned(register: Register, *said: dict[str, str]) -> accidents_sheets.Plan:
    return accidents_sheets.planned(rows(*said), now=timezone.now(), by=register.bureau)


def test_a_firm_and_its_site_are_found_by_code_and_name(register: Register) -> None:
    firm = {"code": register.firm.code, "site": register.workshop.name, "industry": ""}
    plan = planned(register, firm, {"kind": "fall", "at": "2026/3/2 9:05:00", "loss_yuan": "1,200"})
    assert plan.wrong == [] and len(plan.new) == 2
    assert plan.new[0]["site"] == register.workshop and plan.new[0]["industry"] == "C33"
    assert plan.new[1]["at"] == datetime(2026, 3, 2, 9, 5, tzinfo=CHINA)
    accidents_sheets.enter(rows(firm), now=timezone.now(), by=register.bureau)
    assert Accident.objects.get().enterprise == register.firm


@pytest.mark.parametrize(
    ("said", "column", "why"),
    [
        ({"place": "没有的镇"}, "place", "没有找到"),
        ({"place": OUTSIDE}, "place", "本辖区"),
        ({"place": ""}, "place", "本辖区"),
        ({"code": "91441226MADEM03009"}, "code", "校验"),
        ({"site": "冲压车间", "code": ""}, "site", "没有这个场所"),
        ({"industry": ""}, "industry", "就要写行业"),
        ({"industry": "铁匠"}, "industry", "大类"),
        ({"kind": "别的"}, "kind", "物体打击"),
        ({"group": "别的"}, "group", "安全管理"),
        ({"at": "去年"}, "at", "日期和时间"),
        ({"at": ""}, "at", "日期和时间"),
        ({"at": "2126-01-01 08:00"}, "at", "晚于现在"),
        ({"at": "2026-02-30 08:00"}, "at", "日期和时间"),
        ({"known_at": "2026-03-01 08:29"}, "known_at", "早于发生"),
        ({"deaths": "一"}, "deaths", "人数"),
        ({"deaths": ""}, "deaths", "人数"),
        ({"injured": "-1"}, "injured", "人数"),
        ({"injured": "1000"}, "injured", "999"),
        ({"loss_yuan": "三万"}, "loss_yuan", "请写元"),
        ({"loss_yuan": "-1"}, "loss_yuan", "请写元"),
        ({"loss_yuan": "NaN"}, "loss_yuan", "请写元"),
        ({"how": "长" * 1001}, "how", "1000 个字"),
    ],
)  # fmt: skip
def test_each_fault_is_told_by_row_and_column(
    register: Register, said: dict[str, str], column: str, why: str
) -> None:
    plan = planned(register, {}, said | ({} if "at" in said else {"at": "2026-03-09 10:00"}))
    (wrong,) = plan.wrong
    assert (wrong.row, wrong.label) == (3, str(COLUMNS[column]))
    assert why in wrong.said


def test_phones_and_numbers_in_the_account_are_masked(register: Register) -> None:
    (facts,) = planned(register, {"how": "电话 13800001234"}).new
    assert "13800001234" not in facts["how"]


def test_nothing_stands_there_twice(register: Register) -> None:
    at = datetime(2026, 3, 1, 8, 30, tzinfo=CHINA)
    old = happened(register.bureau, at)
    plan = planned(register, {}, {"at": "2026-03-01 12:00"}, {"at": "2026-03-01 12:00"})
    assert plan.same == 1
    assert plan.alike == [(3, old)] and len(plan.new) == 1
    assert "写了两次" in plan.wrong[0].said


def file_of(*said: dict[str, Any]) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.xlsx", BOOK.made({"accidents": [{**GOOD, **one} for one in said]}))


def test_the_page_takes_a_file_after_it_was_looked_at(register: Register) -> None:
    client, address = signed_in(register.bureau), reverse("safety:import_accidents")
    blank = client.get(address, {"blank": ""})
    head = next(openpyxl.load_workbook(io.BytesIO(blank.content)).active.values)  # type: ignore[union-attr]
    assert head == tuple(str(label) for label in COLUMNS.values())
    assert BOOK.rows(blank.content)[0].cells["deaths"] == "0"
    wrong = client.post(address, {"file": file_of({}, {"kind": "别的"})})
    assert wrong.status_code == 422
    assert "第 3 行" in wrong.content.decode() and "事故类别" in wrong.content.decode()
    marked = client.post(address, {"rows": wrong.context["rows"], "marked": "1"})
    assert "要改的地方" in str(sheets.rows_of(marked.content)[0])
    shown = client.post(address, {"file": file_of({}, {"kind": "火灾"})})
    assert "还没有写进台账" in shown.content.decode() and not Accident.objects.exists()
    done = client.post(address, {"rows": shown.context["rows"], "enter": "1"}, follow=True)
    assert "新登记 2 起" in done.content.decode() and Accident.objects.count() == 2
    out = client.get(reverse("safety:accidents"), {"as": "xlsx"})
    again = client.post(address, {"file": SimpleUploadedFile("b.xlsx", out.content)})
    assert "新登记 0 起，已经有的 2 起" in again.content.decode()


def test_what_is_no_file_is_said(register: Register) -> None:
    client, address = signed_in(register.bureau), reverse("safety:import_accidents")
    assert client.post(address, {"rows": "["}).status_code == 422
    other = SimpleUploadedFile("x.xlsx", sheets.book_of([("别的", ["甲"], [])]))
    assert "没有这些工作表" in client.post(address, {"file": other}).content.decode()
    assert Client().get(address).status_code == 302
