"""A flood in one community: a leader looks and begins, chiefs answer with one press on the phone,
and the board moves by itself."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.mechanisms.neighbourhoods.models import Emergency, RollCall
from gongzhi.mechanisms.neighbourhoods.registers import errands, needs, supplies
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import COMMUNITY, Stage, make_stage
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder
from gongzhi.site import demo
from tests.browser.acting import sign_in
from tests.browser.pages import PHONE, axe, fits, opened, shot

pytestmark = pytest.mark.browser
BUILDINGS = 6


@pytest.fixture
def stage(served: str) -> Stage:
    made = make_stage(buildings=BUILDINGS, households=8)
    Account.objects.update(password=make_password(demo.PASSWORD))
    return made


def username(of: Holder) -> str:
    return Account.objects.get(id=of.account).username


def enter(browser: Browser, served: str, by: Holder, width: dict[str, int] | None = None) -> Page:
    page = sign_in(browser, served, username(by))
    if width:
        page.set_viewport_size({"width": width["width"], "height": width["height"]})
    return page


def checked(page: Page, name: str) -> None:
    shot(page, f"emergency-{name}")
    fits(page)
    axe(page)


def english(page: Page, served: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": served}])


def begun(page: Page, served: str) -> None:
    page.goto(f"{served}/neighbourhoods/emergency/new/")
    page.get_by_label("什么事").select_option("flood")
    page.get_by_label("名称").fill("西江洪水")
    page.get_by_label("范围").fill(COMMUNITY)
    page.get_by_label("理由").fill("水位超过警戒")
    page.get_by_role("button", name="先看会做什么").click()
    expect(page.get_by_text(f"{BUILDINGS} 栋楼，48 户")).to_be_visible()
    checked(page, "preview")
    page.get_by_role("button", name="确认启动").click()
    page.get_by_role("button", name="点名：叫所有楼长").click()
    expect(page.get_by_role("heading", name=re.compile("点名"))).to_be_visible()


def test_chiefs_answer_and_the_board_moves(browser: Browser, served: str, stage: Stage) -> None:
    leader = enter(browser, served, stage.leader)
    begun(leader, served)
    legend = leader.locator("#figures .legend").first
    expect(legend).to_contain_text(f"等候应答 {BUILDINGS}")
    by = stage.chiefs[stage.buildings[0].id]
    chief = enter(browser, served, by, PHONE)
    chief.get_by_role("link", name=re.compile("应急点名")).click()
    checked(chief, "answer")
    chief.get_by_role("button", name="到", exact=True).click()
    expect(chief.get_by_text("已记下 1 栋楼")).to_be_visible()
    expect(legend).to_contain_text("楼长到岗 1", timeout=4_000)
    checked(leader, "roll")
    work(stage)
    chief.get_by_role("link", name="1 栋", exact=True).click()
    chief.get_by_label("哪一户").select_option(index=2)
    chief.get_by_label("药品、就医").check()
    chief.get_by_label("说明").fill("每天要打胰岛素")
    chief.get_by_role("button", name="登记", exact=True).click()
    expect(chief.get_by_text("每天要打胰岛素")).to_be_visible()
    checked(chief, "building")
    leader.goto(f"{served}/neighbourhoods/emergency/{Emergency.objects.get().id}/")
    checked(leader, "board")
    home = opened(browser, PHONE)
    home.goto(f"{served}/neighbourhoods/home/{stage.households(stage.buildings[2])[0].key}/need/")
    checked(home, "home")
    read_in_english(leader, served)
    leader.context.close()


def work(stage: Stage) -> None:
    of, now = Emergency.objects.get(), timezone.now()
    errands.give(of, ["逐户敲门"], now + timedelta(hours=3), now=now, by=stage.clerk)
    supplies.take_in(of, "米", "袋", 30, "民政局", now=now, by=stage.clerk)
    for n, at in enumerate(stage.buildings):
        for home in stage.households(at)[: n + 1]:
            kinds = ["food", "medicine", "care"][: 1 + n % 3]
            needs.register(of, home, kinds, "", now=now, by=None)


def read_in_english(page: Page, served: str) -> None:
    """Every page of it, wide; ended last."""
    of = Emergency.objects.get()
    english(page, served)
    where = f"{served}/neighbourhoods/emergency/{of.id}/"
    for name in ("", "tasks/", "supplies/", "shifts/", "needs/", "extend/", "end/"):
        page.goto(where + name)
        checked(page, f"english-{name.strip('/') or 'board'}")
    page.goto(f"{served}/neighbourhoods/emergency/rolls/{RollCall.objects.get().id}/")
    checked(page, "english-roll")
    for name in (
        "/neighbourhoods/",
        "/neighbourhoods/emergency/",
        "/neighbourhoods/emergency/new/",
    ):
        page.goto(served + name)
        checked(page, f"english{name.replace('/', '-')}")
    page.goto(f"{where}end/")
    page.get_by_label("Why it can end").fill("水退了")
    page.get_by_role("button", name="End emergency mode").click()
    expect(page.get_by_role("link", name="PDF")).to_be_visible()
    checked(page, "english-report")
