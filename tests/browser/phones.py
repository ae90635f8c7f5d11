"""A road chief's phone in Chromium, which can lose its signal and be switched off."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from gongzhi.cases.testing import signed_in
from gongzhi.people.posts import Holder
from tests.browser.acting import photo
from tests.browser.pages import CHROMIUM, PHONE, QUIET


class Phone:
    """A phone that can be switched off and on again: its browser keeps what is on its disk."""

    def __init__(
        self, browser: Browser, url: str, by: Holder, disk: Path, *, at: tuple[float, float]
    ) -> None:
        self.browser, self.url, self.disk, self.here = browser, url, disk, at
        self.context = self._on()
        cookie = signed_in(by).cookies["sessionid"].value
        self.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "domain": "127.0.0.1", "path": "/"}]
        )
        self.page = self.context.pages[0]

    def _on(self) -> BrowserContext:
        return self.browser.browser_type.launch_persistent_context(
            str(self.disk), executable_path=CHROMIUM, args=QUIET,
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            has_touch=True, is_mobile=True, locale="zh-CN", timezone_id="Asia/Shanghai",
            permissions=["geolocation"],
            geolocation={"longitude": self.here[0], "latitude": self.here[1]},
        )  # fmt: skip

    def open(self) -> Page:
        self.page.goto(f"{self.url}/field/")
        expect(self.page.locator("html")).to_have_attribute("data-offline", "ready")
        expect(self.page.get_by_role("heading", name="今天")).to_be_visible()
        return self.page

    def restart(self, *, offline: bool) -> Page:
        self.context.close()
        self.context = self._on()
        self.context.set_offline(offline)
        self.page = self.context.pages[0]
        self.page.goto(f"{self.url}/field/")
        return self.page

    def at(self, longitude: float) -> None:
        self.context.set_geolocation({"longitude": longitude, "latitude": self.here[1]})

    def find(self, group: str, matter: str) -> None:
        """A hazard in three taps: the photo, the matter, keep."""
        self.page.get_by_role("link", name="发现隐患").click()
        self.page.get_by_label("拍照").set_input_files(
            {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        self.page.get_by_role("button", name=group, exact=True).click()
        self.page.get_by_role("button", name=matter, exact=True).click()
        self.page.get_by_role("button", name="记下").click()
        expect(self.page.get_by_text("已记在手机上。")).to_be_visible()


def press(page: Page, code: str, verdict: str = "符合") -> None:
    """The answer to one item of a safety inspection."""
    button = page.locator(f"[data-code='{code}']").get_by_role("button", name=verdict, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def not_met(page: Page, code: str, *, pictured: bool) -> None:
    press(page, code, "不符合")
    item = page.locator(f"[data-code='{code}']")
    item.get_by_label("看到什么").fill(f"看到 {code} 不好")
    if pictured:
        item.get_by_label("拍照").set_input_files(
            {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        expect(item.get_by_role("button", name="删除照片")).to_have_count(1)
