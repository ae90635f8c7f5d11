"""Every component and the sign-in page, as people see them."""

import pytest
from playwright.sync_api import Browser, Page

from gongzhi.people.models import Account
from gongzhi.people.signin import DemoSignIn, offer_demo
from tests.browser.pages import DESKTOP, PHONE, axe, fits, opened, shot, violations

pytestmark = pytest.mark.browser
PAGES = {"components": "/ui/", "login": "/accounts/login/", "lost": "/lost/"}


def test_axe_sees_what_is_wrong(desktop: Page) -> None:
    desktop.set_content("<img src='x'><p style='color:#ccc'>faint</p><input>")
    found = " ".join(violations(desktop))
    assert all(rule in found for rule in ("image-alt", "color-contrast", "label"))


def look(page: Page, served: str, theme: str, size: str, language: str = "zh-hans") -> None:
    page.context.add_cookies(
        [
            {"name": "theme", "value": theme, "url": served},
            {"name": "type", "value": size, "url": served},
            {"name": "django_language", "value": language, "url": served},
        ]
    )


@pytest.mark.parametrize(("theme", "size"), [("light", "normal"), ("dark", "large")])
def test_pages_are_accessible_and_fit(browser: Browser, served: str, theme: str, size: str) -> None:
    offer_demo(lambda: [DemoSignIn("九市镇司法所 · 信访专干", "jiushi.clerk", "demo-gongzhi")])
    for screen, width in (("phone", PHONE), ("desktop", DESKTOP)):
        page = opened(browser, width)
        look(page, served, theme, size)
        for name, path in PAGES.items():
            page.goto(served + path)
            shot(page, f"{name}-{screen}-{theme}-{size}")
            fits(page)
            axe(page)
        page.context.close()
    offer_demo(list)


def test_pages_in_english_have_no_chinese_left(browser: Browser, served: str) -> None:
    page = opened(browser, DESKTOP)
    look(page, served, "light", "normal", "en")
    page.goto(served + "/accounts/login/")
    shot(page, "login-desktop-english")
    assert page.locator("html").get_attribute("lang") == "en"
    shown = page.locator("main").inner_text()
    assert not [c for c in shown if "\u4e00" <= c <= "\u9fff"], shown


def test_the_switches_work_without_a_script(browser: Browser, served: str) -> None:
    page = opened(browser, PHONE, java_script_enabled=False)
    page.goto(served + "/accounts/login/")
    page.get_by_text("显示", exact=True).click()
    page.get_by_role("button", name="大字").click()
    assert page.url == served + "/accounts/login/"
    assert page.locator("html").get_attribute("data-type") == "large"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.context.close()


def test_nothing_breaks_the_content_policy(browser: Browser, served: str) -> None:
    page = opened(browser, DESKTOP, bypass_csp=False)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/ui/", "/accounts/login/"):
        page.goto(served + path)
    page.context.close()
    assert said == []


def test_touch_targets_are_large_enough(phone: Page, served: str) -> None:
    phone.goto(served + "/ui/")
    small = phone.evaluate(
        """() => [...document.querySelectorAll("button, .button, .tabs a, summary, select")]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.9)
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_a_wrong_form_leads_to_its_fields(phone: Page, served: str) -> None:
    phone.goto(served + "/accounts/login/")
    phone.get_by_role("button", name="登录", exact=True).first.click()
    summary = phone.get_by_role("alert")
    assert summary.evaluate("e => e === document.activeElement")
    summary.get_by_role("link").first.click()
    field = phone.get_by_label("用户名")
    assert field.evaluate("e => e === document.activeElement")
    assert field.get_attribute("aria-describedby")
    shot(phone, "login-phone-wrong")
    axe(phone)


def test_pages_of_the_account_are_accessible(desktop: Page, served: str) -> None:
    Account.objects.create_user("a1", "the-right-password", name="陈明")
    desktop.goto(served + "/accounts/login/")
    desktop.get_by_label("用户名").fill("a1")
    desktop.get_by_label("密码").fill("the-right-password")
    desktop.get_by_role("button", name="登录", exact=True).click()
    desktop.goto(served + "/accounts/2fa/totp/activate/")
    desktop.get_by_label("密码").fill("the-right-password")
    axe(desktop)
    desktop.locator("main .primary").click()
    for path in ("2fa/totp/activate/", "2fa/", "password/change/", "logout/"):
        desktop.goto(f"{served}/accounts/{path}")
        assert desktop.url.endswith(path)
        axe(desktop)
        shot(desktop, "account-" + path.strip("/").replace("/", "-"))
