"""The article's case of 52 merchants, through the real pages, across all five levels.

In Duanzhou a lessor built without permission on land taken for a school. The merchants petition at
district, city and province; the three are joined; the province's joint meeting gives guidance; a
district leader takes charge; a plan runs through the green channel; each household is compensated;
the buildings come down and the land is free; verified, rated, thanked. Then the ledger is replayed.
"""

import io
import random
import re
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect

from gongzhi.cases import replay
from gongzhi.networks.resolution.models import Meeting
from gongzhi.places.models import Division
from gongzhi.site import demo
from tests.browser.acting import confirm, do, fetch, local, photo, sign_in
from tests.browser.pages import axe, shot
from tests.running import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.long]
DUANZHOU, HOUSEHOLDS = "441202", 52
PEOPLE = [(f"商户{n:02d}", f"138005200{n:02d}") for n in range(1, HOUSEHOLDS + 1)]
STEPS = (
    ("自然资源局", "认定违法建设，限期拆除"),
    ("教育局", "接收学校用地"),
    ("市场监督管理局", "协助商户迁址变更"),
    ("司法局", "组织协商补偿"),
)


def sheet(*rows: tuple[str | int, ...]) -> FilePayload:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "list.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def village() -> str:
    """A community of Duanzhou."""
    found = Division.objects.filter(level=5, code__startswith=DUANZHOU).order_by("code")
    return found.values_list("code", flat=True)[0]


def register(page: Page, url: str, who: tuple[str, str]) -> str:
    """Five representatives come; the clerk writes down what they say. Returns the number."""
    page.goto(f"{url}/desk/new/petitions/{village()}/")
    page.get_by_label("是哪一类事情").select_option("construction")
    page.get_by_label("发生了什么").fill(
        "出租人未经许可在学校用地上建商铺出租，五十二户商户损失没有人赔。"
    )
    page.get_by_label("请求解决问题").check()
    page.get_by_label("您的诉求").fill("赔偿装修和预付租金。")
    page.get_by_label("一共多少人").fill(str(HOUSEHOLDS))
    page.get_by_label("来访代表几人").fill("6")
    page.get_by_label("申请人姓名").fill(who[0])
    page.get_by_label("申请人电话").fill(who[1])
    page.get_by_label("来源").select_option("visit")
    page.locator("main form").get_by_role("button", name="登记").click()
    expect(page.get_by_text(re.compile("小于或等于 5|不超过 5")).first).to_be_visible()
    page.get_by_label("来访代表几人").fill("5")
    page.locator("main form").get_by_role("button", name="登记").click()
    page.wait_for_load_state()
    if page.locator("#similar").count():
        page.locator("main form").get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记。")).to_be_visible()
    found = re.search(r"\d{6}-\d{2}-\d{7}-\d", page.locator("main").inner_text())
    assert found
    return found.group()


def serve(page: Page) -> None:
    page.get_by_label("告知书怎样送达").select_option("handed")


def accept(page: Page) -> None:
    do(page, "受理")
    serve(page)
    confirm(page, "受理")


def group(page: Page) -> None:
    """The other 51 from a sheet: encrypted, and counted."""
    do(page, "登记共同当事人")
    page.get_by_label(re.compile("名单")).set_input_files([sheet(("姓名", "电话"), *PEOPLE[1:])])
    confirm(page, "登记共同当事人")
    expect(page.get_by_text("共 52 人，这里列出")).to_be_visible()


def petition_again(browser: Browser, url: str, username: str, first: str, n: int) -> None:
    """At a higher level, where it is found to be the same matter and joined."""
    page = sign_in(browser, url, username)
    register(page, url, PEOPLE[n])
    expect(page.get_by_text("可能是同一件事")).to_be_visible()
    do(page, "认定重复，并入前案")
    page.get_by_label("前一件的编号").fill(first)
    page.get_by_label("为什么是同一事项").fill("端州区已受理同一事项。")
    serve(page)
    confirm(page, "认定重复，并入前案")
    expect(page.get_by_role("heading", name=re.compile("并入前案"))).to_be_visible()
    page.context.close()


def joint_meeting(browser: Browser, url: str, case: str, clerk: Page) -> None:
    """The district asks; the province convenes, guides, and its guidance becomes a task."""
    do(clerk, "提请联席会议")
    clerk.get_by_label("由哪一级召集").select_option(label="广东省信访局")
    clerk.get_by_label("请会议议定什么").fill("涉及土地、教育、市场多个部门，请省里指导。")
    confirm(clerk, "提请联席会议")
    page = sign_in(browser, url, "convenor")
    page.goto(f"{url}/networks/resolution/meetings/")
    axe(page)
    page.get_by_role("link", name="安排会议").click()
    page.get_by_label("什么时候", exact=True).fill(local(timedelta(days=3)))
    page.get_by_label("在哪里").fill("省信访局会议室")
    page.get_by_role("group", name="议题").get_by_role("checkbox").first.check()
    for unit in ("肇庆市信访局", "端州区信访局", "端州区人民政府"):
        page.get_by_label(unit, exact=True).check()
    page.get_by_role("button", name="安排会议").click()
    expect(page.get_by_text("已安排")).to_be_visible()
    # The day of the meeting comes.
    Meeting.objects.update(begins_at=timezone.now() - timedelta(hours=2))
    page.reload()
    axe(page)
    page.get_by_role("link", name=re.compile("登记议定结果")).click()
    page.get_by_label("已议定").check()
    page.get_by_label("会议意见").fill("属地负责，区领导包案，各部门并行办理。")
    row = page.get_by_role("group", name="第 1 步")
    row.get_by_label("哪个单位").select_option(label="肇庆市信访局")
    row.get_by_label("做什么").fill("每周督促进展")
    row.get_by_label("什么时候做完").fill(day(40))
    axe(page)
    page.get_by_role("button", name="登记议定结果").click()
    page.get_by_role("button", name="登记到会情况").click()
    expect(page.get_by_text("到会").first).to_be_visible()
    assert fetch(page, "会议纪要（PDF）").startswith(b"%PDF")
    shot(page, "meeting")
    page.context.close()
    clerk.goto(case)


def leader_takes_charge(browser: Browser, url: str, case: str, clerk: Page) -> Page:
    """The district's deputy head is named, meets the people, and sets out the plan."""
    do(clerk, "确定包案领导")
    leader = clerk.get_by_label("由哪位领导包案")
    chosen = leader.locator("option", has_text="端州区人民政府").get_attribute("value")
    leader.select_option(chosen)
    clerk.get_by_label("理由").fill("省联席会议议定由区领导包案。")
    confirm(clerk, "确定包案领导")
    page = sign_in(browser, url, "district")
    page.get_by_role("link", name=re.compile("^领导接访")).first.click()
    do(page, "领导接访")
    page.get_by_label("什么时候接访的").fill(local(-timedelta(hours=3)))
    page.get_by_label("群众的诉求和领导的答复").fill("与五名代表面谈，答应一个月内给出补偿方案。")
    confirm(page, "领导接访")
    do(page, "制定化解方案")
    page.get_by_label("怎样化解").fill("先协商补偿，再依法拆除，土地移交学校。")
    page.get_by_label("开通绿色通道").check()
    page.get_by_text("再加几步").click()
    for n, (unit, what) in enumerate(STEPS, 1):
        row = page.get_by_role("group", name=f"第 {n} 步", exact=True)
        row.get_by_label("哪个单位").select_option(label=f"端州区{unit}")
        row.get_by_label("做什么").fill(what)
        row.get_by_label("什么时候做完").fill(day(7 * n))
    row = page.get_by_role("group", name="第 5 步", exact=True)
    town = row.get_by_label("哪个单位").locator("option", has_text="街道综治中心").first
    row.get_by_label("哪个单位").select_option(town.get_attribute("value"))
    row.get_by_label("做什么").fill("组织拆除，维护秩序")
    row.get_by_label("什么时候做完").fill(day(30))
    axe(page)
    confirm(page, "制定化解方案")
    page.goto(case)
    page.get_by_role("link", name="看化解进度").click()
    expect(page.get_by_text("6 步，已完成 0 步")).to_be_visible()
    axe(page)
    shot(page, "progress")
    return page


def carry_out(browser: Browser, url: str, case: str, username: str) -> None:
    page = sign_in(browser, url, username)
    page.goto(case)
    do(page, "完成一步")
    page.get_by_label("办理结果").fill("已按方案办结。")
    confirm(page, "完成一步")
    page.context.close()


def compensate(clerk: Page) -> None:
    """So much for each household, by sheet; then paid, and ticked off."""
    do(clerk, "登记每人应得")
    rows = [(name, 30_000 + 500 * n, "装修和预付租金", phone)
            for n, (name, phone) in enumerate(PEOPLE)]  # fmt: skip
    clerk.get_by_label(re.compile("每人应得")).set_input_files(
        [sheet(("姓名", "金额", "说明", "电话"), *rows)]
    )
    clerk.get_by_label("什么时候以前兑现").fill(day(20))
    confirm(clerk, "登记每人应得")


def answer(clerk: Page) -> None:
    do(clerk, "出具处理意见书")
    clerk.get_by_label("信访人的诉求").fill("赔偿装修和预付租金。")
    clerk.get_by_label("查明的事实").fill("商铺未经许可，建在学校用地上。")
    clerk.get_by_label("依据").fill("城乡规划法第六十四条。")
    clerk.get_by_label("处理意见").select_option("support")
    clerk.get_by_label("怎样处理，为什么").fill("依法拆除，补偿商户。")
    serve(clerk)
    axe(clerk)
    confirm(clerk, "出具处理意见书")


def track(page: Page, url: str, number: str, phone: str) -> None:
    page.goto(f"{url}/case/leave/")
    page.goto(f"{url}/track/")
    page.get_by_label("案件编号").fill(number)
    page.get_by_label("电话后四位").fill(phone[-4:])
    page.get_by_role("button", name="查询").click()


def close(browser: Browser, url: str, case: str, clerk: Page, leader: Page) -> None:
    do(clerk, "登记兑现")
    for box in (
        clerk.get_by_role("group", name=re.compile("已经兑现")).get_by_role("checkbox").all()
    ):
        box.check()
    clerk.get_by_label("兑现情况").fill("全部到账，商户签收。")
    confirm(clerk, "登记兑现")
    leader.goto(case)
    do(leader, "同意办结")
    leader.get_by_label("审核意见").fill("同意。")
    confirm(leader, "同意办结")
    verifier = sign_in(browser, url, f"{DUANZHOU}.petition_office.1")
    verifier.goto(case)
    do(verifier, "核实办结")
    verifier.get_by_label("核实情况").fill("现场已拆除，土地已移交，抽查十户均已收款。")
    verifier.get_by_label(re.compile("照片或文件")).set_input_files(
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    serve(verifier)
    confirm(verifier, "核实办结")
    verifier.context.close()


def test_the_case_of_52_merchants_is_settled_across_five_levels(
    site: RunningSite, browser: Browser, phone: Page
) -> None:
    demo.organise(random.Random(1))  # noqa: S311 -- the demo's names, no secret
    clerk = sign_in(browser, site.url, "petitions")
    number = register(clerk, site.url, PEOPLE[0])
    case = clerk.url
    accept(clerk)
    group(clerk)
    petition_again(browser, site.url, "4412.petition_office.0", number, 1)
    petition_again(browser, site.url, "convenor", number, 2)
    clerk.goto(case)
    expect(clerk.get_by_role("heading", name="关联案件")).to_be_visible()

    joint_meeting(browser, site.url, case, clerk)
    leader = leader_takes_charge(browser, site.url, case, clerk)
    clerk.goto(case)
    compensate(clerk)
    answer(clerk)
    track(phone, site.url, number, PEOPLE[0][1])
    axe(phone)
    phone.get_by_role("link", name="认可答复").click()
    phone.get_by_role("button", name="确定").click()
    departments = ("planning", "education", "market", "justice")
    for who in (*(f"{DUANZHOU}.department.{d}.0" for d in departments[1:]), "planning",
                f"{village()[:9]}.governance_centre.0", "4412.petition_office.0"):  # fmt: skip
        carry_out(browser, site.url, case, who)
    clerk.goto(case)
    close(browser, site.url, case, clerk, leader)

    track(phone, site.url, number, PEOPLE[9][1])
    expect(phone.get_by_text("34500")).to_be_visible()
    track(phone, site.url, number, PEOPLE[0][1])
    phone.get_by_role("link", name="评价").click()
    phone.get_by_label("满意", exact=True).check()
    phone.get_by_role("button", name="确定").click()
    expect(phone.get_by_text("已收到")).to_be_visible()
    clerk.goto(case)
    do(clerk, "登记锦旗、感谢信")
    clerk.get_by_label("写了什么、送给谁").fill("为民解忧，情系商户")
    clerk.get_by_label(re.compile("照片")).set_input_files(
        {"name": "锦旗.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    confirm(clerk, "登记锦旗、感谢信")
    check_the_end(clerk, case)


def check_the_end(clerk: Page, case: str) -> None:
    """All five levels stand in the story, every notice came in time, the ledger replays."""
    clerk.goto(case)
    told = clerk.locator(".timeline").inner_text()
    for unit in ("广东省信访局", "肇庆市信访局", "端州区信访局", "街道综治中心"):
        assert unit in told, unit
    expect(clerk.get_by_role("heading", name="法定告知")).to_be_visible()
    notices = clerk.locator("section", has=clerk.get_by_role("heading", name="法定告知"))
    expect(notices.get_by_text("逾期送达")).to_have_count(0)
    assert notices.get_by_text("按期送达").count() >= 4
    clerk.get_by_text("经手的路径").click()
    axe(clerk)
    shot(clerk, "merchants")
    assert replay.verify() == []
