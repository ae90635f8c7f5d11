"""Pages of staff, without the way through the sign-in page."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from gongzhi.cases.testing import signed_in
from gongzhi.people.posts import Holder
from tests.browser.pages import opened

Signed = Callable[[Holder, dict[str, int], str], Page]


@pytest.fixture
def signed(served: str, browser: Browser) -> Signed:
    """A page of somebody who is signed in, on a screen of this size and in this language."""

    def page_of(by: Holder, size: dict[str, int], language: str) -> Page:
        value = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
        page = opened(browser, size, locale=language)
        for name, said in ((settings.SESSION_COOKIE_NAME, value), ("django_language", language)):
            page.context.add_cookies([{"name": name, "value": said, "url": served}])
        return page

    return page_of
