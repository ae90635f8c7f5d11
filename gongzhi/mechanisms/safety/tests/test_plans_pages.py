"""Plans, checks that are due, and training, as staff see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.testing import make_unit, signed_in
from gongzhi.mechanisms.safety.models import Check, Plan, Training
from gongzhi.mechanisms.safety.tests.planning import Plans, left
from gongzhi.mechanisms.safety.tests.register import CITY, COUNTY, TOWN, VILLAGE
from gongzhi.people.posts import Holder
from gongzhi.ui.reminders import reminders


@pytest.fixture
def town(fresh_database: str) -> Plans:
    found = Plans()
    found.now = timezone.now()
    return found


def at(place: str) -> dict[str, str]:
    return {"place": place, "place_said": place, "place_for": place}


def said(town: Plans, **facts: Any) -> dict[str, Any]:
    usual = {"name": "五金企业自查", "kind": "self", "orange": 10, "blue": 30,
             "valid_from": str(town.today), **at(COUNTY)}  # fmt: skip
    return usual | facts


def page(by: Holder, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = signed_in(by).get(reverse(f"safety:{name}", args=args), asked)
    assert answer.status_code == status, (name, answer.status_code)
    return str(answer.content.decode())


def kept(client: Client, address: str, told: dict[str, Any]) -> Plan:
    """Looked at first, then kept as it was shown."""
    shown = client.post(address, told)
    assert shown.status_code == 200, shown.content.decode()
    answer = client.post(address, told | {"keep": shown.context["seal"]})
    assert answer.status_code == 302
    found = Plan.objects.order_by("-entered_at").first()
    assert found is not None
    return found


class TestPlans:
    def test_what_it_would_ask_is_told_before_it_is_kept(self, town: Plans) -> None:
        other = town.add_firm("某木业")
        town.add_site(other, "车间", colour="blue")
        client, address = signed_in(town.leader), reverse("safety:new_plan")
        assert "试算" in client.get(address).content.decode()
        shown = client.post(address, said(town)).content.decode()
        for told in ("管 3 个场所", "2 家企业", "头三十天 4 次检查", "还没有保存",
                     "1 家企业的 1 个场所没有账号"):  # fmt: skip
            assert told in shown
        assert not Plan.objects.exists()
        plan = kept(client, address, said(town))
        assert plan.every == {"orange": 10, "blue": 30} and len(left(plan)) == 2
        listed = page(town.leader, "plans")
        assert "五金企业自查" in listed and "每 10 天" in listed

    def test_what_was_changed_since_is_shown_again(self, town: Plans) -> None:
        client, address = signed_in(town.leader), reverse("safety:new_plan")
        shown = client.post(address, said(town))
        again = client.post(address, said(town, orange=1) | {"keep": shown.context["seal"]})
        assert again.status_code == 200 and "头三十天 31 次检查" in again.content.decode()
        assert not Plan.objects.exists()

    def test_faults_are_shown_at_their_fields(self, town: Plans) -> None:
        client, address = signed_in(town.leader), reverse("safety:new_plan")
        for wrong, told in (
            ({"kind": "department"}, "请选由当地或上级的哪个单位检查"),
            ({"orange": "", "blue": ""}, "至少写一种颜色"),
            ({"orange": "0"}, "大于或等于"),
            (at("44"), "不在可选的范围"),
        ):
            answer = client.post(address, said(town, **wrong))
            assert answer.status_code == 422 and told in answer.content.decode(), told
        past = said(town, valid_from=str(town.today - timedelta(days=1)))
        shown = client.post(address, past)
        answer = client.post(address, past | {"keep": shown.context["seal"]})
        assert answer.status_code == 422 and "今天或以后" in answer.content.decode()

    def test_only_sites_with_the_facts_are_asked(self, town: Plans) -> None:
        facts = {"facts": ["stamping"], "industries": ["C33"], "kind": "cross", "unit": town.fire}
        plan = kept(signed_in(town.leader), reverse("safety:new_plan"), said(town, **facts))
        assert [c.site_id for c in left(plan)] == [town.workshop.id]
        shown = page(town.leader, "plan", plan.id)
        assert "冲压和剪切" in shown and "金属制品业" in shown and "专家交叉检查" in shown

    def test_a_change_and_an_end(self, town: Plans) -> None:
        client = signed_in(town.leader)
        plan = kept(client, reverse("safety:new_plan"), said(town))
        shown = client.get(reverse("safety:change_plan", args=[plan.id])).content.decode()
        assert "五金企业自查" in shown and "带过去" in shown
        later = said(town, orange=5, valid_from=str(town.today + timedelta(days=3)))
        new = kept(client, reverse("safety:change_plan", args=[plan.id]), later)
        assert new.line == plan.line and "各个时候的计划" in page(town.leader, "plan", new.id)
        assert page(town.leader, "change_plan", plan.id, status=404)
        address = reverse("safety:end_plan", args=[new.id])
        assert "已经逾期的仍要补查" in client.get(address).content.decode()
        assert client.post(address).status_code == 302
        assert left(plan) == [] and "已结束的" in page(town.leader, "plans")

    def test_those_below_read_it_and_others_do_not(self, town: Plans) -> None:
        plan = town.plan()
        below = page(town.cast[TOWN, "clerk"], "plan", plan.id)
        assert "由当地的领导、安全监管人员、管理员制定" in below
        assert reverse("safety:change_plan", args=[plan.id]) not in below
        for name in ("change_plan", "end_plan"):
            page(town.inspector, name, plan.id, status=404)
        page(town.cast["441202", "leader"], "plan", plan.id, status=404)
        for by in (town.of_unit(town.fire, COUNTY), town.staff("enterprise_head")):
            for name in ("plans", "new_plan", "training"):
                page(by, name, status=404)
        page(town.cast[TOWN, "clerk"], "new_plan", status=404)


class TestDue:
    def test_a_unit_sees_what_it_is_to_check(self, town: Plans) -> None:
        town.plan(kind="department", unit=town.fire)
        Check.objects.filter(site=town.workshop).update(due=town.today - timedelta(days=2))
        Check.objects.filter(site=town.store).update(due=town.today + timedelta(days=20))
        Check.objects.update(from_day=town.today)
        by = town.of_unit(town.fire, COUNTY)
        shown = page(by, "checks")
        assert shown.index("冲压车间") < shown.index("原料仓库") and "逾期 1" in shown
        late = page(by, "checks", only="late")
        assert "冲压车间" in late and "原料仓库" not in late
        (reminder,) = reminders(by, town.now)
        assert "1 次安全检查" in reminder.said and reminder.url == reverse("safety:checks")
        assert "没有要查的" in page(town.leader, "checks")
        whole = page(town.leader, "checks", place=COUNTY)
        assert "冲压车间" in whole and "逾期的在哪里" in whole

    def test_a_place_is_seen_by_those_who_stand_over_it(self, town: Plans) -> None:
        page(town.leader, "checks", place="441202", status=404)
        page(town.cast[TOWN, "judge"], "checks", status=404)
        answer = signed_in(town.staff("safety_officer")).get(reverse("safety:checks"))
        assert answer.headers["Location"] == reverse("safety:own")

    def test_nobody_is_reminded_of_what_others_check(self, town: Plans) -> None:
        town.plan()
        Check.objects.update(due=town.today - timedelta(days=2), from_day=town.today)
        assert reminders(town.inspector, town.now) == []
        (of_firm,) = reminders(town.staff("safety_officer"), town.now)
        assert "2 次安全检查" in of_firm.said


class TestTraining:
    URL = "https://example.org/press"

    def told(self, town: Plans, **facts: Any) -> dict[str, Any]:
        usual = {"title": "冲压机械安全", "url": self.URL, "facts": ["stamping"],
                 "valid_from": str(town.today), **at(COUNTY)}  # fmt: skip
        return usual | facts

    def test_a_link_is_given_shown_to_those_concerned_and_ended(self, town: Plans) -> None:
        client = signed_in(town.leader)
        assert client.post(reverse("safety:new_training"), self.told(town)).status_code == 302
        assert "冲压机械安全" in page(town.inspector, "training")
        staff = town.staff("safety_officer")
        assert self.URL in page(staff, "own")
        other = town.add_firm("某木业")
        town.add_site(other, "车间", facts=["dust"])
        assert self.URL not in page(town.staff("safety_officer", other), "own")
        address = reverse("safety:end_training", args=[Training.objects.get().id])
        assert signed_in(town.inspector).post(address).status_code == 404
        assert client.post(address).status_code == 302
        assert self.URL not in page(staff, "own")

    def test_only_https_is_linked_and_only_with_days_in_order(self, town: Plans) -> None:
        client, address = signed_in(town.leader), reverse("safety:new_training")
        for wrong, told in (
            ({"url": "http://example.org"}, "请写 https:// 开头"),
            ({"url": "javascript:alert(1)"}, "URL"),
            ({"valid_to": str(town.today)}, "停用日期要在起用日期以后"),
            (at(VILLAGE), "不在可选的范围"),
        ):
            answer = client.post(address, self.told(town, **wrong))
            assert answer.status_code == 422 and told in answer.content.decode(), wrong
        assert not Training.objects.exists()

    def test_the_town_gives_none(self, town: Plans) -> None:
        page(town.cast[TOWN, "leader"], "new_training", status=404)
        answer = signed_in(town.cast[CITY, "administrator"]).post(
            reverse("safety:new_training"), self.told(town) | at(CITY)
        )
        assert answer.status_code == 302
        assert "冲压机械安全" in page(town.inspector, "training")

    def test_one_to_come_or_of_another_industry_is_not_shown(self, town: Plans) -> None:
        client, address = signed_in(town.leader), reverse("safety:new_training")
        for told in ({"valid_from": str(town.today + timedelta(days=1))},
                     {"industries": ["A"], "facts": []}):  # fmt: skip
            assert client.post(address, self.told(town, **told)).status_code == 302
        assert self.URL not in page(town.staff("safety_officer"), "own")


def test_units_below_may_be_asked_for_their_own_place(town: Plans) -> None:
    unit = make_unit(TOWN, "fire")
    told = said(town, kind="department", unit=str(unit), **at(TOWN))
    plan = kept(signed_in(town.leader), reverse("safety:new_plan"), told)
    assert {c.unit for c in left(plan)} == {unit}
