"""Major hazards are listed by the rule of a level, in the name of the unit that answers there."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gongzhi.cases import replay
from gongzhi.cases.act import act
from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import local
from gongzhi.cases.models import Notice, Task
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import BEGAN, Told
from gongzhi.documents.letters import letter, letters_of
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import ListingRule
from gongzhi.mechanisms.safety.registers import ranked_rules
from gongzhi.mechanisms.safety.tasks import list_by_rules
from gongzhi.mechanisms.safety.tests.conftest import (
    CITY,
    COUNTY,
    ORANGE,
    SEEN,
    TOWN,
    WHY,
    YELLOW,
    Stage,
)
from gongzhi.people.posts import Holder, Timer
from gongzhi.people.scope import Scope, within
from tests.invariants.stage import as_owner

TODAY: date = local(BEGAN).date()
LATER = BEGAN + timedelta(days=31)


@pytest.fixture(autouse=True)
def by_time() -> Iterator[None]:
    """The worker signs in as the owner."""
    with as_owner():
        yield


def rule(by: Holder, **said: Any) -> ListingRule:
    usual = {"place": by.place, "after_days": 30, "valid_from": TODAY}
    return ranked_rules.switch_on(ListingRule(**usual | said), now=BEGAN, by=by)


def listed(case: Told) -> dict[str, str] | None:
    found: dict[str, str] | None = case.row().facts.get("listed")
    return found


def tasks(case: Told) -> set[Any]:
    with within(Scope(case=case.receipt.id)):
        found = Task.objects.filter(case_id=case.receipt.id, name="listed", done_at=None)
        return set(found.values_list("unit", flat=True))


class TestWhatARuleReaches:
    def test_only_major_ones_that_are_old_enough(self, stage: Stage) -> None:
        old, small = stage.ordered(ORANGE), stage.ordered(YELLOW)
        rule(stage.county_head)
        assert list_by_rules(BEGAN + timedelta(days=29)) == 0
        assert list_by_rules(LATER) == 1
        assert listed(old) and not listed(small)
        assert list_by_rules(LATER) == 0
        assert replay.verify() == []

    def test_by_colour_and_by_criterion(self, stage: Stage) -> None:
        red, orange = stage.stopped(), stage.ordered(ORANGE)
        rule(stage.county_head, rank="red")
        assert list_by_rules(LATER) == 1 and listed(red) and not listed(orange)
        rule(stage.county_head, criterion="矿山")
        assert list_by_rules(LATER) == 0
        rule(stage.county_head, criterion="工贸")
        assert list_by_rules(LATER) == 1 and listed(orange)

    def test_only_in_its_place_and_while_it_holds(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        rule(stage.county_head, place=TOWN[:-1] + "9")
        rule(stage.county_head, valid_from=local(LATER).date() + timedelta(days=1))
        ended = rule(stage.county_head)
        ranked_rules.switch_off(ended.id, now=BEGAN, by=stage.county_head)
        assert list_by_rules(LATER) == 0 and not listed(case)

    def test_it_is_tried_before_it_is_saved(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        asked = ListingRule(place=COUNTY, level="county", after_days=30, valid_from=TODAY)
        with within(stage.county_head.scope):
            n, found = ranked_rules.reached(asked, m.list_by_rule, now=LATER, most=50)
        assert n == 1 and found[0].id == case.receipt.id
        assert found[0].lister == stage.cast.units[COUNTY]
        assert not ListingRule.objects.exists() and not listed(case)


class TestWhoListsAndDelists:
    def test_the_unit_that_answers_at_the_level(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        rule(stage.cast[CITY, "leader"])
        list_by_rules(LATER)
        city = stage.cast.units[CITY]
        assert listed(case) == {**(listed(case) or {}), "unit": str(city), "level": "city"}
        case.act(m.rectify, SEEN, by=stage.firm)
        for by in (stage.head, stage.county_head, stage.cast["44", "leader"]):
            with pytest.raises(Refused, match="由谁挂牌"):
                case.act(m.delist, WHY, by=by)
        with pytest.raises(Refused, match="市级挂牌"):
            case.act(m.pass_, SEEN, by=stage.second)
        case.act(m.delist, WHY, by=stage.cast[CITY, "safety_inspector"])
        case.act(m.pass_, SEEN, by=stage.second)
        assert not case.row().is_open

    def test_holder_and_firm_are_told_until_it_is_taken_off(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        rule(stage.county_head)
        list_by_rules(LATER)
        assert tasks(case) == {stage.cast.units[TOWN], stage.firm.unit}
        told = Notice.objects.using("owner").filter(case_id=case.receipt.id, name="listed")
        assert set(told.values_list("unit", flat=True)) == tasks(case)
        case.act(m.rectify, SEEN, by=stage.firm)
        case.act(m.delist, WHY, by=stage.county_head)
        assert tasks(case) == set()

    def test_the_higher_level_lists_over_the_lower(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        rule(stage.county_head)
        rule(stage.cast[CITY, "leader"], after_days=60)
        list_by_rules(LATER)
        with pytest.raises(Refused, match="同级或上级"):
            case.act(m.list_, WHY, by=stage.county_head)
        with pytest.raises(Refused, match="县级以上"):
            case.act(m.list_, WHY, by=stage.head)
        list_by_rules(LATER + timedelta(days=30))
        assert (listed(case) or {})["level"] == "city"
        list_by_rules(LATER + timedelta(days=31))
        assert (listed(case) or {})["level"] == "city"

    def test_the_notice_is_in_the_name_of_who_lists(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        rule(stage.county_head)
        list_by_rules(LATER)
        view = case_for(stage.county_head, *case.ref)
        assert "listing_by_rule" in {d.name for d in letters_of(view)}
        assert f"governance_centre {COUNTY}" in str(letter(view, "listing_by_rule"))

    def test_nobody_but_time_lists_by_rule(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        said = {"rule": "1", "unit": str(stage.cast.units[COUNTY]), "level": "county"}
        with pytest.raises(Refused):
            case.act(m.list_by_rule, said, by=stage.county_head)
        with pytest.raises(Refused):
            act(case.ref, m.list_by_rule, {}, key=uuid4().hex, now=BEGAN, by=Timer())


class TestWhoSetsRules:
    def test_leaders_and_administrators_of_that_level(self, stage: Stage) -> None:
        for by in (stage.first, stage.head, stage.county, stage.firm):
            with pytest.raises(Refused):
                rule(by)
        with pytest.raises(Refused):
            rule(stage.county_head, place=CITY)
        own = rule(stage.county_head)
        assert own.level == "county"
        with pytest.raises(Refused):
            ranked_rules.switch_off(own.id, now=BEGAN, by=stage.cast[CITY, "leader"])

    def test_from_today_and_until_a_later_day(self, stage: Stage) -> None:
        with pytest.raises(Refused, match="今天或以后"):
            rule(stage.county_head, valid_from=TODAY - timedelta(days=1))
        with pytest.raises(Refused, match="晚于"):
            rule(stage.county_head, valid_to=TODAY)


def test_what_a_worker_told_is_listed_without_the_firm(stage: Stage) -> None:
    case = stage.told()
    case.act(m.rank, ORANGE, by=stage.first)
    case.act(m.order, {**stage.given(case), "firm": None}, by=stage.first)
    rule(stage.county_head)
    assert list_by_rules(LATER) == 1
    assert tasks(case) == {stage.cast.units[TOWN]}
