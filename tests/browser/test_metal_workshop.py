"""A metal workshop in Zhenan village: one line, three rows, and what an audit finds afterwards.

Its safety officer checks the presses on a phone without a signal and finds three hazards. The
town ranks them; at the red one work stops, with the five things settled, and the county's rule
lists it. Nobody gets rid of it alone, and whoever tries reads why. The firm rectifies, the town
looks, whoever listed it takes it off, a leader of the county lets work begin again. Weeks later
auditors who had no part in it find what the self-check had called met.
"""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gongzhi.cases import replay
from gongzhi.cases.models import Case, Entry
from gongzhi.cases.testing import make_post, make_unit, signed_in
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Audit, Check, Inspection, Plan
from gongzhi.mechanisms.safety.registers import audit_findings
from gongzhi.mechanisms.safety.tasks import list_by_rules
from gongzhi.mechanisms.safety.tests.auditing import FOLLOW
from gongzhi.mechanisms.safety.tests.inspected import COUNTY, TOWN, VILLAGE, Workshop, hazards
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from tests.browser.acting import confirm, do, draw, fetch, local, photo
from tests.browser.pages import DESKTOP, PHONE, axe, fits, opened, shot
from tests.browser.phones import Phone, not_met, press
from tests.invariants.stage import as_owner

pytestmark = [pytest.mark.browser, pytest.mark.long]

PRESS, SHEARS, BOX = "B01-01", "B01-07", "A18-01"  # what the firm finds: no guard, no fence, heat
CALLED_MET = ("B01-02", "B01-04", "B01-05", "B01-06")  # and what it passes over
PICTURE: Any = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo()}
LEC = {"red": ("6", "6", "15"), "orange": ("6", "6", "7"), "yellow": ("3", "6", "7")}


class Town(Workshop):
    """A month's self-check of presses and wiring is due; the town and the county do their parts."""

    def __init__(self) -> None:
        super().__init__()
        # The village has no office of its own: the town's takes hazards in.
        Unit.objects.filter(id=self.cast.units[VILLAGE]).update(valid_to=self.now)
        self.head, self.county_head = self.cast[TOWN, "leader"], self.cast[COUNTY, "leader"]
        office = make_unit(COUNTY, "government", parent=self.cast.units[COUNTY])
        self.auditor, self.issuer = (
            make_post(office, COUNTY, kind, unit_kind="government")
            for kind in ("safety_inspector", "leader")
        )
        self.categories = ["B01", "A18"]
        self._plan()

    def _plan(self) -> None:
        by, today = self.officer, timezone.localdate(self.now)
        plan = Plan.objects.create(
            place=VILLAGE, name="冲压和用电月查", kind="self", unit=by.unit,
            categories=self.categories, every={}, valid_from=today, account=by.account,
            post=by.post, entered_at=self.now,
        )  # fmt: skip
        Check.objects.create(
            plan=plan, site=self.site, place=VILLAGE, unit=by.unit, from_day=today,
            due=today + timedelta(days=9),
        )  # fmt: skip

    @property
    def asked(self) -> list[str]:
        return [i.code for i in self.items if i.category.code in self.categories]

    def hazard(self, code: str) -> Case:
        """The latest of an item."""
        found = [c for c in hazards(self.site.id) if c.facts["item"] == code]
        return max(found, key=lambda c: c.reported_at)

    def weeks_pass(self) -> None:
        """What was checked lies behind."""
        Inspection.objects.update(
            **{name: F(name) - timedelta(days=30) for name in ("began_at", "finished_at")}
        )


class Desk:
    """Somebody at a desk, or with a phone in hand."""

    def __init__(self, browser: Browser, url: str, by: Holder, size: dict[str, int]) -> None:
        self.url, self.page = url, opened(browser, size)
        cookie = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}]
        )

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def case(self, case: Case) -> Page:
        return self.go(f"/desk/cases/{case.county}/{case.id}/")

    def forces(self, case: Case, act: str, **said: str) -> str:
        """What is answered to who sends an act that the page does not offer."""
        self.case(case)
        cookies = {c["name"]: c["value"] for c in self.page.context.cookies()}
        token = cookies[settings.CSRF_COOKIE_NAME]
        address = f"{self.url}/desk/cases/{case.county}/{case.id}/do/{act}/"
        form: dict[str, Any] = {"csrfmiddlewaretoken": token, **said}
        answer = self.page.request.post(address, form=form, headers={"Referer": address})
        return answer.text()

    def seen(self, name: str) -> None:
        shot(self.page, f"workshop-{name}")
        fits(self.page)
        axe(self.page)

    def leave(self) -> None:
        self.page.context.close()


@pytest.fixture
def town(served: str) -> Town:
    return Town()


class Story:
    """Who does what, in the order in which it happens."""

    def __init__(self, browser: Browser, url: str, town: Town) -> None:
        self.browser, self.url, self.town = browser, url, town
        self.inspector = self.desk(town.inspector)
        self.firm = self.desk(town.officer, PHONE)

    def desk(self, by: Holder, size: dict[str, int] = DESKTOP) -> Desk:
        return Desk(self.browser, self.url, by, size)

    @property
    def red(self) -> Case:
        return self.town.hazard(PRESS)

    def checks_itself(self, disk: Path) -> None:
        """Without a signal, item by item; sent by itself when there is one."""
        phone = Phone(self.browser, self.url, self.town.officer, disk, at=(111.78, 23.16))
        page = phone.open()
        phone.context.set_offline(True)
        page.get_by_role("link", name="安全检查").click()
        page.get_by_role("link", name="冲压车间").click()
        page.get_by_role("button", name="冲压和用电月查").click()
        for code in self.town.asked:
            page.get_by_role("button", name="下一个没查的").click()
            if code in {PRESS, SHEARS, BOX}:
                not_met(page, code, pictured=code == PRESS)
            else:
                press(page, code)
        page.get_by_role("link", name="结束检查").click()
        draw(page, 0)
        draw(page, 1)
        page.get_by_role("button", name="结束并发送").click()
        assert not Inspection.objects.exists()
        phone.context.set_offline(False)
        expect(page.get_by_text("已登记 3 处隐患")).to_be_visible()
        phone.context.close()

    def ranks(self, code: str, colour: str) -> None:
        page, likely, often, grave = self.inspector.case(self.town.hazard(code)), *LEC[colour]
        do(page, "定级")
        page.get_by_label(re.compile("LEC")).check()
        page.get_by_label("L 发生的可能性").select_option(likely)
        page.get_by_label("E 暴露的频繁程度").select_option(often)
        page.get_by_label("C 可能的后果").select_option(grave)
        if colour == "red":
            page.get_by_label("符合公布的重大事故隐患判定标准").check()
            page.get_by_label("哪个标准、哪一条").fill("工贸企业重大事故隐患判定标准第三条")
        page.get_by_label("定级理由").fill("现场看过。")
        confirm(page, "定级")

    def orders(self, code: str, act: str) -> None:
        """The five things settled, and what protects people until then."""
        page = self.inspector.case(self.town.hazard(code))
        do(page, act)
        page.get_by_label("责任人（岗位、姓名）").fill("车间主任")
        page.get_by_label("整改措施").fill("每台压力机装光电保护")
        page.get_by_label("整改资金（元）").fill("38600")
        page.get_by_label("整改时限").fill(local(timedelta(days=10))[:10])
        page.get_by_label("应急预案").fill("断电，送镇卫生院")
        page.get_by_label("整改完成前的防护措施").fill("切断电源，挂牌上锁")
        confirm(page, act)

    def stops(self) -> None:
        self.orders(PRESS, "责令停产停业整改")
        self.inspector.seen("stopped")
        text = read(fetch(self.inspector.page, "停产停业整改通知书"))
        for said in ("停产停业整改通知书", "车间主任", "每台压力机装光电保护", "38600",
                     "断电，送镇卫生院", "切断电源，挂牌上锁", "未经批准恢复"):  # fmt: skip
            assert said in text, said

    def lists_by_rule(self) -> None:
        """Tried first on what there is; the worker then lists in the name of the county."""
        county = self.desk(self.town.county_head)
        page = county.go("/safety/ranked/rules/new/")
        page.get_by_label("哪种颜色").select_option("red")
        page.get_by_label("发现后几天没有消除").fill("0")
        page.get_by_role("button", name="试算").click()
        expect(page.get_by_text("现在有 1 件会被挂牌督办")).to_be_visible()
        county.seen("rule")
        assert not self.red.facts.get("listed")
        page.get_by_role("button", name="启用这条规则").click()
        expect(page.get_by_text("已启用。")).to_be_visible()
        with as_owner():  # as the worker signs in
            assert list_by_rules(timezone.now()) == 1
        expect(county.case(self.red).get_by_text("县级挂牌督办")).to_be_visible()
        assert "挂牌督办通知书" in read(fetch(page, "重大隐患挂牌督办通知书"))
        county.leave()

    def refuses(self, who: Desk, act: str, *, why: str) -> None:
        """Whatever is tried alone: the reason is read, and nothing changes."""
        before = self.red
        assert why in who.forces(before, act, note="已经好了", reason="已经好了")
        assert (self.red.state, self.red.seq, self.red.facts) == (
            before.state, before.seq, before.facts,
        )  # fmt: skip

    def cannot_be_struck_off_yet(self) -> None:
        page = self.inspector.case(self.red)
        expect(page.get_by_text("红色隐患：一个人不能销号、降级，也不能延长期限。")).to_be_visible()
        expect(page.get_by_text("由三个不同的人办")).to_be_visible()
        self.refuses(self.inspector, m.pass_.name, why="这一步现在不能办理")
        self.refuses(self.inspector, m.restart.name, why="您的岗位不办理这一步")
        self.refuses(self.inspector, m.lower_red.name, why="您的岗位不办理这一步")
        self.refuses(self.firm, m.pass_stopped.name, why="您的岗位不办理这一步")

    def rectifies(self) -> None:
        """From the firm's own page."""
        page = self.firm.go("/safety/own/")
        expect(page.get_by_role("row", name=re.compile("手部保护"))).to_contain_text("停产停业")
        self.firm.seen("own")
        page.get_by_role("link", name=re.compile("手部保护")).click()
        do(page, "报告停产整改完成")
        page.get_by_label("怎样整改的").fill("六台压力机都装了光电保护，试过停得住。")
        page.get_by_label("整改后的照片").set_input_files([PICTURE])
        confirm(page, "报告停产整改完成")
        self.firm.seen("rectified")

    def looks_again(self) -> None:
        """The town's leader was on site; the same leader does not let work begin again."""
        head = self.desk(self.town.head)
        page = head.case(self.red)
        do(page, "停产整改复查合格")
        page.get_by_label("现场复查看到的").fill("手伸进去滑块就停。")
        page.get_by_label("现场照片").set_input_files([PICTURE])
        confirm(page, "停产整改复查合格")
        self.refuses(head, m.restart.name, why="此步须由他人办理")
        self.refuses(head, m.delist.name, why="由谁挂牌，由谁摘牌")
        head.leave()

    def restarts(self) -> None:
        """Whoever listed it takes it off; only then a leader of the county lets work begin."""
        county = self.desk(self.town.county_head)
        self.refuses(county, m.restart.name, why="须由县级挂牌单位先摘牌")
        page = county.case(self.red)
        do(page, "摘牌")
        page.get_by_label("理由").fill("整改、复查都看过了。")
        confirm(page, "摘牌")
        do(page, "批准恢复生产，销号")
        page.get_by_label("为什么可以恢复").fill("护手装置齐全有效。")
        confirm(page, "批准恢复生产，销号")
        assert "恢复生产经营决定书" in read(fetch(page, "恢复生产经营决定书"))
        county.seen("restarted")
        county.leave()

    def audits(self) -> Audit:
        """Others look at the presses themselves: what is mended is met, four others are not."""
        auditor = self.desk(self.town.auditor)
        page = auditor.go(reverse("safety:firm", args=[self.town.register.firm.id]))
        page.get_by_role("link", name="发起安全审计").click()
        page.get_by_label("审计目的和依据").fill("停产恢复以后的回头看")
        page.get_by_role("button", name="发起并抽样").click()
        page.get_by_role("link", name=re.compile("没能检查.*原料仓库")).click()
        page.get_by_label("为什么没能检查").fill("停用")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="冲压车间").first.click()
        page.get_by_role("link", name="机械与金属加工").click()
        page.locator(f"#item-{PRESS}").get_by_label("符合", exact=True).check()
        for code in (*CALLED_MET, SHEARS):
            item = page.locator(f"#item-{code}")
            item.get_by_label("不符合", exact=True).check()
            item.get_by_label("不符合的，看到了什么").fill(f"看到 {code} 不好")
        page.get_by_role("button", name="保存底稿").click()
        expect(page.get_by_text("已登记为隐患")).to_be_visible()
        of = Audit.objects.get()
        self.reports(auditor, of)
        auditor.leave()
        return of

    def reports(self, auditor: Desk, of: Audit) -> None:
        """Drawn up by one, issued by another."""
        page = auditor.go(f"/safety/audits/{of.id}/")
        page.get_by_role("button", name="汇总审计发现").click()
        expect(page.get_by_text("已汇总，请写明每项的后续措施。")).to_be_visible()
        for row in of.findings.all():
            audit_findings.follow(row, whose=self.town.officer.unit, **FOLLOW)
        page.get_by_role("link", name="拟出报告").click()
        page.get_by_label("审计意见").fill("手部保护整改到位；自查放过四项，请补查。")
        page.get_by_role("button", name="拟出，送另一人签发").click()
        expect(page.get_by_text("报告是您拟的，须由另一人签发。")).to_be_visible()
        issuer = self.desk(self.town.issuer)
        page = issuer.go(f"/safety/audits/{of.id}/")
        page.get_by_role("button", name="签发报告").click()
        expect(page.get_by_text("已签发").first).to_be_visible()
        issuer.leave()

    def is_read(self, of: Audit) -> None:
        """In the report, in the index of self-checks, and by the firm."""
        county = self.desk(self.town.county_head)
        page = county.go(f"/safety/audits/{of.id}/")
        page.locator("summary", has_text="审计不符合的项").click()
        for code in CALLED_MET:
            row = page.get_by_role("row", name=re.compile(code)).first
            expect(row).to_contain_text("放过")
            expect(row).to_contain_text(re.compile("符合 20"))
        county.seen("audit")
        assert "放过" in read(fetch(page, "审计报告（PDF）"))
        page = county.go("/safety/audits/honesty/")
        row = page.get_by_role("row", name=re.compile("兴旺五金"))
        expect(row).to_contain_text("20%")
        county.seen("honesty")
        county.leave()
        page = self.firm.go("/safety/own/")
        page.get_by_role("link", name=re.compile("安审")).click()
        expect(page.get_by_text("自查放过四项，请补查。")).to_be_visible()
        self.firm.seen("own-audit")


def read(pdf: bytes) -> str:
    """What stands on the pages of a letter."""
    assert pdf.startswith(b"%PDF-")
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join(p.extract_text() for p in pages).replace("\n", "")


def acts_on(case: Case) -> list[str]:
    with within(Scope(place="44")):
        entries = Entry.objects.filter(case_id=case.id).order_by("seq")
        return list(entries.values_list("act", flat=True))


def test_found_ranked_stopped_listed_mended_and_audited(
    browser: Browser, served: str, town: Town, tmp_path: Path
) -> None:
    story = Story(browser, served, town)
    story.checks_itself(tmp_path / "phone")
    assert {c.facts["item"] for c in hazards(town.site.id)} == {PRESS, SHEARS, BOX}
    for code, colour in ((PRESS, "red"), (SHEARS, "orange"), (BOX, "yellow")):
        story.ranks(code, colour)
    story.stops()
    story.orders(SHEARS, "责令限期整改")
    story.lists_by_rule()
    story.cannot_be_struck_off_yet()
    story.rectifies()
    story.looks_again()
    story.restarts()
    assert acts_on(story.red) == [
        "find", "rank", "stop", "list_by_rule", "rectify_stopped", "pass_stopped", "delist",
        "restart",
    ]  # fmt: skip
    town.weeks_pass()
    story.is_read(story.audits())
    assert town.hazard(SHEARS).is_open and not story.red.is_open
    assert replay.verify() == []
