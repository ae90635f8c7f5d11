"""A firm's officer checks its workshop without a signal, in Chromium; three hazards arrive."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases.models import Attachment
from gongzhi.mechanisms.safety.models import Check, Inspection, Plan
from gongzhi.mechanisms.safety.tests.inspected import VILLAGE, Workshop, hazards
from gongzhi.people.scope import Scope, within
from tests.browser.acting import draw
from tests.browser.pages import axe, fits, shot
from tests.browser.phones import Phone, not_met, press

pytestmark = pytest.mark.browser

PARTS = 3  # categories that the plan asks for


class Due:
    """A plan asks the firm to check some categories of its workshop itself."""

    def __init__(self) -> None:
        self.shop = Workshop()
        categories = list(dict.fromkeys(i.category.code for i in self.shop.items))[:PARTS]
        self.items = [i for i in self.shop.items if i.category.code in categories]
        by, today = self.shop.officer, self.shop.today
        plan = Plan.objects.create(
            place=VILLAGE, name="月度自查", kind="self", unit=by.unit, categories=categories,
            every={}, valid_from=today, account=by.account, post=by.post, entered_at=self.shop.now,
        )  # fmt: skip
        self.check = Check.objects.create(
            plan=plan, site=self.shop.site, place=VILLAGE, unit=by.unit, from_day=today,
            due=today + timedelta(days=9),
        )  # fmt: skip


@pytest.fixture
def due(served: str) -> Due:
    return Due()


@pytest.fixture
def officers_phone(browser: Browser, served: str, due: Due, tmp_path: Path) -> Iterator[Phone]:
    found = Phone(browser, served, due.shop.officer, tmp_path / "phone", at=(111.78, 23.16))
    yield found
    found.context.close()


def looked_at(page: Page, name: str) -> None:
    shot(page, f"inspecting-{name}")
    fits(page)
    axe(page)


def test_a_self_check_without_a_signal(officers_phone: Phone, due: Due) -> None:
    codes = [i.code for i in due.items]
    bad, half = [codes[0], codes[1], codes[-1]], len(codes) // 2
    page = officers_phone.open()
    officers_phone.context.set_offline(True)
    page.get_by_role("link", name="安全检查").click()
    looked_at(page, "sites")
    page.get_by_role("link", name="冲压车间").click()
    page.get_by_label("记下我现在的位置").check()
    looked_at(page, "site")
    page.get_by_role("button", name="月度自查").click()
    for n, code in enumerate(codes[:half]):
        page.get_by_role("button", name="下一个没查的").click()
        if code in bad:
            not_met(page, code, pictured=n == 0)
        else:
            press(page, code)
    looked_at(page, "items")

    page = officers_phone.restart(offline=True)
    page.get_by_role("link", name="继续检查").click()
    expect(page.locator("#safety-bar b")).to_have_text(f"{half} / {len(codes)}")
    for code in codes[half:]:
        page.get_by_role("button", name="下一个没查的").click()
        if code in bad:
            not_met(page, code, pictured=False)
        else:
            press(page, code)
    page.get_by_role("link", name="结束检查").click()
    draw(page, 0)
    draw(page, 1)
    looked_at(page, "finish")
    page.get_by_role("button", name="结束并发送").click()
    expect(page.locator("#waits b").first).to_have_text("4")

    officers_phone.context.set_offline(False)
    expect(page.locator("#waits b").first).to_have_text("0")
    expect(page.get_by_text("已登记 3 处隐患")).to_be_visible()
    row = Inspection.objects.get()
    assert (row.asked, row.not_met, row.whole) == (len(codes), 3, True)
    assert row.longitude == 111.78
    found = hazards(due.shop.site.id)
    assert [c.facts["item"] for c in found] == sorted(bad)
    with within(Scope(place="44")):
        assert Attachment.objects.filter(case_id__in=[c.id for c in found]).count() == 1
    due.check.refresh_from_db()
    assert due.check.done_at is not None
    read_it(page, officers_phone.url, row)


def read_it(page: Page, url: str, row: Inspection) -> None:
    """On the desk: the firm's own list, the inspection, its record."""
    page.goto(f"{url}/safety/own/inspections/")
    looked_at(page, "own")
    page.get_by_role("link", name="冲压车间").click()
    expect(
        page.get_by_role("heading", name=f"查了 {row.asked} 项，应查 {row.asked} 项")
    ).to_be_visible()
    looked_at(page, "one")
    href = page.get_by_role("link", name=re.compile("PDF")).get_attribute("href")
    answer = page.request.get(f"{url}{href}")
    assert answer.headers["content-type"] == "application/pdf" and answer.body()[:5] == b"%PDF-"


def test_what_was_begun_by_mistake_goes(officers_phone: Phone, due: Due) -> None:
    page = officers_phone.open()
    page.get_by_role("link", name="安全检查").click()
    page.get_by_role("link", name="冲压车间").click()
    page.get_by_role("button", name="企业自查", exact=True).click()
    press(page, due.items[0].code)
    page.get_by_role("link", name="结束检查").click()
    expect(page.get_by_text("项没有查")).to_be_visible()
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="不要这次检查了").click()
    expect(page.get_by_text("这次检查已从手机上删除。")).to_be_visible()
    expect(page.get_by_role("link", name="继续检查")).to_have_count(0)
    assert not Inspection.objects.exists()


def test_the_nearest_site_comes_first(browser: Browser, served: str, tmp_path: Path) -> None:
    """Without a signal; whoever does not ask for it keeps the order of gravity."""
    shop = Workshop()
    firm = shop.site.enterprise
    near = {"longitude": 111.781, "latitude": 23.16}
    far = {"longitude": 111.9, "latitude": 23.16}
    shop.register.add_site(firm, "近处车间", colour="blue", **near)
    shop.register.add_site(firm, "远处车间", colour="red", **far)
    phone = Phone(browser, served, shop.inspector, tmp_path / "phone", at=(111.78, 23.16))
    page = phone.open()
    phone.context.set_offline(True)
    page.get_by_role("link", name="安全检查").click()
    rows = page.locator("#safety-sites li")
    expect(rows.first).to_contain_text("远处车间")
    page.get_by_role("button", name="离我近的在前").click()
    expect(rows.first).to_contain_text("近处车间")
    expect(rows.first).to_contain_text("102 米")
    expect(rows.nth(1)).to_contain_text("12.3 公里")
    expect(rows.nth(2)).to_contain_text("没有位置")
    looked_at(page, "nearest")
    phone.context.close()
