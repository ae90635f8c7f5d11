"""The pages over HTTP, without a browser: what residents and staff meet when things go wrong."""

import io
import random
import re
from collections.abc import Iterator

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.cases.models import Case
from gongzhi.cases.testing import LINE, Cast, signed_in
from gongzhi.people.models import Account, Appointment
from gongzhi.people.scope import Scope, within
from gongzhi.site import demo

VILLAGE, TOWN = "441226114202", LINE[-2]
REPORT = f"/report/mediation/{VILLAGE}/"
TOLD = {
    "category": "wages",
    "text": "合作社拖欠工资三十八万元，请帮忙。",
    "danger": "none",
    "respondent": "某合作社",
    "name": "李工友",
    "phone": "13800007788",
    "key": "one-report",
}


@pytest.fixture(autouse=True)
def counts_start_afresh() -> Iterator[None]:
    """Requests are throttled by address, and all tests come from the same one."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def organised(db: None) -> None:
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret


def staff(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def number_on(page: str) -> str:
    found = re.search(r"\d{6}-\d{2}-\d{7}-\d", page)
    assert found
    return found.group()


def reported(client: Client, **changes: str) -> str:
    answer = client.post(REPORT, {**TOLD, **changes}, follow=True)
    assert answer.status_code == 200
    return number_on(answer.content.decode())


@pytest.mark.parametrize("phone", ["12", "12345", "1380000778", "138000077889"])
def test_a_report_keeps_what_was_typed_when_something_is_wrong(organised: None, phone: str) -> None:
    answer = Client().post(REPORT, {**TOLD, "phone": phone})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请写完整的电话号码" in page
    assert TOLD["text"] in page and 'value="李工友"' in page


def test_a_report_sent_twice_is_one_case(organised: None) -> None:
    assert reported(Client()) == reported(Client())


def test_a_report_needs_no_script_and_no_account(organised: None) -> None:
    client = Client()
    found = client.get("/report/", {"q": "jiushicun"}).content.decode()
    assert REPORT in found
    assert "110" in client.get(REPORT).content.decode()
    assert reported(client)


@pytest.mark.parametrize(
    ("number", "tail", "said"),
    [
        ("1234", "7788", "编号不对"),
        ("441226-26-0000000-0", "7788", "编号"),
        ("", "", "必填"),
    ],
)
def test_tracking_says_what_is_wrong(organised: None, number: str, tail: str, said: str) -> None:
    page = Client().post("/track/", {"number": number, "tail": tail}).content.decode()
    assert said in page


def test_tracking_with_the_wrong_phone_shows_nothing(organised: None) -> None:
    number = reported(Client())
    answer = Client().post("/track/", {"number": number, "tail": "0000"})
    assert answer.status_code == 422
    assert "对不上" in answer.content.decode()


def test_guessing_phones_is_slowed_down(organised: None) -> None:
    number, client = reported(Client()), Client()
    codes = [
        client.post("/track/", {"number": number, "tail": f"{n:04d}"}).status_code
        for n in range(31)
    ]
    assert codes[-1] == 429


def test_what_a_party_adds_reaches_the_holder_as_a_task(organised: None) -> None:
    client = Client()
    reported(client)
    answer = client.post("/case/add/", {"note": "又找到一张欠条。", "key": "k"}, follow=True)
    assert "已收到" in answer.content.decode()
    assert "查看当事人补充的材料" in staff("clerk").get("/desk/").content.decode()


def test_a_party_withdraws_and_the_case_ends(organised: None) -> None:
    client = Client()
    reported(client)
    page = client.post("/case/withdraw/", {"reason": "已经和好。", "key": "k"}, follow=True)
    assert "已撤回" in page.content.decode()


def test_a_refusal_says_whose_matter_it_is(organised: None) -> None:
    resident, clerk = Client(), staff("clerk")
    reported(resident)
    with within(Scope(place=TOWN)):
        case = Case.objects.get()
    do = f"/desk/cases/{case.county}/{case.id}/do/refuse/"
    clerk.post(do, {"reason": "法院已经立案。", "way": "court", "key": "k"})
    page = resident.get("/case/").content.decode()
    assert "人民法院" in page and "法院已经立案。" in page


def test_a_list_leaves_as_a_sheet_without_names(organised: None) -> None:
    reported(Client(), text="=HYPERLINK(1) 电话13912345678")
    answer = staff("clerk").get("/desk/export.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    text = str([c.value for row in sheet.rows for c in row])
    assert "拖欠" in text
    assert "李工友" not in text and "13912345678" not in text


def book(*rows: tuple[str, ...]) -> io.BytesIO:
    made = openpyxl.Workbook()
    for row in (("地点", "类别", "事情", "姓名", "电话", "对方"), *rows):
        made.worksheets[0].append(row)
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    out.name = "cases.xlsx"
    return out


GOOD = (VILLAGE, "邻里纠纷", "排水问题", "王某", "13800001111", "邻居")


def test_a_sheet_with_a_fault_registers_nothing_and_names_the_row(organised: None) -> None:
    bad = ("不存在的村", "邻里纠纷", "排水问题", "王某", "1", "邻居")
    answer = staff("clerk").post("/desk/import/mediation/", {"file": book(GOOD, bad)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 3 行：地点" in page and "第 3 行：您的电话" in page
    with within(Scope(place="44")):
        assert Case.objects.count() == 0


def test_a_sheet_sent_twice_registers_once(organised: None) -> None:
    for _ in range(2):
        sheet = book(GOOD, GOOD)
        sheet.name = "same.xlsx"
        content = io.BytesIO(CONTENT.setdefault("same", sheet.getvalue()))
        content.name = "same.xlsx"
        assert staff("clerk").post("/desk/import/mediation/", {"file": content}).status_code == 200
    with within(Scope(place="44")):
        assert Case.objects.count() == 2


CONTENT: dict[str, bytes] = {}


def test_names_stay_masked_until_a_reason_is_given(organised: None) -> None:
    reported(Client())
    clerk = staff("clerk")
    with within(Scope(place=TOWN)):
        case = Case.objects.get()
    page = f"/desk/cases/{case.county}/{case.id}/"
    assert "李**" in clerk.get(page).content.decode()
    clerk.post(page + "do/reveal/", {"reason": "电话联系申请人", "key": "k"})
    shown = clerk.get(page).content.decode()
    assert "李工友" in shown and "查看当事人信息" in shown


def test_a_leader_names_a_deputy_who_can_then_act(organised: None) -> None:
    leader = Account.objects.get(username="441226114.governance_centre.3")
    client = Client()
    client.force_login(leader)
    post = Appointment.objects.get(account__username="clerk").post
    answer = client.post(
        f"/desk/team/{post.id}/", {"username": "mediator", "until": "2099-01-01"}, follow=True
    )
    assert "代理此岗位" in answer.content.decode()
    choices = staff("mediator").get("/desk/posts/").content.decode()
    assert "代理" in choices


def test_a_clerk_cannot_hand_posts_over(organised: None) -> None:
    post = Appointment.objects.get(account__username="clerk").post
    assert staff("clerk").get(f"/desk/team/{post.id}/").status_code == 404


def test_a_filter_is_kept(organised: None) -> None:
    clerk = staff("clerk")
    clerk.post("/desk/filters/", {"name": "逾期的", "query": "kind=unit&overdue=1"})
    assert "逾期的" in clerk.get("/desk/").content.decode()


@pytest.mark.parametrize("path", ["/desk/", "/command/", "/desk/team/", "/desk/new/mediation/"])
def test_pages_in_english_leave_no_label_in_chinese(organised: None, path: str) -> None:
    page = staff("city").get(path, headers={"accept-language": "en"}).content.decode()
    main = re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])
    names = Account.objects.values_list("name", flat=True)
    for name in names:
        main = main.replace(name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", main)


def test_a_list_shows_each_post_its_own_places_only(cast: Cast) -> None:
    reported(Client())
    for holder in cast.everyone:
        seen = signed_in(holder).get("/desk/?kind=place").content.decode()
        expected = VILLAGE.startswith(holder.place) and holder.sees_place
        assert ("合作社拖欠工资" in seen) == expected, holder


def test_a_phone_with_spaces_tracks_by_its_last_digits(organised: None) -> None:
    number = reported(Client(), phone="1380000 77 88")
    answer = Client().post("/track/", {"number": number, "tail": "7788"})
    assert answer.status_code == 302


def test_an_act_that_does_not_exist_is_not_found(organised: None) -> None:
    client = Client()
    reported(client)
    assert client.get("/case/nonsense/").status_code == 404


def test_a_case_page_asks_the_database_seldom(organised: None) -> None:
    """The budget is twelve; session, account and post are three of them."""
    client = staff("clerk")
    reported(Client())
    with within(Scope(place=TOWN)):
        case = Case.objects.get()
    page = reverse("desk:case", args=[case.county, case.id])
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    assert len(asked) <= 6, [q["sql"][:80] for q in asked]
