"""The catalogue of checks on a phone and on a desktop, and a new edition that has a fault first."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gongzhi.cases.testing import LINE, Cast, make_cast
from gongzhi.mechanisms.safety.registers import editions
from gongzhi.mechanisms.safety.registers.catalogue_reading import BOOK
from gongzhi.mechanisms.safety.tests.test_catalogue_reading import BASIS, CATEGORY, ITEM
from tests.browser.pages import DESKTOP, PHONE, looked_at
from tests.browser.signed import Signed

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(served: str) -> Cast:
    editions.ship(LINE[1], now=timezone.now())
    return make_cast()


def test_an_item_is_found_on_a_phone(cast: Cast, signed: Signed, served: str) -> None:
    page = signed(cast[LINE[-1], "grid_member"], PHONE, "zh-hans")
    page.goto(f"{served}/safety/")
    looked_at(page, "safety-hub")
    page.get_by_role("link", name="检查清单").first.click()
    looked_at(page, "catalogue")
    page.get_by_label("词语").fill("光幕")
    page.get_by_role("button", name="查找").click()
    looked_at(page, "catalogue-found")
    page.get_by_role("link", name="光幕到模具").click()
    expect(page.get_by_text("检查方法")).to_be_visible()
    looked_at(page, "catalogue-item")


def test_an_edition_comes_in_once_it_has_no_fault(
    cast: Cast, signed: Signed, served: str, tmp_path: Path
) -> None:
    page = signed(cast[LINE[1], "leader"], DESKTOP, "en")
    page.goto(f"{served}/safety/catalogue/")
    looked_at(page, "catalogue-en")
    page.get_by_role("link", name="Import").click()
    page.get_by_label("Name").fill("Our edition")
    page.get_by_label("Basis").fill("Document 1")
    for basis, file in (("nothing：第一条", "wrong.xlsx"), (ITEM["basis"], "right.xlsx")):
        item = {**ITEM, "basis": basis}
        lines = {"categories": [CATEGORY], "items": [item], "bases": [BASIS]}
        (tmp_path / file).write_bytes(BOOK.made(lines))
        page.get_by_label("Excel").set_input_files(tmp_path / file)
        page.get_by_role("button", name="Check").click()
        looked_at(page, f"catalogue-{file[:5]}")
    page.get_by_role("button", name="Enter as a new edition").click()
    expect(page.get_by_role("heading", name="Our edition")).to_be_visible()
    page.get_by_role("link", name="Editions by place").click()
    looked_at(page, "catalogue-editions")
    page.get_by_role("link", name="What changed").click()
    expect(page.get_by_text("3 added")).to_be_visible()
    looked_at(page, "catalogue-since")
