"""The order of urgency: the gravest first, page by page, counted and kept like all that is told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from gongzhi.cases import rollups, urgency, worklists
from gongzhi.cases.act import report
from gongzhi.cases.changes import Changes
from gongzhi.cases.snapshot import Snapshot
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, Told, begin, told
from gongzhi.cases.tests import toys
from gongzhi.declare import OPEN, Act, Mechanism, days, registry
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
WEIGHTS = (1, 2, 3)


def _weighed(case: Snapshot | None, data: Mapping[str, Any], by: Actor) -> Changes:
    return Changes(weight=data.get("weight"))


start = Act("start", "登记", when=[], then=toys.new, by=(toys.anyone,), effect=_weighed)
weigh = Act("weigh", "掂量", when=OPEN, by=toys.clerk, effect=_weighed)
heavy = Mechanism(
    "heavy", "轻重", starts=start, keep=days(30), routed_to=("governance_centre",),
    acts=[weigh, toys.take, toys.fix, toys.verify, toys.undo],
    clocks=[c for c in toys.toy.clocks if c.late is None], categories=[("wages", "工资")],
)  # fmt: skip


@pytest.fixture
def cast(cast: Cast) -> Any:
    with registry.with_toy(heavy):
        yield cast


def begun(weight: int, n: int = 0, **where: Any) -> Told:
    now = BEGAN + timedelta(hours=n)
    said = told(**where, data={"weight": weight})
    return Told(report(heavy, said, key=f"{weight} {n} {where}", now=now, by=Resident()), now)


def numbers(by: Holder, place: str = "", size: int = 50, **wanted: Any) -> list[str]:
    """Through all pages, as somebody reads them who never tires."""
    asked = urgency.Wanted(**{"weights": WEIGHTS, **wanted})
    found, after = [], ""
    while True:
        page = urgency.page(heavy, by, place, asked, after=after, size=size)
        found += [c.number for c in page.rows]
        if page.after is None:
            return found
        after = page.after


def test_the_gravest_come_first_then_what_is_due_first(cast: Cast) -> None:
    light, old, new = begun(1), begun(3, 1), begun(3, 2)
    middle = begun(2)
    wanted = [c.receipt.number for c in (old, new, middle, light)]
    assert numbers(cast[COUNTY, "leader"]) == wanted
    assert numbers(cast[COUNTY, "leader"], size=1) == wanted


def test_pages_follow_one_another_though_all_fall_due_at_once(cast: Cast) -> None:
    all_ = {begin(heavy, data={"weight": n % 3 + 1}).receipt.number for n in range(9)}
    read = numbers(cast[COUNTY, "leader"], size=2)
    assert (len(read), set(read)) == (9, all_)
    assert numbers(cast[COUNTY, "leader"]) == read


def test_each_level_reads_its_own_and_those_without_a_place_their_unit(cast: Cast) -> None:
    here, there = begun(2), begun(2, place=OUTSIDE)
    for place in LINE:
        seen = [here, there] if len(place) < 6 else [here]
        assert set(numbers(cast[place, "leader"])) == {c.receipt.number for c in seen}, place
    assert numbers(cast[CITY, "leader"], OUTSIDE) == [there.receipt.number]
    assert numbers(cast[COUNTY, "leader"], OUTSIDE) == [here.receipt.number]
    assert numbers(cast["court", "judge"]) == []


def test_by_weight_by_state_and_what_is_late(cast: Cast) -> None:
    one, two, three = begun(1), begun(2), begun(3)
    leader = cast[COUNTY, "leader"]
    assert numbers(leader, weights=(1, 3)) == [three.receipt.number, one.receipt.number]
    two.act(toys.take, by=cast[VILLAGE, "clerk"])
    assert numbers(leader, states=[toys.doing.name]) == [two.receipt.number]
    later = BEGAN + timedelta(days=4)
    sweep(later)
    assert numbers(leader, overdue_at=later) == [three.receipt.number, one.receipt.number]


def test_what_was_never_weighed_and_what_is_closed_are_not_in_it(cast: Cast) -> None:
    begun(0)
    done = begun(3)
    assert numbers(cast[COUNTY, "leader"], weights=(0, 1, 2, 3)) == [done.receipt.number]
    done.act(toys.take, by=cast[VILLAGE, "clerk"])
    done.act(toys.fix, by=cast[VILLAGE, "clerk"])
    done.act(toys.verify, by=cast[VILLAGE, "handler"])
    assert numbers(cast[COUNTY, "leader"]) == []


def test_a_weight_stays_until_another_is_told_and_is_counted(cast: Cast) -> None:
    begun(2)
    case, leader = begun(3), cast[CITY, "leader"]
    assert urgency.numbers(heavy, leader, [CITY, VILLAGE])[VILLAGE] == {2: 1, 3: 1}
    case.act(weigh, {"weight": 2}, by=cast[VILLAGE, "clerk"])
    case.act(weigh, by=cast[VILLAGE, "clerk"])
    assert case.row().weight == 2
    for _ in range(2):
        assert urgency.numbers(heavy, leader, [CITY])[CITY] == {2: 2}
        rollups.fold()


def test_a_page_is_a_range_of_its_index(cast: Cast) -> None:
    """At each level, whatever else is asked."""
    for n in range(3):
        begun(n + 1, n)
    for place, name in zip(LINE, ("province", "city", "county", "town", "village"), strict=True):
        by = cast[place, "leader"]
        asked: dict[str, Any] = {
            "within": place, "mechanism": heavy.name, "weight": 2, "states": ["new"],
            "due": BEGAN, "id": by.post, "most": 51, "now": BEGAN,
        }  # fmt: skip
        column = worklists.LEVELS[len(place)]
        said = urgency.OF_WEIGHT.format(column=column, late=urgency.LATE)
        with within(by.scope), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {said}", asked)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert f"weighed_{name}" in plan, plan
        condition = plan[plan.index("Index Cond") :].splitlines()[0]
        for column in ("mechanism", "weight", "state", "due_at"):
            assert column in condition, plan
