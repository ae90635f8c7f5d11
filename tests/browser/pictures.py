"""Takes the pictures of README and guide from a running demo: `make pictures`."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.pages import CHROMIUM, DESKTOP, PHONE, QUIET, opened

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
URL = f"http://127.0.0.1:{os.environ.get('GONGZHI_PORT', '8000')}"


def sign_in(page: Page, username: str) -> None:
    """By the button that the demo's sign-in page has for each post."""
    page.goto(f"{URL}/accounts/login/?next=/desk/")
    page.locator(f"form:has(input[value='{username}']) button").click()
    page.wait_for_url("**/desk/**")


def of_roads(chromium: Browser) -> None:
    """What a chief, a department and a passer-by see."""
    county = opened(chromium, DESKTOP)
    sign_in(county, "countychief")
    county.goto(f"{URL}/desk/?kind=place&mechanism=roads&phase=handle")
    county.locator(".list tbody a").first.click()
    county.wait_for_url("**/cases/**")
    county.wait_for_load_state("networkidle")
    county.screenshot(path=FOLDER / "whistle.png")
    county.goto(f"{URL}/roads/departments/")
    county.screenshot(path=FOLDER / "departments.png")
    county.goto(f"{URL}/roads/map/")
    county.wait_for_load_state("networkidle")
    county.screenshot(path=FOLDER / "map.png")
    chief = opened(chromium, PHONE, is_mobile=True)
    sign_in(chief, "chief")
    chief.goto(f"{URL}/field/")
    chief.get_by_role("link", name="巡查", exact=True).wait_for()
    chief.screenshot(path=FOLDER / "field.png")


def of_homes(chromium: Browser) -> None:
    """What a resident, a chief and a community see."""
    chief = opened(chromium, PHONE, is_mobile=True)
    sign_in(chief, "buildingchief")
    chief.goto(f"{URL}/neighbourhoods/")
    chief.locator(".big a").first.click()
    chief.wait_for_load_state("networkidle")
    if "/buildings/" not in chief.url:
        chief.locator("main table a, main .list a").first.click()
    chief.wait_for_load_state("networkidle")
    chief.screenshot(path=FOLDER / "home-building.png")
    resident = opened(chromium, PHONE, is_mobile=True)
    resident.goto(chief.get_by_role("link", name="居民看到的页面").evaluate("a => a.href"))
    resident.screenshot(path=FOLDER / "home-door.png")
    community = opened(chromium, DESKTOP)
    sign_in(community, "community")
    for where, picture in (("campaigns", "home-campaign"), ("emergency", "home-drill")):
        community.goto(f"{URL}/neighbourhoods/{where}/")
        community.get_by_role("link", name=re.compile("冬季消防|转移演练")).first.click()
        if where == "campaigns":
            community.get_by_role("link", name="进度", exact=True).click()
        community.wait_for_load_state("networkidle")
        community.screenshot(path=FOLDER / f"{picture}.png")


def of_firms(chromium: Browser) -> None:
    """What a firm, an inspector, a leader and an auditor see of work safety."""
    firm = opened(chromium, PHONE, is_mobile=True)
    sign_in(firm, "firm")
    firm.goto(f"{URL}/safety/own/")
    firm.screenshot(path=FOLDER / "safety-own.png")
    firm.goto(f"{URL}/field/")
    firm.get_by_role("link", name="安全检查", exact=True).first.wait_for()
    firm.screenshot(path=FOLDER / "safety-phone.png")
    for who, where, picture in (
        ("inspector", "ranked", "ranked"), ("safety", "declines", "declines"),
        ("city", "plans", "plans"),
    ):  # fmt: skip
        page = opened(chromium, DESKTOP)
        sign_in(page, who)
        page.goto(f"{URL}/safety/{where}/")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"safety-{picture}.png")
    auditor = opened(chromium, DESKTOP)
    sign_in(auditor, "auditor")
    auditor.goto(f"{URL}/safety/audits/")
    auditor.locator("main .list a").first.click()
    auditor.wait_for_load_state("networkidle")
    auditor.screenshot(path=FOLDER / "safety-audit.png")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        desk = opened(chromium, DESKTOP)
        sign_in(desk, "clerk")
        desk.goto(f"{URL}/desk/?kind=place")
        desk.screenshot(path=FOLDER / "desk.png")
        desk.locator(".list tbody a").first.click()
        desk.wait_for_url("**/cases/**")
        desk.screenshot(path=FOLDER / "case.png")
        desk.goto(f"{URL}/desk/new/mediation/441226114202/")
        desk.screenshot(path=FOLDER / "register.png")
        mediator = opened(chromium, DESKTOP)
        sign_in(mediator, "mediator")
        mediator.goto(f"{URL}/desk/?kind=unit&phase=handle")
        mediator.locator(".list tbody a").first.click()
        mediator.wait_for_url("**/cases/**")
        mediator.goto(f"{mediator.url}do/agree/")
        mediator.screenshot(path=FOLDER / "agree.png")
        mediator.goto(f"{URL}/mediation/")
        mediator.screenshot(path=FOLDER / "mediation.png")
        leader = opened(chromium, DESKTOP)
        sign_in(leader, "city")
        leader.goto(f"{URL}/command/")
        leader.screenshot(path=FOLDER / "command.png")
        leader.goto(f"{URL}/mediation/filter/?place=441226&since=2024-11")
        leader.screenshot(path=FOLDER / "filter.png")
        leader.goto(f"{URL}/mediation/network/")
        leader.screenshot(path=FOLDER / "network.png")
        leader.goto(f"{URL}/desk/letters/mediation/agreement/")
        leader.screenshot(path=FOLDER / "letters.png")
        petitions = opened(chromium, DESKTOP)
        sign_in(petitions, "petitions")
        petitions.goto(f"{URL}/networks/resolution/meetings/")
        petitions.locator("main table a").first.click()
        petitions.wait_for_url("**/meetings/**")
        petitions.screenshot(path=FOLDER / "meeting.png")
        petitions.locator("main a[href*='/desk/cases/']").first.click()
        petitions.wait_for_url("**/cases/**")
        petitions.wait_for_load_state("networkidle")
        petitions.screenshot(path=FOLDER / "petition.png")
        petitions.goto(f"{petitions.url}progress/")
        petitions.screenshot(path=FOLDER / "progress.png")
        judge = opened(chromium, DESKTOP)
        sign_in(judge, "judge")
        judge.goto(f"{URL}/mediation/visits/")
        judge.screenshot(path=FOLDER / "visits.png")
        judge.goto(f"{URL}/mediation/calendar/")
        judge.screenshot(path=FOLDER / "calendar.png")
        phone = opened(chromium, PHONE, is_mobile=True)
        phone.goto(f"{URL}/")
        phone.screenshot(path=FOLDER / "phone.png")
        phone.goto(f"{URL}/report/mediation/441226114202/")
        phone.screenshot(path=FOLDER / "report.png")
        phone.goto(f"{URL}/mediation/near/?place=441226114202")
        phone.screenshot(path=FOLDER / "near.png")
        of_roads(chromium)
        of_homes(chromium)
        of_firms(chromium)
        chromium.close()


if __name__ == "__main__":
    main()
