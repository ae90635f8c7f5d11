"""A flood in one community of sixty buildings and two thousand households, from the first call to
the night on which it is forgotten who needed what."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from gongzhi.mechanisms.neighbourhoods.models import Affected, Emergency, Household, Need
from gongzhi.mechanisms.neighbourhoods.registers import (
    emergencies,
    errands,
    needs,
    roll_calls,
    shifts,
    supplies,
)
from gongzhi.mechanisms.neighbourhoods.registers.needs import Given
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import (
    COMMUNITY,
    NOW,
    Stage,
    begin,
    make_stage,
)
from gongzhi.people.posts import Holder, NotYourPost, as_holder
from gongzhi.people.scope import within

pytestmark = pytest.mark.django_db
BUILDINGS, EACH, SILENT = 60, 34, 3
HOMES = BUILDINGS * EACH
MINUTE = timedelta(minutes=1)
SECRET = "降压药，电话 13800001234"


def called(stage: Stage, emergency: Emergency) -> list[Holder]:
    """Fifty-seven answer; three are silent, and deputies take over. Returns who acts there."""
    roll = roll_calls.call(emergency, now=NOW, by=stage.offices[COMMUNITY])
    acting = []
    for n, of in enumerate(stage.buildings[SILENT:]):
        at = NOW + timedelta(seconds=20 + 10 * n)
        assert roll_calls.answer(roll, now=at, by=stage.chiefs[of.id]) == 1
    assert [s.called.building_id for s in roll_calls.silent(roll, COMMUNITY, now=NOW)] == [
        b.id for b in stage.buildings[:SILENT]
    ]
    assert roll_calls.pass_on(NOW + 15 * MINUTE) == SILENT
    for of in stage.buildings[:SILENT]:
        (deputy,) = stage.deputies[of.id]
        assert roll_calls.answer(roll, now=NOW + 17 * MINUTE, by=deputy) == 1
        post = stage.chiefs[of.id].post
        acting.append(as_holder(deputy.account, post, at=NOW + 18 * MINUTE))
    found, _parts = roll_calls.standing(roll, COMMUNITY)
    assert (found.answered, found.acting, found.waiting, found.gaps) == (57, 3, 0, 0)
    assert sum(found.times) == BUILDINGS and found.times[1] == 3 + 12
    assert roll_calls.silent(roll, COMMUNITY, now=NOW) == []
    return acting


def worked(stage: Stage, emergency: Emergency, acting: list[Holder]) -> None:
    """Every household is asked, every need is met, water is handed out, somebody is at the gate."""
    now = NOW + timedelta(hours=2)
    whats = [str(t) for t in errands.TEMPLATES["flood"]]
    assert errands.give(emergency, whats, None, now=now, by=stage.clerk) == 4 * BUILDINGS
    water = supplies.take_in(emergency, "水", "箱", BUILDINGS, "区里", now=now, by=stage.clerk)
    for n, of in enumerate(stage.buildings):
        by = acting[n] if n < SILENT else stage.chiefs[of.id]
        for k, home in enumerate(stage.households(of)):
            at_door = None if k % 4 == 0 else by  # some say it themselves
            said = ["medicine"] if k % 2 == 0 else ["food"]
            note = SECRET if k == 0 else ""
            assert needs.register(emergency, home, said, note, now=now, by=at_door) == 1
        for shown in needs.of_building(emergency, of, by=by):
            needs.serve(shown.need.id, Given(words="送到"), now=now, by=by)
        supplies.give_out(emergency, water.id, 1, of, now=now, by=by)
        for errand in errands.of_building(emergency, of):
            errands.done(errand.id, "", now=now, by=by)
    shifts.add(emergency, acting[0].post, "东门", now, now + timedelta(hours=8), now=now,
               by=stage.offices[COMMUNITY])  # fmt: skip


def rows_that_name(home: Household) -> list[str]:
    """Tables of emergencies in which this household, or a word that it said, can be found."""
    found = []
    with connection.cursor() as cursor:
        for name in ("need", "emergencyentry", "errand", "movement", "affected", "emergency"):
            cursor.execute(
                f"SELECT count(*) FROM neighbourhoods_{name} x WHERE x::text ~ %s",  # noqa: S608
                [f"{home.id}|13800001234|降压药"],
            )
            if cursor.fetchone()[0]:
                found.append(name)
        cursor.execute("SELECT count(*) FROM neighbourhoods_need WHERE note IS NOT NULL")
        if cursor.fetchone()[0]:
            found.append("notes")
    return found


def test_everyone_is_reached_and_then_forgotten() -> None:
    stage = make_stage(buildings=BUILDINGS, households=EACH)
    emergency = begin(stage)
    acting = called(stage, emergency)
    worked(stage, emergency, acting)
    over = NOW + timedelta(days=2)
    ended = emergencies.end(emergency.id, "水退了", now=over, by=stage.leader)
    report: Any = ended.report
    assert (report["households"], report["registered"]) == (HOMES, HOMES)
    assert (report["needs"], report["served"]) == (HOMES, HOMES)
    assert report["kinds"] == {
        "food": {"n": HOMES // 2, "served": HOMES // 2},
        "medicine": {"n": HOMES // 2, "served": HOMES // 2},
    }
    assert report["deputies"] == SILENT and report["calls"][0]["acting"] == SILENT
    assert report["supplies"][0] | {"out": BUILDINGS, "left": 0} == report["supplies"][0]
    assert (report["errands"], report["errands_done"]) == (4 * BUILDINGS, 4 * BUILDINGS)
    assert report["shifts"] == {"n": 1, "posts": 1, "hours": 8.0}
    with pytest.raises(NotYourPost):
        as_holder(acting[0].account, acting[0].post, at=over)
    home = stage.households(stage.buildings[0])[0]
    with within(stage.leader.scope):
        assert rows_that_name(home) == ["need", "notes"]
    assert emergencies.erase_due(over + timedelta(days=29)) == 0
    assert emergencies.erase_due(over + timedelta(days=30)) == 1
    with within(stage.leader.scope):
        assert rows_that_name(home) == []
        assert Need.objects.filter(emergency=emergency).count() == HOMES
    rows = Affected.objects.filter(emergency=emergency)
    assert {(a.registered, a.needs, a.served) for a in rows} == {(EACH, EACH, EACH)}
