"""Fixtures of the browser tests."""

from tests.browser.pages import browser, desktop, phone, served

__all__ = ["browser", "desktop", "phone", "served"]
