"""A resident finds their town in the public account, reads its table and takes it along."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from gongzhi.portal.account import publishing
from gongzhi.portal.models import Publication
from gongzhi.portal.tests.accounts import counted
from gongzhi.ui.period import month_after
from tests.browser.pages import DESKTOP, looked_at, opened

pytestmark = pytest.mark.browser
LATER = datetime(2026, 11, 5, tzinfo=UTC)
MONTHS = [month_after("2026-01", n) for n in range(9)]
TOWNS = {"441226114": 12, "441226101": 3, "441226103": 24, "441226001": 31, "441202001": 60,
         "441202003": 44, "441203001": 9, "441203002": 17}  # fmt: skip


@pytest.fixture
def account(served: str) -> Iterator[str]:
    """Nine months of some towns."""
    cache.clear()
    for n, month in enumerate(MONTHS):
        for mechanism, more in (("mediation", n), ("roads", 2 * n)):
            counted(mechanism, {town: m + more for town, m in TOWNS.items()}, month=month)
            settled = {town: m // 2 + more for town, m in TOWNS.items()}
            counted(mechanism, settled, "settled.town.wages", month=month)
            counted(mechanism, {town: m // 5 for town, m in TOWNS.items()}, "fell_late", month)
        publishing.publish(month, now=LATER)
    yield f"{served}/account/"
    cache.clear()


def test_a_resident_finds_their_town_and_takes_its_table(account: str, phone: Page) -> None:
    phone.goto(account.removesuffix("account/"))
    phone.get_by_role("link", name="公开账").first.click()
    looked_at(phone, "account")
    phone.get_by_label("您的县（区）、乡镇或街道").fill("九市")
    phone.get_by_role("button", name="查看").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("公开账：九市镇")
    row = phone.get_by_role("table", name="按事项").get_by_role("row").filter(has_text="调解")
    expect(row.get_by_role("cell")).to_have_count(3)
    looked_at(phone, "account-town")
    with phone.expect_download() as taken:
        phone.get_by_role("link", name="下载这张表（CSV）").click()
    lines = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("month,place,name")
    assert all(",441226114," in line for line in lines[1:]) and len(lines) > 3


def test_a_reader_compares_counties_in_english(account: str, browser: Browser) -> None:
    page = opened(browser, DESKTOP, locale="en")
    page.goto(account)
    expect(page.get_by_role("heading", level=1)).to_have_text("Public account: Zhaoqing City")
    looked_at(page, "account-en")
    page.get_by_label("Month").select_option("2026-05")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="2026-05", exact=True)).to_be_visible()
    page.get_by_role("link", name="Road chiefs").click()
    page.get_by_role("link", name="Deqing").first.click()
    looked_at(page, "account-county-en")
    assert Publication.objects.count() == len(MONTHS)
