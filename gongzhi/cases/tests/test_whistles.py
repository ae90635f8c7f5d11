"""Whistle and report: called, reported in, disputed, acted, checked; and chased when late."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gongzhi.cases import chasing, linkage, replay, rollups, whistles
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Entry, Notice, Task
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, make_post, make_unit
from gongzhi.cases.tests import toys
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
DEALT = {"note": Words("已修好")}


class Stage:
    """A village that whistles, and two departments of its county."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.chief = self.cast[VILLAGE, "clerk"]
        self.transport = self._department("transport")
        self.police = self._department("traffic_police")
        self.case = begin(toys.toy)

    def _department(self, kind: str) -> Holder:
        unit = make_unit(COUNTY, kind, parent=self.cast.units[COUNTY])
        return make_post(unit, COUNTY, "handler", unit_kind=kind, sees=False)

    def whistled(self, *called: Holder, ground: str = "beyond") -> Told:
        units = [h.unit for h in called or (self.transport, self.police)]
        self.do(whistles.whistle, {"ground": ground, "units": units, "reason": Words("护栏断了")})
        return self.case

    def do(self, what: Any, data: Any = None, by: Holder | None = None) -> None:
        self.case.act(what, data or {}, by=by or self.chief)

    def comes(self, who: Holder, **more: Any) -> None:
        self.do(whistles.report_in, {"way": "site", "duty": "accept", **more}, by=who)

    def tasks(self) -> dict[UUID, str]:
        with within(Scope(case=self.case.receipt.id)):
            return dict(Task.objects.filter(done_at=None).values_list("unit", "name"))

    def task(self, name: str, unit: UUID) -> tuple[int, int]:
        with within(Scope(case=self.case.receipt.id)):
            found = Task.objects.get(name=name, unit=unit, done_at=None)
        return found.seq, found.n

    def chase(self, **span: float) -> None:
        self.case.travel(**span)
        chasing.chase_late(self.case.now)

    def counted(self, name: str) -> int:
        day = BEGAN.date()
        with within(Scope(place="44")):
            found = rollups.flows([COUNTY], [name], since=day, until=day + timedelta(days=400))
        return found.get(COUNTY, {}).get(name, 0)


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()


def test_each_department_called_has_a_task_of_its_own(stage: Stage) -> None:
    stage.whistled()
    assert stage.tasks() == {
        stage.transport.unit: "report_in", stage.police.unit: "report_in"
    }  # fmt: skip
    assert stage.counted("whistle.summoned") == 2


def test_who_is_called_already_is_not_called_twice(stage: Stage) -> None:
    stage.whistled()
    with pytest.raises(Refused):
        stage.whistled(stage.police)


def test_an_urgent_whistle_gives_half_an_hour(stage: Stage) -> None:
    case = stage.whistled(ground="urgent")
    with within(Scope(case=case.receipt.id)):
        due = {t.due_at for t in Task.objects.filter(name="report_in")}
    assert due == {case.now + timedelta(minutes=30)} and case.row().urgent


def test_reported_acted_checked_and_rated(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.comes(stage.transport)
    stage.do(whistles.feed_back, DEALT, by=stage.transport)
    assert stage.tasks() == {stage.chief.unit: "inspect"}
    of = stage.task("inspect", stage.chief.unit)
    stage.do(whistles.inspect, {"task": of, "outcome": "done", "stars": 3})
    assert stage.tasks() == {}
    unit = f"unit.{stage.transport.unit.hex}"
    assert [stage.counted(f"{unit}.{what}") for what in ("in.30", "stars", "redone")] == [1, 3, 0]
    assert replay.verify() == []


def test_what_was_not_done_is_done_again(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.comes(stage.transport)
    stage.do(whistles.feed_back, DEALT, by=stage.transport)
    of = stage.task("inspect", stage.chief.unit)
    stage.do(whistles.inspect, {"task": of, "outcome": "again", "note": Words("还是松的")})
    assert stage.tasks() == {stage.transport.unit: "remedy"}
    assert stage.counted("whistle.redone") == 1


def test_the_ground_is_counted_beside_the_call(stage: Stage) -> None:
    stage.whistled(stage.transport, ground="urgent")
    unit = f"unit.{stage.transport.unit.hex}.ground"
    assert [stage.counted(f"{unit}.{g}") for g in ("urgent", "beyond")] == [1, 0]


def test_what_a_body_without_the_system_did_is_noted_for_it_and_inspected(stage: Stage) -> None:
    stage.whistled(stage.transport, stage.police)
    at = stage.task("report_in", stage.transport.unit)
    stage.do(whistles.note_arrival, {"task": at, "note": Words("清障车到")})
    of = stage.task("remedy", stage.transport.unit)
    stage.do(whistles.note_remedy, {"task": of, "note": Words("拖走了")})
    assert stage.tasks()[stage.chief.unit] == "inspect"
    stage.comes(stage.police)
    of = stage.task("remedy", stage.police.unit)
    with pytest.raises(Refused):  # who came by itself feeds back by itself
        stage.do(whistles.note_remedy, {"task": of, "note": Words("指挥了交通")})
    assert replay.verify() == []


def test_only_who_was_called_reports_in(stage: Stage) -> None:
    stage.whistled(stage.transport)
    with pytest.raises(Refused):
        stage.comes(stage.police)


def test_the_holder_notes_who_came_without_the_system(stage: Stage) -> None:
    stage.whistled(stage.transport)
    of = stage.task("report_in", stage.transport.unit)
    stage.do(whistles.note_arrival, {"task": of, "note": Words("清障车十点到")})
    assert stage.tasks() == {stage.transport.unit: "remedy"}


def disputed(stage: Stage) -> tuple[int, int]:
    stage.whistled(stage.transport)
    stage.comes(stage.transport, duty="dispute", unit=stage.police.unit, reason=Words("属交警"))
    assert stage.tasks() == {stage.cast.units[TOWN]: "decide_duty"}
    return stage.task("decide_duty", stage.cast.units[TOWN])


@pytest.mark.parametrize(
    ("verdict", "who", "task"),
    [("stands", "transport", "remedy"), ("other", "police", "report_in")],
)
def test_whose_duty_it_is_decides_who_stands_above(
    stage: Stage, verdict: str, who: str, task: str
) -> None:
    of = disputed(stage)
    above = stage.cast[TOWN, "clerk"]
    said = {"task": of, "verdict": verdict, "unit": stage.police.unit, "reason": Words("清单")}
    stage.do(whistles.decide_duty, said, by=above)
    assert stage.tasks() == {getattr(stage, who).unit: task}


def test_a_duty_that_falls_to_who_is_called_already_calls_nobody_twice(stage: Stage) -> None:
    stage.whistled()
    stage.comes(stage.transport, duty="dispute", reason=Words("属交警"))
    of = stage.task("decide_duty", stage.cast.units[TOWN])
    said = {"task": of, "verdict": "other", "unit": stage.police.unit, "reason": Words("清单")}
    stage.do(whistles.decide_duty, said, by=stage.cast[TOWN, "clerk"])
    assert stage.tasks() == {stage.police.unit: "report_in"}
    assert stage.counted("whistle.summoned") == 2


def test_a_whistle_that_needed_nobody_falls(stage: Stage) -> None:
    of = disputed(stage)
    said = {"task": of, "verdict": "none", "reason": Words("已自行消除")}
    stage.do(whistles.decide_duty, said, by=stage.cast[TOWN, "clerk"])
    assert stage.tasks() == {}


def test_who_disputes_does_not_decide(stage: Stage) -> None:
    of = disputed(stage)
    with pytest.raises(Refused):
        stage.do(
            whistles.decide_duty, {"task": of, "verdict": "none", "reason": Words("x")},
            by=stage.transport,
        )  # fmt: skip


def test_it_is_not_closed_while_a_department_is_under_way(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.do(toys.take)
    stage.do(toys.fix)
    with pytest.raises(Refused):
        stage.do(toys.verify, by=stage.cast[VILLAGE, "handler"])


def test_who_does_not_come_is_reminded_then_those_above_are_told(stage: Stage) -> None:
    case = stage.whistled(stage.transport)
    stage.chase(hours=23)
    assert list(stage.tasks().values()) == ["report_in"]
    stage.chase(hours=2)
    assert list(stage.tasks().values()) == ["report_in"], "the department itself first"
    stage.chase(hours=24)
    assert stage.tasks()[stage.cast.units[TOWN]] == "chase"
    stage.chase(hours=24)
    assert stage.tasks()[stage.cast.units[COUNTY]] == "chase"
    with within(Scope(case=case.receipt.id)):
        leader = Task.objects.get(name="chase", unit=stage.cast.units[COUNTY])
        assert leader.post == stage.cast[COUNTY, "leader"].post
        assert Entry.objects.filter(act="chase").count() == 3
    stage.chase(days=30)
    assert stage.counted("whistle.late") == 1 and stage.counted("whistle.chased_leader") == 1
    assert replay.verify() == []


def test_the_late_one_hears_of_it_again_and_no_more_often(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.chase(hours=25)
    stage.chase(hours=1)
    told = Notice.objects.using("owner").filter(unit=stage.transport.unit, name="report_in")
    assert told.count() == 2, "called, and reminded"


def test_a_chase_ends_when_the_department_comes(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.chase(hours=49)
    stage.chase(hours=1)
    assert stage.cast.units[TOWN] in stage.tasks()
    stage.comes(stage.transport)
    assert stage.tasks() == {stage.transport.unit: "remedy"}
    assert stage.counted("whistle.reported_in_time") == 0


def test_who_stands_above_notes_what_they_did_about_it(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.chase(hours=25)
    stage.chase(hours=24)
    stage.do(whistles.press, {"note": Words("已打电话")}, by=stage.cast[TOWN, "leader"])
    assert stage.tasks() == {stage.transport.unit: "report_in"}


def test_a_chase_never_reaches_whom_the_case_complains_about(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.do(linkage.exclude, {"units": [stage.cast.units[TOWN]], "reason": Words("被投诉")})
    stage.chase(hours=25)
    stage.chase(hours=24)
    assert set(stage.tasks()) == {stage.transport.unit, stage.cast.units[COUNTY]}
