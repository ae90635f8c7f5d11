"""Who keeps the register of firms, what is noted of each change, and what ends with what."""

import base64
import os
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import OUTSIDE
from gongzhi.mechanisms.safety.models import Contact, Looked, RegisterChange, Site
from gongzhi.mechanisms.safety.registers import (
    changes,
    contacts,
    enterprises,
    firm_units,
    listing,
    proposals,
    sites,
)
from gongzhi.mechanisms.safety.tests.register import COUNTY, TOWN, VILLAGE, Register, code
from gongzhi.people.models import Appointment, Post, Unit
from gongzhi.people.sealing import unseal


class TestKeeping:
    @pytest.mark.parametrize("kind", ["clerk", "safety_inspector", "leader", "administrator"])
    def test_offices_over_the_place_keep_it(self, register: Register, kind: str) -> None:
        assert enterprises.keeps(register.cast[TOWN, kind], VILLAGE)
        assert enterprises.keeps(register.bureau, VILLAGE)

    def test_others_do_not(self, register: Register) -> None:
        for by in (
            register.cast[OUTSIDE, "clerk"], register.cast["court", "judge"],
            register.cast[TOWN, "mediator"], register.cast[TOWN, "grid_member"],
            register.staff("enterprise_head"),
            replace(register.cast[TOWN, "leader"], unit_kind="enterprise"),
        ):  # fmt: skip
            assert not enterprises.keeps(by, VILLAGE), by
        assert enterprises.reads(register.cast[TOWN, "grid_member"], VILLAGE)
        assert not enterprises.reads(register.cast[TOWN, "mediator"], VILLAGE)
        assert not enterprises.reads(register.staff("safety_officer"), VILLAGE)

    def test_a_firm_is_not_given_away_to_another_place(self, register: Register) -> None:
        with pytest.raises(Refused, match="不在您的岗位范围"):
            enterprises.change(
                register.firm, {"place": "441226101201"}, by=register.clerk, now=register.now
            )

    def test_each_fact_is_noted_before_and_after(self, register: Register) -> None:
        firm = register.firm
        assert enterprises.change(firm, {"size": "large"}, by=register.clerk, now=register.now)
        assert not enterprises.change(firm, {"size": "large"}, by=register.clerk, now=register.now)
        sites.change(register.store, {"facts": ["storage", "forklift"]}, by=register.clerk,
                     now=register.now)  # fmt: skip
        latest = list(changes.history(firm)[:2])
        assert [one.facts for one in latest] == [
            {"facts": [["storage"], ["storage", "forklift"]]}, {"size": ["small", "large"]},
        ]  # fmt: skip
        assert latest[0].what == register.store.id and latest[0].post == register.clerk.post

    def test_a_code_stands_once(self, register: Register) -> None:
        with pytest.raises(Refused, match="已经登记"):
            register.add_firm("另一家", code=register.firm.code)
        with pytest.raises(Refused, match="同名的场所"):
            register.add_site(register.firm, "冲压车间")

    def test_what_hangs_on_a_firm_ends_with_it(self, register: Register) -> None:
        head = register.staff("enterprise_head")
        contacts.put(register.firm, "head", "陈某", "13800001234", by=register.clerk,
                     now=register.now)  # fmt: skip
        enterprises.end(register.firm, by=register.clerk, now=timezone.now())
        assert enterprises.firm(register.firm.id) is None and sites.site(register.store.id) is None
        assert not Site.objects.filter(valid_to=None).exists()
        assert Contact.objects.get().name is None and Contact.objects.get().phone is None
        assert not Post.objects.filter(unit=head.unit, valid_to=None).exists()
        assert not Appointment.objects.filter(post=head.post, held_to=None).exists()
        register.add_firm("同一代码又来", code=register.firm.code)


class TestContacts:
    def put(self, register: Register, name: str = "陈大文", phone: str = "13800001234") -> bool:
        return contacts.put(register.firm, "head", name, phone, by=register.clerk, now=register.now)

    def test_name_and_phone_are_sealed_and_leave_no_trace(self, register: Register) -> None:
        assert self.put(register)
        row = Contact.objects.get()
        assert row.name is not None and b"13800001234" not in bytes(row.phone or b"")
        assert unseal(bytes(row.name), about=contacts.about(row.id, "name")) == "陈大文"
        said = str(list(RegisterChange.objects.values_list("facts", "called")))
        assert "陈" not in said and "1234" not in said

    def test_whoever_comes_after_erases_whoever_was_before(self, register: Register) -> None:
        self.put(register)
        assert not self.put(register, "陈**", "138****1234")  # as an export shows it
        assert self.put(register, "李小明", "13800005678")
        (before,) = Contact.objects.exclude(held_to=None)
        assert before.name is None and before.phone is None
        (person,) = contacts.of_firms([register.firm.id])[register.firm.id]
        assert (person.name, person.masked.name, person.masked.phone) == (
            "李小明", "李**", "138****5678",
        )  # fmt: skip
        contacts.end(register.firm, "head", by=register.clerk, now=register.now)
        assert contacts.of_firms([register.firm.id]) == {}

    def test_they_come_under_a_new_key(
        self, register: Register, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.put(register)
        head = register.staff("enterprise_head")
        proposals.of_contact(
            register.firm, "officer", "王小红", "13800005678", by=head, now=register.now
        )
        old, new = settings.FIELD_KEYS, f"k2:{base64.b64encode(os.urandom(32)).decode()}"
        monkeypatch.setattr(settings, "FIELD_KEYS", f"{new},{old}")
        assert contacts.rotate() == 4 and contacts.rotate() == 0
        monkeypatch.setattr(settings, "FIELD_KEYS", new)
        assert contacts.of_firms([register.firm.id])[register.firm.id][0].name == "陈大文"

    def test_who_looks_is_noted(self, register: Register) -> None:
        contacts.look(register.firm, "约查现场", by=register.clerk, now=register.now)
        assert Looked.objects.get().reason == "约查现场"


class TestTheFirmsOwnUnit:
    def test_it_stands_in_no_line_and_sees_no_place(self, register: Register) -> None:
        officer = register.staff("safety_officer")
        unit = Unit.objects.get(id=officer.unit)
        assert (unit.kind, unit.parent, unit.place) == ("enterprise", None, VILLAGE)
        assert not officer.sees_place and enterprises.of_unit(officer) == register.firm
        with pytest.raises(Refused, match="已经有账号"):
            firm_units.make(register.firm, by=register.clerk, now=register.now)

    def test_it_is_called_like_the_firm(self, register: Register) -> None:
        officer = register.staff("safety_officer")
        enterprises.change(register.firm, {"name": "新名字"}, by=register.clerk, now=register.now)
        assert Unit.objects.get(id=officer.unit).name == "新名字"


class TestProposals:
    def test_the_head_asks_and_the_office_decides(self, register: Register) -> None:
        head = register.staff("enterprise_head")
        row = proposals.of_site(register.store, ["storage", "dust"], by=head, now=register.now)
        person = proposals.of_contact(
            register.firm, "officer", "王小红", "13800005678", by=head, now=register.now
        )
        assert list(proposals.waiting(COUNTY)) == [row, person]
        proposals.decide(row, take=True, by=register.clerk, now=register.now)
        proposals.decide(person, take=True, by=register.clerk, now=register.now)
        register.store.refresh_from_db()
        person.refresh_from_db()
        assert register.store.facts == ["dust", "storage"] and person.name is None
        assert contacts.of_firms([register.firm.id])[register.firm.id][0].name == "王小红"
        assert changes.history(register.firm)[0].post == register.clerk.post
        with pytest.raises(Refused, match="已经有人处理"):
            proposals.decide(row, take=False, why="不", by=register.clerk, now=register.now)

    def test_a_refusal_says_why_and_changes_nothing(self, register: Register) -> None:
        head = register.staff("enterprise_head")
        row = proposals.of_site(register.store, [], by=head, now=register.now)
        with pytest.raises(Refused, match="理由"):
            proposals.decide(row, take=False, by=register.clerk, now=register.now)
        proposals.decide(row, take=False, why="仓库还在", by=register.clerk, now=register.now)
        register.store.refresh_from_db()
        assert register.store.facts == ["storage"]

    def test_nobody_else_asks_and_nobody_decides_their_own(self, register: Register) -> None:
        head, officer = register.staff("enterprise_head"), register.staff("safety_officer")
        other = register.add_firm("别家")
        for by, site in ((officer, register.store), (head, register.add_site(other, "车间"))):
            with pytest.raises(Refused, match="主要负责人"):
                proposals.of_site(site, ["dust"], by=by, now=register.now)
        row = proposals.of_site(register.store, ["dust"], by=head, now=register.now)
        with pytest.raises(Refused):
            proposals.decide(row, take=True, by=head, now=register.now)


class TestListing:
    def names(self, register: Register, **wanted: str) -> list[str]:
        return [row.firm.name for row in listing.page(TOWN, wanted).rows]

    def test_it_filters_by_what_a_firm_is_and_what_its_sites_are(self, register: Register) -> None:
        other = register.add_firm("江边饭店", industry="H62", size="micro", code=code(77))
        register.add_site(other, "后厨", colour="red", facts=["kitchen", "lpg"])
        hammer = [register.firm.name]
        assert self.names(register, industry="C") == self.names(register, size="small") == hammer
        assert self.names(register, industry="H62") == self.names(register, fact="lpg")
        assert self.names(register, colour="red", fact="kitchen") == ["江边饭店"]
        assert self.names(register, colour="orange", fact="storage") == []
        assert self.names(register, said="五金") == self.names(register, said=register.firm.code)
        assert listing.page(VILLAGE, {}).rows[0].sites in {1, 2}

    def test_pages_follow_by_key_and_leave_none_out(self, register: Register) -> None:
        for n in range(7):
            register.add_firm(f"{n}号厂", code=code(100 + n))
        seen, after = [], ""
        for _page in range(10):
            page = listing.page(TOWN, {}, after=after, size=3)
            seen += [row.firm.id for row in page.rows]
            after = str(page.after or "")
            if not after:
                break
        assert len(seen) == len(set(seen)) == 8 and not after
