"""The pages of audits: from opening to the printed report, and who is shut out of each."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.safety.models import Answer, Audit, Inspection
from gongzhi.mechanisms.safety.registers import editions
from gongzhi.mechanisms.safety.tests.accidents import happened
from gongzhi.mechanisms.safety.tests.auditing import Auditing, answers
from gongzhi.mechanisms.safety.tests.register import COUNTY, TOWN
from gongzhi.ui import words

CSV: Any = {"as": "csv"}


@pytest.fixture
def client(auditing: Auditing) -> Client:
    return signed_in(auditing.first)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"safety:{name}", args=args), asked)
    assert answer.status_code == status, (name, answer.status_code)
    return str(answer.content.decode())


def send(client: Client, name: str, *args: Any, **said: Any) -> str:
    """What is shown once it was done."""
    address = reverse(f"safety:{name}", args=args)
    return str(client.post(address, said, follow=True).content.decode())


def opened(auditing: Auditing, client: Client, **other: Any) -> Audit:
    said = {"firm": auditing.firm.code, "unit": "", "since": "2026-01-01",
            "until": auditing.today.isoformat(), "purpose": "年度审计", "size": "2"}  # fmt: skip
    assert "检查中" in send(client, "open_audit", **said | other)
    return Audit.objects.latest("opened_at")


def test_an_audit_goes_through_the_pages(auditing: Auditing, client: Client) -> None:
    assert "发起安全审计" in page(client, "firm", auditing.firm.id)
    assert "发起安全审计" not in page(signed_in(auditing.clerk), "firm", auditing.firm.id)
    assert auditing.firm.code in page(client, "open_audit", firm=auditing.firm.id)
    of = opened(auditing, client)
    assert "还没有" in page(client, "audit", of.id)
    write(auditing, client, of)
    assert "停用待拆" in send(client, "not_seen", of.id, auditing.store.id, why="停用待拆")
    assert "已汇总" in send(client, "gather_findings", of.id)
    follow = {"measure": "修订自查表", "whose": str(auditing.department.id),
              "due": f"{auditing.today.year + 1}-01-01"}  # fmt: skip
    assert "不按表检查" in send(client, "add_finding", of.id, said="不按表检查", **follow)
    row = of.findings.get(kind="item")
    assert "修订自查表" in send(client, "follow_finding", row.id, **follow)
    assert "须由另一人签发" in send(client, "draw_up_audit", of.id, opinion="总体可控")
    assert "已签发" not in send(client, "issue_audit", of.id)
    second = signed_in(auditing.second)
    assert "已签发" in send(second, "issue_audit", of.id)
    assert "已换新表" in send(client, "finding_done", row.id, done="已换新表")
    page(client, "finding_done", row.id, status=404)


def write(auditing: Auditing, client: Client, of: Audit) -> None:
    """A paper of one group, with one item not met; without words it is not taken."""
    items = editions.items_for(auditing.workshop, on=auditing.today)
    group = items[0].category.group
    address = reverse("safety:audit_paper", args=[of.id, auditing.workshop.id]) + f"?group={group}"
    assert items[0].what in client.get(address).content.decode()
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    said = {
        "key": str(uuid4()), "began": at, "finished": at, f"verdict-{items[0].code}": "not_met",
        f"verdict-{items[1].code}": "met",
    }  # fmt: skip
    answer = client.post(address, said)
    assert answer.status_code == 422 and "请写看到了什么" in answer.content.decode()
    said[f"note-{items[0].code}"] = "护罩挂在墙上"
    shown = client.post(address, said, follow=True).content.decode()
    number = Answer.objects.get(inspection__audit=of.id, verdict="not_met").number
    assert "已登记为隐患" in shown and words.number(number) in shown and "护罩挂在墙上" not in shown
    assert items[1].what not in client.get(address).content.decode()
    assert Inspection.objects.filter(audit=of.id, kind="audit").count() == 1


def test_the_draw_is_explained_and_drawn_again(auditing: Auditing, client: Client) -> None:
    of = auditing.open(size=1)
    said = page(client, "audit_frame", of.id)
    assert of.seed in said and "和当时一样" in said and "4 × 4 = 16" in said
    csv = client.get(reverse("safety:audit_frame_csv", args=[of.id])).content.decode()
    assert of.seed in csv and str(auditing.store.id) in csv
    of.frame.update(turn=None)
    of.frame.filter(site=auditing.store.id).update(turn=1)
    of.frame.filter(site=auditing.workshop.id).update(weight=9_999)
    assert "名单被改动过" in page(client, "audit_frame", of.id)
    assert "Efraimidis" in page(client, "audit_method")


def test_a_wrong_form_says_what_is_wrong(auditing: Auditing, client: Client) -> None:
    said = {"since": "2026-01-01", "until": "2026-02-01", "purpose": "年度审计", "size": "2"}
    for wrong, why in (
        ({}, "选一个"), ({"firm": auditing.firm.code, "unit": auditing.department.id}, "选一个"),
        ({"firm": "x"}, "18"), ({"unit": auditing.department.id}, "没有可以抽查"),
    ):  # fmt: skip
        answer = client.post(reverse("safety:open_audit"), said | wrong)
        assert answer.status_code == 422 and why in answer.content.decode(), why


@pytest.mark.parametrize("who", ["bureau", "clerk", "elsewhere"])
def test_who_may_not_see_it_finds_no_page(auditing: Auditing, who: str) -> None:
    auditing.checked(auditing.workshop, "department", auditing.bureau, {})
    auditing.checked(auditing.store, "department", auditing.bureau, {})
    of = auditing.drawn_up(answers(auditing.codes, "nm"), auditing.department)
    client, row = signed_in(getattr(auditing, who)), of.findings.first()
    assert row is not None
    for name in ("audit", "audit_frame", "audit_frame_csv", "audit_report", "draw_up_audit",
                 "return_audit", "withdraw_audit", "add_finding", "state_audit"):  # fmt: skip
        page(client, name, of.id, status=404)
    for name in ("gather_findings", "issue_audit"):
        assert client.post(reverse(f"safety:{name}", args=[of.id])).status_code == 404
    for name in ("audit_site", "audit_paper", "not_seen"):
        page(client, name, of.id, auditing.workshop.id, status=404)
    for name in ("follow_finding", "finding_done"):
        page(client, name, row.id, status=404)
    assert str(of.id) not in page(client, "audits")
    assert client.get(reverse("safety:open_audit")).status_code == (
        404 if who == "clerk" else 200
    ), "of something else they may"


def test_the_audited_department_answers_and_changes_nothing(auditing: Auditing) -> None:
    auditing.checked(auditing.workshop, "department", auditing.bureau, {})
    auditing.checked(auditing.store, "department", auditing.bureau, {})
    of = auditing.issued(answers(auditing.codes, "nm"), auditing.department)
    client, row = signed_in(auditing.bureau), of.findings.first()
    assert row is not None
    said = page(client, "audit", of.id)
    assert "登记结果" not in said and "陈述申辩" not in said, "its leader answers"
    page(client, "finding_done", row.id, status=404)
    page(client, "follow_finding", row.id, status=404)


def test_the_firm_reads_and_answers_on_its_own_page(auditing: Auditing) -> None:
    head = auditing.staff("enterprise_head")
    client = signed_in(head)
    of = auditing.drawn_up(answers(auditing.codes, "nm"))
    assert str(of.id) not in page(client, "own")
    page(client, "audit", of.id, status=404)
    send(signed_in(auditing.second), "issue_audit", of.id)
    assert str(of.id) in page(client, "own") and "安审" in page(client, "audit", of.id)
    page(client, "audits", status=404)
    page(client, "honesty", status=404)
    assert "已装回" in send(client, "state_audit", of.id, said="护罩当天已装回")
    page(client, "state_audit", of.id, status=404)
    text = text_of(client, of)
    for said in ("安全审计报告", "护罩当天已装回", of.seed[:12], "总体可控", "停用待拆", "放过"):
        assert said in text, said


def test_its_papers_stand_in_no_other_list_before_the_report(
    auditing: Auditing, client: Client
) -> None:
    """Not among inspections, one's own or a place's, not to print, not beside an accident."""
    firm, clerk = (signed_in(by) for by in (auditing.staff("safety_officer"), auditing.clerk))
    of = auditing.drawn_up(answers(auditing.codes, "nm"))
    days = [auditing.now - timedelta(days=n) for n in (3, 1)]
    Inspection.objects.filter(audit=of.id).update(finished_at=days[0])
    paper, site = Inspection.objects.get(audit=of.id), auditing.workshop
    happening = happened(auditing.clerk, days[1], site=site, enterprise=auditing.firm)
    lists: Any = [("inspections",), ("inspections_of_site", site.id), ("own_inspections",),
                  ("accident", happening.id)]  # fmt: skip

    def told(by: Client) -> list[str]:
        shown = {name: by.get(reverse(f"safety:{name}", args=args)) for name, *args in lists}
        return [name for name, answer in shown.items() if "安全审计" in main(answer)]

    assert told(client) == ["inspections", "inspections_of_site", "accident"]
    for name in ("inspection", "inspection_record"):
        assert client.get(reverse(f"safety:{name}", args=[paper.id])).status_code == 200
    for by in (firm, clerk):
        assert told(by) == []
        for name in ("inspection", "inspection_record"):
            page(by, name, paper.id, status=404)
    send(signed_in(auditing.second), "issue_audit", of.id)
    assert told(firm) == ["inspections_of_site", "own_inspections"]
    assert "安全审计" in page(firm, "inspection", paper.id)


def main(answer: Any) -> str:
    """A page without what leads to other pages."""
    return str(answer.content.decode()).partition("<h1>")[2]


def text_of(client: Client, of: Audit) -> str:
    answer = client.get(reverse("safety:audit_report", args=[of.id]))
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return "".join(p.extract_text() for p in pages).replace("\n", "")


class TestTheIndex:
    def test_few_are_marked_and_told_nowhere(self, auditing: Auditing, client: Client) -> None:
        auditing.checked(
            auditing.workshop, "self", auditing.staff("safety_officer"),
            answers(auditing.codes, "nmm"),
        )  # fmt: skip
        auditing.issued(answers(auditing.codes, "nnn"))
        said = page(client, "honesty")
        assert auditing.firm.name in said and "样本太少" in said and "33%" not in said
        csv = page(client, "honesty", **CSV)
        assert "3,,,,,是" in csv

    @pytest.mark.parametrize("by", ["firms", "counties", "towns"])
    def test_share_counts_and_interval_stand_together(
        self, auditing: Auditing, client: Client, by: str
    ) -> None:
        auditing.checked(
            auditing.workshop, "self", auditing.staff("safety_officer"),
            answers(auditing.codes, "nnnnnnnnmm"),
        )  # fmt: skip
        auditing.issued(answers(auditing.codes, "n" * 10))
        said = page(client, "honesty", by=by, sort="share")
        assert "80%" in said and "49–94%" in said and "8 / 10" in said
        assert "8,80,49,94," in page(client, "honesty", by=by, **CSV)

    def test_of_the_own_place_and_for_officials(self, auditing: Auditing, client: Client) -> None:
        page(client, "honesty", place="441202", status=404)
        page(client, "honesty", by="persons", status=404)
        page(signed_in(auditing.cast[TOWN, "grid_member"]), "honesty", status=404)
        assert "没有签发的审计" in page(signed_in(auditing.cast[COUNTY, "leader"]), "honesty")
