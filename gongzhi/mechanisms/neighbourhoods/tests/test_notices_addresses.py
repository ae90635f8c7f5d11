"""Notices to residents' own addresses: to those who agreed, once each, and to nobody else."""

import email
import email.policy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from gongzhi.mechanisms.neighbourhoods.models import (
    Announcement,
    Dispatch,
    Household,
    Mailing,
    Purpose,
    Registered,
)
from gongzhi.mechanisms.neighbourhoods.registers import (
    announcing,
    dispatching,
    purposes,
    residents,
    residents_notified,
)
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach
from gongzhi.mechanisms.neighbourhoods.registers.residents import Told
from gongzhi.mechanisms.neighbourhoods.registers.residents_erasing import erase_due
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import COMMUNITY, Stage, totals
from gongzhi.mechanisms.neighbourhoods.tests.test_notices_sending import LATER, rows, work
from gongzhi.notices.tests.servers import Hook, Mailbox, mail_server, web_server
from gongzhi.people.posts import Resident
from gongzhi.people.scope import Scope, within

MAIL, PHONE = "mingzhu@example.org", "13812341234"
BOTH = ["mail", "sms"]


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(autouse=True)
def configured(settings: Settings, hook: Hook, mailbox: Mailbox) -> None:
    settings.CONFIG = replace(
        settings.CONFIG, smtp_url="smtp://here", site_url="https://gz.example", sms_url=hook.url,
        sms_body='{"to": "{to}", "say": "{text}"}',
    )  # fmt: skip
    settings.DEFAULT_FROM_EMAIL = "gongzhi@gz.example"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port


def registered(
    home: Household, *, by: Iterable[str] = ("mail",), agreed: bool = True, mail: str = MAIL,
    phone: str = PHONE, now: Any = None, purpose: Purpose | None = None,
) -> Registered:  # fmt: skip
    id_ = uuid4()
    said = {"name": "欧阳明珠", "phone": phone, "email": mail, "notices": list(by)}
    row, _new = residents.register(
        purpose or Purpose.objects.get(id=purposes.CONTACT), home,
        Told(said, ["notices"] if agreed else []), id_=id_, now=now or timezone.now(),
        by=Resident(case=id_),
    )  # fmt: skip
    return row


def to(mailbox: Mailbox) -> list[str]:
    return sorted(str(mail["To"]) for mail in opened(mailbox))


def opened(mailbox: Mailbox) -> list[Any]:
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in mailbox.mails]


def test_who_agreed_gets_a_mail_with_the_households_own_link_and_confirms_there(
    stage: Stage, mailbox: Mailbox
) -> None:
    home = stage.homes[0]
    registered(home)
    a = stage.publish(channels=["mail"])
    work()
    (mail,) = opened(mailbox)
    text = mail.get_content()
    link = f"/neighbourhoods/home/{home.key}/notices/{a.id}/"
    assert mail["To"] == MAIL and mail["Subject"] == "【共治】公告：周六停水"
    assert f"https://gz.example{link}" in text and "提前蓄水" in text
    assert "No water on Saturday" in text and "不再收公告" in text
    assert totals(a) == (7, 0, 0, 0)  # that it was sent counts for nothing
    page = Client().get(link).text
    assert "我知道了" in page and f"/home/{home.key}/mine/" in page
    Client().post(link, {"n": "1"})
    assert totals(a) == (7, 1, 1, 0)
    work(timedelta(hours=1))
    assert len(mailbox.mails) == 1 and Mailing.objects.get().residents == 1


def test_a_short_message_has_a_little_of_the_text(stage: Stage, hook: Hook) -> None:
    registered(stage.homes[0], by=["sms"], phone="+86 138-1234-1234")
    a = stage.publish(channels=BOTH)
    work()
    (asked,) = hook.asked
    said = asked.said["say"]
    assert asked.said["to"] == PHONE and "周六停水" in said and "提前蓄水" in said
    assert f"/home/{stage.homes[0].key}/notices/{a.id}/" in said and "不再收公告" in said


def test_nobody_gets_any_who_did_not_agree_to_just_that(
    stage: Stage, mailbox: Mailbox, hook: Hook
) -> None:
    registered(stage.homes[0], agreed=False)
    registered(stage.homes[1], by=[])
    registered(stage.homes[2], mail="")
    registered(stage.homes[3], by=["sms"], phone="0758-2222222")  # no text reaches it
    registered(stage.far[0])  # of another place
    stage.publish(channels=BOTH)
    work()
    registered(stage.others[0], by=["sms"])  # the writer chose mail alone
    stage.publish(channels=["mail"])
    work()
    assert (mailbox.mails, hook.asked) == ([], []) and rows() == []


def test_an_address_gets_a_notice_once_however_many_gave_it(
    stage: Stage, mailbox: Mailbox, hook: Hook
) -> None:
    registered(stage.homes[0], by=BOTH)
    registered(stage.homes[1], mail="Mingzhu@Example.org")
    registered(stage.others[0], by=["sms"], phone="138 1234 1234")
    registered(stage.others[1], mail="other@example.org")
    stage.publish(channels=BOTH)
    for later in range(2):  # a resident is not sent two at once
        work(timedelta(hours=later))
    assert [t.lower() for t in to(mailbox)] == [MAIL, "other@example.org"]
    assert [asked.said["to"] for asked in hook.asked] == [PHONE]


def test_it_goes_to_the_building_or_grid_it_is_for(stage: Stage, mailbox: Mailbox) -> None:
    registered(stage.homes[0], mail="first@example.org")
    registered(stage.others[0], mail="second@example.org")
    stage.publish(Reach(COMMUNITY, building=stage.second), channels=["mail"])
    work()
    assert to(mailbox) == ["second@example.org"]
    stage.publish(Reach(COMMUNITY, stage.grid), channels=["mail"])
    work()
    assert len(mailbox.mails) == 3


def _withdraws(stage: Stage, row: Registered) -> None:
    residents.withdraw(row.id, "notices", now=timezone.now(), by=Resident(case=row.id))


def _erases(stage: Stage, row: Registered) -> None:
    residents.erase(row.id, now=timezone.now(), by=Resident(case=row.id))


def _corrects(stage: Stage, row: Registered) -> None:
    said = {"name": "欧阳明珠", "phone": PHONE, "notices": ["mail"]}  # the address is left out
    residents.correct(row.id, Told(said, ["notices"]), now=timezone.now(), by=Resident(case=row.id))


def _moves_out(stage: Stage, row: Registered) -> None:
    Household.objects.filter(id=row.household_id).update(until=timezone.localdate())


def _purpose_ends(stage: Stage, row: Registered) -> None:
    Purpose.objects.filter(id=row.purpose_id).update(ends_on=timezone.localdate() - timedelta(1))


def _is_erased_in_time(stage: Stage, row: Registered) -> None:
    _moves_out(stage, row)
    assert erase_due(timezone.now()) == 1


@pytest.mark.parametrize(
    "ends",
    [_withdraws, _erases, _corrects, _moves_out, _purpose_ends, _is_erased_in_time],
)
def test_what_is_queued_is_not_sent_once_it_has_ended(
    stage: Stage, mailbox: Mailbox, ends: Callable[[Stage, Registered], None]
) -> None:
    row = registered(stage.homes[0])
    stage.publish(channels=["mail"])
    assert dispatching.lay_all(timezone.now()) == 1 and len(rows()) == 1
    ends(stage, row)
    work()
    (dispatch,) = rows()
    assert mailbox.mails == [] and (dispatch.error, dispatch.sent_at) == ("ended", None)
    assert dispatch.given_up_at and dispatch.next_at is None
    stage.publish(channels=["mail"])
    work()
    assert len(rows()) == 1 and mailbox.mails == []


def test_withdrawn_while_it_is_claimed_to_be_tried_again(stage: Stage, mailbox: Mailbox) -> None:
    row = registered(stage.homes[0])
    mailbox.refusals = 1
    stage.publish(channels=["mail"])
    work()
    assert (rows()[0].tries, rows()[0].error) == (1, "smtp_451")
    _withdraws(stage, row)
    work(timedelta(hours=1))
    assert rows()[0].error == "ended" and mailbox.mails == []


def test_what_fails_is_tried_again_and_the_address_stands_nowhere(
    stage: Stage, mailbox: Mailbox, hook: Hook, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    registered(stage.homes[0], by=BOTH)
    mailbox.refusals, hook.answers = 1, [503]
    stage.publish(channels=BOTH)
    for later in range(4):
        work(timedelta(hours=later))
    assert to(mailbox) == [MAIL] and len(hook.asked) == 2
    mailbox.refusals, hook.answers = 1, [500]
    stage.publish(channels=BOTH)
    for later in range(4):
        work(timedelta(days=later))
    assert len(hook.asked) == 4 and {row.error for row in rows()} == {""}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT d::text FROM neighbourhoods_dispatch d")
        stored = "".join(row for (row,) in cursor.fetchall())
        cursor.execute("SELECT r::text FROM neighbourhoods_registered r")
        stored += "".join(row for (row,) in cursor.fetchall())
    logged = "".join(capfd.readouterr()) + caplog.text
    for word in (MAIL, "mingzhu", PHONE, "12341234"):
        assert word not in stored and word not in logged


def test_an_address_that_no_mail_can_have_is_told_in_a_word(stage: Stage) -> None:
    registered(stage.homes[0], mail="no one@@example.org")
    stage.publish(channels=["mail"])
    work()
    assert rows()[0].error == "bad_address"


def test_reminders_go_to_households_that_have_not_confirmed(stage: Stage, mailbox: Mailbox) -> None:
    registered(stage.homes[0], mail="confirmed@example.org")
    registered(stage.homes[1], mail="read@example.org")
    registered(stage.others[0], mail="silent@example.org")
    a = stage.publish(channels=["mail"])
    work()
    announcing.confirm(stage.homes[0].key, a.id, 1, now=stage.now)
    announcing.read(stage.homes[1].key, a.id, now=stage.now)
    mailbox.mails.clear()
    announcing.remind(a.id, by=stage.clerk, now=timezone.now())
    work()
    assert to(mailbox) == ["read@example.org", "silent@example.org"]
    assert "提醒" in opened(mailbox)[0]["Subject"]
    assert "户没有回音" not in opened(mailbox)[0].get_content()


def test_a_correction_goes_to_all_and_a_withdrawal_to_those_who_heard(
    stage: Stage, mailbox: Mailbox
) -> None:
    registered(stage.homes[0])
    a = stage.publish(channels=["mail"])
    work()
    announcing.correct(a.id, LATER, of=1, why="改期", again=True, by=stage.clerk,
                       now=timezone.now())  # fmt: skip
    work()
    registered(stage.homes[1], mail="new@example.org")
    announcing.withdraw(a.id, "写错了", by=stage.clerk, now=timezone.now())
    work()
    assert to(mailbox) == [MAIL] * 3
    assert "改期" in opened(mailbox)[1].get_content()
    assert "写错了" in opened(mailbox)[2].get_content()
    assert "蓄水" not in opened(mailbox)[2].get_content()


def test_a_resident_is_not_sent_two_at_once_and_two_workers_not_the_same(stage: Stage) -> None:
    row = registered(stage.homes[0], by=BOTH)
    stage.publish(channels=BOTH)
    now = timezone.now()
    dispatching.lay_all(now)
    assert dispatching.ready(now, [row.id]) == []
    (one,) = dispatching.ready(now, [])
    assert one.to == row.id and MAIL not in repr(one) and PHONE not in repr(one)
    (other,) = dispatching.ready(now, [])
    assert {one.dispatch.channel, other.dispatch.channel} == set(BOTH)
    assert dispatching.ready(now, []) == []


def test_the_writer_learns_how_many_from_ten_up(stage: Stage) -> None:
    today, of = timezone.localdate(), Reach(COMMUNITY, building=stage.first)
    for n in range(9):
        registered(stage.homes[n % 4], mail=f"r{n}@example.org")
    registered(stage.homes[0], mail="R0@example.org")
    assert residents_notified.reached(of, "mail", today) is None
    registered(stage.homes[3], mail="r9@example.org")
    assert residents_notified.reached(of, "mail", today) == 10
    assert residents_notified.reached(Reach(COMMUNITY), "mail", today) == 10
    assert residents_notified.reached(of, "sms", today) is None
    assert (
        residents_notified.reached(Reach(COMMUNITY, building=stage.second), "mail", today) is None
    )


def test_the_application_reads_no_addresses_and_an_index_goes_with_the_consent(
    stage: Stage,
) -> None:
    row = registered(stage.homes[0], by=BOTH)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(mail_index) FROM neighbourhoods_registered")
        assert cursor.fetchone() == (0,)
    with within(Scope(case=row.id)):
        row.refresh_from_db()
    assert row.mail_index and row.sms_index
    _withdraws(stage, row)
    with within(Scope(case=row.id)):
        row.refresh_from_db()
    assert row.mail_index is None and row.sms_index is None and row.phone


def test_thousands_are_laid_in_one_statement(stage: Stage) -> None:
    first = registered(stage.homes[0])
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO neighbourhoods_registered SELECT (r).* FROM (SELECT jsonb_populate_record("
            " x, jsonb_build_object('id', gen_random_uuid(), 'key', n::text, 'mail_index',"
            " '\\x' || md5(n::text))) r FROM neighbourhoods_registered x,"
            " generate_series(1, 4999) n WHERE x.id = %s) made",
            [first.id],
        )
    a = stage.publish(channels=["mail"])
    began = timezone.now()
    dispatching.lay_all(began)
    assert timezone.now() - began < timedelta(seconds=5)
    assert Mailing.objects.get(announcement=a).residents == 5_000
    assert Dispatch.objects.using("owner").filter(registered__isnull=False).count() == 5_000
    assert Announcement.objects.count() == 1
