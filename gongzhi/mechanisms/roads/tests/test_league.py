"""Departments side by side: from counters, with counts, and few are not read as many."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import rollups, whistles
from gongzhi.cases.changes import Words
from gongzhi.cases.grounds import GROUNDS
from gongzhi.cases.testing import OUTSIDE, Told, signed_in
from gongzhi.mechanisms.roads.registers import league, rescue
from gongzhi.mechanisms.roads.tests.conftest import COUNTY, TOWN, VILLAGE, Stage

YEAR = {"since": "2026-01", "until": "2026-12"}


def come(stage: Stage, hours: float = 1, **told: Any) -> None:
    case = stage.whistled(stage.transport, **told)
    case.travel(hours=hours)
    case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=stage.transport)
    case.act(whistles.feed_back, {"note": Words("修好")}, by=stage.transport)
    task = stage.task(case, "inspect", stage.chief.unit)
    case.act(whistles.inspect, {"task": task, "outcome": "done", "stars": 2}, by=stage.chief)


def rows(stage: Stage, place: str = COUNTY, **asked: Any) -> list[league.Row]:
    asked = {"least": 10, "order": "name", "by": stage.cast[COUNTY, "leader"], **asked}
    return league.rows(place, "2026-01", "2026-12", **asked)


def page(client: Client, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse("roads:departments"), YEAR | asked)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_department_is_counted_where_it_was_called(stage: Stage) -> None:
    come(stage)
    come(stage, hours=30)
    for folded in (False, True):
        if folded:
            rollups.fold()
        (row,) = rows(stage)
        assert row.unit.id == stage.transport.unit and row.summoned == 2 and row.small
        assert (row.shares["reported"].over, row.shares["reported"].under) == (1, 2)
        assert row.stars == 2.0 and row.counts["rated"] == 2
        assert [n for _label, n in row.grounds] == [0, 2, 0]
    assert rows(stage, VILLAGE) and not rows(stage, OUTSIDE, by=stage.cast["4412", "leader"])


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ([0, 0, 0, 0, 0, 0], None),
        ([3, 0, 0, 0, 0, 0], (0, 30)),
        ([1, 0, 1, 0, 0, 0], (0, 240)),  # the two middle ones lie in different classes
        ([1, 1, 3, 0, 0, 0], (60, 240)),
        ([0, 0, 0, 0, 1, 4], (4320, None)),
    ],
)
def test_the_median_is_the_class_of_the_middle(
    classes: list[int], expected: tuple[int, int | None] | None
) -> None:
    assert league.median(classes) == expected


def test_disputes_redone_and_late_are_shares_with_their_counts(stage: Stage) -> None:
    case = stage.whistled(stage.transport, stage.police)
    disputed = {"way": "remote", "why": Words("x"), "duty": "dispute", "reason": Words("依据")}
    case.act(whistles.report_in, disputed, by=stage.police)
    case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=stage.transport)
    case.act(whistles.feed_back, {"note": Words("修")}, by=stage.transport)
    task = stage.task(case, "inspect", stage.chief.unit)
    again = {"task": task, "outcome": "again", "note": Words("没修好")}
    case.act(whistles.inspect, again, by=stage.chief)
    by = {r.unit.id: r for r in rows(stage)}
    redone = by[stage.transport.unit].shares["redone"]
    assert (redone.over, redone.under, redone.percent) == (1, 1, 100)
    assert by[stage.police.unit].shares["disputed"].over == 1
    assert by[stage.police.unit].shares["redone"].percent is None


def test_who_was_called_seldom_is_named_and_never_ordered(stage: Stage) -> None:
    """One call, and in time: best by its share, but one says nothing."""
    for _n in range(3):
        come(stage, hours=30)
    come(stage)
    case = stage.whistled(stage.police)
    case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=stage.police)
    order = [r.unit.id for r in rows(stage, least=2, order="reported")]
    assert order == [stage.transport.unit, stage.police.unit]
    assert rows(stage, least=1, order="reported")[0].unit.id == stage.police.unit
    said = page(signed_in(stage.cast[COUNTY, "leader"]), sort="reported")
    assert said.count("样本太少") == 2 and "Wilson" in said


def test_leaders_chiefs_and_offices_see_all_and_a_department_itself(stage: Stage) -> None:
    stage.whistled(stage.transport, stage.police)
    for who in (stage.cast[COUNTY, "leader"], stage.upper, stage.chief):
        assert len(rows(stage, who.place, by=who)) == 2
    (own,) = rows(stage, by=stage.police)
    assert own.unit.id == stage.police.unit
    said = page(signed_in(stage.police))
    assert "traffic_police" in said and "transport 441226" not in said and "只有本单位" in said
    assert rows(stage, VILLAGE, by=stage.neighbour) == []  # neither: called nowhere itself
    page(signed_in(stage.chief), status=404, place=TOWN)


def test_it_leads_down_and_has_a_picture_a_table_and_files(stage: Stage) -> None:
    come(stage)
    client = signed_in(stage.cast[COUNTY, "leader"])
    said = page(client)
    assert f"place={TOWN}" in said and 'class="ranges"' in said and "30–60 分钟" in said
    answer = client.get(reverse("roads:departments"), YEAR | {"as": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    lines = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert lines[1][0] == "transport 441226" and lines[1][4:7] == (100, 1, 1)
    text = client.get(reverse("roads:departments"), YEAR | {"as": "csv"}).content.decode()
    assert text.startswith("\ufeff部门,") and "transport 441226" in text
    page(client, status=404, sort="worst")


def test_many_departments_cost_no_more_statements(stage: Stage) -> None:
    come(stage)
    client = signed_in(stage.cast[COUNTY, "leader"])
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    stage.whistled(stage.police)
    with CaptureQueriesContext(connection) as more:
        page(client)
    assert len(more) == len(few)


def test_every_ground_has_a_short_name() -> None:
    assert set(league.CALLED) == set(GROUNDS)


def test_indicators_stand_on_the_command_page(stage: Stage) -> None:
    """With what was really done: a call for rescue, and police that comes."""
    told = rescue.Call(category="accident", where={"place": VILLAGE}, needs=["police"])
    now = timezone.now()
    done = rescue.call_out(told, key="k", now=now, by=stage.chief)
    came = {"way": "site", "duty": "accept"}
    Told(done, now).act(whistles.report_in, came, by=stage.police)
    answer = signed_in(stage.cast[COUNTY, "leader"]).get(reverse("command:indicators"))
    known = {m.name: [*rows, *idle] for m, rows, idle in answer.context["parts"] if m}["roads"]
    of = {k.label: (k.over, k.under) for k in known}
    assert of["按时报到率"] == (1, 1) and of["按时处置率"] == (0, 0)
