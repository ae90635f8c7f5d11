"""Pictures of what leaders and the public see of the figures: for the tours of both."""

from playwright.sync_api import Browser

from tests.browser.pages import DESKTOP, PHONE, opened
from tests.browser.touring import FOLDER, ROOT, signed_in, still, taken

REPLAYED = ROOT / ".gongzhi" / "replay" / "replay.html"


def of_leaders(chromium: Browser) -> None:
    """The two minutes of a county's leader, then what hangs on the city's wall."""
    county = signed_in(chromium, "county")
    taken(county, "/command/", "command")
    county.locator("#map").evaluate("map => map.scrollIntoView({block: 'start'})")
    still(county, "command-places")
    heading = county.get_by_role("heading", name="随时间")
    heading.evaluate("heading => heading.scrollIntoView({block: 'start'})")
    still(county, "command-times")
    taken(county, "/command/compare/?span=year", "command-compare")
    taken(county, "/command/indicators/?span=year&mechanism=mediation", "command-indicators")
    taken(county, "/command/reports/?kind=month", "command-report")
    taken(county, "/command/alerts/", "command-alerts")
    county.locator("main table a").first.click()
    still(county, "command-alert")
    city = signed_in(chromium, "city")
    taken(city, "/command/?wall=1&span=weeks", "command-wall")


def of_the_public(chromium: Browser) -> None:
    """The public account on a phone and on a desktop, and the article's year if it was replayed."""
    phone = opened(chromium, PHONE, is_mobile=True)
    taken(phone, "/account/", "account-phone")
    desktop = opened(chromium, DESKTOP)
    taken(desktop, "/account/?place=441226", "account")
    if REPLAYED.exists():
        desktop.goto(REPLAYED.as_uri())
        desktop.screenshot(path=FOLDER / "replay.png")
