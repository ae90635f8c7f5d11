"""The map of roads with and without WebGL, and a passer-by who says where they stand."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.models import Case
from gongzhi.cases.testing import LINE, signed_in
from gongzhi.mechanisms.roads.tests.register import Register
from gongzhi.people.scope import Scope, within
from tests.browser.pages import CHROMIUM, DESKTOP, PHONE, QUIET, axe, fits, opened, shot

pytestmark = pytest.mark.browser
SOFTWARE = ["--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture
def register(served: str) -> Register:
    found = Register()
    found.give(found.cast[LINE[2], "road_chief"])
    return found


def as_clerk(page: Page, register: Register, served: str) -> Page:
    value = signed_in(register.clerk).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": served}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


def test_the_map_is_drawn_under_our_own_content_policy(
    register: Register, served: str, browser: Browser
) -> None:
    drawing = browser.browser_type.launch(executable_path=CHROMIUM, args=SOFTWARE)
    page = as_clerk(opened(drawing, DESKTOP, bypass_csp=False), register, served)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(f"{served}/roads/map/")
    expect(page.locator("#map-of-roads[data-loaded]")).to_be_visible(timeout=60_000)
    assert page.locator("canvas").count() == 1
    page.get_by_label("县道").uncheck()
    page.get_by_label("县道").check()
    page.locator("canvas").focus()
    page.keyboard.press("+")
    assert refused == []
    shot(page, "roads-map")
    drawing.close()


def test_without_webgl_the_tables_say_the_same(
    register: Register, served: str, browser: Browser
) -> None:
    plain = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*QUIET, "--disable-3d-apis"]
    )
    page = as_clerk(opened(plain, PHONE), register, served)
    page.goto(f"{served}/roads/map/")
    expect(page.get_by_text("这台设备不能显示地图")).to_be_visible()
    expect(page.get_by_role("rowheader", name="旺村段")).to_be_visible()
    axe(page)
    fits(page)
    plain.close()


def test_a_passer_by_scans_says_where_and_is_heard(
    register: Register, served: str, browser: Browser
) -> None:
    page = opened(
        browser, PHONE, geolocation={"longitude": 111.785, "latitude": 23.165},
        permissions=["geolocation"],
    )  # fmt: skip
    page.goto(f"{served}/roads/at/{register.section.id}/")
    axe(page)
    fits(page)
    page.get_by_role("link", name="报告这里的隐患").click()
    expect(page.get_by_text("X413 彩虹路 · 旺村段")).to_be_visible()
    page.get_by_role("button", name="用我的位置").click()
    expect(page.get_by_text("已记下您现在的位置")).to_be_visible()
    page.get_by_role("radio", name="护栏缺损").check()
    page.get_by_label("发生了什么").fill("护栏断了三米")
    axe(page)
    fits(page)
    page.get_by_label("没有电话").check()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt/")
    with within(Scope(place=LINE[0])):
        case = Case.objects.get()
    assert (case.longitude, case.latitude) == (111.785, 23.165)
    assert case.unit == register.cast.units[LINE[2]]


@pytest.mark.parametrize("path", ["", "register/", "register/chiefs/", "register/import/"])
def test_pages_of_the_register_shut_nobody_out(
    register: Register, served: str, browser: Browser, path: str
) -> None:
    for size, locale in ((PHONE, "zh-CN"), (DESKTOP, "en-US")):
        page = as_clerk(opened(browser, size, locale=locale), register, served)
        for address in (f"/roads/{path}", f"/roads/register/{register.road.id}/"):
            page.goto(served + address)
            axe(page)
            fits(page)
        page.context.close()
