"""Mediators' figures: counts with kinds, seen by those who guide them, never a ranking."""

import io
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.cases import catalogue
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.registers import Category
from gongzhi.cases.rollups import fold
from gongzhi.cases.testing import LINE, OUTSIDE, PHONE, begin, make_post, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.network import tallies
from gongzhi.mechanisms.mediation.pages import monthly
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, TOWN, VILLAGE, Stage
from gongzhi.people.models import Account, Post, Unit
from gongzhi.people.posts import Holder

YEAR = ("2026-01", "2026-12")
THEN = {"since": "2026-01", "until": "2026-12"}
GOOD = {"n": 1, "note": Words("好")}


def get(who: Holder, name: str, *args: object, **asked: str) -> Any:
    return signed_in(who).get(reverse(f"mediation:{name}", args=args), asked)


def said(who: Holder, name: str, *args: object, **asked: str) -> str:
    answer = get(who, name, *args, **asked)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


@pytest.fixture
def worked(stage: Stage) -> Stage:
    """The village's mediator: one settled and rated, one failed, one under way, one late."""
    done = stage.agreed(category="land")
    done.act(m.perform, GOOD, by=stage.mediator)
    done.act(m.perform, {**GOOD, "n": 2}, by=stage.mediator)
    done.act(m.close, {"note": Words("好")}, by=stage.clerk)
    done.act(m.rate, {"satisfied": True}, by=done.resident)
    stage.unresolved()
    stage.mediating(category="family")
    late = stage.agreed()
    late.travel(days=40)
    late.act(m.perform, GOOD, by=stage.mediator)
    return stage


def test_what_a_post_did_is_counted_by_kind(worked: Stage) -> None:
    post = worked.mediator.post
    kinds = tallies.done(VILLAGE, [post], *YEAR)[post]
    assert {name: of["taken"] for name, of in kinds.items()} == {"land": 1, "wages": 2, "family": 1}
    assert tallies.together(kinds) == {
        "taken": 4, "agreed": 2, "failed": 1, "settled": 1, "due": 3, "kept": 2, "rated": 1,
        "satisfied": 1,
    }  # fmt: skip
    fold()
    assert tallies.done(VILLAGE, [post], *YEAR)[post] == kinds
    assert not tallies.done(VILLAGE, [post], "2026-03", "2026-12")[post]


def test_nothing_is_asked_about_nobody(stage: Stage) -> None:
    assert tallies.done(VILLAGE, [], *YEAR) == {} and tallies.open_now(VILLAGE, []) == {}


def test_open_work_is_counted_for_a_post_wherever_its_cases_are(worked: Stage) -> None:
    post = worked.mediator.post
    for place in (VILLAGE, "4412", "44"):
        assert tallies.open_now(place, [post, uuid4()]) == {post: 3}


def test_a_unit_shows_its_mediators_with_counts_and_kinds(worked: Stage) -> None:
    page = said(worked.clerk, "unit_done", worked.mediator.unit, **THEN)
    for words in (
        "2 / 3",
        "达成协议 ÷（达成协议 + 调解不成）",
        "数量太少",
        "山林土地纠纷",
        "不排名次",
    ):
        assert words in page
    assert "67%" not in page  # two of three is no share to speak of
    assert reverse("mediation:mediator_done", args=[worked.mediator.post]) in page


def test_a_share_is_said_from_five_on(stage: Stage) -> None:
    for _n in range(5):
        stage.agreed()
    page = said(stage.mediator, "mediator_done", stage.mediator.post, **THEN)
    assert "100%" in page and "5 / 5" in page


def test_mediators_stand_by_name_whatever_they_did(worked: Stage) -> None:
    for name in ("Anna", "Zoe"):
        other = make_post(worked.mediator.unit, VILLAGE, "mediator")
        Account.objects.filter(id=other.account).update(name=name)
    page = said(worked.clerk, "unit_done", worked.mediator.unit, **THEN, sort="agreed")
    assert page.index("Anna ·") < page.index("Zoe ·") < page.index("mediator · mediator")


def test_a_vacant_post_keeps_its_figures(worked: Stage) -> None:
    post = Post.objects.get(id=worked.mediator.post)
    post.appointments.all().delete()
    page = said(worked.clerk, "unit_done", worked.mediator.unit, **THEN)
    assert "（空缺）" in page and "2 / 3" in page


def test_a_mediator_is_led_to_the_own_page(worked: Stage) -> None:
    own = reverse("mediation:mediator_done", args=[worked.mediator.post])
    assert get(worked.mediator, "mediators").headers["Location"] == own
    assert "山林土地纠纷" in said(worked.mediator, "mediator_done", worked.mediator.post, **THEN)
    assert "不做调解" in said(worked.judge, "mediators")


@pytest.mark.parametrize(
    ("place", "kind", "status"),
    [(VILLAGE, "leader", 200), (TOWN, "judicial_officer", 200), (COUNTY, "leader", 200),
     ("44", "leader", 200), (OUTSIDE, "leader", 404), (VILLAGE, "mediator", 404),
     (TOWN, "mediator", 404), (TOWN, "handler", 404), (VILLAGE, "grid_member", 404),
     ("court", "judge", 404)],
)  # fmt: skip
def test_only_those_who_guide_them_see_mediators(
    stage: Stage, place: str, kind: str, status: int
) -> None:
    who, unit = stage.cast[place, kind], stage.mediator.unit
    assert get(who, "unit_done", unit).status_code == status
    # A mediator sees no other mediator.
    assert get(who, "mediator_done", stage.mediator.post).status_code == (
        200 if who == stage.mediator else status
    )


def test_a_leader_who_sees_no_place_sees_the_own_unit_alone(stage: Stage) -> None:
    assert get(stage.president, "unit_done", stage.court).status_code == 200
    assert get(stage.president, "unit_done", stage.mediator.unit).status_code == 404
    own = reverse("mediation:unit_done", args=[stage.court])
    assert get(stage.president, "mediators").headers["Location"] == own


def test_units_are_opened_from_the_place_above(stage: Stage) -> None:
    studio = stage.studio()
    leader = stage.cast["44", "leader"]
    for code, below in pairwise(LINE[:4]):
        assert f"?place={below}" in said(leader, "mediators", place=code)
    unit = reverse("mediation:unit_done", args=[studio.unit])
    assert unit in said(leader, "mediators", place=COUNTY)
    assert unit in said(leader, "mediators", place=TOWN)
    assert unit not in said(leader, "mediators", place="4412")
    assert get(stage.clerk, "mediators", place=TOWN).status_code == 404
    assert get(leader, "mediators", place="x").status_code == 404


def test_pages_read_counters_and_one_index(worked: Stage) -> None:
    client = signed_in(worked.clerk)
    address = reverse("mediation:unit_done", args=[worked.mediator.unit])
    client.get(address, THEN)
    with CaptureQueriesContext(connection) as asked:
        client.get(address, THEN)
    read = [q["sql"] for q in asked.captured_queries]
    assert len([q for q in read if "cases_monthly" in q]) == 1
    assert len([q for q in read if "load_v1" in q]) == 1
    assert len([q for q in read if "cases_case" in q]) == 1
    assert not [q for q in read if "cases_entry" in q]


def test_a_case_about_the_reader_is_not_in_what_the_unit_holds(stage: Stage) -> None:
    unit, leader = Unit.objects.get(id=stage.mediator.unit), stage.cast[VILLAGE, "leader"]
    stage.mediating(category="land")
    accused = NewParty("respondent", name="某人", who=leader.account)
    begin(m.mediation, parties=[NewParty("applicant", name="张三", phone=PHONE), accused])
    assert tallies.open_by_kind(unit, stage.clerk) == {"land": 1, "wages": 1}
    assert tallies.open_by_kind(unit, leader) == {"land": 1}


def month(who: Holder, unit: object, **asked: str) -> Any:
    return get(who, "monthly", unit, **{"month": "2026-01", **asked})


def test_a_return_has_a_row_for_every_kind_and_their_sum(worked: Stage) -> None:
    Category.objects.create(
        mechanism="mediation", name="land", label="山林土地纠纷", code="07", order=0
    )
    catalogue.forget()
    answer = month(worked.mediator, worked.mediator.unit, **{"as": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = {line[0]: line[1:] for line in book.worksheets[0].iter_rows(values_only=True)}
    assert len(rows) == len(m.mediation.categories) + 2
    assert rows["山林土地纠纷"] == ("07", 1, 1, 0, 1, 2, 2, 0)
    assert rows["合计"][1:] == (4, 2, 1, 1, 2, 2, 3)
    february = month(worked.mediator, worked.mediator.unit, month="2026-02").content.decode()
    assert "2026-01" in february and "2026-03" in february


def test_a_return_is_of_the_whole_unit_also_of_posts_that_have_gone(worked: Stage) -> None:
    Post.objects.filter(id=worked.mediator.post).update(valid_to="2026-01-20T00:00:00Z")
    unit = Unit.objects.get(id=worked.mediator.unit)
    assert monthly.summed(list(monthly.lines(unit, date(2026, 1, 1), worked.clerk))).numbers[0] == 4
    assert monthly.summed(list(monthly.lines(unit, date(2026, 2, 1), worked.clerk))).numbers[0] == 0


def test_a_return_is_printed(worked: Stage) -> None:
    answer = month(worked.clerk, worked.clerk.unit, **{"as": "pdf"})
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"


def test_the_last_month_that_is_over_unless_asked(stage: Stage) -> None:
    assert monthly.before(date(2026, 1, 1)) == date(2025, 12, 1)
    assert monthly.after(date(2026, 12, 1)) == date(2027, 1, 1)
    page = said(stage.mediator, "monthly", stage.mediator.unit)
    assert "还没有过完" not in page and "下个月" in page


@pytest.mark.parametrize("text", ["2026-13", "x", "2999-01", "1999-12", "2026-1-1", "2026-W0"])
def test_a_month_that_cannot_be_is_not_found(stage: Stage, text: str) -> None:
    assert month(stage.mediator, stage.mediator.unit, month=text).status_code == 404


def test_a_return_is_for_the_unit_and_those_above(stage: Stage) -> None:
    unit = stage.mediator.unit
    for who in (stage.mediator, stage.clerk, stage.cast[COUNTY, "leader"]):
        assert month(who, unit).status_code == 200
    for who in (stage.judge, stage.cast[TOWN, "mediator"], stage.cast[VILLAGE, "grid_member"]):
        assert month(who, unit).status_code == 404
    assert month(stage.clerk, uuid4()).status_code == 404
