"""Limits by year of validity: a change holds for clocks that begin later, and for no others."""

from datetime import date, datetime, timedelta

import pytest

from gongzhi.cases import limits
from gongzhi.cases.changes import Refused
from gongzhi.cases.models import ClockRun
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin
from gongzhi.cases.tests.toys import toy
from gongzhi.declare import days, working_days
from gongzhi.people.scope import Scope, within

CITY, COUNTY = LINE[1], LINE[2]
(FIRST, *_REST) = toy.clocks


def set_(cast: Cast, n: int, since: date, *, by: str = CITY) -> None:
    span = days(n) if FIRST.span.unit == "days" else working_days(n)
    limits.set_from(toy, FIRST, span, since, "新规定 第一条", now=BEGAN, by=cast[by, "leader"])


def due(case: Told) -> datetime:
    with within(Scope(case=case.receipt.id)):
        return ClockRun.objects.get(name=FIRST.name, ended_at=None).due_at


def test_a_clock_has_the_period_of_the_day_it_begins(cast: Cast) -> None:
    before = begin(toy, category="other")
    set_(cast, 40, BEGAN.date() + timedelta(days=10))
    at = BEGAN + timedelta(days=9)
    assert limits.in_force(toy.name, FIRST, at).span == FIRST.span
    later = limits.in_force(toy.name, FIRST, at + timedelta(days=1))
    assert later.span.n == 40
    assert due(before) < BEGAN + timedelta(days=39)


def test_what_runs_already_keeps_its_day(cast: Cast) -> None:
    case = begin(toy, category="other")
    first = due(case)
    set_(cast, 40, BEGAN.date() + timedelta(days=1))
    assert due(case) == first


@pytest.mark.parametrize("by", [COUNTY, LINE[-1]])
def test_limits_are_the_citys_to_set(cast: Cast, by: str) -> None:
    with pytest.raises(Refused):
        set_(cast, 40, BEGAN.date() + timedelta(days=1), by=by)


def test_nothing_is_changed_for_today_or_the_past(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_(cast, 40, BEGAN.date())


def test_a_second_change_follows_the_first_on_its_day(cast: Cast) -> None:
    for n, later in ((40, 1), (50, 100)):
        set_(cast, n, BEGAN.date() + timedelta(days=later))
    at = {n: limits.in_force(toy.name, FIRST, BEGAN + timedelta(days=n)).span.n for n in (2, 101)}
    assert at == {2: 40, 101: 50}
    assert [x.n for x in limits.history(toy)[FIRST.name]] == [40, 50]
