"""A case of another county that has the same id is another case, for every statement.

Ids are made not to meet; here they do, so that whatever forgets the county is seen at once.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from gongzhi.cases import files, linkage, whistles
from gongzhi.cases.changes import NewFile
from gongzhi.cases.reading import case_for
from gongzhi.cases.retention import erase_due
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, Told, begin, make_cast
from gongzhi.cases.tests import toys
from gongzhi.declare import registry
from gongzhi.people.scope import within
from tests.invariants import reading

VILLAGE = LINE[-1]
TABLES = ("case", "entry", "task", "clockrun", "party", "sealed", "attachment", "link", "delta")
PDF = b"%PDF-1.4\n% laid to a case\n%%EOF\n"


@pytest.fixture
def cast(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    monkeypatch.setattr(settings, "FILES", str(tmp_path))
    with registry.with_toy(toys.toy):
        yield make_cast()


def twin_of(case: Told) -> None:
    """The same rows in another county. What is due there is not due for a long time."""
    with connections["owner"].cursor() as cursor:
        for table in TABLES:
            other = {"county": OUTSIDE} | ({"place": OUTSIDE} if table in {"case", "delta"} else {})
            other |= {"due_at": "2099-01-01"} if table == "clockrun" else {}
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = %s AND is_generated = 'NEVER'", [f"cases_{table}"],
            )  # fmt: skip
            (columns,) = cursor.fetchone()
            cursor.execute(
                f"INSERT INTO cases_{table} ({columns}) SELECT {columns} FROM ("  # noqa: S608
                f" SELECT (jsonb_populate_record(t, %s)).* FROM cases_{table} t"
                f" WHERE {'id' if table == 'case' else 'case_id'} = %s) u",
                [json.dumps(other), case.receipt.id],
            )


def told_of_twin() -> list[reading.Row]:
    parts = [f"SELECT t::text AS r FROM cases_{t} t WHERE county = %s" for t in TABLES]  # noqa: S608
    return reading.rows(f"{' UNION ALL '.join(parts)} ORDER BY r", [OUTSIDE] * len(TABLES))


def whole_life(cast: Cast, case: Told) -> None:
    clerk, handler = cast[VILLAGE, "clerk"], cast[VILLAGE, "handler"]
    court = {"units": [cast.units["court"]]}
    case.act(toys.name, {"post": handler.post}, by=clerk)
    case.act(linkage.join, court, by=clerk)
    case.act(linkage.assist, by=cast["court", "judge"])
    case.act(whistles.whistle, court, by=clerk)
    case.act(whistles.report_in, by=cast["court", "judge"])
    case.act(whistles.feed_back, by=cast["court", "judge"])
    case.act(whistles.inspect, {"task": (case.row().seq, 0), "outcome": "done"}, by=clerk)
    case.act(linkage.add, by=case.resident)
    case.act(linkage.note, by=clerk)
    sweep(BEGAN + timedelta(days=5))
    case.travel(days=6)
    case.act(toys.take, by=clerk)
    case.act(toys.fix, by=clerk)
    case.act(toys.verify, by=handler)


def test_nothing_that_is_done_to_a_case_touches_its_twin(cast: Cast) -> None:
    photo = files.accept(PDF)
    case = begin(toys.toy, files=[NewFile(photo.sha256, photo.kind, photo.size)])
    twin_of(case)
    before = told_of_twin()
    whole_life(cast, case)
    assert told_of_twin() == before
    assert erase_due(case.now + timedelta(days=100)) == 1
    assert told_of_twin() == before


def test_nothing_of_its_twin_is_read_with_a_case(cast: Cast) -> None:
    case = begin(toys.toy)
    alone = case_for(cast["44", "leader"], *case.ref)
    twin_of(case)
    leader = cast["44", "leader"]  # who may see both
    view = case_for(leader, *case.ref)
    for part in ("lines", "clocks", "tasks", "people"):
        assert len(getattr(view, part)) == len(getattr(alone, part)), part
    assert replace(view.snapshot, at=BEGAN) == replace(alone.snapshot, at=BEGAN)
    with within(cast[OUTSIDE, "leader"].scope), connections["default"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM cases_{table} WHERE county <> %s", [OUTSIDE])  # noqa: S608
            assert cursor.fetchone() == (0,), f"who sees the twin sees rows of {table} beside it"
