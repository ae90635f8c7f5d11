"""A chief goes from door to door without a signal, in Chromium: everything arrives, and once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.testing import make_post
from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Announcement,
    Campaign,
    Emergency,
    Progress,
    RollCall,
    Slot,
    Told,
)
from gongzhi.mechanisms.neighbourhoods.registers import (
    announcing,
    campaigns,
    emergencies,
    needs,
    roll_calls,
)
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach
from gongzhi.mechanisms.neighbourhoods.registers.emergencies import Wanted
from gongzhi.mechanisms.neighbourhoods.tests.homes import COMMUNITY, TOWN, Homes
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import SAID
from tests.browser.pages import axe, fits, shot
from tests.browser.phones import Phone

pytestmark = pytest.mark.browser


class Day:
    """What is to be done in the building on one day: a notice, a campaign, an emergency."""

    def __init__(self) -> None:
        self.homes = Homes()
        now, today = self.homes.now, timezone.localdate()
        self.notice: Announcement = announcing.publish(
            SAID, Reach(COMMUNITY), id_=self.homes.home.id, asks=True, channels=(),
            shown_until=today, by=self.homes.secretary, now=now,
        )  # fmt: skip
        self.campaign = campaigns.make(
            Campaign(
                kind="vaccination", name="流感疫苗接种", place=COMMUNITY, guidance="请带身份证。",
                spots=["社区服务站"], starts_on=today, ends_on=today,
                erase_on=today + timedelta(days=30),
            ),
            by=self.homes.secretary, now=now,
        )  # fmt: skip
        Slot.objects.create(
            campaign=self.campaign, building=self.homes.building, from_at=now,
            to_at=now + timedelta(hours=1), spot="社区服务站",
        )  # fmt: skip
        self.leader = make_post(self.homes.cast.units[TOWN], TOWN, "leader", unit_kind="government")
        wanted = Wanted(
            kind="flood", name="西江洪水", place=COMMUNITY, reason="水位", ends_on=today
        )
        self.emergency: Emergency = emergencies.activate(wanted, now=now, by=self.leader)
        self.roll: RollCall = roll_calls.call(self.emergency, now=now, by=self.leader)

    @property
    def done(self) -> tuple[int, int, int, int, int]:
        """Confirmed at doors; households and people who came; households asked and needs."""
        here = self.homes.building.id
        told = Told.objects.get(announcement=self.notice, building=here)
        came = Progress.objects.get(campaign=self.campaign, building=here)
        asked = Affected.objects.get(emergency=self.emergency, building=here)
        return told.at_door, came.came, came.people, asked.registered, asked.needs

    @property
    def answered(self) -> int:
        return roll_calls.standing(self.roll, COMMUNITY)[0].answered


@pytest.fixture
def day(served: str) -> Day:
    return Day()


@pytest.fixture
def chiefs_phone(browser: Browser, served: str, day: Day, tmp_path: Path) -> Iterator[Phone]:
    found = Phone(browser, served, day.homes.chief, tmp_path / "phone", at=(111.9, 23.2))
    yield found
    found.context.close()


def looked_at(page: Page, name: str) -> None:
    shot(page, f"offline-{name}")
    fits(page)
    axe(page)


def back(page: Page) -> None:
    page.locator("section:visible").get_by_role("link", name="返回").click()


def answer(page: Page) -> None:
    expect(page.get_by_role("heading", name="点名：请应答")).to_be_visible()
    looked_at(page, "called")
    page.get_by_role("button", name="到", exact=True).click()
    expect(page.get_by_text("您已答“到”，有信号马上发送。")).to_be_visible()
    looked_at(page, "answered")


def tell(page: Page) -> None:
    page.get_by_role("link", name="告知：周六停水 · 未回音 2").click()
    page.get_by_role("button", name="已上门告知 101").click()
    expect(page.get_by_text("已记下，待发送")).to_be_visible()
    page.get_by_role("button", name="已上门告知 102").click()
    page.get_by_role("button", name="按错了，取消 102").click()
    expect(page.get_by_role("button", name="已上门告知 102")).to_be_focused()
    looked_at(page, "notice")
    back(page)


def check_in(page: Page) -> None:
    page.get_by_role("link", name="签到：流感疫苗接种").click()
    expect(page.get_by_text("社区服务站")).to_be_visible()
    page.get_by_role("button", name="3 101").click()
    expect(page.get_by_text("人数：3")).to_be_visible()
    page.get_by_role("button", name="撤销 101").click()
    page.get_by_role("button", name="2 101").click()
    looked_at(page, "campaign")
    page.get_by_role("link", name="更多人").click()
    page.get_by_role("spinbutton", name="来了几个人").fill("7")
    looked_at(page, "people")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("人数：7")).to_be_visible()
    back(page)


def ask(page: Page) -> None:
    page.get_by_role("link", name="问需求：西江洪水").click()
    looked_at(page, "emergency")
    page.get_by_role("link", name="登记").first.click()
    page.get_by_label("药品、就医").check()
    page.get_by_label("说明").fill("药要冷藏")
    looked_at(page, "need")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已记在手机上，发送后从手机上删除。")).to_be_visible()
    back(page)


def test_what_was_done_without_a_signal_arrives_once(chiefs_phone: Phone, day: Day) -> None:
    page = chiefs_phone.open()
    chiefs_phone.context.set_offline(True)
    answer(page)
    page.get_by_role("link", name="上门").click()
    looked_at(page, "todo")
    tell(page)
    check_in(page)
    ask(page)
    assert (day.done, day.answered) == ((0, 0, 0, 0, 0), 0)
    page = chiefs_phone.restart(offline=True)
    expect(page.get_by_text("您已答“到”，有信号马上发送。")).to_be_visible()
    expect(page.locator("#waits b").first).to_have_text("9")
    chiefs_phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    expect(page.get_by_text("到。已记下 1 栋楼。")).to_be_visible()
    assert (day.done, day.answered) == ((1, 2, 9, 1, 1), 1)
    (said,) = needs.of_building(day.emergency, day.homes.building, by=day.homes.chief)
    assert said.note == "药要冷藏"
    page.get_by_role("link", name="上门").click()
    expect(page.get_by_role("link", name="未回音 1")).to_be_visible()


def test_with_a_signal_the_lists_follow_each_tap(chiefs_phone: Phone, day: Day) -> None:
    page = chiefs_phone.open()
    page.get_by_role("button", name="到", exact=True).click()
    expect(page.get_by_role("heading", name="点名：请应答")).to_have_count(0)
    page.get_by_role("link", name="上门").click()
    page.get_by_role("link", name="告知：周六停水").click()
    announcing.withdraw(day.notice.id, "发错了", by=day.homes.secretary, now=timezone.now())
    page.get_by_role("button", name="已上门告知 101").click()
    expect(page.get_by_text("这份公告已经撤回，不用再告知了。")).to_be_visible()
    expect(page.get_by_role("link", name="签到：流感疫苗接种")).to_be_visible()
    expect(page.get_by_role("link", name="告知：周六停水")).to_have_count(0)
    assert (day.done[0], day.answered) == (0, 1)
