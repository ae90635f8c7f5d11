"""The pages of the order of urgency: what officials see, and why it cannot be ended."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import LINE, Told, signed_in
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import ListingRule
from gongzhi.mechanisms.safety.registers import ranked_rules
from gongzhi.mechanisms.safety.tests.conftest import (
    COUNTY,
    ORANGE,
    RED,
    SEEN,
    TOWN,
    VILLAGE,
    WHY,
    YELLOW,
    Stage,
)
from gongzhi.people.posts import Holder


def page(by: Holder, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = signed_in(by).get(reverse(f"safety:{name}", args=args), asked)
    assert answer.status_code == status, (name, answer.status_code)
    return str(answer.content.decode())


def numbers(text: str) -> list[str]:
    return re.findall(r"/desk/cases/\d{6}/([0-9a-f-]{36})/", text)


def ids(*cases: Told) -> list[str]:
    return [str(c.receipt.id) for c in cases]


class TestTheList:
    def test_the_gravest_first_in_colour_and_word(self, stage: Stage) -> None:
        late, soon = stage.ordered(YELLOW), stage.found()
        grave = stage.stopped()
        danger = stage.found(data={"danger": True})
        text = page(stage.head, "ranked")
        assert numbers(text) == ids(danger, grave, late, soon)
        for word in (
            "红色（停产停业）",
            "黄色（显著）",
            "待定级",
            "现在就有危险",
            "重大",
            "冲压车间",
        ):
            assert word in text
        assert f"governance_centre {TOWN}" in text

    def test_by_colour_state_and_what_is_late(self, stage: Stage) -> None:
        yellow, red, new = stage.ordered(YELLOW), stage.stopped(), stage.found()
        head = stage.head
        assert numbers(page(head, "ranked", colour="red")) == ids(red)
        assert numbers(page(head, "ranked", colour="unranked")) == ids(new)
        assert numbers(page(head, "ranked", state=m.ordered.name)) == ids(yellow)
        assert numbers(page(head, "ranked", overdue="1")) == []
        assert len(numbers(page(head, "ranked", colour="green", state="none"))) == 3

    def test_it_is_counted_here_and_below(self, stage: Stage) -> None:
        stage.ordered(YELLOW)
        stage.stopped()
        text = page(stage.county_head, "ranked", place=COUNTY)
        assert re.search(r"红色（停产停业）</span> <strong>1</strong>", text)
        assert f"?place={TOWN}" in text
        assert page(stage.county_head, "ranked", place=TOWN).count("<strong>1</strong>") == 2

    def test_only_for_officials_and_their_own_places(self, stage: Stage) -> None:
        page(stage.firm, "ranked", status=404)
        page(stage.firm, "listing_rules", status=404)
        page(stage.head, "ranked", status=404, place=COUNTY)
        page(stage.cast[COUNTY, "mediator"], "ranked", status=404)

    def test_listed_is_said_with_its_level(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        case.act(m.list_, {"note": Words("限期")}, by=stage.county_head)
        assert "县级挂牌" in page(stage.head, "ranked", place=VILLAGE)


class TestRules:
    said = {"place": COUNTY, "after_days": "0"}

    def test_tried_first_then_switched_on_and_ended(self, stage: Stage) -> None:
        stage.ordered(ORANGE)
        client = signed_in(stage.county_head)
        address, today = reverse("safety:new_listing_rule"), timezone.localdate()
        said = {**self.said, "valid_from": today}
        tried = client.post(address, said).content.decode()
        assert "现在有 1 件会被挂牌督办" in tried and not ListingRule.objects.exists()
        answer = client.post(address, {**said, "on": "1"}, follow=True).content.decode()
        assert "发现后 0 天" in answer and "已启用" in answer
        rule = ListingRule.objects.get()
        assert (rule.level, rule.place) == ("county", COUNTY)
        client.post(reverse("safety:end_listing_rule", args=[rule.id]))
        assert ranked_rules.in_force(today) == []
        assert "已停用" in page(stage.head, "listing_rules")

    def test_what_is_wrong_is_said(self, stage: Stage) -> None:
        client, today = signed_in(stage.county_head), timezone.localdate()
        said = {**self.said, "valid_from": today - timedelta(days=1), "on": "1"}
        answer = client.post(reverse("safety:new_listing_rule"), said)
        assert answer.status_code == 422 and "今天或以后" in answer.content.decode()

    def test_not_by_others(self, stage: Stage) -> None:
        page(stage.first, "new_listing_rule", status=404)
        page(stage.head, "new_listing_rule", status=404)
        own = ranked_rules.switch_on(
            ListingRule(place=COUNTY, after_days=1, valid_from=timezone.localdate()),
            now=timezone.now(), by=stage.county_head,
        )  # fmt: skip
        signed_in(stage.head).post(reverse("safety:end_listing_rule", args=[own.id]))
        assert ListingRule.objects.get().valid_to is None


def try_(client: Client, case: Told, act: str, **said: Any) -> str:
    address = reverse("desk:do", args=[*case.ref, act])
    answer = client.post(address, said, follow=True)
    return str(answer.content.decode())


class TestWhyNot:
    """Whoever tries to end it alone reads the reason, in their language."""

    def test_the_one_who_rechecked_cannot_restart(self, stage: Stage) -> None:
        case = stage.stopped()
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.pass_stopped, SEEN, by=stage.head)
        client = signed_in(stage.head)
        assert "须由他人办理" in try_(client, case, "restart", note="好了")
        client.cookies["django_language"] = "en"
        said = try_(client, case, "restart", note="done")
        assert "Somebody else must take this step" in said
        assert not case.row().closed_at

    def test_a_stopped_one_is_not_struck_off_by_the_short_way(self, stage: Stage) -> None:
        case = stage.stopped()
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        said = try_(signed_in(stage.second), case, "pass", note="好了")
        assert "停产整改完成，待复查" in said and "只能在“整改完成，待复查”时办" in said

    @pytest.mark.parametrize(
        ("language", "why"),
        [("zh-hans", "由县级挂牌单位先摘牌"), ("en", "taken off the list by the county")],
    )
    def test_a_listed_one_waits_for_who_listed_it(
        self, stage: Stage, language: str, why: str
    ) -> None:
        case = stage.ordered(ORANGE)
        case.act(m.list_, {"note": Words("限期")}, by=stage.county_head)
        case.act(m.rectify, SEEN, by=stage.firm)
        client = signed_in(stage.second)
        client.cookies["django_language"] = language
        assert why in try_(client, case, "pass", note="好了")
        assert case.row().is_open

    def test_the_case_page_says_what_stands_before_the_end(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        case.act(m.list_, {"note": Words("限期")}, by=stage.county_head)
        until = stage.until(case, 20)
        case.act(m.ask_longer, {**WHY, "until": until}, by=stage.firm)
        text = page(stage.head, "beside", *case.ref)
        for said in ("县级挂牌督办", f"governance_centre {COUNTY}", "提请延长到"):
            assert said in text
        case.act(m.stop, stage.given(case), by=stage.first)
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        text = page(stage.firm, "beside", *case.ref)
        assert "一个人不能销号" in text and text.count("已完成") == 1
        assert "怎样才能销号" not in page(stage.head, "beside", *stage.found().ref)
        case = stage.found()
        case.act(m.rank, RED, by=stage.first)
        page(stage.cast[LINE[3], "leader"], "beside", *case.ref)
