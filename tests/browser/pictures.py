"""Takes the pictures of README and guide from a running demo: `make pictures`.

All of them, or of some roles alone: `python -m tests.browser.pictures leaders`.
"""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.browser.pages import CHROMIUM, PHONE, QUIET, opened
from tests.browser.pictures_of_figures import of_leaders, of_the_public
from tests.browser.touring import FOLDER, URL, sign_in, signed_in, still, taken


def of_roads(chromium: Browser) -> None:
    """What a chief, a department and a passer-by see."""
    city = signed_in(chromium, "city")  # some county always has one that is not over
    city.goto(f"{URL}/desk/?kind=place&mechanism=roads&phase=handle")
    city.locator(".list tbody a").first.click()
    city.wait_for_url("**/cases/**")
    still(city, "whistle")
    county = signed_in(chromium, "countychief")
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
    community = signed_in(chromium, "community")
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
        page = signed_in(chromium, who)
        page.goto(f"{URL}/safety/{where}/")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"safety-{picture}.png")
    auditor = signed_in(chromium, "auditor")
    auditor.goto(f"{URL}/safety/audits/")
    auditor.locator("main .list a").first.click()
    auditor.wait_for_load_state("networkidle")
    auditor.screenshot(path=FOLDER / "safety-audit.png")


def of_disputes(chromium: Browser) -> None:
    """What a clerk, a mediator, a leader and a judge see of disputes."""
    desk = signed_in(chromium, "clerk")
    desk.goto(f"{URL}/desk/?kind=place")
    desk.screenshot(path=FOLDER / "desk.png")
    desk.locator(".list tbody a").first.click()
    desk.wait_for_url("**/cases/**")
    desk.screenshot(path=FOLDER / "case.png")
    taken(desk, "/desk/new/mediation/441226114202/", "register")
    mediator = signed_in(chromium, "mediator")
    mediator.goto(f"{URL}/desk/?kind=unit&phase=handle")
    mediator.locator(".list tbody a").first.click()
    mediator.wait_for_url("**/cases/**")
    mediator.goto(f"{mediator.url}do/agree/")
    mediator.screenshot(path=FOLDER / "agree.png")
    taken(mediator, "/mediation/", "mediation")
    leader = signed_in(chromium, "city")
    taken(leader, "/mediation/filter/?place=441226&since=2024-11", "filter")
    taken(leader, "/mediation/network/", "network")
    taken(leader, "/desk/letters/mediation/agreement/", "letters")
    judge = signed_in(chromium, "judge")
    taken(judge, "/mediation/visits/", "visits")
    taken(judge, "/mediation/calendar/", "calendar")


def of_petitions(chromium: Browser) -> None:
    """A joint meeting, a petition, and how far its plan is."""
    petitions = signed_in(chromium, "petitions")
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


def of_residents(chromium: Browser) -> None:
    """Who has no account: the first page, a report, what is near."""
    phone = opened(chromium, PHONE, is_mobile=True)
    taken(phone, "/", "phone")
    taken(phone, "/report/mediation/441226114202/", "report")
    taken(phone, "/mediation/near/?place=441226114202", "near")


ROLES: Final[Mapping[str, Callable[[Browser], None]]] = {
    "disputes": of_disputes, "petitions": of_petitions, "residents": of_residents,
    "roads": of_roads, "homes": of_homes, "firms": of_firms, "leaders": of_leaders,
    "public": of_the_public,
}  # fmt: skip


def main(*roles: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for role in roles or ROLES:
            ROLES[role](chromium)
        chromium.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
