"""Doorstep resolution through the real pages: who defaults, and a village that nobody serves."""

import random
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases import replay
from gongzhi.mechanisms.mediation import models
from gongzhi.people.models import Appointment, Unit
from gongzhi.site import demo
from tests.browser.acting import (
    choose_mediator,
    confirm,
    do,
    hold_session,
    local,
    photo,
    sign_in,
    write_agreement,
)
from tests.browser.pages import PHONE, axe, fits, opened, shot
from tests.running import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.long]
VILLAGE, JIUSHI = "441226114202", "441226114"
GUANGNING = "441223100001"


def registered(page: Page, url: str, *, matter: str, kind: str = "contract") -> str:
    """What a clerk writes down for somebody who came. Returns the address of the case."""
    page.goto(f"{url}/desk/new/mediation/{VILLAGE}/")
    page.get_by_label("是哪一类事情").select_option(kind)
    page.get_by_label("发生了什么").fill(matter)
    page.get_by_label("对方是谁").fill("某果苗场")
    page.get_by_label("申请人姓名").fill("王演示")
    page.get_by_label("申请人电话").fill("13800004455")
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_load_state()
    if page.locator("#similar").count():  # the same person comes again, with another matter
        axe(page)
        page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_text("已登记").first).to_be_visible()
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
    demo.furnished(random.Random(1))  # noqa: S311 -- the demo's names, no secret
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


def test_the_divorce_of_guangning_is_reconciled_in_a_studio(
    site: RunningSite, browser: Browser
) -> None:
    demo.furnished(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    judge = sign_in(browser, site.url, "441223.court.0")
    judge.goto(f"{site.url}/desk/new/mediation/{GUANGNING}/")
    axe(judge)
    judge.get_by_label("是哪一类事情").select_option("family")
    judge.get_by_label("发生了什么").fill(
        "结婚二十年，妻子起诉离婚，丈夫不同意，两个孩子还在上学。"
    )
    judge.get_by_label("对方是谁").fill("丈夫（演示）")
    judge.get_by_label("申请人姓名").fill("陈演示")
    judge.get_by_label("申请人电话").fill("13800006677")
    judge.get_by_label("交给哪里").select_option(label=studio_name())
    judge.locator("main form").get_by_role("button").last.click()
    expect(judge.get_by_text("请写法院的案号").first).to_be_visible()
    judge.get_by_label("法院案号").fill("（2026）粤1223民诉前调1号")
    judge.locator("main form").get_by_role("button").last.click()
    expect(judge.get_by_text("已登记")).to_be_visible()
    case = judge.url

    studio = sign_in(browser, site.url, "studio")
    studio.goto(case)
    expect(studio.get_by_text("诉前委派调解期限")).to_be_visible()
    do(studio, "受理")
    confirm(studio, "受理")
    choose_mediator(studio, "金牌调解员")
    hold_session(studio, "妻子要求离婚，丈夫不同意，认为感情还在。", "申请人", "对方当事人")
    do(studio, "约定调解时间")
    studio.get_by_label("什么时候").fill(local(timedelta(days=2)))
    studio.get_by_label(re.compile("广宁县人民法院")).first.check()
    confirm(studio, "约定调解时间")
    shot(studio, "booked")
    hold_session(studio, "分别谈过，丈夫认错，妻子愿意再给机会。", "申请人", "对方当事人")
    write_agreement(studio, facts="夫妻争吵引起。", terms="双方和好，丈夫戒酒，妻子撤回起诉。")
    confirm(studio, "达成协议")

    judge.goto(f"{site.url}/desk/")
    judge.get_by_role("link", name=re.compile("^接收委派")).click()
    do(judge, "收到调解结果")
    judge.get_by_label("法院怎样处理").select_option("dropped")
    confirm(judge, "收到调解结果")
    clerk = sign_in(browser, site.url, "441223.governance_centre.0")
    clerk.goto(case)
    do(clerk, "核实办结")
    clerk.get_by_label("核实情况").fill("已电话回访，双方和好。")
    confirm(clerk, "核实办结")
    clerk.goto(f"{site.url}/mediation/filter/")
    expect(clerk.get_by_text("县（区）化解").first).to_be_visible()
    axe(clerk)
    fits(clerk)
    assert replay.verify() == []


def studio_name() -> str:
    """Named after its mediator, who is invented."""
    return Unit.objects.get(place="441223", kind="studio").name


def test_a_judge_hears_three_disputes_and_teaches_on_a_visit_day(
    site: RunningSite, browser: Browser
) -> None:
    demo.furnished(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    models.Lecture.objects.all().delete()
    models.Visit.objects.all().delete()
    clerk = sign_in(browser, site.url, "clerk")
    cases = []
    for n in range(3):
        cases.append(registered(clerk, site.url, matter=f"第 {n + 1} 家说好的果苗款没有退。"))
        do(clerk, "受理")
        confirm(clerk, "受理")
        choose_mediator(clerk, "专职调解员")

    leader = sign_in(browser, site.url, "county")
    leader.goto(f"{site.url}/mediation/visits/new/")
    axe(leader)
    leader.get_by_label("哪个联络点").select_option(label=point_name())
    leader.get_by_label("什么时候开始").fill(local(timedelta(hours=2)))
    leader.locator("main form").get_by_role("button").last.click()
    expect(leader.get_by_text("已安排 1 个驻点日")).to_be_visible()

    clerk.goto(f"{site.url}/mediation/visits/")
    axe(clerk)
    with clerk.expect_navigation():
        clerk.locator("tbody a").first.click()
    visit = clerk.url
    for n, case in enumerate(cases):
        clerk.goto(case)
        number = clerk.locator("main p.soft").first.inner_text().split(" · ")[0]
        clerk.goto(visit)
        clerk.get_by_label("案件编号").fill(number)
        clerk.get_by_label("几点").select_option(index=0)
        clerk.get_by_role("button", name="预约").click()
        expect(clerk.locator(".timeline a")).to_have_count(n + 1)
    fits(clerk)
    shot(clerk, "visit")

    judge = sign_in(browser, site.url, visited_by())
    for n in range(3):
        judge.goto(visit)
        judge.locator(".timeline a").nth(n).click()
        hold_session(judge, "释明法律，双方各让一步。", "申请人", "对方当事人", "法官")
    judge.goto(visit)
    expect(judge.locator(".timeline .good")).to_have_count(3)
    judge.get_by_role("link", name="登记普法讲座").click()
    judge.get_by_label("讲什么").fill("果苗买卖怎样留证据")
    judge.get_by_label("什么时候").fill(local(-timedelta(minutes=5)))
    judge.get_by_label("多少人参加").fill("42")
    judge.get_by_label(re.compile("照片")).set_input_files(
        {"name": "讲座.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    judge.locator("main form").get_by_role("button").last.click()
    expect(judge.get_by_text("42 人参加")).to_be_visible()
    expect(judge.locator("img.photo")).to_be_visible()
    axe(judge)
    assert replay.verify() == []


def point_name() -> str:
    return Unit.objects.get(place__startswith=JIUSHI, kind="contact_point").name


def visited_by() -> str:
    """The judge who was chosen for the visit."""
    judge = models.Visit.objects.get().judge
    return Appointment.objects.get(post=judge).account.username
