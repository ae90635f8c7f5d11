"""A leader reads a pile alert on a phone, goes on to a meeting, and reads the week's report."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases import plans
from gongzhi.cases.act import act, report
from gongzhi.cases.changes import Words
from gongzhi.cases.clocks import CHINA
from gongzhi.cases.testing import LINE, Cast, make_cast, signed_in, told
from gongzhi.command.alerts.watching import WEEK, last_week, watch
from gongzhi.command.reports.making import make_missing
from gongzhi.declare import registry
from gongzhi.people.posts import Holder, Resident
from tests.browser.pages import DESKTOP, PHONE, axe, fits, opened, shot

pytestmark = pytest.mark.browser
Signed = Callable[..., Page]
COUNTY, VILLAGE = LINE[2], LINE[4]


@pytest.fixture
def signed(browser: Browser, served: str) -> Signed:
    def page_of(by: Holder, size: dict[str, int], language: str) -> Page:
        value = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
        page = opened(browser, size, locale=language)
        for name, said in ((settings.SESSION_COOKIE_NAME, value), ("django_language", language)):
            page.context.add_cookies([{"name": name, "value": said, "url": served}])
        return page

    return page_of


@pytest.fixture
def cast(served: str) -> Cast:
    """A year of a few wage disputes a week, fourteen in the last; one waits for the county."""
    cast, now, of = make_cast(["leader", "clerk"]), timezone.now(), registry.get("mediation")
    week, made = last_week(now), None
    for n in range(53):
        at = datetime.combine(week - n * WEEK, time(12), CHINA)
        for _case in range(n % 4 + 1 if n else 14):
            made = report(of, told(), key=uuid4().hex, now=at, by=Resident())
    assert made
    said = {"reason": Words("一周里来了很多"), "unit": cast.units[COUNTY]}
    act((made.county, made.id), plans.table, said, key="t", now=now,
        by=cast[VILLAGE, "clerk"])  # fmt: skip
    watch(LINE[1], week, now=now)
    return cast


def looked_at(page: Page, name: str) -> None:
    axe(page)
    fits(page)
    shot(page, name)


def test_from_an_alert_to_what_is_done(cast: Cast, signed: Signed, served: str) -> None:
    page = signed(cast[COUNTY, "leader"], PHONE, "zh-hans")
    page.goto(f"{served}/desk/")
    page.get_by_role("link", name="有 4 条新的堆积预警").click()
    looked_at(page, "alerts")
    page.get_by_role("link", name="拖欠农民工工资纠纷").first.click()
    looked_at(page, "alert")
    page.get_by_label("做了什么").fill("请劳动监察到工地看")
    page.get_by_role("button", name="已处置").click()
    expect(page.get_by_text("请劳动监察到工地看")).to_be_visible()
    looked_at(page, "alert-marked")


def test_an_alert_leads_to_a_meeting_with_its_cases(
    cast: Cast, signed: Signed, served: str
) -> None:
    page = signed(cast[COUNTY, "leader"], DESKTOP, "en")
    page.goto(f"{served}/command/alerts/")
    looked_at(page, "alerts-en")
    page.get_by_role("link", name="wages").first.click()
    page.get_by_text("Figures by week").click()
    looked_at(page, "alert-en")
    page.get_by_role("link", name="Plan a joint meeting").click()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    at = timezone.localtime() + timedelta(days=2)
    page.locator("[name=begins_at]").fill(f"{at:%Y-%m-%dT%H:%M}")
    page.locator("[name=where]").fill("Hall")
    looked_at(page, "meeting-of-an-alert")
    page.goto(f"{served}/command/alerts/parameters/")
    looked_at(page, "alert-parameters")


def test_the_report_of_the_week_is_read_and_added_to(
    cast: Cast, signed: Signed, served: str
) -> None:
    make_missing(timezone.now())
    page = signed(cast[COUNTY, "leader"], PHONE, "zh-hans")
    page.goto(f"{served}/command/")
    page.get_by_role("link", name="周报和月报").click()
    looked_at(page, "report")
    page.get_by_text("写批注").click()
    page.locator("#words").fill("工地的事本周再看一遍")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("blockquote", has_text="工地的事本周再看一遍")).to_be_visible()
    page.get_by_role("link", name="14 件，平常").first.click()
    expect(page.get_by_role("heading", name="怎样计算")).to_be_visible()
    page = signed(cast[COUNTY, "leader"], DESKTOP, "en")
    page.goto(f"{served}/command/reports/?kind=month")
    looked_at(page, "report-en")
