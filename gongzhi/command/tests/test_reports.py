"""Reports of weeks and months that are over: counted by night, frozen, read, added to, mailed."""

import email
import email.policy
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases import rollups
from gongzhi.cases.testing import OUTSIDE, Cast, make_post, make_unit, signed_in
from gongzhi.command.asking import year_before
from gongzhi.command.models import Alert, Remark, Report, Sending, Subscription, Watch
from gongzhi.command.reports import mailing, wording
from gongzhi.command.reports.making import make_missing
from gongzhi.command.reports.spans import MONTH, WEEK, Span, last_over
from gongzhi.command.tasks import make_reports
from gongzhi.command.tests.doing import CITY, COUNTY, TOWN, VILLAGE, reported, settled
from gongzhi.notices import outlets
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Mailbox, mail_server
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder

NOW = timezone.now()
SPAN = last_over(WEEK, timezone.localdate())
PAGE = reverse("command:reports")


def ago(day: date) -> int:
    return (timezone.localdate() - day).days


def came(n: int, span: Span = SPAN) -> None:
    for _n in range(n):
        reported(days_ago=ago(span.since + timedelta(days=2)))


def made(place: str = COUNTY) -> Report:
    make_missing(NOW)
    return Report.objects.get(place=place, kind=WEEK, since=SPAN.since)


def said(report: Report) -> str:
    return "\n".join(line for part in wording.parts(report) for line in part.lines)


def page(who: Holder, **asked: str) -> str:
    answer = signed_in(who).get(PAGE, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


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
        assert of["own"] == {"reported": [4, 2, 1], "settled": [1, 0, 0], "late": [0, 0, 0]}
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
    came(12)
    came(1, SPAN.before)
    told = said(made())
    assert "新登记 12。上周 1：多 11，超出偶然的起落。去年同期 0：多 12，超出偶然的起落。" in told
    assert "化解 0。上周 0：一样多。" in told and "九市镇（1 → 12）" in told
    assert "玩具（1 → 12）" in told and "在办 13 件" in told and "因为" not in told


def test_small_numbers_are_marked_and_have_no_percentage(cast: Cast) -> None:
    came(3)
    came(2, SPAN.before)
    told = said(made())
    assert "上周 2：多 1，数量太少，说明不了什么" in told and "%" not in told
    assert "没有哪个超出偶然的起落" in told


def test_what_may_be_chance_is_said_to_be(cast: Cast) -> None:
    came(6)
    came(5, SPAN.before)
    assert "上周 5：多 1（+20%），在偶然的起落之内" in said(made())


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
    assert "新登记 6。" in shown and f"place={TOWN}&amp;kind=week" in shown
    asked = {"kind": WEEK, "since": SPAN.since.isoformat()}
    answer = signed_in(leader).get(PAGE, {**asked, "as": "pdf"})
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "周报" in text and "九市镇" in text and "新登记6。" in text.replace(" ", "")
    answer = signed_in(leader).get(PAGE, {**asked, "as": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["文字", "总的情况", "各机制", "各地情况"]
    (town,) = [row for row in book["各地情况"].values if row[0] == "九市镇"]
    assert town[1:4] == (6, 0, 0)
    assert page(leader, kind=MONTH).count("月报") > 1


def test_no_report_is_shown_outside_ones_sight(cast: Cast) -> None:
    make_missing(NOW)
    town = signed_in(cast[TOWN, "clerk"])
    assert town.get(PAGE).status_code == 200
    for wrong in ({"place": COUNTY}, {"place": OUTSIDE}, {"kind": "day"}, {"since": "x"},
                  {"as": "doc"}, {"as": "pdf", "since": "2001-01-01"}):  # fmt: skip
        assert town.get(PAGE, wrong).status_code == 404, wrong
    assert "还没有报告" in page(cast[VILLAGE, "leader"])
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


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with mail_server() as box:
        settings.CONFIG = replace(
            settings.CONFIG, smtp_url="smtp://here", site_url="https://gz.example"
        )
        settings.DEFAULT_FROM_EMAIL = "gongzhi@gz.example"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box


def subscribe(by: Holder, **said: str) -> None:
    address = f"{reverse('command:subscribe_reports')}?place={COUNTY}&kind={WEEK}"
    assert signed_in(by).post(address, said).status_code == 302


def a_mailbox_of(by: Holder, language: str = "zh-hans") -> None:
    wanted = Wanted(kind="mail", address="head@county.example", own=True, language=language)
    outlets.add(wanted, now=NOW, by=by)


def work(hours: int = 24) -> None:
    """What a worker does in one look, later than now."""
    now = timezone.now() + timedelta(hours=hours)
    for one in mailing.ready(now, []):
        mailing.note(one, mailing.send(one), now)


def test_who_has_subscribed_gets_new_reports_by_mail(cast: Cast, mailbox: Mailbox) -> None:
    leader = cast[COUNTY, "leader"]
    a_mailbox_of(leader)
    subscribe(leader)
    subscribe(leader)
    came(12)
    make_missing(NOW)
    assert Subscription.objects.count() == 1 and Sending.objects.count() == 1
    mailbox.refusals = 1
    work()
    assert mailbox.mails == [] and Sending.objects.get().error == "smtp_451"
    work(48)
    work(72)
    (raw,) = mailbox.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["To"] == "head@county.example" and "周报" in mail["Subject"]
    assert "新登记 12。" in mail.get_content()
    assert f"https://gz.example{PAGE}?place={COUNTY}&kind={WEEK}" in mail.get_content()
    assert Sending.objects.get().sent_at and "不再发到我的邮箱" in page(leader)


def test_a_mail_is_in_the_language_of_its_mailbox(cast: Cast, mailbox: Mailbox) -> None:
    a_mailbox_of(cast[COUNTY, "leader"], "en")
    subscribe(cast[COUNTY, "leader"])
    make_missing(NOW)
    work()
    mail = email.message_from_bytes(mailbox.mails[0], policy=email.policy.default)
    assert "weekly report" in mail["Subject"]
    assert not [c for c in mail.get_content() if "\u4e00" <= c <= "\u9fff" and c not in "玩具"]


def test_only_a_leader_with_a_mailbox_of_their_own_subscribes(cast: Cast, mailbox: Mailbox) -> None:
    subscribe(cast[COUNTY, "leader"])
    a_mailbox_of(cast[COUNTY, "clerk"])
    subscribe(cast[COUNTY, "clerk"])
    assert not Subscription.objects.exists()
    assert reverse("desk:outlets") in page(cast[COUNTY, "leader"])


def test_who_ends_it_or_leaves_the_post_gets_none(cast: Cast, mailbox: Mailbox) -> None:
    for leader in (cast[COUNTY, "leader"], cast[CITY, "leader"]):
        a_mailbox_of(leader)
        subscribe(leader)
    make_missing(NOW)
    subscribe(cast[COUNTY, "leader"], end="1")
    Appointment.objects.filter(post=cast[CITY, "leader"].post).update(held_to=NOW)
    work()
    assert mailbox.mails == []
    assert set(Sending.objects.values_list("error", flat=True)) == {"ended"}
    make_missing(NOW + timedelta(days=7))
    assert Sending.objects.filter(subscription__post=cast[COUNTY, "leader"].post).count() == 1


def test_a_paused_or_busy_mailbox_waits(cast: Cast, mailbox: Mailbox) -> None:
    leader = cast[COUNTY, "leader"]
    a_mailbox_of(leader)
    subscribe(leader)
    make_missing(NOW)
    (one,) = mailing.ready(timezone.now() + timedelta(hours=24), [])
    later = timezone.now() + timedelta(hours=48)
    assert mailing.ready(later, [one.to]) == [] and mailing.ready(later, [], 0) == []
    outlets.pause(one.outlet.id, now=NOW, by=leader)
    assert mailing.ready(later, []) == [] and mailing.ready(later, [uuid4()]) == []
