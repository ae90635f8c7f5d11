"""Opens the site in Chromium as a phone and as a desktop, checks it with axe, takes pictures.

`served` is the address of the whole site on a database of its own.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".gongzhi" / "shots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Pages that a test leaves open do not work on beside the next."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def served(fresh_database: str) -> Iterator[str]:
    """The site over HTTP in a thread, its requests committing to a database of their own."""
    hosts, settings.ALLOWED_HOSTS = settings.ALLOWED_HOSTS, ["127.0.0.1"]
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    settings.ALLOWED_HOSTS = hosts


def opened(browser: Browser, size: dict[str, int], **options: Any) -> Page:
    """A page of its own, with its own cookies. The policy is bypassed for axe alone."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale=options.pop("locale", "zh-CN"),
        timezone_id="Asia/Shanghai",
        bypass_csp=options.pop("bypass_csp", True),
        **options,
    )
    return context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = opened(browser, PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    yield page
    page.context.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    page = opened(browser, DESKTOP)
    yield page
    page.context.close()


STILL = """() => Promise.allSettled(document.getAnimations()
    .filter(one => one.effect.getTiming().iterations !== Infinity).map(one => one.finished))"""

# What is not amiss is left in the browser: handing it over takes longer than finding it.
RUN = """tags => axe
    .run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: tags}})
    .then(found => found.violations)"""


def violations(page: Page) -> list[str]:
    """What axe finds, as sentences: rule, what to do, and where."""
    page.wait_for_load_state()
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    page.evaluate(STILL)  # a colour that is still fading in is not the page's
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(RUN, TAGS)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}\n"
        + "\n".join(f"    {node['html'][:160]}" for node in one["nodes"][:5])
        for one in found
    ]


def axe(page: Page) -> None:
    """Fails with every violation, readable."""
    found = violations(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


def fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert over <= 0, f"{page.url} is {over}px wider than the screen"


def shot(page: Page, name: str, *, full: bool = True) -> Path:
    """A picture under .gongzhi/shots/, for looking at and for the guide."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=full)
    return path


def looked_at(page: Page, name: str) -> None:
    """Axe finds nothing, it fits, and there is a picture of it."""
    axe(page)
    fits(page)
    shot(page, name)
