"""A notice from its writing to the last door: clerk, household and chief in the browser."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Announcement
from gongzhi.mechanisms.neighbourhoods.registers import announcing
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import SAID, Stage, totals
from gongzhi.people.posts import Holder
from tests.browser.pages import DESKTOP, PHONE, looked_at, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(served: str) -> Stage:
    return Stage()


def as_post(browser: Browser, served: str, by: Holder, size: dict[str, int], **more: Any) -> Page:
    page = opened(browser, size, **more)
    value = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


def test_written_read_confirmed_and_the_rest_told_at_the_door(
    stage: Stage, served: str, browser: Browser
) -> None:
    clerk = as_post(browser, served, stage.clerk, DESKTOP)
    clerk.goto(f"{served}/neighbourhoods/notices/")
    clerk.get_by_role("link", name="写公告").click()
    clerk.get_by_label("标题", exact=True).fill(SAID.title)
    clerk.get_by_label("正文", exact=True).fill(SAID.text)
    clerk.locator("#id_title_en").fill(SAID.title_en)
    clerk.locator("#id_text_en").fill(SAID.text_en)
    clerk.get_by_label("请住户确认").check()
    looked_at(clerk, "notices-form")
    clerk.get_by_role("button", name="预览").click()
    expect(clerk.get_by_text("2 栋楼，7 户")).to_be_visible()
    looked_at(clerk, "notices-preview")
    clerk.get_by_role("button", name="发布").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text(SAID.title)
    a = Announcement.objects.get()

    home = opened(browser, PHONE, locale="en-GB")
    home.goto(f"{served}/neighbourhoods/home/{stage.homes[0].key}/notices/{a.id}/")
    expect(home.get_by_text(SAID.text_en)).to_be_visible()
    home.get_by_role("button", name="I have read this").click()
    expect(home.get_by_text("has confirmed")).to_be_visible()
    looked_at(home, "notices-home")
    # The clerk's page has found out by itself.
    expect(clerk.get_by_text("确认 1 户")).to_be_visible(timeout=15_000)
    looked_at(clerk, "notices-notice")

    chief = as_post(browser, served, stage.chief, PHONE, has_touch=True, is_mobile=True)
    chief.goto(f"{served}/neighbourhoods/notices/{a.id}/")
    looked_at(chief, "notices-chief")
    chief.get_by_role("link", name="敲哪些门").click()
    chief.get_by_role("button", name="已上门告知 1 单元 102").click()
    expect(chief.get_by_text("4 户里还有 2 户")).to_be_visible()
    looked_at(chief, "notices-doors")
    assert totals(a) == (7, 2, 2, 1)


def test_corrected_and_withdrawn_as_residents_see_it(
    stage: Stage, served: str, browser: Browser
) -> None:
    a, own = stage.publish(), stage.homes[0]
    announcing.read(own.key, a.id, now=stage.now)
    clerk = as_post(browser, served, stage.clerk, DESKTOP, locale="en-GB")
    clerk.goto(f"{served}/neighbourhoods/notices/{a.id}/correct/")
    clerk.locator("#id_text").fill("本周日 8 时至 18 时停水，请提前蓄水。")
    clerk.locator("#id_why").fill("供水公司改期")
    clerk.locator("#id_again").check()
    clerk.get_by_role("button", name="Preview").click()
    looked_at(clerk, "notices-correct")
    clerk.get_by_role("button", name="Correct").click()
    expect(clerk.get_by_role("heading", name="How it was corrected")).to_be_visible()
    looked_at(clerk, "notices-history")
    home = opened(browser, PHONE)
    address = f"{served}/neighbourhoods/home/{own.key}/notices/{a.id}/"
    home.goto(address)
    home.get_by_text("这次改了什么").click()
    expect(home.locator(".difference ins")).to_have_text("日")
    looked_at(home, "notices-corrected")
    announcing.withdraw(a.id, "不停水了", by=stage.clerk, now=stage.now)
    home.goto(address)
    expect(home.get_by_text("不停水了")).to_be_visible()
    looked_at(home, "notices-withdrawn")
    home.goto(f"{served}/neighbourhoods/notices/at/{a.place}/")
    looked_at(home, "notices-place")
    clerk.goto(f"{served}/neighbourhoods/notices/")
    looked_at(clerk, "notices-list")
