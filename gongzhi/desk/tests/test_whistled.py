"""How far a whistle is, department by department."""

from collections.abc import Iterator

import pytest

from gongzhi.cases import whistles
from gongzhi.cases.changes import Words
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import LINE
from gongzhi.cases.tests.test_whistles import DEALT, Stage
from gongzhi.cases.tests.toys import toy
from gongzhi.declare import registry
from gongzhi.desk.whistled import Called, whistled
from gongzhi.people.models import Unit

TOWN = LINE[3]


@pytest.fixture
def stage(fresh_database: str) -> Iterator[Stage]:
    with registry.with_toy(toy):
        yield Stage()


def rows(stage: Stage) -> list[Called]:
    return whistled(case_for(stage.chief, *stage.case.ref))


def of(stage: Stage, kind: str) -> Called:
    unit = Unit.objects.get(kind=kind)
    return next(r for r in rows(stage) if r.unit and r.unit.id == unit.id)


def test_where_nobody_whistled_there_is_nothing(stage: Stage) -> None:
    assert rows(stage) == []


def test_each_department_goes_its_own_way(stage: Stage) -> None:
    stage.whistled()
    stage.case.travel(hours=2)
    stage.comes(stage.transport, metres=40, near=True)
    row, other = of(stage, "transport"), of(stage, "traffic_police")
    assert row.ground.name == "beyond" and row.at < stage.case.now
    assert row.came and row.came.at == stage.case.now and not row.came.late
    assert row.came.said["metres"] == 40 and row.waits and row.waits.name == "remedy"
    assert other.came and other.came.at is None and other.waits and other.waits.name == "report_in"


def test_who_comes_late_and_is_chased_is_seen(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.chase(hours=25)
    row = of(stage, "transport")
    assert row.waits and row.waits.data["rung"] == 1
    stage.comes(stage.transport)
    row = of(stage, "transport")
    assert row.came and row.came.late


def test_what_was_done_again_counts_its_rounds(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.comes(stage.transport)
    for outcome in ("again", "done"):
        stage.do(whistles.feed_back, DEALT, by=stage.transport)
        said = {"task": stage.task("inspect", stage.chief.unit), "outcome": outcome, "stars": 2}
        stage.do(whistles.inspect, said)
    row = of(stage, "transport")
    assert row.rounds == 2 and row.waits is None
    assert row.checked and row.checked.said["stars"] == 2


def test_a_disputed_duty_shows_what_was_decided(stage: Stage) -> None:
    stage.whistled(stage.transport)
    stage.comes(stage.transport, duty="dispute", reason=Words("属交警"))
    row = of(stage, "transport")
    assert row.waits and row.waits.name == "decide_duty"
    said = {"task": stage.task("decide_duty", stage.cast.units[TOWN]), "verdict": "other",
            "unit": stage.police.unit, "reason": Words("清单")}  # fmt: skip
    stage.do(whistles.decide_duty, said, by=stage.cast[TOWN, "clerk"])
    assert len(rows(stage)) == 2
    row = of(stage, "transport")
    assert row.decided and row.decided.said["verdict"] == "other" and row.waits is None


def test_a_note_of_the_holder_is_an_arrival_too(stage: Stage) -> None:
    stage.whistled(stage.transport)
    of_task = stage.task("report_in", stage.transport.unit)
    stage.do(whistles.note_arrival, {"task": of_task, "note": Words("十点到")})
    row = of(stage, "transport")
    assert row.came and row.came.at == stage.case.now and "way" not in row.came.said
