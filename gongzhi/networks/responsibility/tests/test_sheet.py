"""The list goes out as a sheet and comes in again; what is wrong is told by row and column."""

import io
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from gongzhi.cases import sheets
from gongzhi.cases.testing import LINE, Cast, make_cast, make_unit, signed_in
from gongzhi.declare import days, hours, minutes, working_days
from gongzhi.networks.responsibility import entering, sheet
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Unit

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
TODAY = timezone.localdate()
IMPORT, EXPORT = reverse("networks:import_duties"), reverse("networks:export_duties")
HEAD = ["机制", "类别", "地点", "级别", "单位", "牵头或配合", "职责", "处置时限", "紧急时限",
        "依据", "起用日期", "停用日期"]  # fmt: skip
GOOD = ["信访", "教育", "德庆县", "县", "职能部门", "牵头", "查清入学条件", "7 天", "24小时",
        "三定规定第五条", TODAY.isoformat(), ""]  # fmt: skip
HELPS = [*GOOD[:4], "人民政府", "配合", "", "", "", *GOOD[9:]]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def leader(cast: Cast) -> Client:
    return signed_in(cast[COUNTY, "leader"])


def row(lead: str = "department", unit: UUID | None = None, **said: Any) -> Duty:
    usual: dict[str, Any] = {
        "mechanism": "petitions", "category": "education", "level": 3, "place": COUNTY,
        "valid_from": TODAY - timedelta(days=9),
        "lines": [
            Line(lead, "=三定规定", unit, leads=True, does="牵头办理", within=working_days(2),
                 urgent=minutes(30)),
            Line("government", "条例", does="维护秩序"),
        ],
    }  # fmt: skip
    return Duty(**(usual | said))


def sent(client: Client, lines: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> Any:
    file = SimpleUploadedFile("list.xlsx", sheets.made_of(head, lines))
    return client.post(IMPORT, {"file": file})


def lines_on(page: str) -> str:
    found = re.search(r'name="lines" value="([^"]*)"', page)
    assert found
    return found[1].replace("&quot;", '"').replace("&#x27;", "'")


def values(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)  # type: ignore[union-attr]


def test_a_sheet_is_tried_before_it_is_entered(leader: Client) -> None:
    shown = sent(leader, [GOOD, HELPS])
    page = shown.content.decode()
    assert shown.status_code == 200 and "新写 1 条" in page and "近 30 天" in page
    assert not Duty.objects.exists()
    done = leader.post(IMPORT, {"lines": lines_on(page), "enter": "1"}, follow=True)
    assert "新写 1 条" in done.content.decode()
    duty = Duty.objects.get()
    assert (duty.mechanism, duty.category, duty.place, duty.level) == (
        "petitions", "education", COUNTY, 3,
    )  # fmt: skip
    assert duty.lines == [
        Line("department", "三定规定第五条", leads=True, does="查清入学条件", within=days(7),
             urgent=hours(24)),
        Line("government", "三定规定第五条"),
    ]  # fmt: skip
    assert duty.valid_from == TODAY and duty.valid_to is None


def test_what_went_out_comes_in_again_and_changes_nothing(cast: Cast, leader: Client) -> None:
    named = make_unit(COUNTY, "department")
    Unit.objects.filter(id=named).update(name="德庆县教育局", name_en="Deqing Education Bureau")
    now, by = timezone.now(), cast[COUNTY, "leader"]
    entering.enter([row(), row(category="", unit=named), row(level=4, lead="government")],
                   now=now, by=by)  # fmt: skip
    entering.enter([row(place=CITY, category="land")], now=now, by=cast[CITY, "leader"])
    before = list(Duty.objects.order_by("id").values())
    for language in ("zh-hans", "en"):
        leader.cookies["django_language"] = language
        content = leader.get(EXPORT).content
        with translation.override(language):
            read = sheet.read(sheets.lines_of(content), by=by)
        assert (read.plan.same, read.plan.new, read.wrong) == (4, [], [])
        file = SimpleUploadedFile("list.xlsx", content)
        page = leader.post(IMPORT, {"file": file}).content.decode()
        leader.post(IMPORT, {"lines": lines_on(page), "enter": "1"})
    assert list(Duty.objects.order_by("id").values()) == before


def test_an_edited_sheet_succeeds_and_ends_rows_whoever_sends_it_twice(
    cast: Cast, leader: Client
) -> None:
    now, by = timezone.now(), cast[COUNTY, "leader"]
    entering.enter([row(), row(category="land")], now=now, by=by)
    head, *lines = values(leader.get(EXPORT).content)
    other = [list(line) for line in lines]
    for line in other:
        if "征地" in line[1]:
            line[-2] = TODAY.isoformat()
    changed = [*GOOD[:4], "人民政府", *GOOD[5:]]
    for _twice in range(2):
        page = sent(leader, [*other, changed], head).content.decode()
        leader.post(IMPORT, {"lines": lines_on(page), "enter": "1"})
    held = Duty.objects.filter(valid_to=None)
    assert [d.lead.kind for d in held] == ["government"]
    assert Duty.objects.count() == 3
    assert {d.valid_to for d in Duty.objects.exclude(valid_to=None)} == {TODAY}


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        (0, "教育", "信访、路长制"),
        (1, "航天", "没有“航天”这一类"),
        (2, "火星", "没有找到“火星”"),
        (3, "省市", "请写：省、市、县、镇、村"),
        (4, "教育局", "叫“教育局”的单位"),
        (5, "负责", "请写：牵头、配合"),
        (6, "长" * 301, "最多 300 字"),
        (7, "尽快", "请写时限，如 24小时"),
        (8, "0天", "请写时限，如 24小时"),
        (9, "", "请写明文件名称和条款"),
        (10, "明天", "请写日期，如 2026-01-31"),
        (11, "2020-01-01", "停用的日子要在起用的日子以后"),
        (2, "441202", "县级以上的领导或管理员"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(
    leader: Client, column: int, typed: str, said: str
) -> None:
    wrong = [*GOOD[:column], typed, *GOOD[column + 1 :]]
    answer = sent(leader, [GOOD, [""] * 12, wrong])
    page = answer.content.decode()
    assert answer.status_code == 422 and not Duty.objects.exists()
    assert f"第 4 行“{HEAD[column]}”" in page and said in page
    marked = values(leader.post(IMPORT, {"lines": lines_on(page), "marked": "1"}).content)
    assert marked[0][-1] == "要改的地方" and marked[1][-1] is None
    assert said in marked[-1][-1] and list(marked[1][:11]) == GOOD[:11]


@pytest.mark.parametrize("lines", [[HELPS], [GOOD, [*GOOD[:4], "人民政府", *GOOD[5:]]]])
def test_a_list_has_one_lead(leader: Client, lines: list[list[str]]) -> None:
    answer = sent(leader, lines)
    assert answer.status_code == 422 and "只能有一个" in answer.content.decode()


def test_a_fault_is_told_in_the_language_of_the_reader(leader: Client) -> None:
    leader.cookies["django_language"] = "en"
    page = sent(leader, [[*GOOD[:10], "soon", ""]]).content.decode()
    assert "Row 2, “In force from”" in page and "2026-01-31" in page


@pytest.mark.parametrize("posted", [{}, {"lines": "[[1]]"}, {"lines": "{}"}, {"lines": "7"}])
def test_what_is_no_sheet_is_asked_for_again(leader: Client, posted: dict[str, str]) -> None:
    assert leader.post(IMPORT, posted).status_code == 422
    file = SimpleUploadedFile("list.xlsx", b"nothing")
    assert "存成 .xlsx" in leader.post(IMPORT, {"file": file}).content.decode()
    assert "表头缺少：停用日期" in sent(leader, [GOOD[:11]], HEAD[:11]).content.decode()


def test_what_changed_since_it_was_shown_is_not_written_over(cast: Cast, leader: Client) -> None:
    page = sent(leader, [GOOD]).content.decode()
    entering.enter([row(valid_from=TODAY)], now=timezone.now(), by=cast[COUNTY, "leader"])
    answer = leader.post(IMPORT, {"lines": lines_on(page), "enter": "1"})
    assert answer.status_code == 422 and "已有同一项的新规定" in answer.content.decode()
    assert Duty.objects.count() == 1


def test_the_blank_sheet_has_the_headings_that_the_import_asks_for(leader: Client) -> None:
    assert list(values(leader.get(IMPORT, {"blank": ""}).content)[0]) == HEAD


def test_who_may_not_set_finds_no_import_but_may_take_the_list_out(cast: Cast) -> None:
    for by in (cast[TOWN, "leader"], cast[COUNTY, "clerk"]):
        assert signed_in(by).post(IMPORT, {"lines": json.dumps([[1, HEAD]])}).status_code == 404
        assert signed_in(by).get(EXPORT).status_code == 200
