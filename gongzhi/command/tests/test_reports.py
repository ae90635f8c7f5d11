"""Reports of weeks and months that are over: counted by night, frozen, read, added to."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django import app

from gongzhi.cases import rollups
from gongzhi.cases.clocks import CHINA, local
from gongzhi.cases.testing import OUTSIDE, Cast, make_post, make_unit, signed_in
from gongzhi.cases.tests import toys
from gongzhi.command.asking import year_before
from gongzhi.command.models import Alert, Remark, Report, Watch
from gongzhi.command.reports import wording
from gongzhi.command.reports.making import MAILED, make_missing
from gongzhi.command.reports.spans import MONTH, WEEK, Span, last_over
from gongzhi.command.tasks import make_reports
from gongzhi.command.tests.doing import CITY, COUNTY, TOWN, VILLAGE, reported, rows, settled
from gongzhi.command.tests.reporting import NOW, PAGE, SPAN, ago, came, page
from gongzhi.declare import registry


def long_in_use() -> None:
    """Something was registered here before all that is compared."""
    reported(days_ago=ago(year_before(SPAN.since)) + 40)


def made(place: str = COUNTY) -> Report:
    make_missing(NOW)
    return Report.objects.get(place=place, kind=WEEK, since=SPAN.since)


def said(report: Report) -> str:
    return "\n".join(line for part in wording.parts(report) for line in part.lines)


@pytest.mark.parametrize("folded", [False, True])
def test_a_week_stands_beside_the_one_before_and_last_years(cast: Cast, folded: bool) -> None:
    came(3)
    settled(cast, days_ago=ago(SPAN.since))
    came(2, SPAN.before)
    reported(days_ago=ago(year_before(SPAN.since)))
    reported(days_ago=ago(SPAN.until))
    if folded:
        rollups.fold()
    for place in (CITY, COUNTY, TOWN):
        of = made(place).figures
        of["own"].pop("against")
        assert of["own"] == {"reported": [4, 2, 1], "settled": [1, 0, 0], "late": [0, 0, 0]}
        assert of["began"] == year_before(SPAN.since).isoformat()
        assert of["times"]["reported"][-3:] == [0, 2, 4]
        of["mechanisms"]["toy"].pop("against")
        assert of["mechanisms"]["toy"] == of["own"] and of["held"] == 7
        (row,) = [row for row in of["below"] if any(row["reported"])]
        assert row["reported"] == [4, 2, 1]


def test_months_are_compared_by_their_days() -> None:
    span = last_over(MONTH, date(2026, 3, 15))
    assert (span.since, span.until) == (date(2026, 2, 1), date(2026, 3, 1))
    assert span.compared[1:] == [
        (date(2026, 1, 1), date(2026, 2, 1)), (date(2025, 2, 1), date(2025, 3, 1)),
    ]  # fmt: skip
    assert span.days == [28, 31, 28]
    assert last_over(WEEK, date(2026, 11, 23)) == Span(WEEK, date(2026, 11, 16))


def test_the_worker_makes_what_is_missing_once_and_never_changes_it(cast: Cast) -> None:
    came(2)
    assert make_reports(0) == 30  # four weeks and two months of four levels and of one outside
    assert make_reports(0) == 0
    came(5)
    assert make_missing(NOW) == 0 and made().figures["own"]["reported"][0] == 2
    assert make_missing(NOW + timedelta(days=7)) >= 5
    assert not Report.objects.filter(place=VILLAGE).exists()


def test_a_few_questions_make_the_reports_of_all_places(cast: Cast) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            make_missing(NOW)
        assert not [q for q in asked.captured_queries if '"cases_case"' in q["sql"]]
        return len(asked)

    came(2)
    few = questions()
    Report.objects.all().delete()
    for town in ("441226001", "441226101", "441226102", "441226104"):
        make_post(make_unit(town), town, "leader")
    assert questions() == few and Report.objects.filter(kind=MONTH).count() == 18


def test_it_says_what_changed_and_where_and_what_the_counts_allow(cast: Cast) -> None:
    long_in_use()
    came(12)
    came(1, SPAN.before)
    told = said(made())
    more = "比上周（1）多 11，超出偶然的起落；比去年同期（0）多 12，超出偶然的起落。"
    assert f"新登记 12 件：{more}" in told and "九市镇（1 → 12）" in told
    assert "化解 0 件：和上周一样；和去年同期一样。" in told and "不作比较" not in told
    assert "玩具（1 → 12）" in told and "在办 14 件" in told and "因为" not in told


def test_small_numbers_are_marked_and_have_no_percentage(cast: Cast) -> None:
    long_in_use()
    came(3)
    came(2, SPAN.before)
    told = said(made())
    assert "比上周（2）多 1，太少，说明不了什么" in told and "%" not in told
    assert "没有哪个超出偶然的起落" in told


def test_what_may_be_chance_is_said_to_be(cast: Cast) -> None:
    long_in_use()
    came(4)
    came(5, SPAN.before)
    assert "比上周（5）少 1，太少" in said(made())
    Report.objects.all().delete()
    came(2)
    assert "比上周（5）多 1（+20%），在偶然的起落之内" in said(made())


def test_what_is_new_is_compared_with_nothing(cast: Cast) -> None:
    assert "这里还没有登记过。" in said(made()) and "都是 0。" in said(made())
    Report.objects.all().delete()
    came(12)
    day = SPAN.since + timedelta(days=2)
    told = said(made())
    assert f"新登记 12 件\n化解 0 件\n逾期办完 0 次\n这里 {day} 才有第一件登记" in told
    assert "和上周、去年同期都不作比较" in told and "超出" not in told
    assert "新登记与上周比：当时都还没有登记，不作比较。" in told
    Report.objects.all().delete()
    for days in (ago(year_before(SPAN.since)) + 40, ago(SPAN.since)):
        reported("441226101", days_ago=days)
    told = said(made())
    assert "比去年同期（0）多 13" in told and "超出偶然起落的：" in told
    assert "当时还没有登记、不作比较的：九市镇。" in told


def test_a_mechanism_is_not_compared_with_a_time_without_it(cast: Cast) -> None:
    long_in_use()
    came(5)
    came(6, SPAN.before)
    with registry.with_toy(replace(toys.toy, name="toy2", label="玩具二")) as later:
        for _n in range(30):
            reported(days_ago=ago(SPAN.since), of=later)
        report = made()
        told, each = said(report), wording.parts(report)[2]
    assert (
        "新登记 35 件：其中可比的 5，比上周（6）少 1（-17%），在偶然的起落之内；其中可比的 5，"
        in told
    )
    assert f"和上周比，没有算进当时还没有登记的：玩具二（{SPAN.since} 起）。" in told
    assert "玩具二（0 → 30）" not in told and "九市镇（6 → 5）" not in told
    assert "当时还没有登记、不作比较的：玩具二" in told
    assert each.head[-2:] == ["比上周", "比去年同期"]
    assert [row[-2:] for row in each.rows] == [["偶然之内", "太少"], ["不能比", "不能比"]]


def test_thirteen_weeks_and_months_stand_side_by_side(cast: Cast) -> None:
    came(2)
    settled(cast, days_ago=ago(SPAN.since))
    came(4, SPAN.series[0])
    came(9, SPAN.series[0].before)
    assert made().figures["times"]["reported"] == [4, *[0] * 11, 3]
    shown = page(cast[COUNTY, "leader"])
    assert "最近十三周" in shown and shown.count('<div class="times"') == 1
    assert shown.count('<div class="sides"') == 1
    assert Span(MONTH, date(2026, 2, 1)).series[0] == Span(MONTH, date(2025, 2, 1))
    asked = {"kind": WEEK, "as": "csv"}
    (*_rest, last) = rows(signed_in(cast[COUNTY, "leader"]), "command:reports", of="times")
    assert list(last.values()) == [SPAN.label, "3", "1", "0"]
    assert signed_in(cast[COUNTY, "leader"]).get(PAGE, {**asked, "of": "x"}).status_code == 404


def test_leaders_find_the_reports_below_theirs(cast: Cast) -> None:
    make_missing(NOW)
    link = f'place={{}}&amp;kind=week&amp;since={SPAN.since}">'
    for here, below in ((CITY, COUNTY), (COUNTY, TOWN)):
        assert link.format(below) in page(cast[here, "leader"])
    assert "下一级的报告" not in page(cast[TOWN, "leader"])


def test_they_are_made_and_mailed_on_monday_morning_in_china() -> None:
    (task,) = (
        of for of in app.periodic_registry.periodic_tasks.values()
        if of.task.name == make_reports.name
    )  # fmt: skip

    def next_after(day: date) -> datetime:
        noon = datetime.combine(day, time(12), CHINA).timestamp()
        at = task.croniter.get_next(ret_type=float, start_time=noon)
        return datetime.fromtimestamp(at, CHINA)

    monday = next_after(date(2026, 11, 22))
    assert monday.date() == date(2026, 11, 23) and monday.time() < MAILED
    assert last_over(WEEK, local(monday).date()).until == date(2026, 11, 23)
    first = next_after(date(2026, 11, 30))
    assert last_over(MONTH, local(first).date()) == Span(MONTH, date(2026, 11, 1))


@pytest.fixture
def alert(cast: Cast) -> Alert:
    watch = Watch.objects.create(
        city=CITY, week=SPAN.since, series=1, short=0, rate=0.01, numbers={}, made_at=NOW
    )
    return Alert.objects.create(
        watch=watch, place=TOWN, mechanism="mediation", category="", measure="reported", n=14,
        expected=2, low=0, high=5, limit=7, p=1e-6, dispersion=1, weeks=50, recent=[2, 14],
    )  # fmt: skip


def test_alerts_of_the_week_are_named_with_their_link(cast: Cast, alert: Alert) -> None:
    make_missing(NOW)
    link = reverse("command:alert", args=[alert.id])
    for place in (CITY, COUNTY, TOWN):
        shown = page(cast[place, "leader"])
        assert "14 件，平常 2.0 件" in shown and f'href="{link}"' in shown
    assert link not in page(cast[OUTSIDE, "leader"])
    before = page(cast[COUNTY, "leader"], since=SPAN.before.since.isoformat())
    assert link not in before and "没有预警" in before


def test_it_is_a_page_a_pdf_and_a_sheet(cast: Cast) -> None:
    came(6)
    make_missing(NOW)
    leader = cast[COUNTY, "leader"]
    shown = page(leader)
    assert "新登记 6 件" in shown and f"place={TOWN}&amp;kind=week" in shown
    asked = {"kind": WEEK, "since": SPAN.since.isoformat()}
    answer = signed_in(leader).get(PAGE, {**asked, "as": "pdf"})
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "周报" in text and "九市镇" in text and "新登记6件" in text.replace(" ", "")
    answer = signed_in(leader).get(PAGE, {**asked, "as": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["文字", "总的情况", "最近十三周", "各机制", "各地情况"]
    (town,) = [row for row in book["各地情况"].values if row[0] == "九市镇"]
    assert town[1:4] == (6, 0, 0)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert len([name for name in files.namelist() if "charts/chart" in name]) == 2
    assert page(leader, kind=MONTH).count("月报") > 1


def test_no_report_is_shown_outside_ones_sight(cast: Cast) -> None:
    make_missing(NOW)
    town = signed_in(cast[TOWN, "clerk"])
    assert town.get(PAGE).status_code == 200
    for wrong in ({"place": COUNTY}, {"place": OUTSIDE}, {"kind": "day"}, {"since": "x"},
                  {"as": "doc"}, {"as": "pdf", "since": "2001-01-01"}):  # fmt: skip
        assert town.get(PAGE, wrong).status_code == 404, wrong
    assert "还没有报告" in page(cast[VILLAGE, "leader"])
    other = page(cast[TOWN, "clerk"], since="2026-01-01")
    assert "没有这一天起的报告" in other and "还没有报告" not in other
    assert signed_in(cast["court", "judge"]).get(PAGE).status_code == 404


def test_leaders_add_words_that_stay(cast: Cast) -> None:
    make_missing(NOW)
    address = f"{reverse('command:remark_report')}?place={COUNTY}&kind={WEEK}"
    leader, clerk = signed_in(cast[COUNTY, "leader"]), signed_in(cast[COUNTY, "clerk"])
    for client, words in ((leader, "欠薪的再看一遍"), (leader, " "), (clerk, "我也说一句"),
                          (leader, "第二条")):  # fmt: skip
        assert client.post(address, {"words": words}).status_code == 302
    assert [r.words for r in Remark.objects.order_by("at")] == ["欠薪的再看一遍", "第二条"]
    shown = page(cast[CITY, "leader"], place=COUNTY)
    assert "欠薪的再看一遍" in shown and f"governance_centre {COUNTY} leader" in shown
    answer = leader.get(PAGE, {"as": "pdf"})
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "领导批注" in text and "欠薪的再看一遍" in text
    for wrong in (f"{address}&since=2001-01-01", f"{address}&since=x"):
        assert leader.post(wrong, {"words": "x"}).status_code == 404
    assert signed_in(cast[OUTSIDE, "leader"]).post(address, {"words": "x"}).status_code == 404
