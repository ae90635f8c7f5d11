"""Reports by mail: to whom, with what, once."""

import email
import email.message
import email.policy
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases.testing import Cast, make_post, signed_in
from gongzhi.command.models import Sending, Subscription
from gongzhi.command.reports import mailing
from gongzhi.command.reports.making import make_missing
from gongzhi.command.reports.spans import WEEK
from gongzhi.command.tests.doing import CITY, COUNTY
from gongzhi.command.tests.reporting import NOW, PAGE, came, page
from gongzhi.documents import typesetting
from gongzhi.notices import outlets
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Mailbox, mail_server
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder


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


def opened(raw: bytes) -> tuple[email.message.EmailMessage, str, list[bytes]]:
    """A mail, its text, and what is attached."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text = mail.get_body()
    assert text and text.get_content_type() == "text/plain"
    return mail, text.get_content(), [part.get_content() for part in mail.iter_attachments()]


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
    mail, text, (attached,) = opened(raw)
    assert mail["To"] == "head@county.example" and "周报" in mail["Subject"]
    assert "新登记 12 件" in text and f"https://gz.example{PAGE}?place={COUNTY}&kind={WEEK}" in text
    assert attached == signed_in(leader).get(PAGE, {"as": "pdf"}).content
    assert Sending.objects.get().sent_at and "不再发到我的邮箱" in page(leader)


def test_what_was_not_sent_is_said_and_sent_again_once(cast: Cast, mailbox: Mailbox) -> None:
    leader = cast[COUNTY, "leader"]
    a_mailbox_of(leader)
    subscribe(leader)
    make_missing(NOW)
    mailbox.refusals = 2
    work(24)
    work(30)
    assert "最近一份还没有送到：对方拒收（smtp 451）" in page(leader)
    later = timezone.now() + timedelta(hours=36)
    (one,) = mailing.ready(later, [])
    assert mailing.ready(later + timedelta(minutes=9), []) == []  # in the hands of the first worker
    mailing.note(one, mailing.send(one), later)
    work(48)
    assert len(mailbox.mails) == 1 and "没有送到" not in page(leader)


def test_after_days_it_is_given_up_and_said_to_be(cast: Cast, mailbox: Mailbox) -> None:
    leader = cast[COUNTY, "leader"]
    a_mailbox_of(leader)
    subscribe(leader)
    make_missing(NOW)
    mailbox.refusals = 2
    for hours in (24, 24 * 8, 24 * 9):
        work(hours)
    assert mailbox.mails == [] and "不再发了" in page(leader)


def test_one_mailbox_gets_a_report_once_whatever_posts_it_is_for(
    cast: Cast, mailbox: Mailbox
) -> None:
    leader = cast[COUNTY, "leader"]
    a_mailbox_of(leader)
    subscribe(leader)
    other = make_post(leader.unit, COUNTY, "leader")
    Appointment.objects.filter(post=other.post).update(account=leader.account)
    one = Subscription.objects.get()
    Subscription.objects.create(
        place=COUNTY, kind=WEEK, outlet=one.outlet, account=leader.account, post=other.post, at=NOW
    )
    make_missing(NOW)
    assert Sending.objects.count() == 2
    for hours in (24, 48, 72):
        work(hours)
    assert len(mailbox.mails) == 1


def test_without_fonts_the_text_is_sent_alone(
    cast: Cast, mailbox: Mailbox, settings: Settings, tmp_path: Path
) -> None:
    a_mailbox_of(cast[COUNTY, "leader"])
    subscribe(cast[COUNTY, "leader"])
    make_missing(NOW)
    settings.ROOT = tmp_path
    typesetting._press.cache_clear()
    typesetting._typeface.cache_clear()
    typesetting.has_type.cache_clear()
    work()
    _mail, text, attached = opened(mailbox.mails[0])
    assert "缺少文书字体" in text and attached == []


def test_a_pdf_that_is_too_large_stays_behind(
    cast: Cast, mailbox: Mailbox, settings: Settings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, report_mail_kb=1)
    a_mailbox_of(cast[COUNTY, "leader"])
    subscribe(cast[COUNTY, "leader"])
    make_missing(NOW)
    work()
    _mail, text, attached = opened(mailbox.mails[0])
    assert "PDF 超过 1 KB，没有附上" in text and attached == []


def test_a_mail_is_in_the_language_of_its_mailbox(cast: Cast, mailbox: Mailbox) -> None:
    a_mailbox_of(cast[COUNTY, "leader"], "en")
    subscribe(cast[COUNTY, "leader"])
    make_missing(NOW)
    work()
    mail, text, (attached,) = opened(mailbox.mails[0])
    assert "weekly report" in mail["Subject"]
    paper = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(attached)).pages)
    assert "The last thirteen weeks" in paper
    assert not [c for c in text + paper if "\u4e00" <= c <= "\u9fff" and c not in "玩具"]


def test_only_a_leader_with_a_mailbox_of_their_own_subscribes(cast: Cast, mailbox: Mailbox) -> None:
    subscribe(cast[COUNTY, "leader"])
    a_mailbox_of(cast[COUNTY, "clerk"])
    subscribe(cast[COUNTY, "clerk"])
    assert not Subscription.objects.exists()
    shown = page(cast[COUNTY, "leader"])
    assert reverse("desk:outlets") in shown and "您还没有邮箱" in shown


def test_without_a_mail_server_nobody_is_asked_for_a_mailbox(cast: Cast) -> None:
    assert "还没有接上邮件服务器" in page(cast[COUNTY, "leader"])


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
