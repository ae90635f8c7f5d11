"""Many at once: nothing is given twice, nothing is counted twice, whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from django.db import connection

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Affected, Called, Movement, Supply
from gongzhi.mechanisms.neighbourhoods.registers import needs, roll_calls, supplies
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import NOW, begin, make_stage
from gongzhi.people.posts import Holder

BUILDINGS = 60
HANDS = 4
MINUTE = timedelta(minutes=1)


def alone(do: Callable[[], object]) -> bool:
    """Whether it was taken; on a connection of its own thread."""
    try:
        return bool(do())
    except Refused:
        return False
    finally:
        connection.close()


def test_supplies_never_fall_below_nothing_however_many_ask(fresh_database: str) -> None:
    stage = make_stage(buildings=4)
    emergency = begin(stage)
    water = supplies.take_in(emergency, "水", "箱", 50, "", now=NOW, by=stage.clerk)
    asks = [
        partial(supplies.give_out, emergency, water.id, 3, b, now=NOW, by=stage.chiefs[b.id])
        for b in stage.buildings * 8
    ]
    with ThreadPoolExecutor(HANDS) as hands:
        taken = sum(hands.map(alone, asks))
    assert taken == 16 and Supply.objects.get(id=water.id).left == 2
    assert sum(Movement.objects.values_list("n", flat=True)) == 2


def test_answers_and_time_that_runs_out_are_counted_once(fresh_database: str) -> None:
    stage = make_stage(buildings=BUILDINGS, deputies=2)
    roll = roll_calls.call(begin(stage), now=NOW, by=stage.leader)

    def answer(by: Holder, minutes: int) -> partial[int]:
        return partial(roll_calls.answer, roll, now=NOW + minutes * MINUTE, by=by)

    asks: list[partial[int]] = []
    for n, of in enumerate(stage.buildings):
        asks += [answer(stage.chiefs[of.id], 16)] if n % 3 else []
        asks += [answer(deputy, 16) for deputy in stage.deputies[of.id][: n % 4]]
        if n % 10 == 0:
            asks.append(partial(roll_calls.pass_on, NOW + (15 + 15 * (n // 30)) * MINUTE))
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(alone, asks))
    found, _parts = roll_calls.standing(roll, roll.emergency.place)
    rows = list(Called.objects.filter(roll_call=roll))
    answered = {c.building_id for c in rows if c.answered_at and c.deputy == 0}
    acting = {c.building_id for c in rows if c.answered_at} - answered
    waiting = {
        c.building_id for c in rows if not (c.answered_at or c.missed_at or c.withdrawn_at)
    }  # fmt: skip
    assert (found.answered, found.acting) == (len(answered), len(acting)) and len(answered) == 40
    assert found.waiting == len(waiting - answered - acting)
    assert not waiting & (answered | acting)
    assert found.answered + found.acting + found.waiting + found.gaps == BUILDINGS
    assert sum(found.times) == sum(c.answered_at is not None for c in rows)


def test_a_household_that_is_told_of_twice_is_counted_once(fresh_database: str) -> None:
    stage = make_stage(buildings=1, households=5)
    emergency, (of,) = begin(stage), stage.buildings
    asks = [
        partial(needs.register, emergency, home, ["food"], "", now=NOW, by=None)
        for home in stage.households(of) * 6
    ]
    with ThreadPoolExecutor(HANDS) as hands:
        assert sum(hands.map(alone, asks)) == 5
    row = Affected.objects.get(emergency=emergency, building=of)
    assert (row.registered, row.needs) == (5, 5)
