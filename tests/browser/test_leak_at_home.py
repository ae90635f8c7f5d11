"""Water comes through a ceiling: told by the code at the door, without an account.

The chief answers within ten minutes that a common pipe has burst and passes it on; the community
cannot open the street and hands it up; the sub-district has the pipe mended; the resident confirms
it on the phone, with a rating. A neighbour has the same trouble and follows the first.
"""

import re

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases import replay
from gongzhi.cases.models import Case, Entry
from gongzhi.mechanisms.neighbourhoods.tests.conftest import Stage
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.site import demo
from tests.browser.acting import confirm, do, sign_in
from tests.browser.pages import PHONE, axe, fits, opened, shot

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(served: str) -> Stage:
    made = Stage()
    Account.objects.update(password=make_password(demo.PASSWORD))
    return made


def enter(browser: Browser, served: str, by: Holder) -> Page:
    return sign_in(browser, served, Account.objects.get(id=by.account).username)


def seen(page: Page, name: str) -> None:
    shot(page, f"home-{name}")
    fits(page)
    axe(page)


def scanned(browser: Browser, served: str, stage: Stage) -> Page:
    """What the code at the door leads to, on a phone."""
    page = opened(browser, PHONE)
    page.goto(f"{served}/neighbourhoods/at/{stage.first.building.id}/")
    return page


def tell(page: Page, phone: str, text: str, *, shown: str) -> str:
    """The report in the resident's words; returns its number."""
    page.get_by_role("radio", name=re.compile("漏水渗水")).check()
    page.get_by_label("发生了什么").fill(text)
    page.get_by_label(shown).check()
    page.get_by_label("您的姓名").fill("李四")
    page.get_by_label("您的电话").fill(phone)
    seen(page, "tell")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("编号").first).to_be_visible()
    with within(Scope(place="44")):
        latest = Case.objects.filter(mechanism="neighbourhoods").latest("reported_at")
    return str(latest.number)


def case_page(page: Page, served: str, number: str) -> None:
    with within(Scope(place="44")):
        case = Case.objects.get(number=number)
    page.goto(f"{served}/desk/cases/{case.county}/{case.id}/")


def told_by_code(browser: Browser, served: str, stage: Stage) -> str:
    page = scanned(browser, served, stage)
    seen(page, "door")
    page.get_by_role("link", name="楼里有事，告诉楼长").click()
    expect(page.get_by_label("哪一栋")).to_have_value(str(stage.first.building.id))
    text = "厨房天花板滴水，墙上湿了一片。"
    number = tell(page, "13800001234", text, shown="只让邻居知道是哪一类、办到哪一步")
    page.context.close()
    return number


def passed_up(browser: Browser, served: str, stage: Stage, number: str) -> None:
    """Chief, community, sub-district: each sees it and does the next step."""
    chief = enter(browser, served, stage.first.chief)
    chief.get_by_role("link", name=re.compile("厨房天花板")).first.click()
    seen(chief, "chief")
    do(chief, "转社区办理")
    chief.get_by_label("为什么要社区办（居民会看到）").fill("看过了，是街上的公共水管爆了。")
    confirm(chief, "转社区办理")
    other = enter(browser, served, stage.second.chief)
    case_page(other, served, number)
    expect(other.get_by_text("厨房天花板")).to_have_count(0)
    community = enter(browser, served, stage.secretary)
    case_page(community, served, number)
    seen(community, "community")
    community.get_by_role("button", name="接收", exact=True).first.click()
    expect(community.get_by_text("已办理：接收")).to_be_visible()
    do(community, "上报")
    community.get_by_label("理由").fill("要开挖路面，社区办不了。")
    confirm(community, "上报")
    street = enter(browser, served, stage.cast["441226114", "clerk"])
    case_page(street, served, number)
    do(street, "答复居民")
    street.get_by_label("怎样解决的（居民会看到）").fill("供水公司换了一段管，今天下午恢复。")
    confirm(street, "答复居民")
    for page in (chief, other, community, street):
        page.context.close()


def neighbour_follows(browser: Browser, served: str, stage: Stage) -> None:
    """ "Here too": a report of one's own, which the chief joins to the first."""
    page = scanned(browser, served, stage)
    expect(page.get_by_role("heading", name="本楼的诉求")).to_be_visible()
    assert "天花板" not in page.content()
    page.get_by_role("link", name="我家也是").click()
    tell(page, "13900005678", "我家阳台也滴水。", shown="不给邻居看")
    page.context.close()
    chief = enter(browser, served, stage.first.chief)
    chief.get_by_role("link", name=re.compile("阳台也滴水")).first.click()
    chief.get_by_role("link", name="并入本楼同一诉求").first.click()
    expect(chief.get_by_label(re.compile("厨房天花板"))).to_be_checked()
    confirm(chief, "并入本楼同一诉求")
    chief.context.close()


def confirmed(browser: Browser, served: str, number: str) -> None:
    page = opened(browser, PHONE)
    page.goto(f"{served}/track/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("电话后四位").fill("1234")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.get_by_text("供水公司换了一段管")).to_be_visible()
    seen(page, "answered")
    page.get_by_role("link", name="确认已解决").first.click()
    page.get_by_label("满意", exact=True).check()
    page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_text("已收到")).to_be_visible()
    seen(page, "confirmed")


def test_told_at_the_door_and_mended_in_the_street(
    browser: Browser, served: str, stage: Stage
) -> None:
    number = told_by_code(browser, served, stage)
    neighbour_follows(browser, served, stage)
    passed_up(browser, served, stage, number)
    confirmed(browser, served, number)
    with within(Scope(place="44")):
        case = Case.objects.get(number=number)
        acts = list(
            Entry.objects.filter(case_id=case.id).order_by("seq").values_list("act", flat=True)
        )
    assert not case.is_open and case.facts["rated"]
    assert acts == ["tell", "pass_on", "take_in", "escalate", "reply", "confirm"]
    assert replay.verify() == []
