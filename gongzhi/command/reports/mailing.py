"""Reports on their way to mailboxes: by the post of notices, from an outbox of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.command.models import Sending
from gongzhi.command.reports import reading, wording
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.delivering import CLAIM, Outbox, after
from gongzhi.notices.models import Outlet
from gongzhi.notices.posting import NotDelivered
from gongzhi.notices.wording import Message, site_url
from gongzhi.people.posts import NotYourPost, as_holder
from gongzhi.people.sealing import SealBroken

HANDS: Final = 2


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours to send for a while."""

    sending: Sending
    outlet: Outlet
    message: Message

    @property
    def to(self) -> UUID:
        return self.outlet.id


def message(of: Sending) -> Message:
    """Its sentences and where it stands; numbers of places alone."""
    report = of.report
    with translation.override(of.subscription.outlet.language):
        subject = _("【共治】%(title)s %(days)s") % {
            "title": wording.title(report), "days": wording.days(report),
        }  # fmt: skip
        told = [
            "\n".join([part.title, *part.lines, *filter(None, [part.note])])
            for part in wording.parts(report)
        ]
        foot = _("不想再收：打开报告，点“不再发到我的邮箱”。")
    url = f"{site_url()}{wording.address(report)}"
    return Message(f"report-{of.id}", subject, "\n\n".join([*told, url, foot]), {})


def _wanted(of: Sending, now: datetime) -> bool:
    """Not by who has ended it, or no longer holds the post that sees the place."""
    one = of.subscription
    if one.ended_at is not None or one.outlet.valid_to is not None:
        return False
    try:
        by = as_holder(one.account, one.post, at=now)
    except NotYourPost:
        return False
    return reading.leads(by, one.place)


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
        taken.update(next_at=now + CLAIM, tries=F("tries") + 1)
    for to, one in list(found.items()):
        if not _wanted(one, now):
            _noted(found.pop(to), "ended", now)
    return [Claimed(one, one.subscription.outlet, message(one)) for one in found.values()]


def send(one: Claimed) -> str:
    """Send it; returns in a word why it did not arrive, or nothing."""
    try:
        address, secret = outlets.opened(one.outlet)
        ADAPTERS[one.outlet.kind].send(address, secret, one.message)
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
