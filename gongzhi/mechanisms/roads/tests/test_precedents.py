"""Decisions on whose duty a hazard is: by matter and place, the newest first, a page at a time."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from gongzhi.cases import whistles
from gongzhi.cases.changes import Words
from gongzhi.cases.testing import BEGAN, Told
from gongzhi.mechanisms.roads.registers import drafts
from gongzhi.mechanisms.roads.tests.conftest import CITY, COUNTY, TOWN, Stage
from gongzhi.networks.responsibility import entering, precedents


def decided(stage: Stage, verdict: str, **told: str) -> Told:
    case = stage.whistled(**told)
    said = {"way": "site", "duty": "dispute", "reason": Words("不归我们")}
    case.act(whistles.report_in, said, by=stage.transport)
    of = stage.task(case, "decide_duty", stage.cast.units[TOWN])
    case.travel(minutes=len(told) + 1)
    case.act(whistles.decide_duty,
             {"task": of, "verdict": verdict, "unit": stage.police.unit, "reason": Words("清单")},
             by=stage.cast[TOWN, "clerk"])  # fmt: skip
    return case


@pytest.fixture
def two(stage: Stage) -> Iterator[tuple[Told, Told]]:
    yield decided(stage, "stands"), decided(stage, "other", category="sign")


def cases(page: precedents.Page) -> list[object]:
    return [p.case.id for p in page.rows]


def test_they_come_a_page_at_a_time_the_newest_first(
    stage: Stage, two: tuple[Told, Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedents, "PAGE", 1)
    by = stage.cast[COUNTY, "leader"]
    first = precedents.page(by)
    assert cases(first) == [two[1].receipt.id] and first.after
    last = precedents.page(by, after=first.after)
    assert cases(last) == [two[0].receipt.id] and last.after is None
    assert cases(precedents.page(by, after="x")) == cases(first)


def test_they_are_found_by_matter_and_place(stage: Stage, two: tuple[Told, Told]) -> None:
    by = stage.cast[CITY, "leader"]
    found = precedents.page(by, mechanism="roads", category="sign", place=COUNTY)
    assert cases(found) == [two[1].receipt.id]
    assert cases(precedents.page(by, place="441202")) == []


def test_words_are_for_those_whose_case_it_is(stage: Stage, two: tuple[Told, Told]) -> None:
    assert {p.reason for p in precedents.page(stage.cast[CITY, "leader"]).rows} == {""}
    assert {p.reason for p in precedents.page(stage.cast[TOWN, "clerk"]).rows} == {"清单"}


def test_a_page_is_a_range_of_its_index(stage: Stage, two: tuple[Told, Told]) -> None:
    with CaptureQueriesContext(connection) as asked:
        precedents.page(stage.cast[CITY, "leader"])
    (statement,) = [q["sql"] for q in asked if 'FROM "cases_entry"' in q["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan Backward using entry_decided" in plan


def test_what_was_decided_stands_in_the_list_that_is_begun_with_it(
    stage: Stage, two: tuple[Told, Told]
) -> None:
    entering.draft(drafts.lists(CITY, BEGAN.date()), now=BEGAN)
    by = stage.cast[COUNTY, "leader"]
    found = {p.verdict: p.key for p in precedents.page(by).rows}
    row, lines = precedents.begun(found["other"], by=by)
    assert row == {"matter": "roads/sign", "level": 3}
    kinds = [line.kind for line in lines]
    assert kinds[0] == "traffic_police" and lines[0].leads and "transport" not in kinds
    _row, lines = precedents.begun(found["stands"], by=by)
    assert lines[0].kind == "transport" and lines[0].basis.startswith("《公路法》")
    with pytest.raises(Http404):
        precedents.begun(found["other"], by=stage.cast["441202", "leader"])
