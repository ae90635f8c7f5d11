"""Plans of checks on a desktop, what is due on a phone, and the firm's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from gongzhi.cases.testing import LINE
from gongzhi.mechanisms.safety.models import Check, Training
from gongzhi.mechanisms.safety.registers import editions
from gongzhi.mechanisms.safety.tests.planning import Plans
from gongzhi.mechanisms.safety.tests.test_register_own import ordered
from tests.browser.pages import DESKTOP, PHONE, looked_at
from tests.browser.signed import Signed

pytestmark = pytest.mark.browser


@pytest.fixture
def town(served: str) -> Plans:
    editions.ship(LINE[1], now=timezone.now())
    found = Plans()
    found.now = timezone.now()
    found.many_sites(30, colour="yellow", facts=["dust"])
    found.add_site(found.add_firm("德庆县某木业加工厂"), "打磨车间", colour="red")
    return found


def late(town: Plans) -> None:
    """Some are late, some end this week, some later."""
    for n, check in enumerate(Check.objects.order_by("id")):
        day = town.today + timedelta(days=(-4, 0, 3, 20)[n % 4])
        Check.objects.filter(id=check.id).update(due=day, from_day=town.today - timedelta(days=9))


def test_a_plan_says_how_much_it_asks_before_it_is_saved(
    town: Plans, signed: Signed, served: str
) -> None:
    page = signed(town.leader, DESKTOP, "en")
    page.goto(served + reverse("safety:plans"))
    looked_at(page, "plans-none-en")
    page.get_by_role("link", name="New plan of checks").click()
    page.get_by_label("Name").fill("五金企业自查")
    looked_at(page, "plan-new-en")
    page.get_by_role("button", name="See how much it asks").click()
    expect(page.get_by_text("For 33 sites")).to_be_visible()
    expect(page.get_by_text("1 of the sites (firms: 1)")).to_be_visible()
    looked_at(page, "plan-preview-en")
    page.get_by_role("button", name="Save it like this").click()
    expect(page.get_by_role("heading", name="五金企业自查")).to_be_visible()
    looked_at(page, "plan-en")
    town.plan(kind="department", unit=town.fire, name="涉粉企业部门检查", facts=["dust"],
              every={"yellow": 30})  # fmt: skip
    late(town)
    page.goto(served + reverse("safety:plans"))
    looked_at(page, "plans-en")
    page.goto(served + reverse("safety:checks") + f"?place={LINE[2]}")
    looked_at(page, "checks-of-place-en")


def test_what_is_due_is_seen_on_a_phone(town: Plans, signed: Signed, served: str) -> None:
    town.plan(kind="grid", every={"yellow": 30, "red": 7, "blue": 90})
    late(town)
    page = signed(town.cast[LINE[-1], "grid_member"], PHONE, "zh-hans")
    page.goto(served + reverse("safety:checks"))
    looked_at(page, "checks")
    page.get_by_role("link", name="逾期的").click()
    looked_at(page, "checks-late")
    page = signed(town.leader, PHONE, "zh-hans")
    page.goto(served + reverse("safety:new_plan"))
    looked_at(page, "plan-new")
    page.get_by_label("名称").fill("企业自查")
    page.get_by_role("button", name="试算").click()
    looked_at(page, "plan-preview")
    page.goto(served + reverse("safety:plans"))
    looked_at(page, "plans")


def test_a_firms_own_page(town: Plans, signed: Signed, served: str) -> None:
    staff = town.staff("safety_officer")
    town.plan(every={"orange": 7, "yellow": 30, "blue": 90}, name="五金企业自查")
    late(town)
    Check.objects.exclude(site__in=[town.workshop, town.store]).delete()
    ordered(town, staff)
    said = {"place": LINE[2], "account": staff.account, "post": staff.post,
            "entered_at": town.now, "valid_from": town.today}  # fmt: skip
    Training.objects.create(title="冲压机械安全", url="https://example.org/press", **said)
    for size, language in ((PHONE, "zh-hans"), (DESKTOP, "en")):
        page = signed(staff, size, language)
        page.goto(served + reverse("safety:own"))
        page.locator("#orders summary").click()
        looked_at(page, f"own-{language}")
        page.goto(served + reverse("safety:own_hazards"))
        looked_at(page, f"own-hazards-{language}")
