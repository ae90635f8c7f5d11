"""What staff and residents do in the browser, in the words of the pages."""

import io
import re
from datetime import timedelta
from urllib.parse import urljoin

from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from gongzhi.site import demo
from tests.browser.pages import DESKTOP, opened

GPS = 0x8825


def photo() -> bytes:
    """A picture as a phone makes it: with the place where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#aa7744").save(out, "JPEG", exif=exif)
    return out.getvalue()


def sign_in(browser: Browser, url: str, username: str) -> Page:
    page = opened(browser, DESKTOP)
    page.goto(f"{url}/accounts/login/?next=/desk/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").first.fill(demo.PASSWORD)
    page.locator("main form").first.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/desk/"))
    return page


def do(page: Page, act: str) -> None:
    """Press the act's button on the case page; opens the fold where it lies in one."""
    fold = page.locator("details", has_text="联动与其他").first
    target = page.locator(".acts").get_by_role("link", name=act, exact=True)
    if not target.first.is_visible() and fold.count():
        fold.locator("summary").click()
    target.first.click()


def confirm(page: Page, act: str) -> None:
    page.locator("main form").get_by_role("button", name=act, exact=True).click()
    expect(page.get_by_text(f"已办理：{act}")).to_be_visible()


def fetch(page: Page, name: str) -> bytes:
    """What a link of the page leads to."""
    href = page.get_by_role("link", name=re.compile(name)).first.get_attribute("href")
    return page.request.get(urljoin(page.url, href)).body()


def draw(page: Page, n: int) -> None:
    box = page.locator("canvas").nth(n)
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + 30, at["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(at["x"] + 30 + step * 14, at["y"] + 60 + (step % 3) * 18)
    page.mouse.up()


def choose_mediator(page: Page, who: str) -> None:
    do(page, "指派调解员")
    page.get_by_label(re.compile(who)).first.check()
    page.get_by_label(re.compile("已核对")).check()
    confirm(page, "指派调解员")


def local(moment: timedelta) -> str:
    """So long from now, as a field for date and time takes it."""
    return (timezone.localtime() + moment).strftime("%Y-%m-%dT%H:%M")


def hold_session(page: Page, record: str, *present: str) -> None:
    do(page, "开展调解")
    page.get_by_label("时间", exact=True).fill(local(-timedelta(hours=1)))
    for who in present:
        page.get_by_label(who, exact=True).check()
    page.get_by_label("调解笔录").fill(record)
    confirm(page, "开展调解")


def write_agreement(page: Page, *, facts: str, terms: str, instalments: str = "") -> None:
    """A written agreement up to the signatures, which are drawn."""
    do(page, "达成协议")
    page.get_by_label("纠纷事实和争议").fill(facts)
    page.get_by_label("协议内容").fill(terms)
    page.get_by_label(re.compile("分期")).fill(instalments)
    for box in page.get_by_role("group", name=re.compile("逐项核对")).get_by_role("checkbox").all():
        box.check()
    for n in range(3):
        draw(page, n)
