"""Lists and pages of staff as they are used every day: narrowed, ordered, kept, within budget."""

import io
import random
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.cases.models import Case
from gongzhi.cases.sheets import MOST_ROWS
from gongzhi.cases.sweep import sweep
from gongzhi.desk.templatetags.casepage import titled
from gongzhi.people.scope import Scope, within
from gongzhi.site import demo
from tests.stories.test_pages import TOLD, TOWN, VILLAGE, reported, staff

NEIGHBOUR = "441226114203"
MOST_STATEMENTS = 12
FRAME = re.compile(r"(SET LOCAL|SAVEPOINT|RELEASE|BEGIN|COMMIT|ROLLBACK)[^;]*;?\s*$")


@pytest.fixture(autouse=True)
def organised(db: None) -> None:
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret


def titles(query: str) -> list[str]:
    page = staff("county").get(f"/desk/?{query}").content.decode()
    return re.findall(r'<a href="/desk/cases/[^"]+">([^<]+)</a>', page.split("<tbody>")[-1])


def two_cases() -> None:
    reported(Client(), text="先来的一件", key="a")
    Client().post(f"/report/mediation/{NEIGHBOUR}/", {**TOLD, "text": "后来的一件", "key": "b"})


def test_a_list_is_narrowed_to_a_place() -> None:
    two_cases()
    (found,) = titles(f"kind=place&place={NEIGHBOUR}")
    assert "后来的一件" in found
    options = staff("county").get(f"/desk/?kind=place&place={TOWN}").content.decode()
    assert f'value="{NEIGHBOUR}"' in options and f'value="{TOWN}" selected' in options


def test_a_list_begins_with_the_newest_when_asked() -> None:
    two_cases()
    assert [t[-5:] for t in titles("kind=place&sort=newest")] == ["后来的一件", "先来的一件"]
    assert staff("county").get("/desk/?sort=beauty").status_code == 404


def test_a_filter_that_finds_nothing_can_be_cleared() -> None:
    page = staff("clerk").get("/desk/?kind=unit&urgent=1").content.decode()
    assert "没有符合条件的案件" in page and 'href="?kind=unit"' in page


def test_a_kept_filter_can_be_dropped_by_its_owner_alone() -> None:
    clerk = staff("clerk")
    clerk.post("/desk/filters/", {"name": "逾期的", "query": "kind=unit&overdue=1"})
    staff("mediator").post("/desk/filters/drop/", {"name": "逾期的"})
    assert "逾期的" in clerk.get("/desk/").content.decode()
    clerk.post("/desk/filters/drop/", {"name": "逾期的"})
    assert "逾期的" not in clerk.get("/desk/").content.decode()


def test_a_sheet_with_too_many_rows_is_refused_whole() -> None:
    book = openpyxl.Workbook()
    for _ in range(MOST_ROWS + 2):
        book.worksheets[0].append((VILLAGE, "邻里纠纷", "排水问题", "王某", "13800001111", "邻居"))
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "cases.xlsx"
    answer = staff("clerk").post("/desk/import/mediation/", {"file": out})
    assert answer.status_code == 422
    assert f"最多 {MOST_ROWS} 行" in answer.content.decode()


def test_an_erased_case_is_called_by_its_kind_not_by_its_key() -> None:
    case = Case(mechanism="mediation", category="land", title="land", erased_at=timezone.now())
    assert titled(case) == "山林土地纠纷"
    case.erased_at = None
    assert titled(case) == "land"


def test_a_blank_sheet_has_the_headings_that_the_import_asks_for() -> None:
    answer = staff("clerk").get("/desk/import/mediation/?blank")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert rows[0] == ("地点", "类别", "事情", "姓名", "电话", "对方")
    assert "邻里纠纷" in str(rows[1][1])


def test_units_to_call_in_begin_with_the_nearest() -> None:
    reported(Client())
    with within(Scope(place=TOWN)):
        case = Case.objects.get()
    page = staff("clerk").get(f"/desk/cases/{case.county}/{case.id}/do/join/").content.decode()
    assert page.index("九市镇司法所") < page.index("德庆县人民法院") < page.index("广东省综治中心")
    assert page.index("广东省综治中心") < page.index("官圩镇")


def test_figures_of_places_leave_as_a_sheet_in_the_order_chosen() -> None:
    two_cases()
    answer = staff("county").get(f"/command/?place={TOWN}&sort=reported&as=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert {rows[1][0], rows[2][0]} == {VILLAGE, NEIGHBOUR}
    assert rows[0][:4] == ("代码", "地方", "在办", "逾期")


def test_who_reports_is_told_no_live_count_of_the_neighbourhood() -> None:
    """It would give away what the public account withholds."""
    two_cases()
    page = Client().get(f"/report/mediation/{VILLAGE}/").content.decode()
    assert "拖欠农民工工资纠纷" in page
    assert "拖欠农民工工资纠纷 2" not in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize(
    "path",
    [f"/report/nonsense/{VILLAGE}/", "/report/?mechanism=a b", "/desk/new/nonsense/",
     "/desk/import/nonsense/", "/report/mediation/999999999999/"],
)  # fmt: skip
def test_what_nobody_declared_is_not_found(path: str) -> None:
    assert staff("clerk").get(path).status_code == 404


def test_nobody_is_shown_a_way_that_is_closed_to_them() -> None:
    shown = staff("judge").get("/desk/").content.decode()
    assert 'href="/command/"' not in shown
    for path in re.findall(r'<a href="(/[^"]*)"', staff("clerk").get("/desk/").content.decode()):
        assert staff("clerk").get(path).status_code == 200, path


def test_withdrawing_is_never_the_obvious_next_step() -> None:
    resident = Client()
    reported(resident)
    page = resident.get("/case/").content.decode()
    assert re.search(r'class="button primary"[^>]*>补充材料', page)
    assert re.search(r'class="button danger"[^>]*>撤回申请', page)


def test_the_history_says_which_limit_ran_out() -> None:
    reported(Client())
    with within(Scope(place=TOWN)):
        case = Case.objects.get()
    sweep(now=timezone.now() + timedelta(days=30))
    page = staff("clerk").get(f"/desk/cases/{case.county}/{case.id}/").content.decode()
    assert "逾期：受理期限" in page


def test_a_case_page_asks_the_database_within_its_budget() -> None:
    reported(Client())
    with within(Scope(place=TOWN)):
        case = Case.objects.get()
    clerk, page = staff("clerk"), f"/desk/cases/{case.county}/{case.id}/"
    clerk.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert clerk.get(page).status_code == 200
    asked = [q["sql"] for q in captured if not FRAME.match(q["sql"])]
    assert 3 <= len(asked) <= MOST_STATEMENTS, "\n".join(asked)
    assert any("whole_v1" in one for one in asked)
