"""What neighbours see of each other's requests, and what the case page shows beside one."""

from typing import Any

from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import BEGAN, Told, signed_in
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.pages.requests.neighbours import shared
from gongzhi.mechanisms.neighbourhoods.templatetags.requests import requests_at_door
from gongzhi.mechanisms.neighbourhoods.tests.conftest import SOLVED, Home, Stage

LOUD = Words("楼上漏水，我电话13800001234，急")


def told(stage: Stage, home: Home, shown: str, **said: Any) -> Told:
    return stage.told(home, text=LOUD, shown=shown, **said)


def beside(case: Told, by: Any) -> str:
    answer = signed_in(by).get(reverse("neighbourhoods:beside", args=case.ref))
    assert answer.status_code == 200
    return answer.content.decode()


class TestAtTheDoor:
    def test_nothing_unless_it_was_allowed(self, stage: Stage) -> None:
        told(stage, stage.first, "no")
        assert shared(stage.first.building, now=BEGAN) == []

    def test_the_kind_alone_or_the_words_too(self, stage: Stage) -> None:
        told(stage, stage.first, "kind")
        told(stage, stage.first, "words")
        found = {one.text for one in shared(stage.first.building, now=BEGAN)}
        assert found == {"", "楼上漏水，我电话138****1234，急"}

    def test_not_those_of_other_buildings(self, stage: Stage) -> None:
        told(stage, stage.second, "words")
        assert shared(stage.first.building, now=BEGAN) == []

    def test_what_was_solved_shows_for_a_month(self, stage: Stage) -> None:
        case = told(stage, stage.first, "kind")
        case.act(m.reply, SOLVED, by=stage.first.chief)
        case.act(m.confirm, {"satisfied": True}, by=case.resident)
        (one,) = shared(stage.first.building, now=case.now)
        assert one.closed_at is not None
        case.travel(days=31)
        assert shared(stage.first.building, now=case.now) == []

    def test_here_too_leads_to_a_report_of_ones_own(self, stage: Stage, client: Client) -> None:
        case = told(stage, stage.first, "kind")
        page = render_to_string(
            "neighbourhoods/requests/at_door.html", requests_at_door(stage.first.building)
        )
        assert f"same_as={case.receipt.id}" in page and "13800001234" not in page
        address = reverse("portal:new", args=["neighbourhoods", case.row().place])
        asked = {"building": str(stage.first.building.id), "same_as": str(case.receipt.id)}
        answer = client.get(address, asked)
        assert f'value="{case.receipt.id}"' in answer.content.decode()
        assert "1 栋" in answer.content.decode()


class TestBeside:
    def test_the_same_thing_next_door_with_the_way_to_join_it(self, stage: Stage) -> None:
        first = told(stage, stage.first, "no")
        second = stage.told(stage.first, same_as=first.receipt.id)
        page = beside(second, stage.first.chief)
        assert str(first.receipt.id) in page and "do/gather/" in page

    def test_not_what_was_told_in_another_building(self, stage: Stage) -> None:
        other, case = told(stage, stage.second, "no"), told(stage, stage.first, "no")
        assert str(other.receipt.id) not in beside(case, stage.clerk)
