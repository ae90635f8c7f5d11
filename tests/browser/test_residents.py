"""Residents register on a phone and a chief at the door without a signal, in Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Registered
from gongzhi.mechanisms.neighbourhoods.registers import residents
from gongzhi.mechanisms.neighbourhoods.tests.homes import NAME, PHONE, SAID, Homes
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from tests.browser.pages import axe, fits, shot
from tests.browser.phones import Phone

pytestmark = pytest.mark.browser


@pytest.fixture
def homes(served: str) -> Homes:
    return Homes()


def registered(homes: Homes) -> list[Registered]:
    with within(homes.chief.scope):
        return list(Registered.objects.filter(erased_at=None))


def looked_at(page: Page, name: str) -> None:
    shot(page, f"residents-{name}")
    fits(page)
    axe(page)


def test_a_resident_registers_by_the_household_link(phone: Page, served: str, homes: Homes) -> None:
    phone.goto(f"{served}/neighbourhoods/home/{homes.home.key}/register/")
    looked_at(phone, "home")
    phone.get_by_role("link", name="登记 邻里联系").click()
    looked_at(phone, "register")
    phone.get_by_label("姓名").fill(NAME)
    phone.get_by_label("电话").fill(PHONE)
    phone.locator("main summary").click()
    phone.locator("select[name=medicine]").select_option("cold")
    phone.get_by_role("button", name="同意并登记").click()
    expect(phone.get_by_role("alert")).to_contain_text("请勾选同意")
    looked_at(phone, "refused")
    phone.get_by_label("我同意登记“长期用药”").check()
    phone.get_by_role("button", name="同意并登记").click()
    expect(phone.get_by_role("heading", name="您的登记码")).to_be_visible()
    residents.look(homes.home.id, "停水，逐户通知", now=homes.now, by=homes.chief)
    phone.reload()
    expect(phone.get_by_text("停水，逐户通知")).to_be_visible()
    looked_at(phone, "mine")
    phone.get_by_role("link", name="更正").click()
    looked_at(phone, "correct")
    phone.get_by_role("link", name="返回").click()
    phone.get_by_role("link", name="撤回同意 长期用药").click()
    phone.get_by_role("button", name="撤回同意").click()
    expect(phone.get_by_text("药要冷藏")).to_have_count(0)
    phone.get_by_role("link", name="删除登记").click()
    looked_at(phone, "erase")
    phone.get_by_role("button", name="删除登记").click()
    expect(phone.get_by_text("您的登记已经删除。")).to_be_visible()
    assert registered(homes) == []


def sign_in(page: Page, served: str, by: Holder, language: str) -> None:
    cookie = signed_in(by).cookies["sessionid"].value
    page.context.add_cookies([
        {"name": "sessionid", "value": cookie, "url": served},
        {"name": "django_language", "value": language, "url": served},
    ])  # fmt: skip


def test_a_chief_and_the_community_look(desktop: Page, served: str, homes: Homes) -> None:
    homes.registered()
    homes.registered({**SAID, "name": "张小明", "phone": "13900002222"}, agreed=())
    homes.registered({"name": "Ann Lee", "phone": "13700003333"}, home=homes.next)
    homes.declared(name="疫苗接种", name_en="Vaccination")
    for by, name in ((homes.chief, "chief"), (homes.secretary, "community")):
        sign_in(desktop, served, by, "en")
        desktop.goto(f"{served}/neighbourhoods/residents/")
        looked_at(desktop, f"{name}-counts")
        desktop.get_by_role("link", name="Wangbu Garden 1").click()
        looked_at(desktop, f"{name}-building")
        desktop.get_by_role("link", name="101").click()
        looked_at(desktop, f"{name}-household")
        desktop.get_by_label("Why you need to look").fill("停水，逐户通知")
        desktop.get_by_role("button", name="Record the reason and look").click()
        expect(desktop.get_by_text(NAME)).to_be_visible()
        looked_at(desktop, f"{name}-clear")
    desktop.goto(f"{served}/neighbourhoods/purposes/")
    looked_at(desktop, "purposes")
    desktop.goto(f"{served}/neighbourhoods/purposes/new/")
    looked_at(desktop, "declare")


@pytest.fixture
def chiefs_phone(browser: Browser, served: str, homes: Homes, tmp_path: Path) -> Iterator[Phone]:
    found = Phone(browser, served, homes.chief, tmp_path / "phone", at=(111.9, 23.2))
    yield found
    found.context.close()


def test_a_chief_registers_at_the_door_without_a_signal(chiefs_phone: Phone, homes: Homes) -> None:
    page = chiefs_phone.open()
    chiefs_phone.context.set_offline(True)
    page.get_by_role("link", name="上门").click()
    looked_at(page, "field-doors")
    page.get_by_role("link", name="101").click()
    looked_at(page, "field-door")
    page.get_by_role("link", name="登记：邻里联系").click()
    expect(page.get_by_text("您本人同意")).to_be_visible()
    looked_at(page, "field-register")
    page.get_by_label("本人在场", exact=False).check()
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("电话").fill(PHONE)
    page.locator("summary:visible").click()
    page.locator("select[name=mobility]:visible").select_option("bed")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("请勾选同意")).to_be_visible()
    looked_at(page, "field-needs")
    page.get_by_label("我同意登记“行动不便”").check()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("已记在手机上，发送后从手机上删除。")).to_be_visible()
    expect(page.get_by_text("邻里联系：待发送 1")).to_be_visible()
    page = chiefs_phone.restart(offline=True)
    expect(page.locator("#waits b").first).to_have_text("1")
    assert registered(homes) == []
    chiefs_phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    (row,) = registered(homes)
    assert residents.own(str(row.key)).said == {"name": NAME, "phone": PHONE, "mobility": "bed"}
    left = page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open('gongzhi-field').onsuccess = ({target: {result}}) => {
                result.transaction('outbox').objectStore('outbox').getAll().onsuccess =
                    (event) => done(JSON.stringify(event.target.result));
            };
        })"""
    )
    assert NAME not in left and PHONE not in left
