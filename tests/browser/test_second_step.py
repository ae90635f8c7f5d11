"""The second step of signing in, on a phone, as set up and as asked for, in both languages."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from gongzhi.people.models import Account
from tests.browser.pages import PHONE, axe, fits, opened, shot
from tests.browser.test_looks import look
from tests.stories.test_sign_in import code_for

pytestmark = pytest.mark.browser
PASSWORD = "the-right-password"


@pytest.fixture
def account(served: str) -> Iterator[str]:
    cache.clear()
    Account.objects.create_user("a1", PASSWORD, name="CM")
    yield served
    cache.clear()


def checked(page: Page, language: str, name: str) -> None:
    shot(page, f"{name}-{language}")
    axe(page)
    fits(page)
    shown = page.locator("main").inner_text()
    chinese = [c for c in shown if "\u4e00" <= c <= "\u9fff" and c not in "共治"]
    assert bool(chinese) == (language == "zh-hans"), shown
    bare = page.evaluate(
        """() => [...document.querySelectorAll("main button, main a.button")]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.9)
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert bare == [], bare


def send(page: Page) -> None:
    """And wait for the answer: what is typed into the page before is gone with it."""
    with page.expect_navigation():
        page.locator("main form button[type=submit], main form button:not([type])").first.click()


def sign_in(page: Page, address: str) -> None:
    page.goto(address + "/accounts/login/")
    page.locator("#id_login").fill("a1")
    page.locator("#id_password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("#id_password").press("Enter")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_second_step_is_set_up_and_used(browser: Browser, account: str, language: str) -> None:
    first = opened(browser, PHONE, has_touch=True, is_mobile=True)
    look(first, account, "light", "normal", language)
    sign_in(first, account)
    first.goto(account + "/accounts/2fa/totp/activate/")
    if first.locator("[name=password]").count():
        checked(first, language, "password-again")
        first.locator("[name=password]").fill(PASSWORD)
        send(first)
    checked(first, language, "second-step-set-up")
    first.locator("[name=code]").fill("000000")
    send(first)
    checked(first, language, "second-step-set-up-wrong")
    secret = first.locator("#authenticator_secret").input_value()
    first.locator("[name=code]").fill(code_for(secret))
    send(first)
    first.wait_for_url("**/recovery-codes/**")
    checked(first, language, "recovery-codes")
    first.goto(account + "/accounts/2fa/")
    checked(first, language, "second-step")
    first.context.close()

    cache.clear()  # a code is good once, also the one that set it up
    page = opened(browser, PHONE, has_touch=True, is_mobile=True)
    look(page, account, "light", "normal", language)
    sign_in(page, account)
    page.wait_for_url("**/2fa/authenticate/**")
    checked(page, language, "second-step-asked")
    page.locator("[name=code]").fill(code_for(secret))
    send(page)
    page.wait_for_url("**/desk/**")
    page.context.close()
