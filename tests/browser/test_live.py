"""An open page shows what somebody else does, by itself, and keeps what is being written."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases import linkage, whistles
from gongzhi.cases.testing import LINE, Cast, begin, make_cast, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.notices import delivering, outlets
from gongzhi.notices.outlets import Wanted
from gongzhi.people.posts import Holder
from tests.browser.pages import DESKTOP, PHONE, axe, fits, opened, shot
from tests.running import RunningSite

pytestmark = pytest.mark.browser
VILLAGE, TOWN = LINE[-1], LINE[-2]
# Addresses of documentation (RFC 5737): nothing is sent there.
ADDRESSES = [
    ("robot", "https://203.0.113.7/cgi-bin/webhook/send?key=k"),
    ("webhook", "https://203.0.113.8/in"),
]


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    return make_cast()


class Desk:
    """A signed-in browser whose stream is open."""

    def __init__(self, browser: Browser, url: str, by: Holder, size: dict[str, int]) -> None:
        self.page = opened(browser, size)
        self.url = url
        cookie = signed_in(by).cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])

    def go(self, path: str) -> Page:
        with self.page.expect_response("**/live/"):
            self.page.goto(f"{self.url}{path}")
        return self.page


@pytest.fixture
def town(browser: Browser, site: RunningSite, cast: Cast) -> Iterator[Desk]:
    desk = Desk(browser, site.url, cast[TOWN, "clerk"], DESKTOP)
    yield desk
    desk.page.context.close()


def test_an_open_desk_shows_a_task_within_two_seconds(cast: Cast, town: Desk) -> None:
    case = begin(m.mediation)
    page = town.go("/desk/?kind=unit")
    expect(page.locator("#asked li")).to_have_count(0)
    began = time.perf_counter()
    case.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    expect(page.locator("#asked li")).to_have_count(1, timeout=10_000)
    took = time.perf_counter() - began
    expect(page.locator(".site-header .count")).to_contain_text("1")
    expect(page.get_by_role("status").filter(has_text="内容已更新")).to_have_count(1)
    assert took < 2.0
    axe(page)


def test_what_is_being_written_stays(cast: Cast, town: Desk) -> None:
    held = begin(m.mediation, place=TOWN)
    county, id_ = held.ref
    page = town.go(f"/desk/cases/{county}/{id_}/do/note/")
    page.locator("textarea").first.fill("正在写的话")
    other = begin(m.mediation)
    other.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    link = page.get_by_role("link", name="您有新任务，点此查看")
    expect(link).to_be_visible(timeout=10_000)
    shot(page, "live-notice-desktop", full=False)
    with page.context.expect_page() as new:
        link.click()
    expect(new.value.locator("h1")).to_have_text(other.row().title)
    expect(page.locator("textarea").first).to_have_value("正在写的话")


def test_a_part_that_is_worked_in_is_not_taken_away(cast: Cast, town: Desk) -> None:
    case = begin(m.mediation, place=TOWN)
    county, id_ = case.ref
    page = town.go(f"/desk/cases/{county}/{id_}/")
    page.locator("#case details summary").first.click()
    case.act(linkage.note, {"note": "记一笔"}, by=cast[TOWN, "leader"])
    expect(page.get_by_role("link", name="有新情况，点此刷新")).to_be_visible(timeout=10_000)
    assert page.locator("#case details").first.get_attribute("open") is not None
    page.get_by_role("link", name="有新情况，点此刷新").click()
    expect(page.locator(".timeline li")).to_have_count(2)


def test_tabs_share_one_stream_and_hand_it_on(cast: Cast, town: Desk) -> None:
    first = town.go("/desk/?kind=unit")
    second = first.context.new_page()
    second.goto(f"{town.url}/desk/?kind=unit")
    begin(m.mediation, place=TOWN)
    for page in (first, second):
        expect(page.locator("#rows tbody tr")).to_have_count(1, timeout=10_000)
    with second.expect_response("**/live/"):
        first.close()
    begin(m.mediation, place=TOWN)
    expect(second.locator("#rows tbody tr")).to_have_count(2, timeout=10_000)
    town.page = second


def test_it_fits_a_phone(browser: Browser, site: RunningSite, cast: Cast) -> None:
    desk = Desk(browser, site.url, cast[TOWN, "clerk"], PHONE)
    page = desk.go("/desk/team/")
    begin(m.mediation, place=TOWN)
    expect(page.get_by_role("link", name="您有新任务，点此查看")).to_be_visible(timeout=10_000)
    fits(page)
    axe(page)
    shot(page, "live-notice-phone", full=False)
    page.context.close()


def test_outlets_fit_a_phone_and_a_desktop(
    browser: Browser, site: RunningSite, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = cast[TOWN, "leader"]
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, webhook_private=True))
    for n, (kind, address) in enumerate(ADDRESSES):
        wanted = Wanted(kind=kind, address=address, own=n == 1)
        outlets.add(wanted, now=timezone.now(), by=leader)
    case = begin(m.mediation)
    case.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    delivering.ready(timezone.now(), [])
    county, id_ = case.ref
    for size, language, name in ((PHONE, "zh-hans", "phone"), (DESKTOP, "en", "desktop")):
        desk = Desk(browser, site.url, leader, size)
        desk.page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": site.url}]
        )
        for path, what in (("/desk/outlets/", "outlets"), (f"/desk/cases/{county}/{id_}/", "sent")):
            page = desk.go(path)
            fits(page)
            axe(page)
            shot(page, f"{what}-{name}")
        page.context.close()
