"""Fixtures of the browser tests."""

from tests.browser.pages import browser, chromium, desktop, phone, served
from tests.browser.signed import signed

__all__ = ["browser", "chromium", "desktop", "phone", "served", "signed"]
