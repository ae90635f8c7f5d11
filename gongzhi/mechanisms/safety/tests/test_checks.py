"""Checks that are due: whose, in which order, which inspection does which, what is late where."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from gongzhi.mechanisms.safety.models import Check, Inspection
from gongzhi.mechanisms.safety.registers import checks
from gongzhi.mechanisms.safety.tests.planning import MONDAY, Plans, left
from gongzhi.mechanisms.safety.tests.register import CITY, COUNTY, TOWN, VILLAGE


@pytest.fixture
def town(fresh_database: str) -> Plans:
    return Plans()


class TestDue:
    def test_a_unit_has_its_own_the_late_ones_first(self, town: Plans) -> None:
        town.plan(kind="department", unit=town.fire)
        town.plan()
        Check.objects.filter(site=town.store).update(due=MONDAY - timedelta(days=3))
        Check.objects.update(from_day=MONDAY - timedelta(days=9))
        by = town.of_unit(town.fire, COUNTY)
        assert [c.site.name for c in checks.due(by, town.today)] == ["原料仓库", "冲压车间"]
        firm = town.staff("safety_officer")
        assert {c.plan.kind for c in checks.due(firm, town.today)} == {"self"}
        assert not checks.due(town.leader, town.today).exists()
        assert checks.in_place(TOWN, town.today).count() == 4

    def test_what_is_not_open_yet_is_not_listed(self, town: Plans) -> None:
        town.plan(every={"blue": 90})
        Check.objects.update(from_day=MONDAY + timedelta(days=1), due=MONDAY + timedelta(days=40))
        firm = town.staff("safety_officer")
        assert not checks.due(firm, MONDAY).exists()
        assert checks.due(firm, MONDAY + timedelta(days=1)).count() == 1

    def test_pages_go_on_where_the_last_ended(self, town: Plans) -> None:
        town.many_sites(120)
        town.plan(every={"blue": 30})
        Check.objects.update(from_day=MONDAY)
        found, seen, after = checks.due(town.staff("safety_officer"), MONDAY), [], None
        while True:
            page = checks.page(found, "", MONDAY, after=after)
            seen += [c.id for c in page.rows]
            after = page.after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 121
        assert seen == [c.id for c in found]

    def test_filters_are_counted(self, town: Plans) -> None:
        town.many_sites(4)
        town.plan(every={"blue": 30})
        ids = list(Check.objects.order_by("site__name").values_list("id", flat=True))
        for n, id_ in enumerate(ids):  # three days late, today, Sunday, next week, later
            due = MONDAY + timedelta(days=(-3, 0, 6, 7, 20)[n])
            Check.objects.filter(id=id_).update(due=due, from_day=MONDAY - timedelta(days=9))
        by = town.staff("safety_officer")
        found = checks.due(by, MONDAY)
        assert checks.counts(found, MONDAY) == {"": 5, "late": 1, "week": 2}
        assert [c.id for c in checks.page(found, "late", MONDAY).rows] == ids[:1]
        assert [c.id for c in checks.page(found, "week", MONDAY).rows] == ids[1:3]
        assert checks.waiting(by, MONDAY) == 3

    def test_late_ones_are_counted_by_place_below(self, town: Plans) -> None:
        town.plan()
        assert checks.late_below(CITY, MONDAY) == {}
        later = MONDAY + timedelta(days=60)
        assert checks.late_below(CITY, later) == {COUNTY: 2}
        assert checks.late_below(TOWN, later) == checks.late_below(VILLAGE, later) == {VILLAGE: 2}
        assert checks.late_below("441202", later) == {}


class TestSettle:
    def test_an_inspection_does_the_earliest_of_its_kind_and_site(self, town: Plans) -> None:
        plan, other = town.plan(every={"orange": 5}), town.plan(every={"orange": 9})
        Check.objects.filter(plan=plan).update(due=MONDAY + timedelta(days=2), from_day=MONDAY)
        Check.objects.filter(plan=other).update(due=MONDAY + timedelta(days=4), from_day=MONDAY)
        done = town.inspect(town.workshop)
        assert left(plan) == [] and len(left(other)) == 1
        assert done.check_of is not None and done.check_of.plan == plan
        assert done.check_of.done_at == town.now
        assert Inspection.objects.get(id=done.id).check_of_id == done.check_of_id

    def test_the_one_given_goes_first(self, town: Plans) -> None:
        town.plan(every={"orange": 5}, name="甲")
        other = town.plan(every={"orange": 9}, name="乙")
        Check.objects.update(from_day=MONDAY)
        town.inspect(town.workshop, check=left(other)[0])
        assert left(other) == [] and Check.objects.filter(done_at=None).count() == 1

    def test_one_given_of_another_site_or_kind_is_not_done(self, town: Plans) -> None:
        plan = town.plan(kind="department", unit=town.fire)
        Check.objects.update(from_day=MONDAY)
        (of_store,) = (c for c in left(plan) if c.site_id == town.store.id)
        town.inspect(town.workshop, "department", check=of_store)
        assert [c.id for c in left(plan)] == [of_store.id]
        town.inspect(town.store, "self", check=of_store)
        town.inspect(town.store, "audit", check=of_store)
        assert [c.id for c in left(plan)] == [of_store.id]

    def test_a_part_of_the_catalogue_does_not_do_for_all_of_it(self, town: Plans) -> None:
        whole = town.plan(every={"orange": 5}, name="全部")
        part = town.plan(every={"orange": 5}, name="部分", categories=["A01", "A02"])
        Check.objects.update(from_day=MONDAY)
        town.inspect(town.workshop, categories=("A01",))
        assert left(whole) and left(part)
        town.inspect(town.workshop, categories=("A01", "A02", "B01"))
        assert left(whole) and not left(part)
        town.inspect(town.workshop)
        assert not left(whole)

    def test_todays_check_is_not_next_months_too(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 30})
        Check.objects.update(from_day=MONDAY)
        town.inspect(town.workshop)
        town.night()
        assert town.inspect(town.workshop).check_of is None and len(left(plan)) == 1

    def test_a_late_one_of_an_ended_plan_is_done_too(self, town: Plans) -> None:
        plan = town.plan(every={"orange": 2})
        town.travel(9)
        assert town.inspect(town.workshop).check_of is not None and left(plan) == []

    def test_two_at_a_time_do_it_once(self, town: Plans) -> None:
        town.plan(every={"orange": 5})
        Check.objects.update(from_day=MONDAY)
        rows = [town.inspect(town.store) for _n in range(4)]
        Inspection.objects.update(site=town.workshop)

        def settle(row: Inspection) -> bool:
            try:
                with transaction.atomic():
                    return checks.settle(Inspection.objects.get(id=row.id)) is not None
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(settle, rows)) == [False, False, False, True]
