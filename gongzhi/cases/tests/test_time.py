"""What time does by itself, and that the ledger tells all of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from gongzhi.cases import replay, rollups
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.retention import erase_due
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.cases.tests import toys
from gongzhi.declare import TIMER, Act, Clock, checks, days, registry
from gongzhi.people.scope import Scope, within
from tests.waiting import until

VILLAGE, TOWN = LINE[-1], LINE[-2]


def clock(case: Told, name: str) -> ClockRun:
    with within(Scope(case=case.receipt.id)):
        return ClockRun.objects.filter(name=name).latest("seq")


@pytest.mark.usefixtures("fresh_database")
def test_many_that_fall_due_at_once_are_done_side_by_side_and_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gongzhi.cases.sweep.BATCH", 3)
    make_cast()
    many = [begin(toys.toy) for _ in range(20)]
    assert sweep(BEGAN + timedelta(days=5)) == 20
    assert all(case.row().overdue and case.row().seq == 2 for case in many)
    assert sweep(BEGAN + timedelta(days=6)) == 0 and replay.verify() == []


def test_an_overdue_case_becomes_a_task_of_the_unit_above(cast: Cast) -> None:
    case = begin(toys.toy)
    assert sweep(BEGAN + timedelta(days=1)) == 0
    assert sweep(BEGAN + timedelta(days=5)) == 1
    row = case.row()
    assert (row.overdue, row.unit, row.state) == (True, cast.units[VILLAGE], "new")
    assert clock(case, "decide").status == "late"
    with within(cast[TOWN, "clerk"].scope):
        assert Task.objects.get(name="overdue").unit == cast.units[TOWN]
    assert sweep(BEGAN + timedelta(days=6)) == 0


def test_doing_it_late_is_counted_as_breached(cast: Cast) -> None:
    case = begin(toys.toy)
    sweep(BEGAN + timedelta(days=5))
    case.travel(days=6)
    case.act(toys.take, by=cast[VILLAGE, "clerk"])
    assert clock(case, "decide").status == "breached"
    assert not case.row().overdue


def test_a_lapsed_answer_closes_the_case(cast: Cast) -> None:
    case = begin(toys.toy)
    case.act(toys.take, by=cast[VILLAGE, "clerk"])
    case.act(toys.fix, by=cast[VILLAGE, "clerk"])
    assert sweep(BEGAN + timedelta(days=3)) == 1
    row = case.row()
    assert (row.state, row.is_open, row.due_at) == ("lapsed", False, None)
    assert clock(case, "work").ended_at is not None


def test_an_offer_nobody_takes_is_late(cast: Cast) -> None:
    case = begin(toys.toy)
    case.act(act_named(toys.toy, "escalate"), {}, by=cast[VILLAGE, "clerk"])
    assert (case.row().unit, case.row().offered) == (cast.units[TOWN], True)
    sweep(BEGAN + timedelta(days=4))
    assert clock(case, "receive").status == "late"
    case.act(act_named(toys.toy, "take_in"), by=cast[TOWN, "handler"])
    assert clock(case, "receive").status == "breached"
    assert clock(case, "whole").started_at == BEGAN


def test_an_offer_survives_what_time_does(cast: Cast) -> None:
    nag = Act("nag", "催办", when=[toys.doing], by=TIMER)
    work = Clock("work", "办理", days(10), runs_in=[toys.doing], law="toy", late=nag)
    nagging = replace(
        toys.toy, name="nagging", acts=[*toys.toy.acts, nag],
        clocks=[c for c in toys.toy.clocks if c.name != "work"] + [work],
    )  # fmt: skip
    with registry.with_toy(nagging):
        assert checks.problems(nagging) == []
        case = begin(nagging)
        case.act(toys.take, by=cast[VILLAGE, "clerk"])
        case.act(act_named(nagging, "escalate"), by=cast[VILLAGE, "clerk"])
        sweep(BEGAN + timedelta(days=11))
        assert clock(case, "receive").ended_at is None
        # The clock that nags begins again.
        assert clock(case, "work").due_at.date() == date(2026, 1, 26)
        assert case.row().due_at == clock(case, "receive").due_at


def test_figures_are_exact_before_and_after_folding(cast: Cast) -> None:
    for _ in range(3):
        begin(toys.toy)
    begin(toys.toy, place="441284")  # another county, after ours in the order of codes
    closed = begin(toys.toy)
    closed.act(toys.take, by=cast[VILLAGE, "clerk"])
    closed.act(toys.fix, by=cast[VILLAGE, "clerk"])
    closed.act(toys.verify, by=cast[VILLAGE, "handler"])
    read = []
    names, after = ["reported", "closed.%"], BEGAN.date() + timedelta(days=1)
    for step in (rollups.fold, lambda: rollups.add_up(after), lambda: rollups.add_up(after)):
        with within(Scope(place="44")):
            now = rollups.stocks(LINE, mechanism="toy")
            year = rollups.flows(LINE, names, since=date(2026, 1, 1), until=date(2027, 1, 1))
            months = rollups.months("44", LINE[1:], names, since="2025-12", until="2026-12")
            began = rollups.began(LINE, "reported")
        read.append((now, year, months, began))
        step()
    assert read[0] == read[1] == read[2]
    assert read[0][2].own == {"2026-01": {"reported": 5, "closed.done": 1}}
    assert read[0][3] == {place: {"toy": BEGAN.date()} for place in LINE}
    assert {p: f["now.open.register"] for p, f in read[0][0].items()} == {
        **dict.fromkeys(LINE, 3), "44": 4, "4412": 4,
    }  # fmt: skip
    assert read[0][1]["44"] == {"reported": 5, "closed.done": 1}
    with within(Scope(place="441202")):
        assert rollups.stocks(["44"]) == {}


def test_figures_are_read_place_by_place_within_the_wall(cast: Cast) -> None:
    begin(toys.toy)
    rollups.fold()
    asked = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with within(Scope(place="44")), connection.cursor() as cursor:
        with connection.execute_wrapper(note):
            rollups.months("44", LINE[1:], ["reported"], since="2025-12", until="2026-12")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked[-1][0]}", asked[-1][1])
        plan = [line for (line,) in cursor.fetchall()]
    found = [line for line in plan if "Index Cond" in line and "month" in line]
    assert len(found) == 2 and all("month)::text = m" in x and "= q" in x for x in found), plan


def test_what_is_folded_late_is_in_its_month(cast: Cast) -> None:
    """Days are added up once; what comes to one of them afterwards is added at once."""
    begin(toys.toy)
    later = BEGAN.date() + timedelta(days=40)
    assert rollups.add_up(later) == 0  # nothing was folded yet
    rollups.fold()
    begin(toys.toy)
    for place in LINE:
        with within(Scope(place="44")):
            read = rollups.months(place, [], ["reported"], since="2026-01", until="2026-03")
        assert read.own == {"2026-01": {"reported": 2}}
    rollups.fold()
    assert rollups.add_up(later - timedelta(days=9)) == 0  # never back
    with within(Scope(place="44")):
        read = rollups.months("44", ["4412"], ["reported"], since="2026-01", until="2026-03")
    assert read.own == {"2026-01": {"reported": 2}} and read.below == {"4412": {"reported": 2}}


def test_the_day_up_to_which_is_added_is_not_over(cast: Cast) -> None:
    for _ in range(2):
        begin(toys.toy)
        rollups.fold()
        rollups.add_up(BEGAN.date())
    for _ in range(2):
        with within(Scope(place="44")):
            read = rollups.months("44", [], ["reported"], since="2026-01", until="2026-01")
        assert read.own == {"2026-01": {"reported": 2}}
        rollups.add_up(BEGAN.date() + timedelta(days=1))


WAITS = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


@pytest.mark.usefixtures("fresh_database")
def test_what_is_folded_while_days_are_added_up_is_counted_once() -> None:
    """Either waits for the other, or a day would be added up without what just came to it."""
    make_cast()
    begin(toys.toy)
    to, after = connections["owner"].get_connection_params(), BEGAN.date() + timedelta(days=1)
    with (
        psycopg.connect(**to) as first, psycopg.connect(**to) as second,
        ThreadPoolExecutor(1) as beside,
    ):  # fmt: skip
        first.execute("SELECT fold_v1(1000)")
        adding = beside.submit(second.execute, "SELECT add_up_v1(%s)", [after])
        until(WAITS)
        first.commit()
        (changed,) = adding.result().fetchone() or (0,)
        begin(toys.toy)
        assert changed and rollups.fold() == 0
        second.commit()
    assert rollups.fold() == 1 and replay.verify() == []


def test_a_day_of_figures_begins_at_midnight_in_china(cast: Cast) -> None:
    case = begin(toys.toy)
    case.travel(hours=16)  # one o'clock of the next day
    case.act(toys.take, by=cast[VILLAGE, "clerk"])
    with within(Scope(place="44")):
        read = rollups.flows(["44"], ["met.%"], since=date(2026, 1, 6), until=date(2026, 1, 7))
    assert read["44"] == {"met.decide": 1}


@pytest.mark.usefixtures("fresh_database")
def test_only_what_was_closed_long_enough_ago_is_erased() -> None:
    cast = make_cast()
    old, young, unfinished = (begin(toys.toy) for _ in range(3))
    young.travel(days=20)
    for case in (old, young):
        for act, kind in ((toys.take, "clerk"), (toys.fix, "clerk"), (toys.verify, "handler")):
            case.act(act, by=cast[VILLAGE, kind])
    assert erase_due(BEGAN + timedelta(days=31)) == 1
    erased = [case.row().erased_at is not None for case in (old, young, unfinished)]
    assert erased == [True, False, False]


FOLDED = "SELECT fold_v1(1000); SELECT add_up_v1('2026-03-01'); "


@pytest.mark.usefixtures("fresh_database")
class TestVerify:
    """On a database of its own, since the owner must see what the application has written."""

    def lived(self) -> Told:
        cast = make_cast()
        case = begin(toys.toy)
        case.act(toys.take, by=cast[VILLAGE, "clerk"])
        case.act(toys.count, by=cast[VILLAGE, "clerk"])
        case.act(toys.fix, by=cast[VILLAGE, "clerk"])
        begin(toys.toy)
        sweep(BEGAN + timedelta(days=30))
        return case

    def test_a_lived_database_is_clean(self) -> None:
        self.lived()
        assert replay.verify() == []
        rollups.fold()
        assert replay.verify() == []
        assert rollups.add_up(date(2026, 3, 1)) > 0
        assert replay.verify() == []

    @pytest.mark.parametrize(
        ("tampering", "found"),
        [
            ("UPDATE cases_entry SET act = 'x' WHERE seq = 2", "hash chain"),
            ("UPDATE cases_case SET state = 'done' WHERE seq = 5", "state"),
            ("UPDATE cases_clockrun SET due_at = due_at + interval '1 day'", "due_at"),
            ("DELETE FROM cases_task", "task"),
            ("UPDATE cases_delta SET figures = '{}'", "counter"),
            ("UPDATE cases_entry SET at = at + interval '1 day' WHERE seq = 1", "hash chain"),
            ("UPDATE cases_entry SET data = '{\"x\": 1}' WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET account = gen_random_uuid() WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET post = NULL WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET unit = NULL WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET place = '44' WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET previous = '' WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET before = 'x' WHERE seq = 3", "hash chain"),
            ("UPDATE cases_entry SET changes = changes - 'figures' WHERE seq = 4", "hash chain"),
            ("DELETE FROM cases_entry WHERE seq = 3", "missing before"),
            ("DELETE FROM cases_entry WHERE seq = (SELECT max(seq) FROM cases_entry)", "ends at"),
            ("UPDATE cases_case SET facts = '{\"n\": 2}' WHERE seq = 5", "facts"),
            ("UPDATE cases_case SET units = '{}'", "units"),
            ("UPDATE cases_case SET overdue = NOT overdue", "overdue"),
            ("UPDATE cases_task SET unit = gen_random_uuid()", "unit"),
            ("UPDATE cases_clockrun SET status = 'met' WHERE ended_at IS NULL", "status"),
            ("DELETE FROM cases_delta WHERE seq = 2", "counter"),
            (FOLDED + "UPDATE cases_monthly SET n = n + 1", "its days"),  # noqa: S608
            (FOLDED + "UPDATE cases_addedup SET until = '2026-01-01'", "its days"),  # noqa: S608
            ("SELECT fold_v1(1000); UPDATE cases_daily SET month = '2025-12'", "its days"),
            ("SELECT fold_v1(1000); UPDATE cases_stock SET n = n + 1", "counter"),
        ],
    )
    def test_it_finds_what_was_tampered_with(self, tampering: str, found: str) -> None:
        self.lived()
        with connections["owner"].cursor() as cursor:
            cursor.execute(tampering)
        assert any(found in sentence for sentence in replay.verify())
