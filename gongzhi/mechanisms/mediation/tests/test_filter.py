"""The filter counts what happened, and says how."""

import io
from datetime import date
from itertools import pairwise

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Words
from gongzhi.cases.linkage import act_named
from gongzhi.cases.rollups import Months, fold
from gongzhi.cases.testing import LINE, begin, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.network import figures
from gongzhi.mechanisms.mediation.pages.ribbons import drawn
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, TERMS, TOWN, VILLAGE, WORDS, Stage
from gongzhi.people.posts import Holder
from gongzhi.ui.period import month_after, usual

PAGE = "mediation:filter"
THEN = {"since": "2026-01", "until": "2026-12"}
NO_MONEY = {**TERMS, "instalments": []}


def page(who: Holder, **asked: str) -> str:
    return signed_in(who).get(reverse(PAGE), {**THEN, **asked}).content.decode()


@pytest.fixture
def year(stage: Stage) -> figures.Filtered:
    """One settled in the village, one in the town after the village failed, one in court."""
    here = stage.agreed(category="land")
    here.act(m.perform, {"n": 1, "note": Words("好")}, by=stage.mediator)
    here.act(m.perform, {"n": 2, "note": Words("好")}, by=stage.mediator)
    here.act(m.close, {"note": Words("好")}, by=stage.clerk)
    up = stage.unresolved()
    up.act(act_named(m.mediation, "escalate"), WORDS, by=stage.mediator)
    clerk, mediator = stage.cast[TOWN, "clerk"], stage.cast[TOWN, "mediator"]
    up.act(m.assign, {"mediator": mediator.post}, by=clerk)
    up.act(m.agree, NO_MONEY, by=mediator)
    up.act(m.close, {"note": Words("好")}, by=clerk)
    away = stage.referred()
    away.act(m.file, {"court_number": "1"}, by=stage.judge)
    away.act(m.conclude, {"result": "judgment"}, by=stage.judge)
    begin(m.mediation, category="family")
    return figures.summed(figures.together(told("44").own))


def told(place: str, since: str = "2026-01", until: str = "2026-12") -> Months:
    return figures.months("44", place, {TOWN} - {place}, since, until)


def test_disputes_are_counted_where_they_enter_and_end(year: figures.Filtered) -> None:
    assert (year.entered, year.filed, year.recurred) == (4, 1, 0)
    assert year.at == {"village": 4, "town": 1, "county": 1}
    assert year.settled == {"village": 1, "town": 1} and year.ended == {"concluded": 1}
    assert year.before_filing == 2 and year.all_ended == 3


def test_one_kind_is_counted_alone(year: figures.Filtered) -> None:
    found = figures.together(told("44").own)
    assert figures.summed(found, "land").settled == {"village": 1}
    kinds = figures.by_kind(found)
    assert {name: of.entered for name, of in kinds.items()} == {"land": 1, "wages": 2, "family": 1}
    assert sum(of.all_ended for of in kinds.values()) == year.all_ended


def test_months_add_up_to_the_year(year: figures.Filtered) -> None:
    before = told("44")
    assert {*before.own} == {"2026-01"} and figures.summed(before.own["2026-01"]) == year
    assert before.below[TOWN] == told(TOWN).own["2026-01"]
    fold()
    assert told("44") == before
    assert not told("44", since="2026-02").own and not told("44", until="2025-12").own


def test_every_share_stands_beside_its_counts(stage: Stage, year: figures.Filtered) -> None:
    said = page(stage.cast[COUNTY, "leader"])
    for words in ("2 / 4", "没有立案就化解 ÷ 全部进入", "1 / 4", "数量太少", "山林土地纠纷"):
        assert words in said
    assert "50%</span>" not in said  # two of four is no share to speak of


def test_a_place_is_opened_from_the_one_above(stage: Stage, year: figures.Filtered) -> None:
    leader = stage.cast["44", "leader"]
    for code in LINE[:4]:
        below = LINE[LINE.index(code) + 1]
        assert f"place={below}" in page(leader, place=code)


def test_nobody_looks_beyond_their_place(stage: Stage, year: figures.Filtered) -> None:
    client = signed_in(stage.cast[TOWN, "clerk"])
    for place in ("44", "4412", COUNTY, "441202", "x", ""):
        assert client.get(reverse(PAGE), {"place": place}).status_code == 404
    assert client.get(reverse(PAGE), {"place": VILLAGE}).status_code == 200
    assert signed_in(stage.judge).get(reverse(PAGE)).status_code == 404
    assert client.get(reverse(PAGE), {"kind": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"since": "2026-03", "until": "2026-02"}, "不能晚于"), ({"since": "1990-01"}, "十年"),
     ({"since": "早上"}, "2026-11 的样子"), ({"since": "2026-13"}, "2026-11 的样子"),
     ({"since": "2020-01", "until": "2020-02"}, "没有纠纷")],
)  # fmt: skip
def test_a_period_that_cannot_be_is_said(stage: Stage, asked: dict[str, str], said: str) -> None:
    answer = signed_in(stage.cast[TOWN, "clerk"]).get(reverse(PAGE), asked)
    assert answer.status_code == 200 and said in answer.content.decode()


def test_the_last_twelve_months_unless_asked(stage: Stage) -> None:
    said = signed_in(stage.cast[TOWN, "clerk"]).get(reverse(PAGE)).content.decode()
    today = timezone.localdate()
    this = f"{today:%Y-%m}"
    assert f'value="{this}"' in said and f'value="{month_after(this, -11)}"' in said


@pytest.mark.parametrize(
    ("today", "spans"),
    [
        (date(2026, 11, 24), ["2026-11", "2026-11", "2026-10", "2026-10", "2026-10", "2026-11",
                              "2026-07", "2026-09", "2026-01", "2026-11", "2025-01", "2025-12",
                              "2025-12", "2026-11"]),
        (date(2026, 1, 31), ["2026-01", "2026-01", "2025-12", "2025-12", "2026-01", "2026-01",
                             "2025-10", "2025-12", "2026-01", "2026-01", "2025-01", "2025-12",
                             "2025-02", "2026-01"]),
    ],
)  # fmt: skip
def test_the_usual_spans_are_whole_months(today: date, spans: list[str]) -> None:
    found = [month for span in usual(today) for month in (span.since, span.until)]
    assert found == spans


def test_a_span_to_press_says_that_it_is_chosen(stage: Stage) -> None:
    last = next(s for s in usual(timezone.localdate()) if s.label == "去年")
    said = page(stage.cast[TOWN, "leader"], since=last.since, until=last.until)
    assert said.count('aria-current="true">去年') == 1


def test_figures_come_from_counters_in_one_statement(stage: Stage, year: figures.Filtered) -> None:
    client = signed_in(stage.cast["44", "leader"])
    client.get(reverse(PAGE), THEN)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(PAGE), THEN)
    said = [q["sql"] for q in asked.captured_queries if "cases_" in q["sql"]]
    # Besides, the head of every page counts the tasks that wait.
    read = [q for q in said if "cases_task" not in q]
    assert len(read) == 1 and not [q for q in read if "cases_case" in q or "cases_entry" in q]


def test_the_table_leaves_as_a_sheet(stage: Stage, year: figures.Filtered) -> None:
    answer = signed_in(stage.cast["44", "leader"]).get(reverse(PAGE), {**THEN, "as": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    lines = {line[0]: line[1:] for line in book.worksheets[0].iter_rows(values_only=True)}
    assert lines["山林土地纠纷"] == (1, 1, 0, 0, 0, 0, 1)
    assert lines["肇庆市"] == (4, 2, 0, 1, 1, 0, 2)


def test_ribbons_are_as_thick_as_their_share_and_their_texts_do_not_meet() -> None:
    found = drawn([("a", "甲", 90), ("b", "乙", 9), ("c", "丙", 1), ("d", "丁", 1)])
    assert found.total == 101 and abs(found.bar - 320) < 0.1
    lines = [r.text_y for r in found.ribbons]
    assert all(b - a >= 20 for a, b in pairwise(lines))
