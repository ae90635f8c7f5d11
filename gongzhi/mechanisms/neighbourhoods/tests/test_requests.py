"""A resident's request: told by a code at the door, answered near home, or handed up by itself."""

import pytest

from gongzhi.cases import linkage, replay, rollups, whistles
from gongzhi.cases.changes import NotFound, Refused, Words
from gongzhi.cases.models import Case, ClockRun
from gongzhi.cases.reading import acts_open_to, case_for, seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, Told
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.tests.conftest import (
    COMMUNITY,
    COUNTY,
    SOLVED,
    TOWN,
    WHY,
    Stage,
)
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

GLAD = {"satisfied": True}
NOT_SOLVED = {"reason": Words("还在滴水")}


def running(case: Told) -> set[str]:
    with within(Scope(case=case.receipt.id)):
        return set(ClockRun.objects.filter(ended_at=None).values_list("name", flat=True))


def figures(place: str = COMMUNITY) -> dict[str, int]:
    """All that was ever counted there."""
    until = BEGAN.date().replace(year=2028)
    with within(Scope(place=place)):
        names = ("chief_in_time", "satisfied", "rated", "contested", "closed.%", "met.%")
        return dict(rollups.flows([place], names, since=BEGAN.date(), until=until).get(place, {}))


def seen(case: Told, by: Holder) -> bool:
    with within(by.scope):
        return Case.objects.filter(id=case.receipt.id).exists()


class TestWhoGetsIt:
    def test_the_buildings_own_team(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        row = case.row()
        assert (row.unit, row.state) == (stage.first.building.team, "raised")
        assert row.facts["by_spot"]["called"] == "1 栋"
        assert running(case) == {"chief", "total"}

    def test_chiefs_of_other_buildings_do_not_see_it(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        assert seen(case, stage.first.chief)
        assert not seen(case, stage.second.chief)
        assert seen(case, stage.clerk), "the community stands over it"

    def test_the_community_where_the_building_has_no_chief(self, stage: Stage) -> None:
        case = stage.told(stage.home("3", chief=False))
        assert case.row().unit == stage.committee

    def test_the_community_where_the_chief_is_away_for_good(self, stage: Stage) -> None:
        post = stage.first.chief.post
        Appointment.objects.filter(post=post).update(held_to=case_now(stage))
        assert stage.told(stage.first).row().unit == stage.committee

    def test_a_complaint_about_the_chief_never_reaches_the_chief(self, stage: Stage) -> None:
        case = stage.told(stage.first, about_chief=True)
        assert case.row().unit == stage.committee
        assert not seen(case, stage.first.chief)
        assert stage.first.building.team in case.row().hidden, "nor from any other post"
        with pytest.raises(NotFound):
            seen_by(stage.first.chief, *case.ref)
        case.act(m.reply, SOLVED, by=stage.clerk)
        assert not seen(case, stage.first.chief)


def case_now(stage: Stage) -> object:
    """Before anything was told."""
    holder = Appointment.objects.get(post=stage.first.chief.post)
    return holder.held_from


class TestNearHome:
    def test_the_chief_answers_and_the_resident_confirms(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.travel(minutes=10)
        case.act(m.reply, SOLVED, by=stage.first.chief)
        assert case.row().state == "replied" and running(case) == {"confirm", "total"}
        case.act(m.confirm, GLAD, by=case.resident)
        row = case.row()
        assert not row.is_open and row.facts["rated"]
        found = figures()
        assert found["chief_in_time"] == found["satisfied"] == found["closed.solved"] == 1
        with pytest.raises(Refused, match="评价过"):
            case.act(m.rate, GLAD, by=case.resident)
        assert replay.verify() == []

    def test_not_solved_goes_past_whoever_answered_in_vain(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.reply, SOLVED, by=stage.first.chief)
        case.act(m.contest, NOT_SOLVED, by=case.resident)
        row = case.row()
        assert (row.state, row.unit, row.offered) == ("taken_up", stage.committee, True)
        assert "community" in running(case) and figures()["contested"] == 1

    def test_what_the_community_answered_in_vain_stays_with_it(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.pass_on, WHY, by=stage.first.chief)
        case.act(m.reply, SOLVED, by=stage.clerk)
        case.act(m.contest, NOT_SOLVED, by=case.resident)
        assert case.row().unit == stage.committee

    def test_silence_is_counted_apart(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.reply, SOLVED, by=stage.first.chief)
        case.travel(days=9)
        sweep(case.now)
        assert case.row().state == "unheard"
        found = figures()
        assert found[f"closed.{m.unheard.name}"] == 1 and "closed.solved" not in found
        case.act(m.rate, {"satisfied": False}, by=case.resident)
        assert figures()["rated"] == 1
        assert m.hear_nothing.name in done(case, stage.clerk)

    def test_somebody_else_verifies_at_the_door(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.reply, SOLVED, by=stage.first.chief)
        with pytest.raises(Refused, match="他人"):
            case.act(m.confirm_at_door, {"note": Words("看过")}, by=stage.first.chief)
        case.act(m.confirm_at_door, {"note": Words("老人说不漏了")}, by=stage.secretary)
        assert case.row().state == "solved"

    def test_taken_back(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.take_back, {"reason": Words("自己修好了")}, by=case.resident)
        assert case.row().state == "taken_back" and figures()["chief_in_time"] == 1


def done(case: Told, by: Holder) -> set[str]:
    return {line.act.name for line in case_for(by, *case.ref).lines if line.act}


class TestUpwards:
    def test_two_hours_of_silence_and_the_community_has_it(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.travel(hours=3)
        sweep(case.now)
        row = case.row()
        assert (row.state, row.unit, row.offered) == ("taken_up", stage.committee, True)
        assert "community" in running(case)
        assert m.pass_on_late.name in done(case, stage.clerk)
        assert seen(case, stage.first.chief), "the chief goes on seeing it"
        found = figures()
        assert "chief_in_time" not in found and found["met.chief"] == 1
        assert replay.verify() == []

    def test_from_chief_to_district_each_with_its_own_time(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.pass_on, WHY, by=stage.first.chief)
        assert running(case) >= {"community"}
        case.act(linkage.escalate, WHY, by=stage.clerk)
        assert running(case) >= {"street"} and "community" not in running(case)
        case.act(linkage.take_in, by=stage.cast[TOWN, "clerk"])
        case.act(linkage.escalate, WHY, by=stage.cast[TOWN, "clerk"])
        assert running(case) >= {"district"}
        case.act(m.reply, SOLVED, by=stage.cast[COUNTY, "handler"])
        case.act(m.confirm, GLAD, by=case.resident)
        assert case.row().units == sorted(
            {stage.first.building.team, stage.committee, stage.cast.units[TOWN],
             stage.cast.units[COUNTY]}, key=str,
        )  # fmt: skip
        assert replay.verify() == []

    def test_back_down_to_the_team(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.pass_on, WHY, by=stage.first.chief)
        acts = {a.name for a in acts_open_to(stage.clerk, seen_by(stage.clerk, *case.ref))}
        assert "give_back" in acts
        case.act(linkage.give_back, WHY, by=stage.clerk)
        assert case.row().unit == stage.first.building.team and "community" in running(case)

    def test_only_a_building_that_had_it_is_offered_it_again(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.pass_on, WHY, by=stage.first.chief)
        case.act(linkage.escalate, WHY, by=stage.clerk)
        town = stage.cast[TOWN, "clerk"]
        snapshot = seen_by(town, *case.ref)
        form = linkage.delegate.form(case=snapshot, by=town, now=case.now)  # type: ignore[misc]
        offered = {value for value, _label in form.fields["unit"].choices}
        assert str(stage.first.building.team) in offered
        assert str(stage.second.building.team) not in offered
        bound = linkage.delegate.form(  # type: ignore[misc]
            {"unit": str(stage.committee), "reason": "再办"}, case=snapshot, by=town, now=case.now
        )
        assert bound.is_valid() and bound.given() == {"level": Level.VILLAGE}

    def test_departments_are_whistled_for(self, stage: Stage) -> None:
        case = stage.told(stage.first)
        case.act(m.pass_on, WHY, by=stage.first.chief)
        said = {"units": [stage.cast.units["court"]], "ground": "beyond", **WHY}
        case.act(whistles.whistle, said, by=stage.clerk)
        assert stage.cast.units["court"] in case.row().units

    def test_it_cannot_be_done_is_an_outcome_that_somebody_else_looks_at(
        self, stage: Stage
    ) -> None:
        case = stage.told(stage.first)
        case.act(m.pass_on, WHY, by=stage.first.chief)
        why = {"note": Words("产权属业主，须业主大会决定"), "basis": Words("民法典")}
        case.act(m.explain, why, by=stage.clerk)
        assert running(case) == {"review", "total"}
        with pytest.raises(Refused, match="他人"):
            case.act(m.uphold, {"note": Words("同意")}, by=stage.clerk)
        case.act(m.try_again, WHY, by=stage.secretary)
        assert "community" in running(case)
        case.act(m.explain, why, by=stage.clerk)
        case.act(m.uphold, {"note": Words("属实")}, by=stage.secretary)
        assert case.row().state == "unsolved" and figures()["closed.unsolved"] == 1


class TestTogether:
    def test_neighbours_who_ask_for_the_same_follow_the_first(self, stage: Stage) -> None:
        first, second = stage.told(stage.first), stage.told(stage.first)
        chief = stage.first.chief
        snapshot = seen_by(chief, *second.ref)
        form = m.gather.form(  # type: ignore[misc]
            {"first": str(first.receipt.id)}, case=snapshot, by=chief, now=second.now
        )
        assert form.is_valid(), form.errors
        second.act(m.gather, form.told(), by=chief)
        assert second.row().state == "gathered"
        follows = case_for(second.resident, *second.ref).first
        assert follows is not None and follows.number == first.receipt.number

    def test_not_with_one_of_another_building(self, stage: Stage) -> None:
        other, case = stage.told(stage.second), stage.told(stage.first)
        snapshot = seen_by(stage.clerk, *case.ref)
        form = m.gather.form(  # type: ignore[misc]
            {"first": str(other.receipt.id)}, case=snapshot, by=stage.clerk, now=case.now
        )
        assert not form.is_valid() and "first" in form.errors
