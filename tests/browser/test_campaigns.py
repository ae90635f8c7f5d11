"""A campaign on a phone at the door, on a page of progress that renews itself, and at home."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import CheckIn
from gongzhi.mechanisms.neighbourhoods.registers import campaigns_closing, slots
from gongzhi.mechanisms.neighbourhoods.tests.campaigns_stage import COMMUNITY, Stage
from gongzhi.mechanisms.neighbourhoods.tests.test_campaigns_slots import HOURS
from gongzhi.people.posts import Holder
from tests.browser.pages import DESKTOP, PHONE, axe, fits, opened, shot

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(served: str) -> Stage:
    return Stage()


def as_holder(page: Page, by: Holder, served: str) -> Page:
    value = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


def test_what_the_chief_taps_shows_on_the_page_that_the_community_looks_at(
    stage: Stage, served: str, browser: Browser
) -> None:
    of = stage.campaign()
    plan = slots.Plan([of.starts_on, of.ends_on], HOURS, ["社区服务站", "东门岗亭"], 20)
    slots.write(of, COMMUNITY, plan, by=stage.clerk)
    home = f"{served}/neighbourhoods/campaigns/{of.id}/"
    desk = as_holder(
        opened(browser, DESKTOP, locale="en-GB", bypass_csp=False), stage.clerk, served
    )
    desk.goto(f"{home}progress/")
    expect(desk.get_by_text("0 / 16").first).to_be_visible()

    phone = as_holder(opened(browser, PHONE, has_touch=True, is_mobile=True), stage.chief, served)
    phone.goto(home)
    axe(phone)
    fits(phone)
    shot(phone, "campaign-phone")
    phone.get_by_role("link", name="1号楼 · 签到").tap()
    phone.get_by_role("group", name="101 来了几个人").get_by_role("button", name="3").tap()
    expect(phone.locator("#counted")).to_contain_text("1 / 8")
    phone.locator("li.door", has_text="102").get_by_text("更多人").tap()
    phone.get_by_role("spinbutton", name="102 来了几个人").fill("7")
    phone.locator("li.door", has_text="102").get_by_role("button", name="签到").tap()
    expect(phone.locator("#counted")).to_contain_text("2 / 8")
    axe(phone)
    fits(phone)
    shot(phone, "campaign-doors", full=False)
    phone.get_by_role("button", name="撤销 101 的签到").tap()
    expect(phone.locator("#counted")).to_contain_text("1 / 8")
    assert [c.people for c in CheckIn.objects.all()] == [7]

    expect(desk.get_by_text("1 / 16").first).to_be_visible(timeout=15_000)  # without a reload
    shot(desk, "campaign-progress")
    desk.close()
    desk = as_holder(opened(browser, DESKTOP, locale="en-GB"), stage.clerk, served)
    for name in ("", "schedule/", "progress/", "schedule/plan/", "change/", "close/"):
        desk.goto(f"{home}{name}")
        axe(desk)
        fits(desk)
        shot(desk, f"campaign-{name.strip('/').replace('/', '-') or 'overview'}-en")
    campaigns_closing.close(of.id, "", by=stage.clerk, now=stage.now)
    desk.goto(f"{home}report/")
    axe(desk)
    shot(desk, "campaign-report")
    phone.close()


def test_a_resident_reads_when_to_come_without_signing_in(
    stage: Stage, served: str, browser: Browser
) -> None:
    of = stage.campaign()
    slots.write(of, COMMUNITY, slots.Plan([of.starts_on], HOURS, ["东门"], 20), by=stage.clerk)
    page = opened(browser, PHONE)
    page.goto(f"{served}/neighbourhoods/campaigns/{of.id}/at/{stage.second.id}/")
    expect(page.get_by_text("东门")).to_be_visible()
    expect(page.get_by_text("请带身份证。")).to_be_visible()
    axe(page)
    fits(page)
    shot(page, "campaign-public")
    for name in ("", "schedule/", "progress/"):
        staff = as_holder(opened(browser, PHONE), stage.clerk, served)
        staff.goto(f"{served}/neighbourhoods/campaigns/{of.id}/{name}")
        axe(staff)
        fits(staff)
        shot(staff, f"campaign-{name.strip('/') or 'overview'}-phone")
        staff.close()
