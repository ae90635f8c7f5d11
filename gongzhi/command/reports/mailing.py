"""Reports on their way to mailboxes: by the post of notices, from an outbox of their own."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.command.models import Sending
from gongzhi.command.reports import papers, reading, wording
from gongzhi.documents.sending import name_of
from gongzhi.documents.tree import Letter
from gongzhi.documents.typesetting import FontsMissing, pdf
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.delivering import Outbox, after
from gongzhi.notices.models import Outlet
from gongzhi.notices.posting import NotDelivered
from gongzhi.notices.wording import Message, Paper, site_url
from gongzhi.people.posts import Holder, NotYourPost, as_holder
from gongzhi.people.sealing import SealBroken

HANDS: Final = 2
# A PDF takes a slow mail server its time: as long as nobody else may take it for lost.
HELD: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours to send for a while."""

    sending: Sending
    outlet: Outlet
    message: Message
    letter: Letter

    @property
    def to(self) -> UUID:
        return self.outlet.id


def _claimed(of: Sending, by: Holder) -> Claimed:
    """Its sentences, where it stands, and what is printed: as the page shows it to this post."""
    report, outlet = of.report, of.subscription.outlet
    with translation.override(outlet.language):
        subject = _("【共治】%(title)s %(days)s") % {
            "title": wording.title(report), "days": wording.days(report),
        }  # fmt: skip
        told = ["\n".join([p.title, *p.lines]) for p in wording.parts(report) if p.lines]
        note = _(
            "数字只说多了还是少了，不说明原因。什么都没有变，平均二十个比较里也约有一个超出偶然的起落。"
        )
        foot = _("不想再收：打开报告，点“不再发到我的邮箱”。")
        letter = papers.letter(report, by.unit_name)
    url = f"{site_url()}{wording.address(report)}"
    text = "\n\n".join([*told, note, url, foot])
    return Claimed(of, outlet, Message(f"report-{of.id}", subject, text, {}), letter)


def _reader(of: Sending, now: datetime) -> Holder | None:
    """Who gets it: nobody who has ended it, no longer holds the post that sees the place, or has
    it already, at the same mailbox for another post."""
    one = of.subscription
    if one.ended_at is not None or one.outlet.valid_to is not None:
        return None
    same = Sending.objects.filter(report=of.report, subscription__outlet=one.outlet)
    if same.exclude(sent_at=None).exists():
        return None
    try:
        by = as_holder(one.account, one.post, at=now)
    except NotYourPost:
        return None
    return by if reading.leads(by, one.place) else None


def ready(now: datetime, busy: list[UUID], free: int = HANDS) -> list[Claimed]:
    """What is due, one of each mailbox that is not busy. Notices, who look first in the same
    thread, have closed old connections."""
    if not free:
        return []
    due = Sending.objects.filter(next_at__lte=now, subscription__outlet__paused_at=None)
    due = due.exclude(subscription__outlet__in=busy).order_by("next_at", "id")
    found: dict[UUID, Sending] = {}
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related(
            "report", "subscription__outlet"
        )
        for one in locked[: 4 * free]:
            if len(found) < free:
                found.setdefault(one.subscription.outlet_id, one)
        taken = Sending.objects.filter(id__in=[one.id for one in found.values()])
        taken.update(next_at=now + HELD, tries=F("tries") + 1)
    claimed = []
    for one in found.values():
        by = _reader(one, now)
        if by is None:
            _noted(one, "ended", now)
        else:
            claimed.append(_claimed(one, by))
    return claimed


def _with_paper(one: Claimed) -> Message:
    """With the PDF, or with a word on why there is none."""
    most = settings.CONFIG.report_mail_kb
    with translation.override(one.outlet.language):
        try:
            content = pdf(one.letter)
        except FontsMissing as error:
            return replace(one.message, text=f"{one.message.text}\n\n{error}")
        if len(content) > most * 1024:
            why = _("PDF 超过 %(most)d KB，没有附上，请打开链接看。") % {"most": most}
            return replace(one.message, text=f"{one.message.text}\n\n{why}")
    return replace(one.message, papers=(Paper(name_of(one.letter, "pdf"), content),))


def send(one: Claimed) -> str:
    """Send it; returns in a word why it did not arrive, or nothing."""
    try:
        address, secret = outlets.opened(one.outlet)
        ADAPTERS[one.outlet.kind].send(address, secret, _with_paper(one))
    except NotDelivered as error:
        return str(error)
    except SealBroken:
        return "sealed"
    return ""


def note(one: Claimed, error: str, now: datetime) -> None:
    _noted(one.sending, error, now)


def _noted(of: Sending, error: str, now: datetime) -> None:
    Sending.objects.filter(id=of.id).update(**after(error, of.tries + 1, of.made_at, now))


OUTBOX = Outbox(ready, send, note, HANDS)
