"""Publishing, reading and confirming: each household counts once, whatever happens at once."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Announcement, Household, Sent
from gongzhi.mechanisms.neighbourhoods.registers import announced, announcing
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.registers.buildings import new_key
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import (
    COMMUNITY,
    COUNTY,
    NEXT,
    TOWN,
    Stage,
    add_building,
    both,
    totals,
)

LATER = Written("周日停水", "改到周日 8 时至 18 时停水。")


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()


@pytest.mark.parametrize(
    ("reach", "households"),
    [(lambda s: Reach(COMMUNITY), 7), (lambda s: Reach(TOWN), 9), (lambda s: Reach(COUNTY), 9),
     (lambda s: Reach(COMMUNITY, s.grid), 7), (lambda s: Reach(COMMUNITY, building=s.first), 4),
     (lambda s: Reach(NEXT), 2)],
)  # fmt: skip
def test_all_households_of_the_scope_have_it_and_no_others(
    stage: Stage, reach: Callable[[Stage], Reach], households: int
) -> None:
    a = stage.publish(reach(stage), by=stage.cast[COUNTY, "clerk"])
    assert a.queued_at and totals(a) == (households, 0, 0, 0)


def test_published_twice_is_published_once(stage: Stage) -> None:
    id_ = uuid4()
    for _ in range(2):
        stage.publish(id_=id_)
    assert Announcement.objects.count() == 1 and Sent.objects.using("owner").count() == 7


def test_who_has_moved_out_gets_none_and_who_moves_in_gets_it_when_they_look(stage: Stage) -> None:
    gone, *_rest = stage.homes
    Household.objects.filter(id=gone.id).update(until=timezone.localdate())
    a = stage.publish()
    assert totals(a) == (6, 0, 0, 0)
    new = Household.objects.create(
        dwelling=gone.dwelling, building=stage.first, community=COMMUNITY, key=new_key(),
        since=timezone.localdate(),
    )  # fmt: skip
    assert announcing.read(gone.key, a.id, now=stage.now) is None
    assert announcing.read(new.key, a.id, now=stage.now)
    announcing.confirm(new.key, a.id, 1, now=stage.now)
    assert totals(a) == (7, 1, 1, 0)


def test_who_reads_before_the_queue_has_come_to_them_is_counted_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 1)
    a = stage.publish(Reach(TOWN), by=stage.town)
    assert a.queued_at is None and announcing.queue_some(a.id, stage.now)
    for home in (*stage.homes, *stage.others, *stage.far):
        announcing.read(home.key, a.id, now=stage.now)
    assert announcing.queue_all(stage.now) == 1
    a.refresh_from_db()
    assert a.queued == 3 and a.queued_at and totals(a) == (9, 9, 0, 0)
    assert announcing.queue_all(stage.now) == 0


def test_reading_and_confirming_count_once_and_take_one_round_trip(stage: Stage) -> None:
    a, home = stage.publish(), stage.homes[0]
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            said = announcing.read(home.key, a.id, now=stage.now)
        assert said and said["wordings"][-1]["title"] == "周六停水" and len(asked) == 1
        assert not said["confirmed"]
    assert totals(a) == (7, 1, 0, 0)
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            announcing.confirm(home.key, a.id, 1, now=stage.now)
        assert len(asked) == 1
    # Confirmed without opening it, as from a message: that is read too.
    announcing.confirm(stage.others[0].key, a.id, 1, now=stage.now)
    assert totals(a) == (7, 2, 2, 0)


def test_no_key_or_notice_of_others_opens_anything(stage: Stage) -> None:
    a = stage.publish(Reach(COMMUNITY, building=stage.first))
    assert announcing.read("2222222222222222", a.id, now=stage.now) is None
    assert announcing.read(stage.others[0].key, a.id, now=stage.now) is None
    for key, n in ((stage.others[0].key, 1), ("x", 1), (stage.homes[0].key, 2)):
        with pytest.raises(Refused):
            announcing.confirm(key, a.id, n, now=stage.now)
    assert totals(a) == (4, 0, 0, 0)


def test_what_is_over_counts_no_more(stage: Stage) -> None:
    a = stage.publish(days=1)
    later = stage.now + timedelta(days=3)
    assert announcing.read(stage.homes[0].key, a.id, now=later)
    with pytest.raises(Refused, match="过期"):
        announcing.confirm(stage.homes[0].key, a.id, 1, now=later)
    assert totals(a) == (7, 0, 0, 0)


def test_a_correction_that_asks_anew_counts_from_the_beginning(stage: Stage) -> None:
    a, (home, second, *_) = stage.publish(), stage.homes
    announcing.confirm(home.key, a.id, 1, now=stage.now)
    announcing.tell_at_door(a.id, second.id, by=stage.chief, now=stage.now)
    announcing.correct(a.id, LATER, of=1, why="改期", again=True, by=stage.clerk, now=stage.now)
    assert totals(a) == (7, 0, 0, 0)
    with pytest.raises(Refused, match="更正过"):
        announcing.confirm(home.key, a.id, 1, now=stage.now)
    said = announcing.read(home.key, a.id, now=stage.now)
    assert said and said["before"] == 1 and not said["confirmed"]
    announcing.confirm(home.key, a.id, 2, now=stage.now)
    announcing.confirm(second.key, a.id, 2, now=stage.now)
    assert totals(a) == (7, 2, 2, 0)


def test_a_correction_that_does_not_ask_anew_leaves_the_counts(stage: Stage) -> None:
    a, home = stage.publish(), stage.homes[0]
    announcing.confirm(home.key, a.id, 1, now=stage.now)
    announcing.correct(a.id, LATER, of=1, why="错字", again=False, by=stage.clerk, now=stage.now)
    # Whoever had it open when it was corrected may still confirm it.
    announcing.confirm(stage.homes[1].key, a.id, 1, now=stage.now)
    announcing.read(home.key, a.id, now=stage.now)
    assert totals(a) == (7, 2, 2, 0)


def test_withdrawn_nobody_confirms_and_nothing_changes(stage: Stage) -> None:
    a = stage.publish()
    announcing.withdraw(a.id, "写错楼了", by=stage.clerk, now=stage.now)
    said = announcing.read(stage.homes[0].key, a.id, now=stage.now)
    assert said and said["notice"]["withdrawn_why"] == "写错楼了"
    with pytest.raises(Refused, match="撤回"):
        announcing.confirm(stage.homes[0].key, a.id, 1, now=stage.now)
    with pytest.raises(Refused, match="撤回"):
        announcing.tell_at_door(a.id, stage.homes[0].id, by=stage.chief, now=stage.now)
    assert totals(a) == (7, 0, 0, 0)


def test_told_at_the_door_counts_and_a_wrong_tick_is_taken_back(stage: Stage) -> None:
    a, (home, second, *_) = stage.publish(), stage.homes
    announcing.read(home.key, a.id, now=stage.now - timedelta(hours=1))
    for _ in range(2):
        for one in (home, second):
            announcing.tell_at_door(a.id, one.id, by=stage.chief, now=stage.now)
    assert totals(a) == (7, 2, 2, 2)
    for _ in range(2):
        for one in (home, second):
            announcing.untell_at_door(a.id, one.id, by=stage.chief)
    assert totals(a) == (7, 1, 0, 0)
    announcing.confirm(home.key, a.id, 1, now=stage.now)
    # Who has confirmed themselves needs nobody at the door, and is not unticked.
    announcing.tell_at_door(a.id, home.id, by=stage.chief, now=stage.now)
    announcing.untell_at_door(a.id, home.id, by=stage.chief)
    assert totals(a) == (7, 1, 1, 0)


def test_where_nothing_is_asked_told_at_the_door_is_read(stage: Stage) -> None:
    a = stage.publish(asks=False)
    announcing.tell_at_door(a.id, stage.homes[0].id, by=stage.chief, now=stage.now)
    assert totals(a) == (7, 1, 0, 1)
    announcing.untell_at_door(a.id, stage.homes[0].id, by=stage.chief)
    assert totals(a) == (7, 0, 0, 0)


def test_a_list_at_home_says_what_waits(stage: Stage) -> None:
    home, today = stage.homes[0], timezone.localdate()
    a = stage.publish()
    quiet = stage.publish(asks=False, now=stage.now + timedelta(minutes=1))
    stage.publish(Reach(COMMUNITY, building=stage.second))
    assert [(x.id, x.waits) for x in announced.shown(stage.first.id, home.id, today)] == [
        (quiet.id, True), (a.id, True)
    ]  # fmt: skip
    announcing.read(home.key, quiet.id, now=stage.now)
    announcing.confirm(home.key, a.id, 1, now=stage.now)
    assert not [x for x in announced.shown(stage.first.id, home.id, today) if x.waits]
    assert len(announced.shown(stage.second.id, None, today)) == 3
    assert announced.shown(stage.first.id, home.id, today + timedelta(days=8)) == []


def test_who_read_what_is_open_to_no_question_of_the_application(stage: Stage) -> None:
    stage.publish()
    assert not Sent.objects.exists() and Sent.objects.using("owner").exists()
    with connection.cursor() as cursor, pytest.raises(psycopg.errors.InsufficientPrivilege):
        try:
            cursor.execute("UPDATE neighbourhoods_told SET confirmed = 9")
        except Exception as error:
            raise error.__cause__ or error from None


@pytest.fixture
def crowd(stage: Stage) -> list[Household]:
    """Sixty households of one building: all confirmations meet on one counter."""
    _of, homes = add_building(stage.grid, "60", 60)
    return homes


def test_many_at_once_in_one_building_are_counted_exactly(
    stage: Stage, crowd: list[Household]
) -> None:
    a = stage.publish()
    start = threading.Barrier(8)

    def hear(n: int) -> None:
        start.wait()
        for home in crowd[n % 4 :: 4]:  # two threads for each household
            announcing.read(home.key, a.id, now=stage.now)
            announcing.confirm(home.key, a.id, 1, now=stage.now)
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hear, range(8)))
    assert totals(a) == (67, 60, 60, 0)


def test_counts_stay_right_while_it_is_corrected_and_queued(
    stage: Stage, crowd: list[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 1)
    a = stage.publish()
    start = threading.Barrier(4)

    def hear(n: int) -> None:
        start.wait()
        for home in crowd[n::3]:
            said = announcing.read(home.key, a.id, now=stage.now)
            assert said
            with contextlib.suppress(Refused):  # corrected in between: they are asked anew
                announcing.confirm(home.key, a.id, said["wordings"][-1]["n"], now=stage.now)
        connections.close_all()

    def change(_: int) -> None:
        start.wait()
        announcing.queue_all(stage.now)
        for n in range(1, 5):
            announcing.correct(a.id, Written(f"第 {n} 次", "改"), of=n, why="改期", again=True,
                               by=stage.clerk, now=stage.now)  # fmt: skip
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(change, 0), *(pool.submit(hear, n) for n in range(3))]
        for one in done:
            one.result()
    kept, counted = both(a)
    assert kept == counted and sum(row[1] for row in kept) == 67
