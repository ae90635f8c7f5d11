"""The article's wage case, through the real pages: Jiushi town, Deqing, RMB 380,000.

A fruit and vegetable cooperative owes wages. A worker reports by phone with a photo; the town's
clerk accepts; judge and judicial office are called in; the agreement is signed on the screen; three
instalments are followed up; the case is closed and rated. Then the ledger is replayed.
"""

import io
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from gongzhi.cases import replay
from gongzhi.site import demo
from tests.browser.acting import (
    GPS,
    choose_mediator,
    confirm,
    do,
    fetch,
    hold_session,
    photo,
    sign_in,
    write_agreement,
)
from tests.browser.pages import axe, shot
from tests.running import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.long]
VILLAGE = "441226114202"
INSTALMENTS = (126_667, 126_667, 126_666)


def report(phone: Page, url: str) -> str:
    """The worker's minute on the phone. Returns the number on the receipt."""
    phone.goto(url)
    axe(phone)
    phone.get_by_role("link", name=re.compile("我要反映")).click()
    phone.get_by_label(re.compile("写村、社区或镇的名字")).fill("jiushicun")
    phone.get_by_role("link", name=re.compile("九市村委会")).first.click()
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.get_by_role("radio", name=re.compile("干了活没拿到工钱")).check()
    phone.get_by_label("发生了什么").fill("果蔬合作社拖欠我们十七个人的工资，一共三十八万元。")
    phone.get_by_label("对方是谁").fill("某果蔬专业合作社")
    phone.get_by_label("涉及金额（元）").fill("380000")
    phone.get_by_label("您的姓名").fill("李工友")
    phone.get_by_label("您的电话").fill("13800007788")
    phone.get_by_label(re.compile("照片或文件")).set_input_files(
        {"name": "欠条.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    axe(phone)
    shot(phone, "report")
    phone.get_by_role("button", name="提交").click()
    number = phone.locator(".number").inner_text()
    shot(phone, "receipt")
    return number


def test_the_wage_case_of_jiushi_is_settled(
    site: RunningSite, browser: Browser, phone: Page, tmp_path: Path
) -> None:
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    number = report(phone, site.url)

    clerk = sign_in(browser, site.url, "clerk")
    clerk.get_by_label("编号").fill(number)
    clerk.get_by_role("button", name="筛选").click()
    case = clerk.url
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("工资")
    expect(clerk.get_by_text("李**")).to_be_visible()
    axe(clerk)
    kept = fetch(clerk, "附件")
    assert GPS not in Image.open(io.BytesIO(kept)).getexif()
    do(clerk, "受理")
    confirm(clerk, "受理")
    choose_mediator(clerk, "专职调解员")
    do(clerk, "邀请协办")
    clerk.get_by_label("德庆县人民法院").check()
    clerk.get_by_label("九市镇司法所").check()
    clerk.get_by_label("要做什么").fill("请到场联合调解。")
    confirm(clerk, "邀请协办")

    for helper in ("judge", "officer"):
        page = sign_in(browser, site.url, helper)
        page.get_by_role("link", name=re.compile("^协办")).click()
        do(page, "协办反馈")
        page.get_by_label("办理记录").fill("已到场释法明理。")
        confirm(page, "协办反馈")
        page.context.close()

    mediator = sign_in(browser, site.url, "mediator")
    mediator.goto(case)
    record = "双方对欠薪数额三十八万元没有异议，合作社提出分三期付清。"
    hold_session(mediator, record, "申请人", "对方当事人", "法官", "司法所人员")
    sign_agreement(mediator)
    pdf = fetch(mediator, "人民调解协议书")
    (tmp_path / "agreement.pdf").write_bytes(pdf)
    text = PdfReader(tmp_path / "agreement.pdf").pages[0].extract_text()
    assert "126667" in text and "李工友" in text
    for n in range(1, len(INSTALMENTS) + 1):
        do(mediator, "登记履行")
        mediator.get_by_label("第几项").select_option(str(n))
        mediator.get_by_label("履行情况").fill("款项已到账。")
        confirm(mediator, "登记履行")

    clerk.goto(case)
    do(clerk, "核实办结")
    clerk.get_by_label("核实情况").fill("已向双方电话核实。")
    confirm(clerk, "核实办结")
    shot(clerk, "closed")

    rate(phone, site.url, number)
    check_figures(browser, site.url)


def sign_agreement(page: Page) -> None:
    today = timezone.localdate()
    lines = [
        f"{today + timedelta(days=30 * n)} {amount}" for n, amount in enumerate(INSTALMENTS, 1)
    ]
    write_agreement(
        page, facts="合作社拖欠十七名工人工资共三十八万元。", terms="合作社分三期付清全部工资。",
        instalments="\n".join(lines),
    )  # fmt: skip
    axe(page)
    shot(page, "agreement")
    confirm(page, "达成协议")


def rate(phone: Page, url: str, number: str) -> None:
    phone.goto(f"{url}/case/leave/")
    phone.goto(f"{url}/track/")
    phone.get_by_label("案件编号").fill(number)
    phone.get_by_label("电话后四位").fill("7788")
    phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("办结")
    axe(phone)
    shot(phone, "tracked")
    phone.get_by_role("link", name="评价").click()
    phone.get_by_label("满意", exact=True).check()
    phone.get_by_role("button", name="确定").click()
    expect(phone.get_by_text("已收到")).to_be_visible()


def check_figures(browser: Browser, url: str) -> None:
    """The command page counts what the ledger tells, from the province to the village."""
    assert replay.verify() == []
    leader = sign_in(browser, url, "province")
    for place in ("44", "4412", "441226", "441226114"):
        leader.goto(f"{url}/command/?place={place}")
        tiles = " ".join(leader.locator(".tiles").all_inner_texts())
        assert re.search(r"0\s*在办", tiles) and re.search(r"1\s*近 30 天化解", tiles)
    axe(leader)
    leader.get_by_role("link", name="九市村委会").click()
    expect(leader).to_have_url(re.compile(VILLAGE))
