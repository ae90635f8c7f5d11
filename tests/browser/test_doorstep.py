"""Doorstep resolution through the real pages: who defaults, and a village that nobody serves."""

import random
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases import replay
from gongzhi.mechanisms.mediation import models
from gongzhi.site import demo
from tests.browser.acting import (
    choose_mediator,
    confirm,
    do,
    hold_session,
    sign_in,
    write_agreement,
)
from tests.browser.pages import PHONE, axe, fits, opened, shot
from tests.running import RunningSite

pytestmark = pytest.mark.browser
VILLAGE = "441226114202"


def registered(page: Page, url: str, *, matter: str, kind: str = "contract") -> str:
    """What a clerk writes down for somebody who came. Returns the address of the case."""
    page.goto(f"{url}/desk/new/mediation/{VILLAGE}/")
    page.get_by_label("是哪一类事情").select_option(kind)
    page.get_by_label("发生了什么").fill(matter)
    page.get_by_label("对方是谁").fill("某果苗场")
    page.get_by_label("申请人姓名").fill("王演示")
    page.get_by_label("申请人电话").fill("13800004455")
    page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_text("已登记")).to_be_visible()
    return page.url


def test_who_does_not_pay_the_second_part_is_called_back_and_taken_to_court(
    site: RunningSite, browser: Browser
) -> None:
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    clerk = sign_in(browser, site.url, "clerk")
    case = registered(clerk, site.url, matter="果苗死了一半，对方答应退款，一直没有退。")
    do(clerk, "受理")
    confirm(clerk, "受理")
    choose_mediator(clerk, "专职调解员")

    mediator = sign_in(browser, site.url, "mediator")
    mediator.goto(case)
    hold_session(mediator, "双方同意退一半货款，分两期。", "申请人", "对方当事人")
    today = timezone.localdate()
    parts = f"{today} 3000\n{today - timedelta(days=1)} 3000"
    write_agreement(mediator, facts="果苗成活率不足。", terms="退款六千元。", instalments=parts)
    confirm(mediator, "达成协议")
    do(mediator, "登记履行")
    mediator.get_by_label("第几项").select_option("1")
    mediator.get_by_label("履行情况").fill("第一期已到账。")
    confirm(mediator, "登记履行")

    do(mediator, "未履行，重新调解")
    mediator.get_by_label("理由").fill("第二期没有付，电话催过两次。")
    confirm(mediator, "未履行，重新调解")
    expect(mediator.get_by_role("heading", level=1)).to_be_visible()
    hold_session(mediator, "对方说下月再付。", "申请人", "对方当事人")
    later = f"{today + timedelta(days=20)} 3000"
    write_agreement(mediator, facts="第二期未付。", terms="下月付清。", instalments=later)
    confirm(mediator, "达成协议")
    axe(mediator)
    do(mediator, "未履行，移送法院")
    mediator.get_by_label(re.compile("哪个法院")).select_option(label="德庆县人民法院")
    mediator.get_by_label(re.compile("申请人同意")).check()
    mediator.get_by_label("哪些没有履行").fill("第二期三千元。")
    confirm(mediator, "未履行，移送法院")

    judge = sign_in(browser, site.url, "judge")
    judge.goto(case)
    do(judge, "立案")
    judge.get_by_label("案号").fill("（2026）粤1226民初1号")
    confirm(judge, "立案")
    do(judge, "审结")
    judge.get_by_label("结果").select_option("mediated")
    confirm(judge, "审结")
    shot(judge, "concluded")
    assert replay.verify() == []


def test_a_village_that_no_point_serves_gets_one(site: RunningSite, browser: Browser) -> None:
    demo.with_network(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    leader = sign_in(browser, site.url, "county")
    leader.goto(f"{site.url}/mediation/network/coverage/?place=441226")
    axe(leader)
    fits(leader)
    shot(leader, "coverage")
    lacking = leader.locator(".villages a").first
    before, name = leader.locator(".villages a").count(), lacking.inner_text().split()[0]
    lacking.click()
    expect(leader.get_by_role("heading", level=1)).to_contain_text(name)
    axe(leader)
    leader.locator(".offers button").first.click()
    leader.goto(f"{site.url}/mediation/network/coverage/?place=441226")
    expect(leader.locator(".villages a")).to_have_count(before - 1)

    resident = opened(browser, PHONE)
    served = models.Served.objects.latest("served_from")
    resident.goto(f"{site.url}/mediation/near/?place={served.village}")
    expect(resident.get_by_text("联系本村").first).to_be_visible()
    axe(resident)
    fits(resident)
    shot(resident, "near")
