"""The pages of the network over HTTP: for staff, and for residents without signing in."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.cases.testing import BEGAN, LINE, Cast, make_cast, make_post, make_unit, signed_in
from gongzhi.mechanisms.mediation.models import Mediator, Room, Served, Site
from gongzhi.mechanisms.mediation.network import coverage, sites
from gongzhi.people.models import Account, Unit
from gongzhi.places.search import forget_names

COUNTY, TOWN, VILLAGE = LINE[2:]
TYPED = {
    "kind": "contact_point", "place": TOWN, "name": "九市法官联络点", "address": "九市圩一号",
    "phone": "0758-7700000", "hours": "周一至周五 8:30-12:00", "services": "调解、立案咨询",
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"mediation:{name}", args=args), asked)
    assert answer.status_code == status
    return answer.content.decode()


def point(cast: Cast, **facts: Any) -> Unit:
    told = {"name": "九市法官联络点", "phone": "0758-7700000", **facts}
    return sites.open_site("contact_point", TOWN, told, by=cast[TOWN, "clerk"], now=BEGAN)


def test_a_clerk_opens_a_site_and_finds_it_in_the_register(cast: Cast) -> None:
    client = signed_in(cast[TOWN, "clerk"])
    answer = client.post(reverse("mediation:open_site"), TYPED, follow=True)
    said = answer.content.decode()
    assert "网点已开设" in said and "九市圩一号" in said and "周一至周五 08:30-12:00" in said
    assert Site.objects.get().services == ["调解", "立案咨询"]
    assert "九市法官联络点" in page(client, "network")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hours": "随时"}, "看不懂这一行"),
        ({"longitude": "111.9"}, "要一起填"),
        ({"longitude": "120.1", "latitude": "30.2"}, "请核对经度和纬度"),
        ({"place": "441202001"}, "不在可选的范围内"),
        ({"name": ""}, "必填"),
        ({"services": "很" * 41}, "最多 40 个字"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(
    cast: Cast, wrong: dict[str, str], said: str
) -> None:
    answer = signed_in(cast[TOWN, "clerk"]).post(reverse("mediation:open_site"), TYPED | wrong)
    shown = answer.content.decode()
    assert answer.status_code == 422 and said in shown
    for name, value in (TYPED | wrong).items():
        assert name in {"kind", "place"} or value in shown
    assert not Site.objects.exists()


def test_a_site_is_changed_and_keeps_its_coordinates(cast: Cast) -> None:
    unit, client = point(cast), signed_in(cast[TOWN, "clerk"])
    x, y = sites.seats([TOWN])[TOWN]
    where = {"longitude": str(x), "latitude": str(y)}
    client.post(reverse("mediation:change_site", args=[unit.id]), TYPED | where)
    form = page(client, "change_site", unit.id)
    assert f'value="{x}"' in form and "08:30-12:00" in form and "调解、立案咨询" in form
    assert Site.objects.get().located == "surveyed"


@pytest.mark.parametrize("name", ["change_site", "close_site", "villages"])
def test_who_may_not_edit_finds_no_form(cast: Cast, name: str) -> None:
    unit = point(cast)
    for by in (cast["441202", "clerk"], cast[TOWN, "mediator"]):
        client = signed_in(by)
        page(client, name, unit.id, status=404)
        address = reverse(f"mediation:{name}", args=[unit.id])
        assert client.post(address, TYPED).status_code == 404
    assert Unit.objects.get(id=unit.id).name == "九市法官联络点"


def test_who_may_not_edit_is_told_why(cast: Cast) -> None:
    said = page(signed_in(cast[TOWN, "mediator"]), "site", point(cast).id)
    assert "网点由综治中心" in said and "撤销网点" not in said


def test_a_register_ends_where_the_post_ends(cast: Cast) -> None:
    client = signed_in(cast[TOWN, "clerk"])
    page(client, "network", place=COUNTY, status=404)
    page(client, "coverage", place="441202", status=404)
    page(client, "planner", place="441202001", status=404)
    page(client, "network", place="x", status=404)


def test_every_site_in_the_list_has_its_kind_in_words_and_on_the_map(cast: Cast) -> None:
    point(cast)
    said = page(signed_in(cast[TOWN, "clerk"]), "network", kind="contact_point")
    assert said.count("法官联络点</span>") == 1
    assert '<text y="6" aria-hidden="true">点</text>' in said


def test_the_header_marks_where_one_is(cast: Cast) -> None:
    said = page(signed_in(cast[TOWN, "clerk"]), "network")
    assert said.count('aria-current="true"') == 1
    assert '/mediation/" aria-current="true"' in said


def test_a_list_leaves_as_a_sheet(cast: Cast) -> None:
    point(cast, name="=HYPERLINK(1)", hours=[[1, "08:30", "12:00"]])
    asked = {"kind": "contact_point", "as": "xlsx"}
    answer = signed_in(cast[TOWN, "clerk"]).get(reverse("mediation:network"), asked)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, line = ([cell.value for cell in row] for row in book.worksheets[0].iter_rows())
    assert head[:2] == ["名称", "类型"]
    assert line[1] == "法官联络点" and line[5] == "周一 08:30-12:00"
    assert not str(line[0]).startswith("=")


@pytest.mark.parametrize("name", ["network", "coverage"])
def test_a_page_of_a_county_asks_for_all_names_at_once(cast: Cast, name: str) -> None:
    for village in coverage.villages_in(TOWN)[:5]:
        coverage.serve(point(cast, name=village), village, by=cast[TOWN, "clerk"], on=BEGAN.date())
    client = signed_in(cast[COUNTY, "clerk"])
    page(client, name)
    forget_names()
    with CaptureQueriesContext(connection) as asked:
        page(client, name, place=COUNTY)
    assert len(asked) <= 16, [q["sql"][:120] for q in asked]


def test_a_village_opens_its_committee_from_the_list_of_its_town(cast: Cast) -> None:
    said = page(signed_in(cast[VILLAGE, "clerk"]), "network")
    assert f"/new/?place={VILLAGE}&amp;" in said


def test_a_province_plans_for_its_city(cast: Cast) -> None:
    assert "肇庆市：在哪里增设" in page(signed_in(cast["44", "clerk"]), "planner")
    assert f"?place={LINE[1]}" in page(signed_in(cast["44", "clerk"]), "coverage")


def test_rooms_are_added_and_closed(cast: Cast) -> None:
    unit, client = point(cast), signed_in(cast[TOWN, "clerk"])
    address = reverse("mediation:rooms", args=[unit.id])
    assert (
        "一号调解室" in client.post(address, {"name": "一号调解室"}, follow=True).content.decode()
    )
    again = client.post(address, {"name": "一号调解室"}, follow=True)
    assert "已经有这间调解室" in again.content.decode()
    client.post(address, {"close": str(Room.objects.get().id)})
    assert sites.rooms(unit.id) == []
    assert client.post(address, {"close": "x"}).status_code == 404


def test_a_village_that_no_point_serves_gets_one_in_one_press(cast: Cast) -> None:
    unit, client = point(cast), signed_in(cast[COUNTY, "clerk"])
    way = reverse("mediation:give", args=[VILLAGE])
    assert way in page(client, "coverage")
    offer = page(client, "give", VILLAGE)
    assert "九市法官联络点" in offer and "按镇政府驻地计" in offer
    after = client.post(way, {"unit": str(unit.id)}, follow=True).content.decode()
    assert "已联系这个村" in after and way not in after
    assert client.post(way, {"unit": "x"}).status_code == 404


def test_who_may_not_edit_gives_no_village_a_point(cast: Cast) -> None:
    unit, client = point(cast), signed_in(cast[COUNTY, "mediator"])
    way = reverse("mediation:give", args=[VILLAGE])
    assert way not in page(client, "coverage")
    said = client.post(way, {"unit": str(unit.id)}).content.decode()
    assert "网点由综治中心" in said and not Served.objects.exists()


def test_villages_of_a_point_are_ticked_and_one_of_another_town_added(cast: Cast) -> None:
    unit, client = point(cast), signed_in(cast[COUNTY, "clerk"])
    address = reverse("mediation:villages", args=[unit.id])
    other = coverage.villages_in("441226105")[0]
    client.post(address, {"villages": [VILLAGE], "other": other})
    assert coverage.villages_of(unit) == sorted([VILLAGE, other])
    assert f'value="{other}"' in page(client, "villages", unit.id)


def test_closing_is_asked_once_more(cast: Cast) -> None:
    unit, client = point(cast), signed_in(cast[TOWN, "clerk"])
    assert "确认撤销" in page(client, "close_site", unit.id)
    assert sites.one(unit.id)
    client.post(reverse("mediation:close_site", args=[unit.id]))
    page(client, "site", unit.id, status=404)
    page(Client(), "near_site", unit.id, status=404)


def test_the_planner_answers_and_says_what_it_does_not_know(cast: Cast) -> None:
    said = page(signed_in(cast["4412", "clerk"]), "planner", p=3, radius=8, weigh="people")
    for word in ("已求得最优", "直线", "平均分", "没有驻地坐标的镇"):
        assert word in said
    assert said.count('class="ring"') == 3


@pytest.mark.parametrize("asked", [{"p": "0"}, {"p": "x"}, {"radius": "-1"}, {"radius": "nan"}])
def test_the_planner_says_what_is_wrong_with_the_question(
    cast: Cast, asked: dict[str, str]
) -> None:
    whole = {"p": "3", "radius": "8", "weigh": "villages"} | asked
    said = page(signed_in(cast[COUNTY, "clerk"]), "planner", status=422, **whole)
    assert "field-wrong" in said


def test_the_planner_points_to_a_point_that_could_serve_more(cast: Cast) -> None:
    client = signed_in(cast[COUNTY, "clerk"])
    asked: dict[str, Any] = {"p": 20, "radius": 0, "weigh": "villages"}
    assert "本镇已有联络点" not in page(client, "planner", **asked)
    point(cast)
    assert page(client, "planner", **asked).count("本镇已有联络点") == 1


def test_residents_find_who_serves_their_village_first(cast: Cast) -> None:
    far = sites.open_site(
        "contact_point", "441226105", {"name": "远处的联络点"}, by=cast[COUNTY, "clerk"], now=BEGAN
    )
    point(cast)
    coverage.serve(far, VILLAGE, by=cast[COUNTY, "clerk"], on=BEGAN.date())
    said = page(Client(), "near", place=VILLAGE)
    assert said.index("远处的联络点") < said.index("九市法官联络点")
    assert "联系本村" in said and "tel:0758-7700000" in said and "直线距离" in said


def test_residents_search_for_their_village(cast: Cast) -> None:
    assert VILLAGE in page(Client(), "near", q="jiushicun")
    page(Client(), "near", place="31", status=404)
    page(Client(), "near", place="nowhere", status=404)


def test_the_public_sees_mediators_and_nobody_else(cast: Cast) -> None:
    unit = make_unit(TOWN, "studio")
    mediator = make_post(unit, TOWN, "mediator", unit_kind="studio")
    clerk = make_post(unit, TOWN, "clerk", unit_kind="studio")
    Account.objects.filter(id=mediator.account).update(name="王调解")
    Account.objects.filter(id=clerk.account).update(name="李内勤")
    Mediator.objects.create(post=mediator.post, skills=["family"], languages=["粤语"], since=2009)
    said = page(Client(), "near_site", unit)
    assert "王调解" in said and "粤语" in said and "2009 年起" in said
    assert "李内勤" not in said
    assert "李内勤" in page(signed_in(cast[TOWN, "clerk"]), "site", unit)


def test_what_is_told_of_a_mediator_is_filled_in_by_an_editor(cast: Cast) -> None:
    post, client = cast[TOWN, "mediator"].post, signed_in(cast[TOWN, "clerk"])
    way = reverse("mediation:mediator", args=[post])
    told = {"skills": ["family"], "languages": "粤语、客家话", "since": "2099"}
    assert "不能晚于今年" in client.post(way, told).content.decode()
    client.post(way, told | {"since": "2009"})
    assert Mediator.objects.get().languages == ["粤语", "客家话"]
    assert "粤语、客家话" in page(client, "mediator", post)
    assert signed_in(cast["441202", "clerk"]).post(way, told).status_code == 404


def test_what_people_write_is_shown_as_text(cast: Cast) -> None:
    bad = "<script>alert(1)</script>"
    unit = point(cast, name=bad, address=bad, about=bad, phone=bad, services=[bad])
    coverage.serve(unit, VILLAGE, by=cast[TOWN, "clerk"], on=BEGAN.date())
    client = signed_in(cast[COUNTY, "clerk"])
    pages = [
        page(client, "network", place=TOWN), page(client, "site", unit.id),
        page(client, "coverage"), page(client, "give", VILLAGE),
        page(client, "close_site", unit.id), page(client, "change_site", unit.id),
        page(Client(), "near", place=VILLAGE), page(Client(), "near_site", unit.id),
    ]  # fmt: skip
    for said in pages:
        assert "&lt;script&gt;" in said and "<script>alert" not in said


def test_home_leads_to_sites_nearby(db: None) -> None:
    assert reverse("mediation:near") in Client().get("/").content.decode()
