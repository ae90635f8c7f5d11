"""The city adds a dispute type, and a resident chooses it."""

import random

import pytest
from playwright.sync_api import Browser, expect

from gongzhi.site import demo
from tests.browser.acting import sign_in
from tests.browser.pages import PHONE, axe, fits, opened, shot
from tests.running import RunningSite

pytestmark = pytest.mark.browser
NAME = "平台用工报酬纠纷"


def test_a_type_that_the_city_adds_is_what_a_resident_chooses(
    site: RunningSite, browser: Browser
) -> None:
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    leader = sign_in(browser, site.url, "city")
    leader.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    leader.goto(f"{site.url}/mediation/types/")
    axe(leader)
    fits(leader)
    leader.get_by_role("link", name="添加类型").click()
    leader.get_by_label("中文名称").fill(NAME)
    leader.get_by_role("button", name="保存").click()
    axe(leader)
    fits(leader)
    expect(leader.get_by_label("中文名称")).to_have_value(NAME)
    leader.get_by_label("英文名称").fill("Platform pay disputes")
    leader.get_by_label("时限和规则与哪一类相同").select_option("wages")
    leader.get_by_role("button", name="保存").click()
    expect(leader.get_by_role("link", name=NAME)).to_be_visible()
    axe(leader)
    fits(leader)
    shot(leader, "types")
    leader.get_by_role("link", name=NAME).click()
    axe(leader)
    fits(leader)

    resident = opened(browser, PHONE)
    resident.goto(f"{site.url}/report/mediation/441226114202/")
    resident.get_by_role("radio", name=NAME).check()
