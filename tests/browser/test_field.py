"""A road chief's phone in Chromium: installed, the network cut, restarted, nothing lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Route, expect

from gongzhi.cases.act import Receipt, act, report
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Attachment, Case, Task
from gongzhi.cases.testing import LINE, Cast, make_cast, make_unit, told
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Charge, Covered, Patrol, Road, Section
from gongzhi.mechanisms.roads.registers import drafts
from gongzhi.networks.responsibility import entering
from gongzhi.people.posts import Resident
from gongzhi.people.scope import Scope, within
from tests.browser.pages import axe, fits, shot
from tests.browser.phones import Phone

pytestmark = pytest.mark.browser
VILLAGE = LINE[-1]
WAY = [[111.90, 23.20], [111.905, 23.20]]  # half a kilometre of the county's road


@pytest.fixture
def cast(served: str) -> Cast:
    found = make_cast()
    long_ago = timezone.localdate() - timedelta(days=30)
    road = Road.objects.create(code="X413", name="彩虹路", place=LINE[2], valid_from=long_ago)
    Section.objects.create(
        road=road, name="旺埠村段", village=VILLAGE, from_km=0, to_km=0.5, line=WAY,
        valid_from=long_ago,
    )  # fmt: skip
    chief = found[VILLAGE, "road_chief"]
    Charge.objects.create(post=chief.post, road=road, held_from=long_ago)
    return found


@pytest.fixture
def phone(browser: Browser, served: str, cast: Cast, tmp_path: Path) -> Iterator[Phone]:
    found = Phone(
        browser, served, cast[VILLAGE, "road_chief"], tmp_path / "phone", at=(WAY[0][0], WAY[0][1])
    )
    yield found
    found.context.close()


def reported() -> Receipt:
    hazard = told(category="guard_rail", title="护栏", parties=())
    return report(m.roads, hazard, key=uuid4().hex, now=timezone.now(), by=Resident())


def cases() -> list[Case]:
    with within(Scope(place="44")):
        return list(Case.objects.filter(mechanism="roads").order_by("reported_at", "id"))


def test_it_can_be_installed(phone: Phone) -> None:
    page = phone.open()
    devtools = phone.context.new_cdp_session(page)
    found: dict[str, Any] = devtools.send("Page.getInstallabilityErrors")
    assert found["installabilityErrors"] == []
    manifest = page.request.get(f"{phone.url}/field/manifest.webmanifest").json()
    assert manifest["scope"] == manifest["start_url"] == urlsplit(page.url).path
    active = "navigator.serviceWorker.ready.then(r => r.active.scriptURL)"
    assert page.evaluate(active) == f"{phone.url}/field/sw.js"


def test_a_patrol_without_a_signal_outlives_a_restart_and_is_sent_once(phone: Phone) -> None:
    phone.open()
    phone.context.set_offline(True)
    page = phone.restart(offline=True)
    expect(page.get_by_role("link", name="巡查", exact=True)).to_be_visible()
    page.get_by_role("link", name="巡查", exact=True).click()
    expect(page.get_by_text("旺埠村段")).to_be_visible()
    page.get_by_role("button", name="开始巡查").click()
    running = page.locator('[data-screen="roads-patrol"]')
    expect(running).to_contain_text("旺埠村段")
    for matter in ("护栏缺损", "视线遮挡"):
        phone.find("事故多发点段", matter)
    for n in range(1, 9):
        phone.at(WAY[0][0] + n * 0.0006)
        expect(running.locator('[data-of="km"]')).to_have_text(f"{n * 0.0613:.1f}")
    expect(running.locator('[data-of="found"]')).to_have_text("2")
    expect(page.locator("#waits b")).to_have_text(["3", "0"])
    page = phone.restart(offline=True)  # the patrol goes on where it was
    expect(page.get_by_role("heading", name="巡查进行中")).to_be_visible()
    phone.find("路口乱象", "占道经营")
    page.get_by_role("link", name="结束巡查").click()
    expect(page.locator('[data-screen="roads-finish"]')).to_contain_text("3 处")
    page.get_by_role("button", name="结束并记下").click()
    expect(page.locator("#waits b").first).to_have_text("5")
    assert cases() == []
    phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    found = cases()
    assert sorted(c.category for c in found) == ["guard_rail", "occupation", "sight"]
    with within(Scope(place="44")):
        assert Attachment.objects.count() == 3
    assert Patrol.objects.get().found == 3
    assert Covered.objects.get().share > 0.9
    page.get_by_role("link", name="发送记录").click()
    expect(page.locator("#outbox .tag.good")).to_have_count(5)
    page.get_by_role("button", name="发送", exact=True).click()
    assert len(cases()) == 3


def test_a_conflict_is_shown_and_settled(phone: Phone, cast: Cast) -> None:
    done = reported()
    page = phone.open()
    page.get_by_role("link", name="在办 1 件").click()
    page.get_by_role("link", name="护栏缺损").click()
    phone.context.set_offline(True)
    page.locator("summary", has_text="当场处置").click()
    page.get_by_label("怎样处置的").fill("我把护栏扶正了")
    page.locator("details[open]").get_by_role("button", name="当场处置").click()
    expect(page.get_by_text("已记下，待发送：当场处置")).to_be_visible()
    act((done.county, done.id), m.mend, {"note": Words("扶正")}, key=uuid4().hex,
        now=timezone.now(), by=cast[VILLAGE, "clerk"])  # fmt: skip
    phone.context.set_offline(False)
    expect(page.locator("#stuck")).to_be_visible()
    page.locator("#stuck a").click()
    expect(page.get_by_text("不再等这一步")).to_be_visible()
    shot(page, "field-conflict")
    axe(page)
    page.get_by_role("button", name="改为办理记录").click()
    expect(page.locator("#stuck")).to_be_hidden()
    expect(page.locator("#outbox .tag.good")).to_have_count(1)
    assert cases()[0].seq == 3


def test_a_chief_whistles_without_a_signal_for_whom_the_list_names(phone: Phone) -> None:
    called = {make_unit(LINE[2], kind) for kind in ("transport", "traffic_police")}
    entering.draft(drafts.lists(LINE[1], timezone.localdate()), now=timezone.now())
    reported()
    page = phone.open()
    phone.context.set_offline(True)
    page.get_by_role("link", name="在办 1 件").click()
    page.get_by_role("link", name="护栏缺损").click()
    page.locator("summary", has_text="吹哨").click()
    shot(page, "field-whistle")
    fits(page)
    axe(page)
    page.locator("details[open]").get_by_role("button", name="吹哨").click()
    expect(page.get_by_text("已记下，待发送：吹哨")).to_be_visible()
    phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    with within(Scope(place="44")):
        assert {t.unit for t in Task.objects.filter(name="report_in")} == called


@pytest.mark.parametrize("size", ["normal", "large"])
def test_every_screen_fits_and_is_accessible(phone: Phone, size: str) -> None:
    reported()
    page = phone.open()
    if size == "large":
        page.get_by_role("button", name="大字").click()
    page.evaluate("location.hash = 'roads'")
    page.get_by_role("button", name="开始巡查").click()
    expect(page.get_by_role("heading", name="巡查进行中")).to_be_visible()
    for name in ("home", "cases", "roads-patrol", "roads-finding", "roads-finish", "outbox"):
        page.evaluate(f"location.hash = '{name}'")
        expect(page.locator(f'[data-screen="{name}"]')).to_be_visible()
        shot(page, f"field-{name}-{size}")
        fits(page)
        axe(page)


def test_signing_out_asks_first_and_takes_everything_along(phone: Phone) -> None:
    page = phone.open()
    phone.context.set_offline(True)
    page.evaluate("location.hash = 'roads'")
    page.get_by_role("button", name="开始巡查").click()
    expect(page.get_by_role("heading", name="巡查进行中")).to_be_visible()
    page.evaluate("location.hash = 'home'")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="退出登录").click()
    assert "没有发送" in asked.value.message
    page.evaluate("location.hash = 'roads-finish'")
    page.get_by_role("button", name="结束并记下").click()
    phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{phone.url}/")
    left = page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open('gongzhi-field').onsuccess = ({target: {result}}) => {
                result.transaction('pack').objectStore('pack').count().onsuccess =
                    (event) => done(event.target.result);
            };
        })"""
    )
    assert left == 0


def test_a_new_version_is_offered_and_taken_when_wanted(phone: Phone) -> None:
    page = phone.open()
    expect(page.locator("#newer")).to_be_hidden()
    # How the reader likes it shown is part of the version.
    phone.context.add_cookies([{"name": "type", "value": "large", "url": phone.url}])
    page.reload()
    expect(page.locator("#newer")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="更新").click()
    expect(page.locator("html")).to_have_attribute("data-type", "large")
    expect(page.locator("#newer")).to_be_hidden()


def test_a_full_outbox_goes_in_parts_and_goes_on_where_it_broke_off(phone: Phone) -> None:
    page = phone.open()
    phone.context.set_offline(True)
    page.evaluate(
        """async () => {
            const outbox = await import('/static/field/outbox.js');
            for (let n = 0; n < 450; n += 1) {
                const data = {category: 'sight', place: '441226114202', longitude: 112 + n / 100,
                              latitude: 23.2};
                await outbox.append('roads.finding', `${n}`, data);
            }
        }"""
    )
    expect(page.locator("#waits b").first).to_have_text("450")
    sent: list[str] = []

    def second_breaks(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/field/sync", second_breaks)
    phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("250")
    expect(page.get_by_text("没有信号，记录都在手机上")).to_be_visible()
    assert len(cases()) == 200
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator("#waits b").first).to_have_text("0")
    assert len(sent) == 4 and len(cases()) == 450
