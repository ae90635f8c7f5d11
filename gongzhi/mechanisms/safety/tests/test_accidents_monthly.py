"""The monthly report: figures from counters and small tables, kept; a leader's words."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import rollups
from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import BEGAN, OUTSIDE, signed_in
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Check, MonthlyReport, Plan
from gongzhi.mechanisms.safety.pages.accidents import monthly_words
from gongzhi.mechanisms.safety.registers import accidents_monthly
from gongzhi.mechanisms.safety.tests.accidents import happened
from gongzhi.mechanisms.safety.tests.conftest import COUNTY, RED, SEEN, TOWN, Stage
from gongzhi.mechanisms.safety.tests.register import Register

MONTH = f"{BEGAN:%Y-%m}"
NOW = BEGAN + timedelta(days=5)


def eliminate(stage: Stage) -> None:
    case = stage.ordered()
    case.act(m.rectify, SEEN, by=stage.firm)
    case.act(m.pass_, SEEN, by=stage.second)


def test_hazards_are_counted_by_colour_and_on_time(stage: Stage) -> None:
    eliminate(stage)
    case = stage.found()
    case.act(m.rank, RED, by=stage.first)
    case.act(m.stop, stage.given(case), by=stage.first)
    case.act(m.list_, {"note": "限期"}, by=stage.county_head)
    for folded in (False, True):
        if folded:
            rollups.fold()
        with CaptureQueriesContext(connection) as asked:
            made = accidents_monthly.make(COUNTY, MONTH, now=NOW)
        assert not [q for q in asked.captured_queries if '"cases_case"' in q["sql"]]
        hazards = made.figures["hazards"]
        assert hazards["found"] == 2
        assert hazards["ranked"] == {"red": 1, "orange": 0, "yellow": 1, "blue": 0}
        assert hazards["eliminated"] == {"red": 0, "orange": 0, "yellow": 1, "blue": 0}
        assert (hazards["met"], hazards["due"], hazards["in_time"]) == (1, 1, 1)
        assert (hazards["listed"], hazards["listed_now"]) == (1, 1)
        (town,) = [row for row in made.figures["below"] if row["place"] == TOWN]
        assert town["hazards"]["found"] == 2


def test_checks_that_fell_due_and_which_were_done(stage: Stage) -> None:
    first = BEGAN.date().replace(day=1)
    plan = Plan.objects.create(
        place=TOWN, name="查", kind="self", every={}, valid_from=first, account=stage.first.account,
        post=stage.first.post, entered_at=BEGAN,
    )  # fmt: skip
    for due, done in ((first, True), (first + timedelta(days=1), False),
                      (first - timedelta(days=1), True)):  # fmt: skip
        Check.objects.create(
            plan=plan, site=stage.site, place=stage.site.place, unit=stage.firm.unit,
            from_day=due, due=due, done_at=BEGAN if done else None,
        )  # fmt: skip
    made = accidents_monthly.make(COUNTY, MONTH, now=NOW)
    assert made.figures["checks"] == {"due": 2, "done": 1}


def test_accidents_of_the_month_and_of_the_year(register: Register) -> None:
    happened(register.bureau, BEGAN, deaths=3)
    made = accidents_monthly.make(COUNTY, MONTH, now=NOW)
    assert made.figures["grades"]["larger"] == 1
    assert [one["after"] for one in made.figures["declines"]["ytd"]] == [1, 3, 1]


def test_each_number_stands_under_its_heading(register: Register) -> None:
    """Also after the database has put the figures into an order of its own."""
    for _n in range(2):
        happened(register.bureau, BEGAN, deaths=3, injured=2)
    accidents_monthly.make(COUNTY, MONTH, now=NOW)
    made = accidents_monthly.newest(COUNTY, MONTH)
    assert made is not None
    table = monthly_words.below(made.figures)
    (town,) = [row for row in table.rows if row[0] == "九市镇"]
    assert list(zip(table.head, town, strict=True))[1:4] == [
        ("事故", "2"), ("死亡", "6"), ("重伤", "4"),
    ]  # fmt: skip
    assert monthly_words.accidents(made.figures)[0] == "事故 2 起，死亡 6 人，重伤 4 人。"


def test_it_stays_as_it_was_until_it_is_made_anew(register: Register) -> None:
    made = accidents_monthly.make(COUNTY, MONTH, now=NOW, by=register.bureau)
    happened(register.bureau, BEGAN)
    assert accidents_monthly.newest(COUNTY, MONTH) == made
    anew = accidents_monthly.make(COUNTY, MONTH, now=NOW + timedelta(hours=1), by=register.bureau)
    assert accidents_monthly.newest(COUNTY, MONTH) == anew and MonthlyReport.objects.count() == 2
    for place, month in ((OUTSIDE, MONTH), (COUNTY, "2126-01")):
        with pytest.raises(Refused):
            accidents_monthly.make(place, month, now=NOW, by=register.bureau)


def test_the_worker_makes_last_months_once_for_every_place_with_firms(register: Register) -> None:
    now = timezone.now()
    last = (date(now.year, now.month, 1) - timedelta(days=1)).strftime("%Y-%m")
    assert accidents_monthly.make_missing(now) == 3
    made = MonthlyReport.objects.filter(month=last, account=None)
    assert sorted(len(one.place) for one in made) == [4, 6, 9]
    assert accidents_monthly.make_missing(now) == 0


def test_only_leaders_add_words(register: Register) -> None:
    head, now = register.cast[COUNTY, "leader"], timezone.now()
    for by in (
        register.bureau,
        register.cast[OUTSIDE, "leader"],
        register.staff("enterprise_head"),
    ):
        with pytest.raises(Refused, match="领导"):
            accidents_monthly.remark(COUNTY, MONTH, "查", now=now, by=by)
    with pytest.raises(Refused, match="请写"):
        accidents_monthly.remark(COUNTY, MONTH, " ", now=now, by=head)
    accidents_monthly.remark(COUNTY, MONTH, "再查一遍", now=now, by=head)
    found = accidents_monthly.last_remark(COUNTY, MONTH)
    assert found is not None and (found.words, found.post) == ("再查一遍", head.post)


def test_on_the_page_and_as_pdf(register: Register) -> None:
    month = f"{timezone.localdate():%Y-%m}"
    happened(register.bureau, timezone.now() - timedelta(seconds=60), deaths=1)
    client, address = signed_in(register.cast[COUNTY, "leader"]), reverse("safety:monthly")
    assert "还没有汇总" in client.get(address).content.decode()
    assert client.get(address, {"as": "pdf"}).status_code == 404
    asked = f"?place={COUNTY}&month={month}"
    client.post(reverse("safety:make_monthly") + asked)
    client.post(reverse("safety:remark_monthly") + asked, {"words": "再查一遍有限空间"})
    page = client.get(address + asked).content.decode()
    assert "再查一遍有限空间" in page and "登记隐患 0 件" in page and "事故 1 起，死亡 1 人" in page
    answer = client.get(address + asked, {"as": "pdf"})
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "安全生产月报" in text and "再查一遍有限空间" in text and "九市镇" in text
    assert client.get(address + asked, {"as": "docx"}).status_code == 200
    for wrong in ("2126-01", "x", "2026-13"):
        assert client.get(address, {"month": wrong}).status_code == 404
