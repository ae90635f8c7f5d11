"""A firm sees itself alone, and never what a worker told; whoever scans the code is protected."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Case
from gongzhi.cases.testing import Told, begin, signed_in
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Proposal
from gongzhi.mechanisms.safety.registers import contacts
from gongzhi.mechanisms.safety.tests.conftest import FIVE, RED, SEEN, YELLOW
from gongzhi.mechanisms.safety.tests.register import TOWN, VILLAGE, Register
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.ui.throttling import slow_down
from tests.stories.test_leaks import patterns

SECRET = "夜班的冲床护罩被拆"


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def reported(register: Register) -> Told:
    """By a worker through the site's code."""
    site = register.workshop
    return begin(
        m.safety, category="machinery", title=f"机械：{SECRET}", unit=register.cast.units[TOWN],
        data={"text": Words(SECRET), "site": site.id, "enterprise": site.enterprise_id},
    )  # fmt: skip


def ordered(register: Register, firm: Holder) -> Told:
    """What an inspector found on site."""
    by, site = register.cast[TOWN, "safety_inspector"], register.workshop
    case = begin(
        m.safety, category="machinery", title="机械：冲床没有护罩", by=by, place=VILLAGE,
        unit=register.cast.units[TOWN], parties=[],
        data={"text": Words("冲床没有护罩"), "site": site.id, "enterprise": site.enterprise_id},
    )  # fmt: skip
    case.act(m.rank, YELLOW, by=by)
    case.act(m.order, FIVE | {"firm": firm.unit, "until": case.now}, by=by)
    return case


class TestTheCodeAtTheGate:
    def test_it_says_what_the_site_is_and_nothing_that_is_known_of_it(
        self, register: Register, client: Client
    ) -> None:
        contacts.put(register.firm, "head", "陈大文", "13800001234", by=register.clerk,
                     now=register.now)  # fmt: skip
        reported(register)
        said = client.get(reverse("safety:at", args=[register.workshop.id])).content.decode()
        for told in (register.firm.name, "冲压车间", "企业看不到这件报告", "12345"):
            assert told in said
        for secret in (SECRET, "橙色", "陈", "1234****", "冲压和剪切"):
            assert secret not in said.replace("12345", "")

    def test_the_button_leads_to_a_report_about_this_site(
        self, register: Register, client: Client
    ) -> None:
        site = register.workshop
        address = f"{reverse('portal:new', args=['safety', VILLAGE])}?site={site.id}"
        assert address in client.get(reverse("safety:at", args=[site.id])).content.decode()
        assert "冲压车间" in client.get(address).content.decode()
        said = {"category": "machinery", "text": SECRET, "site": str(site.id), "key": "once"}
        assert client.post(address, said).status_code == 302
        with within(register.clerk.scope):
            case = Case.objects.get()
        assert case.facts["site"] == str(site.id) and case.facts["told_by_public"]

    def test_what_is_over_is_not_found(self, register: Register, client: Client) -> None:
        from_office = signed_in(register.clerk)
        from_office.post(reverse("safety:end_site", args=[register.workshop.id]))
        answer = client.get(reverse("safety:at", args=[register.workshop.id]))
        assert answer.status_code == 404

    def test_who_asks_too_often_is_asked_to_wait(
        self, register: Register, client: Client, rf: RequestFactory
    ) -> None:
        address = reverse("safety:at", args=[register.workshop.id])
        for _again in range(300):
            assert slow_down(rf.get(address), "site") is None
        assert client.get(address).status_code == 429


def addresses(register: Register, case: Told) -> list[str]:
    """Every staff page that could be asked for the case, the firm or its sites."""
    values: dict[str, Any] = {
        "county": case.receipt.county, "id_": case.receipt.id, "firm": register.firm.id,
        "site": register.workshop.id, "seq": 1, "n": 0, "name": "reveal",
    }  # fmt: skip
    found = []
    for name, asked in patterns(get_resolver()):
        surface = name.split(":")[0]
        known = surface in {"desk", "field", "command", "safety", "networks", "ui"}
        if known and set(asked) <= values.keys():
            found.append(reverse(name, kwargs={a: values[a] for a in asked}))
    return found


class TestAWorkersReport:
    @pytest.mark.parametrize("kind", ["enterprise_head", "safety_officer"])
    def test_no_page_list_or_answer_tells_the_firm_of_it(
        self, register: Register, kind: str
    ) -> None:
        case, staff = reported(register), register.staff(kind)
        asked = addresses(register, case)
        assert len(asked) > 60 and reverse("safety:own") in asked
        client = signed_in(staff)
        for address in asked:
            answer = client.get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            said = body.decode("utf-8", "replace")
            assert SECRET not in said and case.receipt.number not in said, address
            if str(case.receipt.id) in address:
                assert answer.status_code == 404, address
        with within(staff.scope):
            assert not Case.objects.exists()

    def test_it_cannot_be_given_to_the_firm_by_any_order(self, register: Register) -> None:
        by, staff = register.cast[TOWN, "safety_inspector"], register.staff("safety_officer")
        case = reported(register)
        for ranked, act in ((YELLOW, m.order), (RED, m.stop)):
            case = reported(register)
            case.act(m.rank, ranked, by=by)
            with pytest.raises(Refused, match="另行登记"):
                case.act(act, FIVE | {"firm": staff.unit, "until": case.now}, by=by)
        with within(staff.scope):
            assert not Case.objects.exists()

    def test_it_is_joined_to_what_an_inspector_found_and_stays_hidden(
        self, register: Register
    ) -> None:
        staff = register.staff("safety_officer")
        report, found = reported(register), ordered(register, staff)
        by = register.cast[TOWN, "safety_inspector"]
        report.act(m.merge, {"other": found.ref, "number": found.receipt.number}, by=by)
        said = signed_in(staff).get(reverse("desk:case", args=found.ref)).content.decode()
        assert "冲床没有护罩" in said
        assert SECRET not in said and report.receipt.number not in said
        found.now = timezone.now()  # the officer has only just been appointed
        found.act(m.rectify, SEEN, by=staff)
        with within(staff.scope):
            assert [c.id for c in Case.objects.all()] == [found.receipt.id]


class TestTheFirmsOwnPage:
    def test_it_shows_orders_sites_and_what_is_due(self, register: Register) -> None:
        staff = register.staff("safety_officer")
        client = signed_in(staff)
        assert client.get(reverse("safety:hub")).headers["Location"] == reverse("safety:own")
        assert "现在没有要办的" in client.get(reverse("safety:own")).content.decode()
        case = ordered(register, staff)
        said = client.get(reverse("safety:own")).content.decode()
        for told in ("冲床没有护罩", "限期整改中", "冲压车间", "橙色"):
            assert told in said
        assert reverse("desk:case", args=case.ref) in said

    def test_it_sees_no_other_firm(self, register: Register) -> None:
        other = register.add_firm("别家厂")
        site = register.add_site(other, "别家车间")
        client = signed_in(register.staff("enterprise_head"))
        assert "别家" not in client.get(reverse("safety:own")).content.decode()
        for name, of in (
            ("firm", other.id), ("board", other.id), ("firm_codes", other.id), ("site", site.id),
            ("site_code", site.id), ("propose_site", site.id), ("history", other.id),
            ("look", other.id), ("look", register.firm.id), ("firm", register.firm.id),
        ):  # fmt: skip
            assert client.get(reverse(f"safety:{name}", args=[of])).status_code == 404, name
        for name in ("register", "duplicates", "proposals", "import", "export", "codes"):
            assert client.get(reverse(f"safety:{name}")).status_code == 404, name

    def test_it_prints_its_own_codes_and_board(self, register: Register) -> None:
        client = signed_in(register.staff("safety_officer"))
        for name, of in (
            ("board", register.firm.id), ("firm_codes", register.firm.id),
            ("site_code", register.store.id),
        ):  # fmt: skip
            answer = client.get(reverse(f"safety:{name}", args=[of]))
            assert answer.headers["Content-Type"] == "application/pdf", name

    def test_the_head_asks_for_changes_and_sees_what_became_of_them(
        self, register: Register
    ) -> None:
        client, office = signed_in(register.staff("enterprise_head")), signed_in(register.clerk)
        site = reverse("safety:propose_site", args=[register.store.id])
        assert client.post(site, {"facts": ["storage"]}).status_code == 422
        assert client.post(site, {"facts": ["dust"], "note": "改建"}).status_code == 302
        person = {"duty": "head", "name": "陈大文", "phone": "13800001234"}
        assert client.post(reverse("safety:propose_contact"), person).status_code == 302
        waiting = office.get(reverse("safety:proposals")).content.decode()
        assert "可燃性粉尘" in waiting and "陈**" in waiting and "陈大文" not in waiting
        first, second = Proposal.objects.order_by("at")
        office.post(reverse("safety:decide", args=[first.id]), {"take": "1"})
        office.post(reverse("safety:decide", args=[second.id]), {"refuse": "1", "why": "电话空号"})
        said = client.get(reverse("safety:own")).content.decode()
        assert "已改" in said and "电话空号" in said and "可燃性粉尘" in said

    def test_an_officer_asks_for_nothing(self, register: Register) -> None:
        client = signed_in(register.staff("safety_officer"))
        site = reverse("safety:propose_site", args=[register.store.id])
        assert client.get(site).status_code == 404
        assert client.get(reverse("safety:propose_contact")).status_code == 404
        assert signed_in(register.clerk).get(reverse("safety:own")).status_code == 404
