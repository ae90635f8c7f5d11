"""A leader reads a pile alert on a phone, goes on to a meeting or a round, and reads the week's
report."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from gongzhi.cases import plans
from gongzhi.cases.act import act, report
from gongzhi.cases.changes import Words
from gongzhi.cases.clocks import CHINA
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE, Cast, make_cast, told
from gongzhi.command.alerts.watching import WEEK, last_week, watch
from gongzhi.command.reports.making import make_missing
from gongzhi.declare import registry
from gongzhi.mechanisms.mediation.mechanism import accept
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.resolution.models import Meeting
from gongzhi.people.posts import Resident
from tests.browser.pages import DESKTOP, PHONE, looked_at
from tests.browser.signed import Signed

pytestmark = pytest.mark.browser
COUNTY, VILLAGE = LINE[2], LINE[4]
# In the browser itself, over all pages of a tab: what a person clicked, and what was typed.
COUNTED = """
    for (const kind of ["click", "keydown"]) addEventListener(kind, (event) => {
        if (event.isTrusted) sessionStorage[kind] = Number(sessionStorage[kind] || 0) + 1;
    }, true);
"""


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


def test_an_alert_shows_its_weeks_and_the_numbers_behind_it(
    cast: Cast, signed: Signed, served: str
) -> None:
    page = signed(cast[COUNTY, "leader"], DESKTOP, "en")
    page.goto(f"{served}/command/alerts/")
    looked_at(page, "alerts-en")
    page.get_by_role("link", name="wages").first.click()
    page.get_by_text("Figures by week").click()
    looked_at(page, "alert-en")
    page.goto(f"{served}/command/alerts/parameters/")
    looked_at(page, "alert-parameters")


def at_an_alert(page: Page, served: str) -> Page:
    """From here on it is counted what is done by hand."""
    page.goto(f"{served}/command/alerts/")
    page.get_by_role("link", name=re.compile("wages|拖欠农民工工资纠纷")).first.click()
    page.add_init_script(COUNTED)
    page.reload()
    return page


def by_hand(page: Page) -> tuple[int, int]:
    """How many clicks and keys it took."""
    clicks, keys = (int(page.evaluate(f"sessionStorage.{kind} || 0")) for kind in
                    ("click", "keydown"))  # fmt: skip
    return clicks, keys


def test_from_an_alert_to_a_joint_meeting_in_two_clicks(
    cast: Cast, signed: Signed, served: str
) -> None:
    page = at_an_alert(signed(cast[COUNTY, "leader"], DESKTOP, "en"), served)
    page.get_by_role("link", name="Plan a joint meeting").click()
    expect(page.get_by_role("checkbox", checked=True)).not_to_have_count(0)
    looked_at(page, "meeting-of-an-alert")
    page.get_by_role("button", name="Plan a meeting").click()
    expect(page.get_by_text("Planned")).to_be_visible()
    assert by_hand(page) == (2, 0)
    looked_at(page, "meeting-planned")
    # What was put to the county, and what it put on its agenda itself, thirty of it at most.
    made = Meeting.objects.get()
    assert made.lines.count() == 31 and made.seats.count() == 1


def test_from_an_alert_to_a_round_in_two_clicks(cast: Cast, signed: Signed, served: str) -> None:
    page = at_an_alert(signed(cast[COUNTY, "leader"], PHONE, "zh-hans"), served)
    page.get_by_role("link", name="部署排查").click()
    expect(page.get_by_role("textbox", name="看哪几点")).to_have_value(re.compile("拖欠农民工工资"))
    looked_at(page, "round-of-an-alert")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("已发出")).to_be_visible()
    assert by_hand(page) == (2, 0)
    looked_at(page, "round-sent")
    assert "比平常多" in Round.objects.get().wanted


@pytest.fixture
def late(served: str) -> Cast:
    """Four limits a week, one of them late every third week; in the last, eight of ten."""
    cast, week = make_cast(["leader", "clerk"]), last_week(timezone.now())
    by = cast[VILLAGE, "clerk"]

    def ended(at: datetime, n: int, after: timedelta) -> None:
        made = [report(registry.get("mediation"), told(), key=uuid4().hex, now=at - after,
                       by=Resident()) for _n in range(n)]  # fmt: skip
        sweep(at)
        for one in made:
            act((one.county, one.id), accept, {}, key=uuid4().hex, now=at, by=by)

    for n in range(44, -1, -1):
        at = datetime.combine(week - n * WEEK, time(12), CHINA)
        late = 8 if not n else int(n % 3 == 0)
        ended(at, (4 if n else 10) - late, timedelta())
        ended(at, late, timedelta(weeks=3))
    watch(LINE[1], week, now=timezone.now())
    return cast


def test_a_share_that_is_late_is_shown_with_its_weeks(
    late: Cast, signed: Signed, served: str
) -> None:
    for size, language, name, more in (
        (PHONE, "zh-hans", "逾期办完的占比", "每周数字"),
        (DESKTOP, "en", "share of limits that ended late", "Figures by week"),
    ):
        page = signed(late[COUNTY, "leader"], size, language)
        page.goto(f"{served}/command/alerts/")
        looked_at(page, f"shares-{language}")
        page.get_by_role("link", name=name).first.click()
        page.get_by_text(more).click()
        looked_at(page, f"share-{language}")
        expect(page.get_by_role("row").filter(has_text="80 %").first).to_be_visible()


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
