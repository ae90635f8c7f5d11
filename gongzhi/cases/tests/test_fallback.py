"""Fallback: reminded, then up a level, at the top to a leader; by rules that are tried first."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from gongzhi.cases import clocks, fallback, linkage, replay, rollups
from gongzhi.cases.changes import NewParty, Refused, Words
from gongzhi.cases.fallback import fall_back
from gongzhi.cases.models import ClockRun, Entry, Task
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, PHONE, Cast, Told, begin, make_cast
from gongzhi.cases.tests.toys import take, toy
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    return make_cast()


def rule(cast: Cast, **said: Any) -> FallbackRule:
    usual = {"place": COUNTY, "remind_after": 1, "up_after": 2} | said
    leader = cast[str(usual["place"])[:6], "leader"]
    return fallback.switch_on(FallbackRule(**usual), now=BEGAN, by=leader)


def late(cast: Cast, **told: Any) -> Told:
    case = begin(toy, category="other", **told)
    pass_(case, days=30)
    return case


def pass_(case: Told, **span: float) -> None:
    """Time passes, and the worker does what it does in between."""
    case.travel(**span)
    sweep(case.now)
    fall_back(case.now)


def open_tasks(case: Told) -> dict[str, UUID]:
    with within(Scope(case=case.receipt.id)):
        return dict(Task.objects.filter(done_at=None).values_list("name", "unit"))


def acts(case: Told) -> list[str]:
    with within(Scope(case=case.receipt.id)):
        return list(Entry.objects.order_by("seq").values_list("act", flat=True))


def test_without_a_rule_nothing_moves(cast: Cast) -> None:
    case = late(cast)
    pass_(case, days=60)
    assert case.row().unit == cast.units[VILLAGE] and "remind" not in acts(case)


def test_who_is_late_is_reminded_first(cast: Cast) -> None:
    rule(cast)
    case = late(cast)
    assert open_tasks(case)["reminder"] == cast.units[VILLAGE] == case.row().unit
    fall_back(case.now)
    assert acts(case).count("remind") == 1


def test_what_was_reminded_of_in_vain_goes_up_level_by_level(cast: Cast) -> None:
    rule(cast)
    case = late(cast)
    for place in (TOWN, COUNTY, CITY, PROVINCE):
        pass_(case, days=16)
        row = case.row()
        assert (row.unit, row.offered, row.post) == (cast.units[place], True, None)
        assert cast.units[VILLAGE] in row.units, "the lower level stays concerned"
        assert open_tasks(case)["reminder"] == cast.units[place]
    assert acts(case).count("fall_up") == 4
    assert replay.verify() == []


def test_at_the_top_it_stays_with_a_named_leader(cast: Cast) -> None:
    rule(cast)
    case = late(cast, unit=cast.units[PROVINCE])
    pass_(case, days=7)
    leader = cast[PROVINCE, "leader"]
    assert acts(case)[-1] == "stay"
    assert case.row().facts["leader_in_charge"] == str(leader.post)
    with within(Scope(case=case.receipt.id)):
        assert Task.objects.get(name="lead").post == leader.post
    pass_(case, days=30)
    assert acts(case).count("stay") == 1
    assert replay.verify() == []


def test_who_acts_in_time_keeps_the_case_and_is_reminded_no_more(cast: Cast) -> None:
    rule(cast)
    case = late(cast)
    case.act(take, by=cast[VILLAGE, "clerk"])
    assert "reminder" not in open_tasks(case)
    pass_(case, hours=1)
    assert case.row().unit == cast.units[VILLAGE]


def test_it_never_goes_up_to_whom_it_complains_about(cast: Cast) -> None:
    rule(cast)
    parties = [NewParty("applicant", name="张三", phone=PHONE),
               NewParty("respondent", name="镇", who=cast.units[TOWN])]  # fmt: skip
    case = late(cast, parties=parties)
    pass_(case, days=7)
    assert case.row().unit == cast.units[COUNTY]
    assert cast.units[TOWN] not in case.row().units


def test_whoever_it_fell_to_takes_it_in_or_it_falls_on(cast: Cast) -> None:
    rule(cast)
    case = late(cast)
    pass_(case, days=7)
    case.act(linkage.take_in, by=cast[TOWN, "clerk"])
    assert not case.row().offered
    with within(Scope(case=case.receipt.id)):
        names = set(ClockRun.objects.filter(ended_at=None).values_list("name", flat=True))
    assert "receive" not in names
    assert replay.verify() == []


def test_the_rule_of_the_place_goes_before_the_rule_of_the_county(cast: Cast) -> None:
    rule(cast, up_after=9)
    rule(cast, place=TOWN, up_after=1)
    case = late(cast)
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(name="reminder")
    assert task.due_at and task.due_at - case.now < timedelta(days=4)


def test_a_changed_rule_leaves_reminders_as_they_were_given(cast: Cast) -> None:
    first = rule(cast)
    case = late(cast)
    with within(Scope(case=case.receipt.id)):
        before = Task.objects.get(name="reminder").due_at
    rule(cast, up_after=40)
    fall_back(case.now)
    with within(Scope(case=case.receipt.id)):
        assert Task.objects.get(name="reminder").due_at == before
    first.refresh_from_db()
    assert first.valid_to == BEGAN


@pytest.mark.parametrize("other", [{"level": "town"}, {"clock": "nothing"}, {"place": "441202"}])
def test_a_rule_for_others_does_not_hold(cast: Cast, other: dict[str, str]) -> None:
    rule(cast, **other)
    assert "remind" not in acts(late(cast))


def test_a_rule_is_tried_without_moving_anything(cast: Cast) -> None:
    cases = [late(cast) for _ in range(3)]
    wanted = FallbackRule(place=COUNTY, remind_after=1, up_after=1)
    before = [c.row().seq for c in cases]
    found = fallback.tried(wanted, now=cases[0].now, by=cast[COUNTY, "leader"], most=2)
    assert [(f.of, f.unit, f.upper, f.level) for f in found] == [
        (3, cast.units[VILLAGE], cast.units[TOWN], "village")
    ] * 2
    assert [c.row().seq for c in cases] == before


@pytest.mark.parametrize(("place", "kind"), [(TOWN, "leader"), (COUNTY, "clerk")])
def test_rules_are_set_by_leaders_of_the_county_and_above(
    cast: Cast, place: str, kind: str
) -> None:
    wanted = FallbackRule(place=place, remind_after=1, up_after=1)
    with pytest.raises(Refused):
        fallback.switch_on(wanted, now=BEGAN, by=cast[place, kind])


def test_figures_tell_at_which_level_cases_stand(cast: Cast) -> None:
    rule(cast)
    case = late(cast)
    pass_(case, days=7)
    case.act(linkage.escalate, {"reason": Words("办不了")}, by=cast[TOWN, "clerk"])
    with within(Scope(place=PROVINCE)):
        found = rollups.stocks([COUNTY])[COUNTY]
    held = {name: n for name, n in found.items() if n and name.startswith(("now.held", "now.late"))}
    assert held == {"now.held.county": 1, "now.late.county": 1}


def test_late_for_some_working_days_is_counted_by_the_calendar() -> None:
    from_monday = datetime(2026, 1, 12, 9, tzinfo=BEGAN.tzinfo)
    calendar = clocks.Calendar()
    # Friday was the one working day since then; what fell due on Thursday has been late for it.
    found = fallback.late_before(from_monday, 1, calendar)
    assert found.astimezone(clocks.CHINA).date().isoformat() == "2026-01-08"


ONE_CASE_OF_MANY = """
    INSERT INTO cases_task (county, case_id, seq, n, name, unit, done_at, data)
    SELECT county, id, 99, n, 'old', unit, now(), '{}' FROM cases_case, generate_series(1, 2000) n;
    ANALYZE cases_task
"""
LOOK = """
    EXPLAIN SELECT id FROM cases_case c WHERE EXISTS (
        SELECT FROM gz_open_tasks(c.county, c.id) t WHERE t.name = 'reminder')
"""


def test_open_tasks_are_read_by_their_case_where_statistics_know_of_none(cast: Cast) -> None:
    begin(toy)
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(ONE_CASE_OF_MANY)
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(LOOK)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "cases_task_pkey" in plan and "Index Cond" in plan and "task_unit" not in plan
