"""The article's Rainbow Road 彩虹路, X413 in Fenghuang town: nine villages, nine chiefs.

The chief of Gaohe patrols without a signal and finds a broken guard rail and a blocked view at a
junction. The branches are cut on the spot and looked at by the chief above; for the guard rail the
chief whistles for three departments: one comes, one disputes its duty, one comes late and only
after those above were told. All is done, seen on site, rated, struck off; the public page shows it.
"""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect

from gongzhi.cases import chasing, replay
from gongzhi.cases.models import Case
from gongzhi.mechanisms.roads.models import Charge, Section
from gongzhi.people.models import Account
from gongzhi.people.posts import posts_of
from gongzhi.people.scope import Scope, within
from gongzhi.site import config as configuration
from gongzhi.site import demo, embedded
from gongzhi.site.demo.duties import demo_road_lists
from tests.browser.acting import confirm, do, photo, sign_in
from tests.browser.pages import PHONE, axe, fits, opened, shot
from tests.browser.phones import Phone
from tests.running import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.long]
GAOHE = "441203103202"
PICTURE: FilePayload = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo()}
RAIL, JUNCTION = "护栏缺损", "路口视距不足"


@pytest.fixture
def hours(tmp_path: Path) -> Path:
    """How many hours later it is on the site than here."""
    found = tmp_path / "hours"
    found.write_text("0")
    return found


@pytest.fixture
def road(site: RunningSite, hours: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSite]:
    """The demo's city with its roads, served by a clock that can be put on."""
    site.stop()
    monkeypatch.setenv("LATER", str(hours))
    monkeypatch.setenv("GONGZHI_PORT", str(embedded.free_port()))
    demo.furnished(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    demo_road_lists("4412")
    running = RunningSite(configuration.read(), application="tests.later:application")
    running.start()
    yield running
    running.stop()


def wait(hours: Path, n: float) -> None:
    """So many hours pass, and the worker does what it does every minute."""
    hours.write_text(str(n))
    chasing.chase_late(timezone.now() + timedelta(hours=n))


def section() -> Section:
    return Section.objects.get(village=GAOHE)


def patrol(phone: Phone) -> None:
    """Out of reach: begun, two found, ended; sent when there is a signal again."""
    page = phone.open()
    phone.context.set_offline(True)
    page.get_by_role("link", name="巡查", exact=True).click()
    page.get_by_role("button", name="开始巡查").click()
    phone.find("事故多发点段", RAIL)
    phone.find("路口乱象", JUNCTION)
    page = phone.restart(offline=True)
    page.get_by_role("link", name="结束巡查").click()
    page.get_by_role("button", name="结束并记下").click()
    phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    shot(page, "rainbow-sent")


def case_of(kind: str) -> Case:
    with within(Scope(place="44")):
        return Case.objects.get(mechanism="roads", title__startswith=kind)


def go_to(page: Page, url: str, kind: str) -> None:
    case = case_of(kind)
    page.goto(f"{url}/desk/cases/{case.county}/{case.id}/")


def mend_and_check(browser: Browser, url: str, chief: Page) -> None:
    """The branches are cut at once; who cut them does not say that they are gone."""
    go_to(chief, url, JUNCTION)
    do(chief, "当场处置")
    chief.get_by_label("怎样处置的").fill("砍掉挡住视线的树枝。")
    chief.get_by_label("处置后的照片").set_input_files([PICTURE])
    confirm(chief, "当场处置")
    assert not chief.get_by_role("link", name="核验当场处置").count()
    upper = sign_in(browser, url, "townchief")
    go_to(upper, url, JUNCTION)
    do(upper, "核验当场处置")
    upper.get_by_label("现场看到的").fill("看得见来车了。")
    confirm(upper, "核验当场处置")
    upper.context.close()


def whistle(chief: Page, url: str) -> None:
    """Whom the list names is ticked with its reason; water is added, the town's office let be."""
    go_to(chief, url, RAIL)
    do(chief, "吹哨")
    expect(chief.get_by_text("修复或者增设护栏").first).to_be_visible()
    expect(chief.get_by_text("草案，未经本市确认").first).to_be_visible()
    chief.get_by_label(re.compile("路长办公室")).first.uncheck()
    chief.locator("summary", has_text="其他单位").click()
    chief.get_by_label("鼎湖区水利局", exact=True).check()
    axe(chief)
    confirm(chief, "吹哨")
    expect(chief.get_by_text("吹哨进度")).to_be_visible()


def report_in(page: Page, url: str) -> None:
    go_to(page, url, RAIL)
    do(page, "报到")
    page.get_by_label("已到现场").check()
    confirm(page, "报到")


def act_on_it(page: Page, url: str, what: str) -> None:
    go_to(page, url, RAIL)
    do(page, "反馈处置")
    page.get_by_label("怎样处置的").fill(what)
    page.get_by_label("处置后的照片").set_input_files([PICTURE])
    confirm(page, "反馈处置")


def dispute(browser: Browser, url: str) -> None:
    """The traffic police say it is not theirs; the chief above decides, by the list, that it is."""
    police = sign_in(browser, url, "police")
    go_to(police, url, RAIL)
    do(police, "报到")
    police.get_by_label("远程处置").check()
    police.get_by_label("不到现场的理由").fill("先核对职责。")
    police.get_by_label("不是本单位的职责").check()
    police.get_by_label("理由和依据").fill("护栏归交通运输部门。")
    confirm(police, "报到")
    upper = sign_in(browser, url, "townchief")
    go_to(upper, url, RAIL)
    do(upper, "裁定职责")
    upper.get_by_label("归它办").check()
    upper.get_by_label("依据").fill("责任清单：修复期间疏导交通。")
    confirm(upper, "裁定职责")
    upper.context.close()
    act_on_it(police, url, "疏导交通，设置警示标志。")
    police.context.close()


def late(browser: Browser, url: str, hours: Path) -> None:
    """Nobody comes from water: it is reminded, then the chief above is told and sees to it."""
    wait(hours, 25)
    wait(hours, 49)
    upper = sign_in(browser, url, "townchief")
    expect(upper.get_by_role("link", name=re.compile("督促")).first).to_be_visible()
    go_to(upper, url, RAIL)
    do(upper, "督促报到")
    upper.get_by_label("怎样督促的，结果怎样").fill("打了电话，答应马上来。")
    confirm(upper, "督促报到")
    upper.context.close()
    water = sign_in(browser, url, "441203.water.0")
    report_in(water, url)
    act_on_it(water, url, "清理塘边，加了安全绳。")
    water.context.close()


def see_and_rate(chief: Page, url: str, stars: tuple[str, ...]) -> None:
    """On site, department by department; then the hazard is struck off."""
    for star in stars:
        go_to(chief, url, RAIL)
        do(chief, "核验处置并评价")
        chief.get_by_label("哪个部门").select_option(index=0)
        chief.get_by_label("已处置好").check()
        chief.get_by_label(star, exact=True).check()
        confirm(chief, "核验处置并评价")
    go_to(chief, url, RAIL)
    do(chief, "核验销号")
    chief.get_by_label("现场看到的").fill("新护栏装好了。")
    chief.get_by_label("现场照片").set_input_files([PICTURE])
    confirm(chief, "核验销号")
    shot(chief, "rainbow-case")


def test_found_whistled_reported_mended_proven(
    road: RunningSite, hours: Path, browser: Browser, tmp_path: Path
) -> None:
    assert Charge.objects.filter(road__code="X413", section__isnull=False).count() == 9
    url, here = road.url, section()
    (holder,) = posts_of(Account.objects.get(username="chief").id, at=timezone.now())
    x, y = here.line[1]
    phone = Phone(browser, url, holder, tmp_path / "phone", at=(x, y))
    patrol(phone)
    phone.context.close()
    chief = sign_in(browser, url, "chief")
    mend_and_check(browser, url, chief)
    whistle(chief, url)
    transport = sign_in(browser, url, "transport")
    report_in(transport, url)
    act_on_it(transport, url, "换了十二米新护栏。")
    transport.context.close()
    dispute(browser, url)
    chief.context.close()
    late(browser, url, hours)
    chief = sign_in(browser, url, "chief")  # two days later nobody is signed in any more
    see_and_rate(chief, url, ("满意", "基本满意", "不满意"))
    for said in ("逾期催办、督促", "裁定职责", "督促报到"):
        expect(chief.locator(".timeline").get_by_text(said).first).to_be_visible()
    passer_by = opened(browser, PHONE)
    passer_by.goto(f"{url}/roads/at/{here.id}/")
    row = passer_by.get_by_role("row", name=re.compile(RAIL))
    expect(row).to_contain_text("办结")
    fits(passer_by)
    axe(passer_by)
    shot(passer_by, "rainbow-public")
    county = sign_in(browser, url, "countychief")
    county.goto(f"{url}/roads/departments/")
    expect(county.get_by_role("row", name=re.compile("水利局")).first).to_be_visible()
    shot(county, "rainbow-departments")
    assert replay.verify() == []
