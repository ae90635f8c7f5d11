"""Notices arrive where they are wanted, are tried again until they do, and spare the accused."""

import email
import email.policy
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from gongzhi.cases import linkage, whistles
from gongzhi.cases.changes import NewParty
from gongzhi.cases.models import Delivery, Notice
from gongzhi.cases.retention import erase_due
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin
from gongzhi.cases.tests import toys
from gongzhi.notices import adapters, delivering, outlets, posting
from gongzhi.notices.models import Outlet
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Hook, Mailbox
from gongzhi.people.models import Appointment

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]


def outlet(cast: Cast, place: str, kind: str, address: str, **more: Any) -> tuple[Outlet, str]:
    wanted = Wanted(kind=kind, address=address, **more)
    return outlets.add(wanted, now=timezone.now(), by=cast[place, "leader"])


def whistle(cast: Cast, **told: Any) -> Told:
    case = begin(toys.toy, **told)
    case.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    return case


def work(after: timedelta = timedelta()) -> None:
    """What a worker does in one look, so much later than now."""
    now = timezone.now() + after
    for one in delivering.ready(now, []):
        delivering.note(one, delivering.send(one), now)


def deliveries() -> list[Delivery]:
    return list(Delivery.objects.using("owner").order_by("made_at"))


def test_a_task_is_told_by_mail_with_number_task_day_and_link(cast: Cast, mailbox: Mailbox) -> None:
    outlet(cast, TOWN, "mail", "desk@town.example")
    case = whistle(cast)
    work()
    (raw,) = mailbox.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text = mail.get_content()
    county, id_ = case.ref
    assert mail["To"] == "desk@town.example" and "报到" in mail["Subject"]
    assert f"https://gz.example/desk/cases/{county}/{id_}/" in text and "期限" in text
    assert case.row().title not in text and "张" not in text
    (sent,) = deliveries()
    assert sent.sent_at and sent.next_at is None and sent.shown == "d***@town.example"


def test_a_webhook_is_signed_so_that_the_receiver_can_check_it(cast: Cast, hook: Hook) -> None:
    _, secret = outlet(cast, TOWN, "webhook", f"{hook.url}/in?a=1", language="en")
    whistle(cast)
    work()
    (asked,) = hook.asked
    assert asked.path == "/in?a=1" and asked.said["type"] == "task.given"
    at = int(asked.headers["webhook-timestamp"])
    signed = adapters.signature(secret, asked.headers["webhook-id"], at, asked.body)
    assert asked.headers["webhook-signature"] == signed
    assert asked.said["label"].isascii()


def test_what_fails_is_tried_again_later_and_later_until_it_arrives(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    hook.answers = [503, 302]
    whistle(cast)
    work()
    (tried,) = deliveries()
    assert (tried.tries, tried.error, tried.sent_at) == (1, "http_503", None)
    work()
    assert len(hook.asked) == 1  # not before its time
    work(timedelta(minutes=1))
    assert deliveries()[0].error == "http_302"  # nor elsewhere
    work(timedelta(hours=1))
    (sent,) = deliveries()
    assert (sent.tries, sent.error) == (3, "") and sent.sent_at
    assert len({a.headers["webhook-id"] for a in hook.asked}) == 1
    assert {a.path for a in hook.asked} == {"/"}


def test_a_mail_server_that_is_busy_gets_the_same_mail_again(cast: Cast, mailbox: Mailbox) -> None:
    outlet(cast, TOWN, "mail", "desk@town.example")
    mailbox.refusals = 1
    whistle(cast)
    work()
    assert deliveries()[0].error == "smtp_451"
    work(timedelta(minutes=1))
    assert len(mailbox.mails) == 1


def test_who_never_answers_is_left_after_a_while(
    cast: Cast, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", 0.2)
    outlet(cast, TOWN, "webhook", hook.url)
    hook.held.clear()
    whistle(cast)
    work()
    assert deliveries()[0].error == "timeout"


def test_after_days_it_is_given_up_and_counted(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    hook.answers = [500, 500]
    whistle(cast)
    work()
    work(timedelta(days=4))
    (given_up,) = deliveries()
    assert given_up.given_up_at and given_up.next_at is None
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT given_up FROM undelivered_v1('', now() - interval '1 day')")
        assert cursor.fetchone() == (1,)


def test_two_workers_do_not_take_the_same(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    whistle(cast)
    now = timezone.now()
    assert len(delivering.ready(now, [])) == 1
    assert delivering.ready(now, []) == []
    # Whoever was killed in between loses it to the next.
    assert len(delivering.ready(now + delivering.CLAIM, [])) == 1


def test_the_accused_gets_no_notice_and_neither_does_their_unit(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    person = NewParty("respondent", name="某", who=cast[TOWN, "clerk"].account)
    whistle(cast, parties=[person])
    work()
    assert deliveries() == [] and hook.asked == []
    assert not Notice.objects.using("owner").exists()


def test_a_unit_is_passed_over_whose_people_also_work_where_the_complaint_is_about(
    cast: Cast, hook: Hook
) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    accused = cast[COUNTY, "expert"]
    Appointment.objects.filter(post=accused.post).update(account=cast[TOWN, "clerk"].account)
    whistle(cast, parties=[NewParty("respondent", name="县", who=accused.unit)])
    work()
    assert hook.asked == []


def test_who_is_found_to_be_accused_meanwhile_gets_no_notice(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    hook.answers = [500]
    case = whistle(cast)
    work()
    case.act(linkage.exclude, {"units": [cast.units[TOWN]], "reason": "回避"},
             by=cast[VILLAGE, "clerk"])  # fmt: skip
    work(timedelta(hours=1))
    assert deliveries() == [] and len(hook.asked) == 1


def test_ones_own_outlet_follows_the_post_and_ends_with_it(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url, own=True)
    whistle(cast)
    work()
    assert len(hook.asked) == 1
    leader = cast[TOWN, "leader"].account
    Appointment.objects.filter(account=leader).update(held_to=timezone.now())
    whistle(cast)
    work()
    assert len(hook.asked) == 1


def test_a_case_that_is_handed_up_is_told_to_its_new_unit(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    begin(toys.toy).act(linkage.escalate, by=cast[VILLAGE, "clerk"])
    work()
    assert [a.said["task"] for a in hook.asked] == ["custody"]


def test_what_time_gives_is_told_too(cast: Cast, hook: Hook) -> None:
    outlet(cast, TOWN, "webhook", hook.url)
    begin(toys.toy)
    sweep(BEGAN + timedelta(days=5))
    work()
    assert [a.said["task"] for a in hook.asked] == ["overdue"]


def test_a_paused_outlet_waits_and_an_ended_one_gives_up(cast: Cast, hook: Hook) -> None:
    made, _ = outlet(cast, TOWN, "webhook", hook.url)
    hook.answers = [500]
    whistle(cast)
    work()
    leader, now = cast[TOWN, "leader"], timezone.now()
    outlets.pause(made.id, now=now, by=leader)
    work(timedelta(hours=1))
    assert deliveries()[0].tries == 1
    outlets.pause(made.id, now=now, by=leader)
    outlets.end(made.id, now=now, by=leader)
    work(timedelta(hours=2))
    assert deliveries()[0].error == "ended" and len(hook.asked) == 1


def test_deliveries_go_when_their_case_is_erased(cast: Cast, hook: Hook) -> None:
    outlet(cast, VILLAGE, "webhook", hook.url)
    case = begin(toys.toy)
    for act, kind in ((toys.take, "clerk"), (toys.fix, "clerk"), (toys.verify, "handler")):
        case.act(act, by=cast[VILLAGE, kind])
    work()
    assert deliveries()
    assert erase_due(BEGAN + timedelta(days=100)) == 1
    assert deliveries() == []
