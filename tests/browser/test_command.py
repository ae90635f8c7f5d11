"""A leader goes from the city down to the cases by keyboard, compares, and hangs up a screen."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.testing import LINE, Cast, begin, make_cast, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from tests.browser.pages import CHROMIUM, DESKTOP, PHONE, axe, fits, opened, shot
from tests.running import RunningSite

pytestmark = pytest.mark.browser
CITY, COUNTY, TOWN, VILLAGE = LINE[1:]
SOFTWARE = ["--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
Leader = Callable[..., Page]


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    return make_cast()


@pytest.fixture
def leader(browser: Browser, site: RunningSite, cast: Cast) -> Iterator[Leader]:
    pages: list[Page] = []

    def one(size: dict[str, int] = DESKTOP, by: Browser = browser, **options: str) -> Page:
        page = opened(by, size, **options)
        cookie = signed_in(cast[CITY, "leader"]).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.url}])
        pages.append(page)
        return page

    yield one
    for page in pages:
        page.context.close()


def press(page: Page, link: str) -> None:
    """By keyboard alone: to a link of the table of places, and on."""
    page.get_by_role("rowheader", name=link).get_by_role("link").focus()
    page.keyboard.press("Enter")


def test_a_leader_goes_down_to_the_cases_by_keyboard(site: RunningSite, leader: Leader) -> None:
    case = begin(m.mediation)
    page = leader()
    page.goto(f"{site.url}/command/?sort=open")
    for name in ("德庆县", "九市镇", "九市村委会"):
        axe(page)
        fits(page)
        press(page, name)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("link", name="看这里的案件").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(case.row().title)).to_be_visible()


def test_an_act_shows_on_the_open_page_within_two_seconds(
    site: RunningSite, leader: Leader
) -> None:
    page = leader()
    with page.expect_response("**/live/?figures"):
        page.goto(f"{site.url}/command/?place={COUNTY}&sort=open")
    tile, row = page.locator("#figure-open"), page.locator(f"#open-{TOWN}")
    expect(tile).to_have_text("0")
    row.focus()
    page.locator("details summary").first.click()
    row.focus()
    began = time.perf_counter()
    begin(m.mediation)
    expect(row).to_have_text("1", timeout=10_000)
    took = time.perf_counter() - began
    expect(tile).to_have_text("1")
    assert took < 2.0
    expect(row).to_be_focused()
    assert page.locator("details").first.get_attribute("open") is not None
    axe(page)


def test_a_wall_screen_renews_itself_and_is_left_by_keyboard(
    site: RunningSite, leader: Leader
) -> None:
    page = leader({"width": 1920, "height": 1080})
    with page.expect_response("**/live/?figures"):
        page.goto(f"{site.url}/command/?wall=1")
    expect(page.locator("#figure-open")).to_have_text("0")
    begin(m.mediation)
    expect(page.locator("#figure-open")).to_have_text("1", timeout=10_000)
    axe(page)
    fits(page)
    shot(page, "command-wall", full=False)
    page.keyboard.press("Escape")
    page.wait_for_url("**/command/?place=*")
    expect(page.get_by_role("link", name="大屏模式")).to_be_visible()


def test_the_map_is_drawn_under_our_own_content_policy(
    site: RunningSite, leader: Leader, browser: Browser
) -> None:
    begin(m.mediation)
    drawing = browser.browser_type.launch(executable_path=CHROMIUM, args=SOFTWARE)
    page = leader(by=drawing, bypass_csp=False)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(f"{site.url}/command/")
    expect(page.locator("#map[data-loaded]")).to_be_visible(timeout=60_000)
    expect(page.locator("svg.map")).to_be_hidden()
    shot(page, "command-map")
    page.locator(".map-mark", has_text="德庆县 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("德庆县")
    expect(page.locator("#map[data-loaded]")).to_be_visible(timeout=60_000)
    begin(m.mediation)
    expect(page.locator(".map-mark", has_text="九市镇 2")).to_be_visible(timeout=10_000)
    assert refused == []
    shot(page, "command-map-county")
    page.context.close()
    drawing.close()


def test_without_a_script_the_drawn_map_and_all_figures_are_there(
    site: RunningSite, leader: Leader
) -> None:
    begin(m.mediation)
    page = leader(java_script_enabled=False)
    page.goto(f"{site.url}/command/?place={COUNTY}")
    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator("#figure-open")).to_have_text("1")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_of_figures_shut_nobody_out(
    site: RunningSite, leader: Leader, size: dict[str, int]
) -> None:
    begin(m.mediation)
    for locale in ("zh-CN", "en-US"):
        page = leader(size, locale=locale)
        for path in ("", "compare/", "indicators/"):
            page.goto(f"{site.url}/command/{path}?place={COUNTY}&span=months")
            axe(page)
            fits(page)
            shot(page, f"command-{path.strip('/') or 'place'}-{size['width']}-{locale}")
