"""The place picker by keyboard, by thumb, and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import PHONE, axe, fits, opened

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.picker_pages")]

JIUSHI = "441226114"
PATH = "广东省 / 肇庆市 / 德庆县 / 九市镇"


def test_a_place_is_picked_by_keyboard_alone(desktop: Page, served: str) -> None:
    page = desktop
    page.goto(f"{served}/try/")
    field = page.get_by_role("combobox", name="在哪里")
    field.press_sequentially("jiushi")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text(PATH)
    expect(page.get_by_role("status")).to_contain_text("找到")
    axe(page)
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "id_place_list_0")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(PATH)
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("Enter")
    expect(page.locator("#done")).to_have_text(JIUSHI)


def test_a_place_is_picked_by_thumb(phone: Page, served: str) -> None:
    phone.goto(f"{served}/try/")
    phone.get_by_label("在哪里").fill("九市")
    row = phone.get_by_role("option").first
    expect(row).to_be_visible()
    box = row.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    fits(phone)
    row.tap()
    expect(phone.get_by_role("listbox")).to_be_hidden()
    phone.get_by_role("button", name="下一步").tap()
    expect(phone.locator("#done")).to_have_text(JIUSHI)


def test_what_is_typed_after_choosing_counts(desktop: Page, served: str) -> None:
    desktop.goto(f"{served}/try/")
    field = desktop.get_by_label("在哪里")
    field.fill("九市")
    desktop.get_by_role("option").first.click()
    expect(field).to_have_value(PATH)
    field.fill("德庆县")
    field.press("Enter")
    expect(desktop.locator("#done")).to_have_text("441226")


def test_a_place_is_picked_without_javascript(browser: Browser, served: str) -> None:
    page = opened(browser, PHONE, java_script_enabled=False)
    page.goto(f"{served}/try/")
    page.get_by_label("在哪里").fill("圩镇社区居委会")
    page.get_by_role("button", name="下一步").click()
    choices = page.get_by_role("radio")
    expect(choices.nth(1)).to_be_visible()
    chosen = choices.nth(1).get_attribute("value")
    choices.nth(1).check()
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#done")).to_have_text(str(chosen))
    page.context.close()


def test_the_choices_are_plain_to_everybody(phone: Page, served: str) -> None:
    phone.goto(f"{served}/try/")
    phone.get_by_label("在哪里").fill("圩镇社区居委会")
    phone.get_by_label("在哪里").press("Enter")
    expect(phone.get_by_role("group", name="是哪一处？")).to_be_visible()
    axe(phone)
    fits(phone)


def test_the_policy_of_the_site_allows_the_picker(browser: Browser, served: str) -> None:
    page = opened(browser, PHONE, bypass_csp=False)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{served}/try/")
    page.get_by_label("在哪里").fill("九市")
    page.get_by_role("option").first.click()
    expect(page.get_by_label("在哪里")).to_have_value(PATH)
    assert said == []
    page.context.close()
