"""What anybody learns of a road: who answers, by post, and what is being done, without words."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import Told, begin
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Road
from gongzhi.mechanisms.roads.pages import hazards
from gongzhi.mechanisms.roads.registers import roads
from gongzhi.mechanisms.roads.tests.register import COUNTY, VILLAGE, Register
from gongzhi.people.models import Account, Unit
from gongzhi.ui.throttling import slow_down

SECRET = "门牌八号张三家对面"


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def told(register: Register, **more: Any) -> Told:
    data = {"text": Words(SECRET), "section": register.section.id}
    return begin(m.roads, category="guard_rail", title=f"护栏缺损：{SECRET}", data=data,
                 longitude=111.78, latitude=23.16, **more)  # fmt: skip


def section_page(client: Client, register: Register) -> str:
    answer = client.get(reverse("roads:section", args=[register.section.id]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_posts_and_offices_are_told_and_persons_are_not(register: Register, client: Client) -> None:
    chief = register.cast[COUNTY, "road_chief"]
    register.give(chief)
    Account.objects.filter(id=chief.account).update(name="王某某")
    Unit.objects.filter(id=register.clerk.unit).update(name="县路长办公室", phone="0758-7700001")
    page = section_page(client, register)
    assert "县级路长" in page and "县路长办公室" in page and "0758-7700001" in page
    assert "王某某" not in page
    road = client.get(reverse("roads:public_road", args=[register.road.id])).content.decode()
    assert "旺村段" in road and "王某某" not in road


def test_hazards_are_told_by_kind_and_phase_without_words_or_place(
    register: Register, client: Client
) -> None:
    case = told(register)
    page = section_page(client, register)
    assert "护栏缺损" in page and "登记" in page
    for secret in (SECRET, "张三", "111.78", case.row().number):
        assert secret not in page
    road = client.get(reverse("roads:public_road", args=[register.road.id])).content.decode()
    assert "1 件在办" in road and SECRET not in road


def test_the_next_section_and_other_mechanisms_are_not_counted(
    register: Register, client: Client
) -> None:
    told(register)
    page = client.get(reverse("roads:section", args=[register.next.id])).content.decode()
    assert "现在没有已知的隐患" in page


def test_what_was_closed_lately_is_shown_and_then_forgotten(register: Register) -> None:
    case = told(register)
    chief = register.cast[VILLAGE, "road_chief"]
    case.act(m.dismiss, {"reason": Words("没有")}, by=chief)
    shown = hazards.known([register.section], now=case.now)
    assert [h.closed_at for h in shown] == [case.now] and hazards.counted(shown) != []
    case.travel(days=91)
    assert hazards.known([register.section], now=case.now) == []


def test_the_button_leads_to_a_report_about_this_section(
    register: Register, client: Client
) -> None:
    address = f"{reverse('portal:new', args=['roads', VILLAGE])}?section={register.section.id}"
    assert address in section_page(client, register)
    assert "旺村段" in client.get(address).content.decode()


def test_what_is_over_or_unknown_is_not_found(register: Register, client: Client) -> None:
    roads.end(register.road, by=register.clerk, now=timezone.now())
    for name, of in (("section", register.section), ("public_road", register.road)):
        assert client.get(reverse(f"roads:{name}", args=[of.id])).status_code == 404
    assert Road.objects.count() == 1


def test_who_asks_too_often_is_asked_to_wait(
    register: Register, client: Client, rf: RequestFactory
) -> None:
    address = reverse("roads:section", args=[register.section.id])
    assert client.get(address).status_code == 200
    for _again in range(299):
        assert slow_down(rf.get(address), "road") is None
    for name, of in (("section", register.section), ("public_road", register.road)):
        assert client.get(reverse(f"roads:{name}", args=[of.id])).status_code == 429
