"""A flood in one community of sixty buildings and two thousand households.

The sub-district's leader begins it and calls the roll; fifty-six chiefs answer, one of them on a
phone; three are silent, and deputies take over; every household is asked and every need met; the
mode is ended with its report, and on its date the night forgets who needed what.
"""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.mechanisms.neighbourhoods.models import Affected, Emergency, Need, RollCall
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, needs, roll_calls
from gongzhi.mechanisms.neighbourhoods.registers.needs import Given
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import COMMUNITY, Stage, make_stage
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder, as_holder
from gongzhi.people.scope import within
from gongzhi.site import demo
from tests.browser.acting import sign_in
from tests.browser.pages import PHONE, axe, fits, shot

pytestmark = pytest.mark.browser
BUILDINGS, EACH, SILENT = 60, 34, 3
HOMES = BUILDINGS * EACH


@pytest.fixture
def stage(served: str) -> Stage:
    made = make_stage(buildings=BUILDINGS, households=EACH)
    Account.objects.update(password=make_password(demo.PASSWORD))
    return made


def enter(browser: Browser, served: str, by: Holder) -> Page:
    return sign_in(browser, served, Account.objects.get(id=by.account).username)


def seen(page: Page, name: str) -> None:
    shot(page, f"flood-{name}")
    fits(page)
    axe(page)


def begun(page: Page, served: str) -> None:
    page.goto(f"{served}/neighbourhoods/emergency/new/")
    page.get_by_label("什么事").select_option("flood")
    page.get_by_label("名称").fill("西江洪水")
    page.get_by_label("范围").fill(COMMUNITY)
    page.get_by_label("理由").fill("水位超过警戒")
    page.get_by_role("button", name="先看会做什么").click()
    expect(page.get_by_text("60 栋楼")).to_be_visible()
    page.get_by_role("button", name="确认启动").click()
    page.get_by_role("button", name="点名：叫所有楼长").click()
    expect(page.locator("#figures .legend").first).to_contain_text("等候应答 60")


def answered(browser: Browser, served: str, stage: Stage) -> list[Holder]:
    """All but three; one of them presses the button. Returns who acts for the silent ones."""
    roll, now = RollCall.objects.get(), timezone.now()
    first, *others = stage.buildings[SILENT:]
    for of in others:
        roll_calls.answer(roll, now=now, by=stage.chiefs[of.id])
    chief = enter(browser, served, stage.chiefs[first.id])
    chief.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    chief.get_by_role("link", name=re.compile("应急点名")).click()
    chief.get_by_role("button", name="到", exact=True).first.click()
    expect(chief.get_by_text("已记下 1 栋楼")).to_be_visible()
    chief.context.close()
    later = now + timedelta(minutes=16)
    assert roll_calls.pass_on(later) == SILENT
    acting = []
    for of in stage.buildings[:SILENT]:
        (deputy,) = stage.deputies[of.id]
        roll_calls.answer(roll, now=later, by=deputy)
        acting.append(as_holder(deputy.account, stage.chiefs[of.id].post, at=later))
    return acting


def served_all(stage: Stage, acting: list[Holder]) -> None:
    of, now = Emergency.objects.get(), timezone.now() + timedelta(minutes=20)
    for n, building in enumerate(stage.buildings):
        by = acting[n] if n < SILENT else stage.chiefs[building.id]
        for home in stage.households(building):
            needs.register(of, home, ["food"], "", now=now, by=by)
        for shown in needs.of_building(of, building, by=by):
            needs.serve(shown.need.id, Given(words="送到"), now=now, by=by)


def test_called_taken_over_served_ended_forgotten(
    browser: Browser, served: str, stage: Stage
) -> None:
    leader = enter(browser, served, stage.leader)
    begun(leader, served)
    acting = answered(browser, served, stage)
    legend = leader.locator("#figures .legend").first
    expect(legend).to_contain_text("楼长到岗 57", timeout=6_000)
    expect(legend).to_contain_text("等候应答 0")
    seen(leader, "roll")
    served_all(stage, acting)
    of = Emergency.objects.get()
    leader.goto(f"{served}/neighbourhoods/emergency/{of.id}/")
    expect(leader.get_by_text("2040").first).to_be_visible()
    seen(leader, "board")
    leader.goto(f"{served}/neighbourhoods/emergency/{of.id}/end/")
    leader.get_by_label("为什么可以结束").fill("水退了")
    leader.get_by_role("button", name="结束战斗状态").click()
    expect(leader.get_by_role("link", name="PDF")).to_be_visible()
    seen(leader, "report")
    of.refresh_from_db()
    assert of.report is not None
    assert (of.report["registered"], of.report["served"], of.report["deputies"]) == (
        HOMES, HOMES, SILENT,
    )  # fmt: skip
    assert emergencies.erase_due(timezone.now() + timedelta(days=31)) == 1
    with within(stage.leader.scope):
        assert not Need.objects.exclude(erased_at=None).filter(note__isnull=False).exists()
        assert Need.objects.filter(erased_at=None).count() == 0
    assert sum(a.served for a in Affected.objects.filter(emergency=of)) == HOMES
