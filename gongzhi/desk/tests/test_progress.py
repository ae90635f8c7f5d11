"""The way of a case through the levels, and the progress of its plan, as pictures tell them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from gongzhi.cases import linkage, plans, steps
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Task
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, signed_in
from gongzhi.declare import registry
from gongzhi.desk.journey import drawn, stretches
from gongzhi.desk.progress import duties, rows, summary
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
WHY = {"reason": Words("村里办不了")}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Told:
    return begin(registry.get("mediation"))


def planned(cast: Cast, case: Told, *units: Any) -> None:
    rows_ = [steps.Step(u, "去办", (BEGAN + timedelta(days=3)).date()) for u in units]
    case.act(plans.plan, {"aim": Words("并行"), **steps.told(rows_)}, by=cast[VILLAGE, "clerk"])


def finish(cast: Cast, case: Told, place: str) -> None:
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(name=steps.STEP, unit=cast.units[place], done_at=None)
    said = {"step": (task.seq, task.n), "note": Words("办好了")}
    case.act(plans.carry_out, said, by=cast[place, "clerk"])


def test_the_way_tells_who_held_it_how_long_and_why_it_moved(cast: Cast, case: Told) -> None:
    case.travel(days=4)
    case.act(linkage.escalate, WHY, by=cast[VILLAGE, "clerk"])
    case.travel(days=2)
    view = case_for(cast[TOWN, "clerk"], *case.ref)
    held = stretches(view, case.now)
    assert [(s.unit and s.unit.place, s.lasted.days, s.now) for s in held] == [
        (VILLAGE, 4, False), (TOWN, 2, True),
    ]  # fmt: skip
    assert held[1].reason == "村里办不了"


def test_the_picture_has_a_bar_for_each_holder_and_a_dot_for_others(cast: Cast, case: Told) -> None:
    asked = {"units": [cast.units["court"]], **WHY}
    case.act(linkage.join, asked, by=cast[VILLAGE, "clerk"])
    case.travel(days=1)
    case.act(linkage.assist, {"note": Words("到场")}, by=cast["court", "judge"])
    view = case_for(cast[VILLAGE, "clerk"], *case.ref)
    held = stretches(view, case.now)
    picture = drawn(view, held, [""])
    assert len(picture.bars) == 1 and len(picture.dots) == 1
    assert len({y for _level, y in picture.lanes}) == 5
    assert all(b.x >= 0 and b.x + b.width <= picture.width + 1 for b in picture.bars)


def test_progress_tells_done_late_and_left(cast: Cast, case: Told) -> None:
    planned(cast, case, cast.units[TOWN], cast.units[COUNTY])
    finish(cast, case, TOWN)
    case.travel(days=9)
    found = rows(case_for(cast[VILLAGE, "clerk"], *case.ref), case.now)
    assert summary(found) == {"all": 2, "done": 1, "late": 1}
    assert [r.result for r in found if r.done] == ["办好了"]


def test_a_step_whose_unit_was_shut_out_is_not_shown_as_done(cast: Cast, case: Told) -> None:
    planned(cast, case, cast.units[TOWN])
    out = {"units": [cast.units[TOWN]], **WHY}
    case.act(linkage.exclude, out, by=cast[VILLAGE, "clerk"])
    (row,) = rows(case_for(cast[VILLAGE, "clerk"], *case.ref), case.now)
    assert row.dropped and row.done is None


def test_duties_are_those_of_the_leader_who_is_in_charge_now(cast: Cast, case: Told) -> None:
    day = BEGAN.date()
    told = {**WHY, "meet_by": day, "plan_by": day}
    case.act(plans.take_charge, told, by=cast[COUNTY, "leader"])
    case.act(plans.take_charge, told, by=cast[CITY, "leader"])
    found = duties(case_for(cast[VILLAGE, "clerk"], *case.ref), case.now)
    assert [(d.name, d.done) for d in found] == [("meet", None), ("plan", None), ("approve", None)]


def test_the_page_of_progress_is_for_those_who_see_the_case(cast: Cast, case: Told) -> None:
    planned(cast, case, cast.units[TOWN])
    address = reverse("desk:progress", args=case.ref)
    for place, kind, status in ((TOWN, "clerk", 200), ("441202", "clerk", 404)):
        assert signed_in(cast[place, kind]).get(address).status_code == status
