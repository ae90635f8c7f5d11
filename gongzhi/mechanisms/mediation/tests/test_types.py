"""Dispute types of the city: a type that is added is offered, counted and named everywhere."""

import io
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from gongzhi.cases import catalogue, cataloguing, replay
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.reading import case_for
from gongzhi.cases.registers import Category, CategoryChange
from gongzhi.cases.rollups import fold
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, begin, make_cast, signed_in
from gongzhi.documents.facts import facts
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Mediator
from gongzhi.mechanisms.mediation.network.mediators import candidates
from gongzhi.mechanisms.mediation.tests.asking import clocks_of, counted, late
from gongzhi.mechanisms.mediation.tests.conftest import TOWN, VILLAGE, Stage
from gongzhi.mechanisms.mediation.tests.test_filter import THEN

NEW = "platform_pay"
TYPED = {
    "label": "平台用工报酬纠纷", "label_en": "Platform pay dispute", "follows": "wages",
    "code": "0612", "after": "..", "name": NEW,
}  # fmt: skip
LIST, ADD = reverse("mediation:types"), reverse("mediation:add_type")


@pytest.fixture(autouse=True)
def counts_start_afresh() -> Iterator[None]:
    """Requests are throttled by address, and all tests come from the same one."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def city(stage: Stage) -> Any:
    return signed_in(stage.cast[LINE[1], "administrator"])


@pytest.fixture
def added(city: Any) -> Any:
    answer = city.post(ADD, TYPED, follow=True)
    assert "已添加“平台用工报酬纠纷”" in answer.content.decode()
    return city


def change(client: Any, kind: str, **typed: Any) -> Any:
    usual = {
        "label": catalogue.kind(m.mediation, kind).label, "after": ".", "in_use": "on",
        "label_en": cataloguing.english(catalogue.kind(m.mediation, kind)),
        "seen": str(cataloguing.last_change(m.mediation, kind)),
    }  # fmt: skip
    said = {k: v for k, v in (usual | typed).items() if v is not None}
    return client.post(reverse("mediation:change_type", args=[kind]), said)


def offered(page: str) -> bool:
    return f'value="{NEW}"' in page


def test_the_list_says_which_types_have_a_time_limit_of_their_own(added: Any) -> None:
    page = added.get(LIST).content.decode()
    assert page.count("劳动争议调解期限 15 天（劳动争议调解仲裁法 第十四条）") == 2
    assert "与“拖欠农民工工资纠纷”相同" in page and "0612" in page
    assert (
        page.index("拖欠农民工工资纠纷") < page.index("平台用工报酬纠纷") < page.index("旅游纠纷")
    )
    assert "administrator" in page and "新增" in page and "代码：0612" in page


def test_a_new_type_is_offered_to_clerks_and_residents(added: Any, stage: Stage) -> None:
    desk = signed_in(stage.clerk).get(f"/desk/new/mediation/{VILLAGE}/").content.decode()
    portal = signed_in(stage.clerk).get(f"/report/mediation/{VILLAGE}/").content.decode()
    for page in (desk, portal):
        assert offered(page) and "平台用工报酬纠纷" in page


def test_a_resident_reports_one_and_no_live_count_tells_of_it(added: Any, stage: Stage) -> None:
    resident = Client()
    said = {"category": NEW, "text": "三个月没有结算", "name": "张三", "phone": "13800001234",
            "respondent": "某平台", "danger": "none", "key": uuid4().hex}  # fmt: skip
    answer = resident.post(f"/report/mediation/{VILLAGE}/", said)
    assert answer.status_code == 302, answer.content.decode()
    page = resident.get(f"/report/mediation/{VILLAGE}/")
    assert "平台用工报酬纠纷" in page.content.decode() and page.context["nearby"] == []


def test_its_case_has_the_clocks_of_the_type_it_follows(added: Any, stage: Stage) -> None:
    case = stage.accepted(category=NEW)
    assert clocks_of(case).keys() == clocks_of(stage.accepted()).keys() >= {"labour"}
    assert "labour" not in clocks_of(stage.accepted(category="land"))


def test_time_does_to_it_what_it_does_to_the_type_it_follows(fresh_database: str) -> None:
    stage = Stage()
    told = TYPED | {"after": "wages"}
    cataloguing.add(m.mediation, told, by=stage.cast[LINE[1], "leader"], now=BEGAN)
    cases = [stage.accepted(category=kind) for kind in (NEW, "wages", "land")]
    sweep(BEGAN + timedelta(days=16))
    assert [late(case, "labour") for case in cases] == [True, True, False]
    assert replay.verify() == []


def test_its_cases_are_found_counted_and_named(added: Any, stage: Stage) -> None:
    begin(m.mediation, category=NEW)
    fold()
    leader = signed_in(stage.cast[LINE[2], "leader"])
    found = leader.get(reverse("mediation:filter"), {**THEN, "kind": NEW}).content.decode()
    assert f'<option value="{NEW}" selected>平台用工报酬纠纷</option>' in found
    assert "<strong>1</strong>" in found
    whole = leader.get(reverse("mediation:filter"), THEN).content.decode()
    assert ">平台用工报酬纠纷</" in whole
    rows = leader.get("/desk/", {"kind": "place", "category": NEW}).content.decode()
    assert f'<option value="{NEW}" selected>平台用工报酬纠纷</option>' in rows
    assert rows.count("/desk/cases/") == 1


def test_a_case_is_called_what_its_type_is_called_today(added: Any, stage: Stage) -> None:
    case, clerk = begin(m.mediation, category=NEW, title="平台用工报酬纠纷：欠薪"), stage.clerk
    change(added, NEW, label="新业态报酬纠纷")
    page = signed_in(clerk).get(f"/desk/cases/{case.ref[0]}/{case.ref[1]}/").content.decode()
    assert "· 新业态报酬纠纷 ·" in page and "<h1>平台用工报酬纠纷：欠薪</h1>" in page
    sheet = io.BytesIO(signed_in(clerk).get(reverse("desk:export")).content)
    head, row = openpyxl.load_workbook(sheet).worksheets[0].values
    assert dict(zip(head, row, strict=True))["类别"] == "新业态报酬纠纷"


def test_two_who_add_the_same_at_once_add_one(fresh_database: str) -> None:
    city, refused = make_cast()[LINE[1], "leader"], []

    def go() -> None:
        try:
            cataloguing.add(m.mediation, TYPED | {"after": ""}, by=city, now=BEGAN)
        except Refused as error:
            refused.append(error.field)
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["name"] * 3
    assert [row.order for row in Category.objects.order_by("order")] == [*range(17)]


def test_a_letter_names_it(added: Any, stage: Stage) -> None:
    case = stage.accepted(category=NEW)
    view = case_for(stage.clerk, *case.ref)
    acceptance = next(d for d in m.mediation.documents if d.name == "acceptance")
    assert facts(view, acceptance)["matter"] == "平台用工报酬纠纷"


def test_a_sheet_takes_it_in_by_its_name(added: Any, stage: Stage) -> None:
    clerk = signed_in(stage.clerk)
    blank = io.BytesIO(clerk.get("/desk/import/mediation/?blank").content)
    book = openpyxl.load_workbook(blank)
    assert "平台用工报酬纠纷" in str(book.worksheets[0]["B2"].value)
    book.worksheets[0].delete_rows(2)
    book.worksheets[0].append([VILLAGE, TYPED["label"], "三个月没有结算", "张三", "13800001234",
                               "某平台"])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "a.xlsx"
    answer = clerk.post("/desk/import/mediation/", {"file": out}).content.decode()
    assert "1 件" in answer or "已登记" in answer
    rows = clerk.get("/desk/", {"kind": "unit", "category": NEW}).content.decode()
    assert rows.count("平台用工报酬纠纷：三个月没有结算") == 1
    change(added, NEW, in_use=None)
    book.worksheets[0]["C2"].value = "又三个月没有结算"
    again = io.BytesIO()
    book.save(again)
    again.seek(0)
    again.name = "b.xlsx"
    refused = clerk.post("/desk/import/mediation/", {"file": again})
    assert refused.status_code == 422 and "或者已经停用" in refused.content.decode()


def test_who_is_skilled_in_what_it_follows_is_skilled_in_it(added: Any, stage: Stage) -> None:
    Mediator.objects.create(post=stage.mediator.post, skills=["wages"])
    skilled = {}
    for kind in (NEW, "land"):
        case = stage.accepted(category=kind)
        view = case_for(stage.clerk, *case.ref)
        found = candidates(view.snapshot)
        skilled[kind] = next(c.skilled for c in found if c.holder.post == stage.mediator.post)
    assert skilled == {NEW: True, "land": False}


def test_a_type_out_of_use_is_not_offered_and_still_named(added: Any, stage: Stage) -> None:
    begin(m.mediation, category=NEW)
    fold()
    assert change(added, NEW, in_use=None).status_code == 302
    clerk = signed_in(stage.clerk)
    form = clerk.get(f"/report/mediation/{VILLAGE}/").content.decode()
    assert not offered(form)
    assert not offered(clerk.get(f"/desk/new/mediation/{VILLAGE}/").content.decode())
    rows = clerk.get("/desk/", {"kind": "unit", "category": NEW}).content.decode()
    assert "平台用工报酬纠纷（已停用）" in rows and rows.count("/desk/cases/") == 1
    answer = clerk.post(f"/report/mediation/{VILLAGE}/", {"category": NEW, "text": "没有结算"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "或者已经停用" in page and "没有结算" in page


def test_what_is_wrong_with_a_type_is_said_and_nothing_typed_is_lost(city: Any) -> None:
    answer = city.post(ADD, TYPED | {"label": "物业纠纷"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "已经有一个同名的类型" in page
    assert "Platform pay dispute" in page and "0612" in page
    page = city.post(ADD, TYPED | {"follows": ""}).content.decode()
    assert 'value="平台用工报酬纠纷"' in page and not CategoryChange.objects.exists()


def test_a_change_made_meanwhile_is_shown_before_it_is_overwritten(city: Any) -> None:
    assert change(city, "property", label="小区物业纠纷", after="traffic").status_code == 302
    late = change(city, "property", label="物业服务纠纷", after="traffic", seen="0")
    page = late.content.decode()
    assert late.status_code == 422 and "别人刚刚改过" in page
    assert "物业纠纷 → 小区物业纠纷" in page and 'value="物业服务纠纷"' in page
    seen = cataloguing.last_change(m.mediation, "property")
    assert f'name="seen" value="{seen}"' in page
    assert catalogue.kind(m.mediation, "property").label == "小区物业纠纷"


def test_who_may_not_edit_is_told_who_may(stage: Stage) -> None:
    clerk = signed_in(stage.cast[TOWN, "leader"])
    page = clerk.get(LIST).content.decode()
    assert "市级的系统管理员或分管领导" in page
    assert "添加类型" not in page and "types/property/" not in page
    answer = clerk.post(ADD, TYPED)
    assert answer.status_code == 403 and "市级的系统管理员或分管领导" in answer.content.decode()
    assert change(clerk, "property", label="甲").status_code == 403
    assert NEW not in catalogue.every(m.mediation) and not CategoryChange.objects.exists()


def test_the_longest_name_of_a_type_is_counted(city: Any, stage: Stage) -> None:
    """The name of a figure carries a mediator's post, what was done, and the type."""
    longest = "x" * 40
    city.post(ADD, TYPED | {"name": longest})
    case, good = stage.agreed(category=longest), {"n": 1, "note": Words("好")}
    case.act(m.perform, good, by=stage.mediator)
    case.act(m.perform, {**good, "n": 2}, by=stage.mediator)
    case.act(m.close, {"note": Words("好")}, by=stage.clerk)
    case.act(m.rate, {"satisfied": True}, by=case.resident)
    fold()
    figure = f"post.{stage.mediator.post.hex}.satisfied.{longest}"
    assert counted(figure) == {figure: 1}


def test_a_type_that_is_not_there_is_not_found(city: Any) -> None:
    assert city.get(reverse("mediation:change_type", args=["nothing"])).status_code == 404
