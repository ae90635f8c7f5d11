"""Accidents on a phone, three declines and the monthly report on a desktop."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gongzhi.mechanisms.safety.models import Enterprise
from gongzhi.mechanisms.safety.tests.accidents import happened
from gongzhi.mechanisms.safety.tests.conftest import Stage
from gongzhi.mechanisms.safety.tests.register import code
from tests.browser.pages import DESKTOP, PHONE, looked_at
from tests.browser.signed import Signed

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(served: str) -> Iterator[Stage]:
    """A firm with a hazard, and accidents of two years in its county."""
    made, now = Stage(), timezone.now()
    Enterprise.objects.update(code=code(1))
    made.ordered()
    for n in range(26):
        happened(made.county_head, now - timedelta(days=366 + n), deaths=n % 5 == 0)
    for n in range(9):
        happened(made.county_head, now - timedelta(days=1 + n), industry="H62", place="441226",
                 kind="fire", injured=0)  # fmt: skip
    yield made


def test_an_accident_is_recorded_reported_and_compared_with_what_was_known(
    stage: Stage, signed: Signed, served: str
) -> None:
    page = signed(stage.head, PHONE, "zh-hans")
    at = timezone.localtime() - timedelta(hours=3)
    page.goto(f"{served}/safety/accidents/new/?site={stage.site.id}")
    page.get_by_label("发生时间").fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_label("企业知道的时间").fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_label("事故类别").select_option("机械伤害")
    page.get_by_label("和哪一大类检查内容有关").select_option("机械与金属加工")
    page.get_by_label("死亡人数").fill("3")
    looked_at(page, "accident-form")
    page.get_by_role("button", name="登记事故").click()
    expect(page.get_by_text("较大事故")).to_be_visible()
    page.get_by_label("什么时候上报的 县级部门").fill(
        f"{at + timedelta(minutes=50):%Y-%m-%dT%H:%M}"
    )
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("按时")).to_be_visible()
    page.get_by_text("说明是否相关").click()
    page.get_by_label("理由（用自己的话写）").fill("就是这台冲床，护罩还没有装")
    page.get_by_role("button", name="相关", exact=True).click()
    expect(page.get_by_text("就是这台冲床，护罩还没有装").first).to_be_visible()
    looked_at(page, "accident")
    page.goto(f"{served}/safety/accidents/")
    looked_at(page, "accidents")
    page.goto(f"{served}/safety/declines/?kind=year&month={at:%Y-%m}")
    looked_at(page, "declines")
    page.goto(f"{served}/safety/monthly/")
    page.get_by_role("button", name="现在汇总").click()
    looked_at(page, "monthly")


def test_a_leader_reads_declines_and_the_monthly_report(
    stage: Stage, signed: Signed, served: str
) -> None:
    page = signed(stage.county_head, DESKTOP, "en")
    page.goto(f"{served}/safety/declines/?kind=year")
    expect(page.get_by_text("says nothing of causes")).to_be_visible()
    looked_at(page, "declines-en")
    page.get_by_role("link", name="Monthly report").click()
    page.get_by_role("button", name="Make now").click()
    page.get_by_text("Add words").click()
    page.get_by_label("Words").fill("请各镇再查一遍")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("请各镇再查一遍").first).to_be_visible()
    looked_at(page, "monthly-en")
    page.goto(f"{served}/safety/accidents/")
    looked_at(page, "accidents-en")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    looked_at(page, "accident-en")
    page.goto(f"{served}/safety/accidents/import/")
    looked_at(page, "accidents-import-en")
