"""A running demo, and a person who looks around in it."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.pages import DESKTOP, opened

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
URL = f"http://127.0.0.1:{os.environ.get('GONGZHI_PORT', '8000')}"


def sign_in(page: Page, username: str) -> None:
    """By the button that the demo's sign-in page has for each post."""
    page.goto(f"{URL}/accounts/login/?next=/desk/")
    page.locator(f"form:has(input[value='{username}']) button").click()
    page.wait_for_url("**/desk/**")


def signed_in(chromium: Browser, username: str) -> Page:
    page = opened(chromium, DESKTOP)
    sign_in(page, username)
    return page


def taken(page: Page, path: str, name: str) -> None:
    """A picture of an address, once nothing more comes."""
    answer = page.goto(f"{URL}{path}")
    assert answer and answer.ok, f"{path} is not there"  # no picture of an error
    still(page, name)


def still(page: Page, name: str) -> None:
    """A picture of what is there, once nothing more comes."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
