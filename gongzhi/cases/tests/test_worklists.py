"""Worklists: in order, page by page, and read from an index whatever the number of cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from gongzhi.cases import worklists
from gongzhi.cases.act import report
from gongzhi.cases.changes import NewTask
from gongzhi.cases.models import Case
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, begin, told
from gongzhi.cases.tests import toys
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE


def numbers(kind: str, by: Holder, size: int = 50, order: str = "due", **wanted: str) -> list[str]:
    """Through all pages of a list, as somebody reads it who never tires."""
    found, after = [], ""
    while True:
        page = worklists.page(kind, by, wanted, after=after, size=size, order=order)
        found += [c.number for c in page.rows]
        if page.after is None:
            return found
        after = page.after


def test_pages_follow_one_another_without_gap_or_repetition(cast: Cast) -> None:
    # All of one moment, so that they fall due together.
    began = {begin(toys.toy).receipt.number for _ in range(7)}
    leader = cast[COUNTY, "leader"]
    read = numbers("place", leader, size=2)
    assert (len(read), set(read)) == (7, began)
    assert numbers("place", leader) == read


def test_the_newest_come_first_page_by_page(cast: Cast) -> None:
    began = [
        report(toys.toy, told(), key=str(n), now=BEGAN + timedelta(hours=n), by=Resident()).number
        for n in range(5)
    ]
    assert numbers("place", cast[COUNTY, "leader"], size=2, order="newest") == began[::-1]


def test_each_level_sees_what_lies_below_it(cast: Cast) -> None:
    here, there = begin(toys.toy).receipt.number, begin(toys.toy, place=OUTSIDE).receipt.number
    for place in LINE:
        seen = set(numbers("place", cast[place, "leader"]))
        assert (place, seen) == (place, {here, there} if len(place) < 6 else {here})
    assert numbers("place", cast[CITY, "leader"], place=OUTSIDE) == [there]
    assert numbers("place", cast[COUNTY, "leader"], place=OUTSIDE) == []


def test_what_a_post_holds_and_what_it_is_asked_for_are_one_list(cast: Cast) -> None:
    me = cast[VILLAGE, "handler"]
    asked = [NewTask("look", post=me.post), NewTask("look again", post=me.post)]
    called = begin(toys.toy, tasks=asked).receipt.number
    begin(toys.toy)
    assert numbers("mine", me, size=1) == [called]
    assert numbers("mine", cast[VILLAGE, "leader"]) == []


def test_a_page_that_nobody_gave_out_is_the_first_one(cast: Cast) -> None:
    begin(toys.toy)
    leader = cast[COUNTY, "leader"]
    assert len(worklists.page("place", leader, after="2026-01-01_x").rows) == 1


def _plans(ask: Callable[[], Any]) -> list[dict[str, Any]]:
    """The nodes that read cases, in the plans of what this asks under row-level security."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "cases_case" in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
        below = [leaf for child in node.get("Plans", ()) for leaf in leaves(child)]
        return [node, *below] if node.get("Relation Name") == "cases_case" else below

    with connection.execute_wrapper(note):
        ask()
    found = []
    with connection.cursor() as cursor:
        # There are too few rows here for an index to be worth it.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        # And so few that putting them in order seems as cheap as an index that is in order.
        cursor.execute("SET LOCAL enable_sort = off")
        for sql, params in asked:
            cursor.execute("EXPLAIN (FORMAT JSON) " + sql, params)
            found += leaves(cursor.fetchone()[0][0]["Plan"])
    return found


@pytest.mark.parametrize(
    ("place", "index", "column"),
    [
        (PROVINCE, "open_province", "province"),
        (CITY, "open_city", "city"),
        (COUNTY, "open_county", "county"),
        (TOWN, "open_town", "town"),
        (VILLAGE, "open_village", "place"),
    ],
)
def test_a_page_is_a_range_of_the_index_of_its_level(
    cast: Cast, place: str, index: str, column: str
) -> None:
    leader = cast[place, "leader"]
    after = f"2026-01-08T15:59:59.999999+00:00_{begin(toys.toy).receipt.id}"
    with within(leader.scope):
        (node,) = _plans(lambda: worklists.page("place", leader, after=after))
    assert (node["Node Type"], node["Index Name"]) == ("Index Scan", index)
    assert f"(({column})::text = '{place}'::text)" in node["Index Cond"]
    assert "ROW(due_at, id) > ROW(" in node["Index Cond"]


def test_the_list_of_a_unit_is_a_range_of_its_index(cast: Cast) -> None:
    clerk = cast[TOWN, "clerk"]
    begin(toys.toy)
    with within(clerk.scope):
        (node,) = _plans(lambda: worklists.page("unit", clerk))
    assert node["Index Name"] == "open_unit"
    assert str(clerk.unit) in node["Index Cond"]


def test_the_database_keeps_the_levels_of_a_place(cast: Cast) -> None:
    case = begin(toys.toy)
    with within(Scope(case=case.receipt.id)):
        found = Case.objects.values_list("province", "city", "county", "town").get()
    assert found == (PROVINCE, CITY, COUNTY, TOWN)
