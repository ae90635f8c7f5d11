"""An audit on a phone from opening to paper, and its report, draw and index on a desktop."""

import pytest
from playwright.sync_api import expect

from gongzhi.mechanisms.safety.models import Audit
from gongzhi.mechanisms.safety.tests.auditing import Auditing, answers
from tests.browser.pages import DESKTOP, PHONE, looked_at
from tests.browser.signed import Signed

pytestmark = pytest.mark.browser
CHECKED = "nnnnnnnnmmmm"  # by the firm itself: eight of its items are not met


@pytest.fixture
def auditing(served: str) -> Auditing:
    return Auditing()


def test_an_audit_is_opened_and_a_paper_written_on_a_phone(
    auditing: Auditing, signed: Signed, served: str
) -> None:
    page = signed(auditing.first, PHONE, "zh-hans")
    page.goto(f"{served}/safety/audits/")
    looked_at(page, "audits")
    page.get_by_role("link", name="发起审计").click()
    page.get_by_label("统一社会信用代码").fill(auditing.firm.code)
    page.get_by_label("审计目的和依据").fill("年度审计计划")
    looked_at(page, "audit-open")
    page.get_by_role("button", name="发起并抽样").click()
    looked_at(page, "audit-begun")
    page.get_by_role("link", name="为什么抽到这些").click()
    expect(page.get_by_text("和当时一样")).to_be_visible()
    looked_at(page, "audit-frame")
    page.go_back()
    page.get_by_role("link", name="冲压车间").first.click()
    page.get_by_role("link", name="机械与金属加工").click()
    item = page.get_by_role("group", name="第1道护罩齐全")
    item.get_by_label("不符合", exact=True).check()
    looked_at(page, "audit-paper")
    page.get_by_role("button", name="保存底稿").click()
    expect(page.get_by_text("请写看到了什么")).to_be_visible()
    looked_at(page, "audit-paper-wrong")
    item.get_by_label("看到了什么").fill("护罩拆下放在地上")
    page.get_by_role("button", name="保存底稿").click()
    expect(page.get_by_text("已登记为隐患")).to_be_visible()
    looked_at(page, "audit-site")


def test_a_report_is_read_on_a_desktop_and_by_the_firm(
    auditing: Auditing, signed: Signed, served: str
) -> None:
    officer, head = auditing.staff("safety_officer"), auditing.staff("enterprise_head")
    auditing.checked(auditing.workshop, "self", officer, answers(auditing.codes, CHECKED))
    auditing.due(auditing.workshop, officer.unit, days=30, done=20, kind="self")
    of = auditing.issued(answers(auditing.codes, "n" * 10 + "mm"))
    fewer(auditing)
    page = signed(auditing.first, DESKTOP, "en")
    for name, path in (
        ("audits-en", "audits/"), ("audit-en", f"audits/{of.id}/"),
        ("audit-frame-en", f"audits/{of.id}/frame/"), ("audit-method-en", "audits/method/"),
        ("audit-site-en", f"audits/{of.id}/sites/{auditing.workshop.id}/"),
        ("honesty-en", "audits/honesty/"), ("honesty-towns-en", "audits/honesty/?by=towns"),
    ):  # fmt: skip
        page.goto(f"{served}/safety/{path}")
        looked_at(page, name)
    page = signed(auditing.second, PHONE, "zh-hans")
    for name, path in (("honesty", "audits/honesty/"), ("audit-method", "audits/method/"),
                       ("audit", f"audits/{of.id}/")):  # fmt: skip
        page.goto(f"{served}/safety/{path}")
        looked_at(page, name)
    page = signed(head, PHONE, "zh-hans")
    page.goto(f"{served}/safety/own/")
    looked_at(page, "own-audits")
    page.get_by_role("link", name="安审").click()
    page.get_by_role("link", name="陈述申辩").click()
    page.get_by_label("陈述申辩").fill("护罩当天已装回")
    page.get_by_role("button", name="提交").click()
    looked_at(page, "own-audit")


def fewer(auditing: Auditing) -> Audit:
    """A second firm, of which too little was found to say anything."""
    firm = auditing.add_firm("德庆县江边家具厂")
    auditing.workshop = auditing.add_site(firm, "喷漆房", colour="red", facts=["painting"])
    auditing.store = auditing.add_site(firm, "木料库", colour="yellow")
    return auditing.issued(answers(auditing.codes, "nnmm"), firm)
