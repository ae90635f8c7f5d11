"""Which edition holds where and when, what it asks of a site, and that none is rewritten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import make_cast
from gongzhi.mechanisms.safety.models import Category, Edition, Item
from gongzhi.mechanisms.safety.registers import catalogue_reading, contents, editions, shipped
from gongzhi.mechanisms.safety.registers.contents import Contents
from gongzhi.mechanisms.safety.tests.conftest import CITY, COUNTY, TOWN, VILLAGE, Stage

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def smaller() -> Contents:
    """The shipped catalogue without its last item, and with another first one."""
    held = catalogue_reading.read(shipped.rows()).contents
    held.items[0].what = "改过的检查内容"
    return Contents(held.categories, held.items[:-1], held.bases)


def edition(place: str, days: int = 0) -> Edition:
    return Edition(place=place, name="一版", source="文件", valid_from=TODAY + timedelta(days))


@pytest.mark.usefixtures("fresh_database")
class TestInForce:
    def test_shipped_twice_it_is_one_edition(self) -> None:
        first = editions.ship(CITY, now=NOW)
        assert editions.ship(CITY, now=NOW + timedelta(days=9)) == first
        assert Edition.objects.count() == 1
        held = editions.of(first.id)
        assert len(held.categories) >= 95 and len(held.items) >= 500
        assert contents.digest(held) == first.digest

    def test_the_nearest_place_upwards_decides(self) -> None:
        city = editions.ship(CITY, now=NOW)
        assert editions.in_force(VILLAGE, TODAY) == city
        county = editions.enter(edition(COUNTY), smaller(), now=NOW)
        assert editions.in_force(VILLAGE, TODAY) == county
        assert editions.in_force("441202", TODAY) == city
        assert editions.in_force("4401", TODAY) is None
        assert editions.before(county) == city

    def test_the_next_follows_and_the_last_stays_as_it_was(self) -> None:
        first = editions.ship(CITY, now=NOW)
        before = list(Item.objects.order_by("id").values())
        second = editions.enter(edition(CITY, 10), smaller(), now=NOW)
        assert editions.in_force(CITY, TODAY + timedelta(days=9)) == first
        assert editions.in_force(CITY, TODAY + timedelta(days=10)) == second
        kept = Item.objects.filter(category__edition=first).order_by("id")
        assert list(kept.values()) == before
        assert editions.before(second) == first
        with pytest.raises(Refused, match="另选日期"):
            editions.enter(edition(CITY, 5), smaller(), now=NOW)

    def test_one_that_has_not_begun_is_put_right_on_the_same_day(self) -> None:
        wrong = editions.enter(edition(CITY, 10), smaller(), now=NOW)
        right = editions.enter(edition(CITY, 10), smaller(), now=NOW + timedelta(minutes=1))
        assert editions.in_force(CITY, TODAY + timedelta(days=10)) == right
        wrong.refresh_from_db()
        assert wrong.valid_to == wrong.valid_from

    def test_only_who_stands_over_the_place_from_the_county_up(self) -> None:
        cast = make_cast()
        for by in (cast[COUNTY, "clerk"], cast[TOWN, "leader"], cast["441202", "leader"]):
            with pytest.raises(Refused, match="县级以上"):
                editions.enter(edition(COUNTY), smaller(), now=NOW, by=by)
        entered = editions.enter(edition(COUNTY), smaller(), now=NOW, by=cast[CITY, "leader"])
        assert entered.account == cast[CITY, "leader"].account

    def test_what_a_city_entered_itself_is_not_replaced_by_what_ships(self) -> None:
        by = make_cast()[CITY, "leader"]
        editions.enter(edition(CITY), smaller(), now=NOW, by=by)
        with pytest.raises(Refused, match="自己的清单"):
            editions.ship(CITY, now=NOW)


class TestWhatApplies:
    def test_industry_and_facts_of_the_site_decide(self, stage: Stage) -> None:
        editions.ship(CITY, now=NOW)
        found = editions.items_for(stage.site, on=TODAY)
        codes = [i.code for i in found]
        assert codes == sorted(codes) and "A01-01" in codes and "B01-01" in codes
        for item in found:
            of = item.category
            for said in (of.industries, item.industries):
                assert not said or {"C", "C33"} & set(said), item
            assert {*of.needs, *item.needs} <= {"stamping"}, item
        assert "A09" not in {i.category.code for i in found}  # hot work is not done there
        stage.site.facts = ["stamping", "hot_work"]
        more = {i.code for i in editions.items_for(stage.site, on=TODAY)}
        assert set(codes) < more and any(code.startswith("A09-") for code in more)

    def test_asked_again_it_costs_one_question(self, stage: Stage) -> None:
        editions.ship(CITY, now=NOW)
        editions.items_for(stage.site, on=TODAY)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            editions.items_for(stage.site, on=TODAY)
        assert len(asked) == 1

    def test_where_nothing_holds_nothing_is_asked(self, stage: Stage) -> None:
        assert editions.items_for(stage.site, on=TODAY) == []


@pytest.mark.usefixtures("fresh_database")
def test_an_item_is_shown_with_its_bases_in_words() -> None:
    id_ = editions.ship(CITY, now=NOW).id
    shown = editions.shown(id_, "A02-02")
    assert shown is not None and "考核合格" in shown.item.what
    assert str(shown.cited[1]) == "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第三条"
    assert editions.shown(id_, "Z99-01") is None


@pytest.mark.usefixtures("fresh_database")
def test_two_editions_are_compared_row_by_row() -> None:
    old = editions.of(editions.ship(CITY, now=NOW).id)
    changed, gone = contents.differences(old, smaller())
    assert (changed.key, changed.columns) == ("A01-01", ["what"])
    assert gone.new is None and gone.old == old.items[-1]
    assert contents.differences(old, old) == []


def test_unsaved_it_says_the_same_as_saved(fresh_database: str) -> None:
    """Rows are compared by what they say, whether or not they stand in the database."""
    id_ = editions.ship(CITY, now=NOW).id
    assert Category.objects.filter(edition=id_).count() == len(shipped.contents().categories)
    assert contents.digest(editions.of(id_)) == contents.digest(shipped.contents())
