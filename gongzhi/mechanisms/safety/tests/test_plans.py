"""Plans: who makes them, what is told before, which checks they lay, and when."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import make_unit
from gongzhi.mechanisms.safety.models import Check, Plan, Site
from gongzhi.mechanisms.safety.registers import enterprises, plans, plans_laying, sites
from gongzhi.mechanisms.safety.tasks import lay_checks
from gongzhi.mechanisms.safety.tests.planning import MONDAY, Plans, left
from gongzhi.mechanisms.safety.tests.register import COUNTY, TOWN, VILLAGE

OTHER = "441202"


@pytest.fixture
def town(fresh_database: str) -> Plans:
    return Plans()


class TestWhoPlans:
    @pytest.mark.parametrize("kind", ["leader", "safety_inspector", "administrator"])
    def test_those_who_stand_over_a_place_plan_for_it(self, town: Plans, kind: str) -> None:
        assert left(town.plan(by=town.cast[TOWN, kind], place=TOWN))

    @pytest.mark.parametrize("kind", ["clerk", "grid_member", "handler"])
    def test_others_do_not(self, town: Plans, kind: str) -> None:
        with pytest.raises(Refused):
            town.plan(by=town.cast[TOWN, kind], place=TOWN)

    def test_nobody_plans_for_another_place_or_the_place_above(self, town: Plans) -> None:
        for place in (OTHER, COUNTY):
            with pytest.raises(Refused):
                town.plan(by=town.cast[TOWN, "leader"], place=place)

    def test_a_firm_plans_nothing(self, town: Plans) -> None:
        with pytest.raises(Refused):
            town.plan(by=town.staff("enterprise_head"), place=VILLAGE)

    def test_a_department_is_named_and_stands_over_the_place(self, town: Plans) -> None:
        with pytest.raises(Refused) as told:
            town.plan(kind="department")
        assert told.value.field == "unit"
        in_town = make_unit(TOWN, "fire")
        with pytest.raises(Refused):
            town.plan(kind="department", unit=in_town)
        assert town.plan(kind="department", unit=in_town, place=VILLAGE).unit == in_town
        assert town.plan(kind="department", unit=town.fire, place=VILLAGE).unit == town.fire

    def test_one_of_another_county_is_refused(self, town: Plans) -> None:
        with pytest.raises(Refused):
            town.plan(kind="cross", unit=make_unit(OTHER, "fire"))

    def test_a_plan_without_a_colour_or_from_yesterday_is_refused(self, town: Plans) -> None:
        faults: list[dict[str, Any]] = [
            {"every": {}}, {"every": {"red": 0}}, {"kind": "audit"},
            {"valid_from": MONDAY - timedelta(days=1)},
        ]  # fmt: skip
        for wrong in faults:
            with pytest.raises(Refused):
                town.plan(**wrong)


class TestWhatIsTold:
    def test_it_counts_sites_and_the_checks_of_thirty_days(self, town: Plans) -> None:
        town.many_sites(40, colour="blue")
        told = plans_laying.preview(town.row(), town.now)
        assert not Plan.objects.exists() and not Check.objects.exists()
        # Every site of an interval of thirty days once, of ten days three times.
        assert (told.whole.sites, told.whole.firms, told.whole.checks) == (42, 1, 41 + 3)
        assert [(p.colour, p.sites, p.checks) for p in told.parts] == [
            ("orange", 1, 3), ("blue", 41, 41)
        ]  # fmt: skip
        assert told.a_day == -(-44 // told.working_days)

    def test_firms_without_an_account_are_told_apart(self, town: Plans) -> None:
        other = town.add_firm("某木业")
        town.add_site(other, "车间", colour="blue")
        told = plans_laying.preview(town.row(), town.now)
        assert (told.whole.sites, told.whole.unasked, told.whole.unasked_firms) == (3, 1, 1)
        assert {c.site.enterprise_id for c in left(town.plan())} == {town.firm.id}

    def test_nothing_fits_and_nothing_is_counted(self, town: Plans) -> None:
        told = plans_laying.preview(town.row(facts=["mine"]), town.now)
        assert (told.whole.sites, told.whole.checks, list(told.parts)) == (0, 0, [])

    def test_sites_are_chosen_by_place_industry_fact_and_colour(self, town: Plans) -> None:
        def found(**facts: Any) -> set[str]:
            return {c.site.name for c in left(town.plan(**facts))}

        assert found(every={"blue": 5}) == {"原料仓库"}
        assert found(facts=["stamping", "mine"]) == {"冲压车间"}
        assert found(industries=["C"]) == found(industries=["C33"]) == {"冲压车间", "原料仓库"}
        assert found(industries=["C34", "A"]) == set()
        assert found(place=VILLAGE) == found() != set()


class TestWhatIsLaid:
    def test_each_site_has_one_check_within_its_interval(self, town: Plans) -> None:
        town.many_sites(60)
        plan = town.plan(every={"orange": 10, "blue": 30})
        found = left(plan)
        assert len(found) == len({c.site_id for c in found}) == 62
        assert all(MONDAY <= c.from_day <= c.due for c in found)
        spread = Counter(c.due for c in found)
        assert len(spread) >= 12 and max(spread.values()) <= 20
        (workshop,) = (c for c in found if c.site_id == town.workshop.id)
        assert workshop.due <= MONDAY + timedelta(days=10)

    def test_none_is_due_on_a_free_day(self, town: Plans) -> None:
        town.now += timedelta(days=21)  # the spring festival is ahead
        town.many_sites(100)
        calendar = working_calendar()
        assert not calendar.is_working(date(2026, 2, 17))
        assert all(calendar.is_working(c.due) for c in left(town.plan(every={"blue": 30})))

    def test_again_it_changes_nothing(self, town: Plans) -> None:
        town.many_sites(20)
        plan = town.plan()
        before = [(c.id, c.due) for c in left(plan)]
        for _night in range(3):
            town.travel(1)
            assert town.night() == 0
        assert [(c.id, c.due) for c in left(plan)] == before

    def test_the_next_is_asked_after_the_interval_from_when_it_was_done(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 10})
        town.travel(9)  # a Wednesday
        town.inspect(town.workshop)
        assert left(plan) == []
        town.night()
        (next_,) = left(plan)
        assert next_.due == date(2026, 1, 30)  # ten days later is a Saturday
        assert next_.from_day == date(2026, 1, 25)

    def test_daily_checks_rest_on_free_days(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 1})
        asked = []
        for _day in range(7):
            town.night()
            asked += [c.due for c in left(plan)]
            town.inspect(town.workshop)
            town.travel(1)
        assert sorted(set(asked)) == [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7)]

    def test_a_late_one_stays_one(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 5})
        (first,) = left(plan)
        town.travel(40)
        town.night()
        assert [(c.id, c.due) for c in left(plan)] == [(first.id, first.due)]

    def test_a_site_that_turns_red_is_not_waited_for(self, town: Plans) -> None:
        plan = town.plan(every={"blue": 90, "red": 3})
        (slow,) = left(plan)
        Site.objects.filter(id=town.store.id).update(colour="red")
        town.night()
        (soon,) = left(plan)
        assert soon.id == slow.id and soon.due <= town.today + timedelta(days=3)

    def test_a_firm_that_gets_an_account_later_is_asked_from_then(self, town: Plans) -> None:
        other = town.add_firm("某木业")
        town.add_site(other, "车间", colour="orange")
        plan = town.plan()
        town.travel(50)
        staff = town.staff("safety_officer", other)
        town.night()
        (new,) = (c for c in left(plan) if c.site.enterprise_id == other.id)
        assert new.unit == staff.unit and new.due >= town.today

    def test_a_site_that_is_over_is_not_checked_however_late(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 3})
        town.travel(20)
        sites.end(town.workshop, by=town.clerk, now=town.now)
        assert left(plan) == [] and town.night() == 0

    def test_a_firm_that_is_over_is_not_checked(self, town: Plans) -> None:
        plan = town.plan()
        enterprises.end(town.firm, by=town.clerk, now=town.now)
        assert left(plan) == [] and town.night() == 0

    def test_grids_check_by_the_village_or_else_the_town(self, town: Plans) -> None:
        Site.objects.filter(id=town.store.id).update(place=TOWN)
        plan = town.plan(kind="grid")
        assert {c.site_id: c.unit for c in left(plan)} == {
            town.workshop.id: town.cast.units[VILLAGE], town.store.id: town.cast.units[TOWN],
        }  # fmt: skip
        committee = make_unit(VILLAGE, "village_committee")
        town.night()
        assert {c.unit for c in left(plan)} == {committee, town.cast.units[TOWN]}

    def test_many_at_a_time_lay_each_check_once(self, town: Plans) -> None:
        town.many_sites(300)
        town.plan(valid_from=MONDAY + timedelta(days=1))
        assert not Check.objects.exists()
        town.travel(1)

        def lay(_n: int) -> int:
            try:
                return plans_laying.lay(town.now)
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(4) as pool:
            laid = list(pool.map(lay, range(4)))
        assert sorted(laid) == [0, 0, 0, 302] and Check.objects.count() == 302

    def test_the_worker_lays_them(self, town: Plans) -> None:
        plan = town.row(valid_from=MONDAY)
        plan.account = plan.post = town.leader.account
        plan.entered_at = town.now
        plan.save()
        assert lay_checks(timestamp=0) == 2 and len(left(plan)) == 2


def late_at_the_workshop(town: Plans) -> Plan:
    """And the store has time."""
    plan = town.plan(every={"orange": 2, "blue": 90})
    Check.objects.filter(site=town.store).update(due=MONDAY + timedelta(days=60))
    town.travel(5)
    return plan


class TestChange:
    def test_what_is_left_goes_on_in_the_changed_plan(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 20, "blue": 20})
        before = {c.id: c.due for c in left(plan)}
        row = town.row(every={"orange": 60, "blue": 60}, valid_from=MONDAY + timedelta(days=2))
        assert plans.change(plan, row, by=town.leader, now=town.now) == 0
        assert {c.plan_id for c in left(plan)} == {plan.id}
        town.travel(2)
        town.night()
        assert {c.plan_id for c in left(plan)} == {row.id}
        assert {c.id: c.due for c in left(plan)} == before

    def test_sites_it_no_longer_asks_for_fall_away_unless_late(self, town: Plans) -> None:
        plan = late_at_the_workshop(town)
        row = town.row(every={"red": 5})
        plans.change(plan, row, by=town.leader, now=town.now)
        assert [c.site_id for c in left(plan)] == [town.workshop.id]

    def test_one_done_before_the_change_counts_after_it(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 1})
        town.inspect(town.workshop)
        plans.change(plan, town.row(every={"orange": 14}), by=town.leader, now=town.now)
        assert [c.due for c in left(plan)] == [MONDAY + timedelta(days=14)]

    def test_a_change_to_come_is_changed_again_but_not_before_it(self, town: Plans) -> None:
        plan = town.plan()
        coming = town.row(valid_from=MONDAY + timedelta(days=10))
        plans.change(plan, coming, by=town.leader, now=town.now)
        with pytest.raises(Refused):
            plans.change(plan, town.row(), by=town.leader, now=town.now)
        plans.change(plan, town.row(name="又改", valid_from=coming.valid_from), by=town.leader,
                     now=town.now)  # fmt: skip
        assert [p.name for p in plans.going(town.leader, town.today)] == ["自查", "又改"]

    def test_the_town_does_not_change_the_countys(self, town: Plans) -> None:
        with pytest.raises(Refused):
            plans.change(town.plan(), town.row(place=TOWN), by=town.inspector, now=town.now)
        with pytest.raises(Refused):
            plans.end(Plan.objects.get(), by=town.inspector, now=town.now)


class TestEnd:
    def test_what_is_late_is_still_to_be_done(self, town: Plans) -> None:
        plan = late_at_the_workshop(town)
        plans.end(plan, by=town.leader, now=town.now)
        assert [c.site_id for c in left(plan)] == [town.workshop.id]
        town.inspect(town.workshop)
        town.night()
        assert left(plan) == []
        assert list(plans.over(town.leader, town.today)) == [plan]
        assert plans.going(town.leader, town.today) == []

    def test_a_change_to_come_never_begins(self, town: Plans) -> None:
        plan = town.plan()
        row = town.row(valid_from=MONDAY + timedelta(days=3))
        plans.change(plan, row, by=town.leader, now=town.now)
        plans.end(plan, by=town.leader, now=town.now)
        town.travel(4)
        town.night()
        assert left(plan) == []
        with pytest.raises(Refused):
            plans.change(plan, town.row(), by=town.leader, now=town.now)


def test_progress_is_of_this_month_and_of_ones_own_place(town: Plans) -> None:
    plan = town.plan(every={"orange": 2, "blue": 90})
    (early,) = (c for c in left(plan) if c.site_id == town.workshop.id)
    Check.objects.exclude(id=early.id).update(due=date(2026, 1, 30))
    town.travel(5)
    how = plans.progress([plan.line], COUNTY, town.now)[plan.line]
    assert (how.done, how.left, how.late) == (0, 1, 1)
    town.inspect(town.workshop)
    how = plans.progress([plan.line], COUNTY, town.now)[plan.line]
    assert (how.done, how.left, how.late) == (1, 1, 0)
    assert plans.progress([plan.line], OTHER, town.now) == {}
    town.travel(30)
    assert plans.progress([plan.line], COUNTY, town.now)[plan.line].done == 0
