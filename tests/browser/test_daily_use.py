"""What a day does to pages: small screens, large type, a sign-in that ran out, impatience."""

import random
import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from gongzhi.site import demo
from tests.browser.acting import sign_in
from tests.browser.pages import DESKTOP, PHONE, axe, fits, opened, shot
from tests.browser.test_looks import look

pytestmark = pytest.mark.browser
FORM = "report/mediation/441226114202/"


@pytest.fixture
def city(served: str) -> Iterator[str]:
    """The site with units and posts. Requests are throttled by address, and all come from one."""
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    cache.clear()
    yield served
    cache.clear()


def fill_in(page: Page, words: str = "合作社拖欠我们的工资，一共三十八万元。") -> None:
    cards = page.get_by_role("radio", name=re.compile("拖欠农民工工资"))
    if cards.count():  # residents choose from cards, staff from a list
        cards.check()
    else:
        page.get_by_label("是哪一类事情").select_option("wages")
    page.get_by_label("发生了什么").fill(words)
    page.get_by_label("对方是谁").fill("某合作社")
    page.locator("[name=name]").fill("李工友")
    page.locator("[name=phone]").fill("13800007788")


def test_every_page_of_a_case_fits_and_is_accessible(city: str, browser: Browser) -> None:
    """On a phone in the dark with large type, and on a desktop in the light."""
    resident = opened(browser, PHONE, is_mobile=True)
    look(resident, city, "dark", "large")
    resident.goto(f"{city}/{FORM}")
    fill_in(resident)
    resident.get_by_role("button", name="提交").click()
    for path in ("receipt/", "case/", "case/add/", "case/withdraw/", "track/", "report/?q=jiushi"):
        resident.goto(f"{city}/{path}")
        fits(resident)
        axe(resident)
    for size, theme, type_ in ((PHONE, "dark", "large"), (DESKTOP, "light", "normal")):
        staff = sign_in(browser, city, "county")
        staff.set_viewport_size({"width": size["width"], "height": size["height"]})
        look(staff, city, theme, type_)
        paths = ["desk/?kind=place", "command/", "command/?place=441226114", "desk/team/"]
        staff.goto(f"{city}/desk/?kind=place")
        case = staff.locator(".list tbody a").first.get_attribute("href") or ""
        for path in (*paths, case[1:], f"{case[1:]}do/reveal/"):
            staff.goto(f"{city}/{path}")
            shot(staff, f"daily-{path.strip('/').split('/')[-1][:12]}-{size['width']}")
            fits(staff)
            axe(staff)
        staff.context.close()
    resident.context.close()


def test_what_was_typed_outlives_a_sign_in_that_ran_out(city: str, browser: Browser) -> None:
    page = sign_in(browser, city, "clerk")
    page.goto(f"{city}/desk/new/mediation/441226114202/")
    fill_in(page, "来访人说了半个小时。")
    page.context.clear_cookies(name="sessionid")
    page.locator("main .primary").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").first.fill(demo.PASSWORD)
    page.locator("main form").first.get_by_role("button", name="登录").click()
    expect(page.get_by_text("刚才填写的内容已恢复")).to_be_visible()
    expect(page.get_by_label("发生了什么")).to_have_value("来访人说了半个小时。")
    expect(page.get_by_label("是哪一类事情")).to_have_value("wages")
    page.locator("main .primary").click()
    expect(page).to_have_url(re.compile("/desk/cases/"))
    # No words about people stay in the tab.
    page.wait_for_function("sessionStorage.getItem('draft') === null")
    page.context.close()


def test_a_form_is_sent_once_however_often_it_is_pressed(city: str, phone: Page) -> None:
    sent: list[str] = []
    phone.on("request", lambda r: sent.append(r.method) if r.method == "POST" else None)
    phone.goto(f"{city}/{FORM}")
    fill_in(phone)
    phone.get_by_role("button", name="提交").evaluate("e => { e.click(); e.click(); e.click(); }")
    expect(phone.locator(".number")).to_be_visible()
    assert sent == ["POST"]
    phone.go_back()
    expect(phone.get_by_role("button", name="提交")).not_to_have_attribute("aria-busy", "true")


def test_two_clerks_at_one_case_are_told_who_was_first(city: str, browser: Browser) -> None:
    resident = opened(browser, PHONE)
    resident.goto(f"{city}/{FORM}")
    fill_in(resident)
    resident.get_by_role("button", name="提交").click()
    first, second = (sign_in(browser, city, "clerk") for _ in range(2))
    for page in (first, second):
        page.locator(".list tbody a").first.click()
        page.get_by_role("link", name="受理", exact=True).click()
    for page in (first, second):
        page.locator("main form").get_by_role("button", name="受理", exact=True).click()
    expect(first.get_by_text("已办理：受理")).to_be_visible()
    expect(second.get_by_text("这一步现在不能办理")).to_be_visible()
    for page in (first, second, resident):
        page.context.close()


def test_staff_work_by_keyboard_alone(city: str, browser: Browser) -> None:
    page = sign_in(browser, city, "clerk")
    page.goto(f"{city}/desk/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside
    page.context.close()


def test_a_leader_changes_the_text_of_a_letter(city: str, browser: Browser) -> None:
    """Changed, previewed, saved; the page fits and is accessible at both widths."""
    page = sign_in(browser, city, "city")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.goto(f"{city}/desk/letters/mediation/ending/")
        fits(page)
        axe(page)
    box = page.get_by_label("文书文本")
    box.fill(box.input_value() + "\n\n本市另行说明。{{ nobody }}\n")
    with page.context.expect_page() as opened_:
        page.get_by_role("button", name="预览（一般）").click()
    expect(opened_.value.locator("main")).to_contain_text("没有叫“nobody”的内容")
    opened_.value.close()
    box.fill(box.input_value().replace("{{ nobody }}", "{{ matter }}"))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    expect(page.locator("ins").last).to_contain_text("本市另行说明")
    axe(page)
    page.context.close()
