"""Brings calls of the roll to outlets of whoever is called: at once, and again until the call is
over. What was claimed by a worker that died is sent by the next one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.cases import clocks
from gongzhi.mechanisms.neighbourhoods.models import Called, Summons
from gongzhi.mechanisms.neighbourhoods.models.emergencies import OPEN_CALL
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.models import Outlet
from gongzhi.notices.posting import NotDelivered
from gongzhi.notices.wording import Message, site_url
from gongzhi.people.sealing import SealBroken

BATCH: Final = 40
HANDS: Final = 8
CLAIM: Final = timedelta(seconds=90)  # longer than a batch may take
AGAIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """A call that is ours to send for a while."""

    summons: Summons
    outlet: Outlet

    def message(self) -> Message:
        """Which emergency and building, and until when; nobody's name."""
        called = self.summons.called
        of = called.roll_call.emergency
        with translation.override(self.outlet.language):
            label = _("应急点名：%(name)s，%(building)s") % {
                "name": of.name, "building": called.building.name,
            }  # fmt: skip
            url = f"{site_url()}{reverse('neighbourhoods:emergency', args=[of.id])}"
            until = f"{clocks.local(called.due_at):%H:%M}"
            text = _("请在 %(until)s 前打开链接，按“到”。") % {"until": until}
            subject = _("【共治】%(said)s") % {"said": label}
        said = {"type": "roll_call", "emergency": of.id, "building": called.building.id,
                "label": label, "due_at": called.due_at, "url": url}  # fmt: skip
        id_ = f"summons-{self.summons.id}"
        return Message(id_, subject, f"{label}\n{text}\n{url}", said)

    def send(self) -> str:
        """Why it did not arrive, in a word, or nothing."""
        try:
            address, secret = outlets.opened(self.outlet)
            ADAPTERS[self.outlet.kind].send(address, secret, self.message())
        except NotDelivered as error:
            return str(error)
        except SealBroken:
            return "sealed"
        return ""


def _claim(now: datetime) -> list[Sending]:
    """Some that are due, held for a while."""
    with transaction.atomic():
        due = Summons.objects.select_for_update(skip_locked=True, of=("self",))
        rows = list(
            due.filter(next_at__lte=now)
            .select_related("called__building", "called__roll_call__emergency")
            .order_by("next_at")[:BATCH]
        )
        Summons.objects.filter(id__in=[s.id for s in rows]).update(next_at=now + CLAIM)
    known = Outlet.objects.in_bulk({s.outlet for s in rows})
    return [Sending(s, known[s.outlet]) for s in rows]


def _drop_over(now: datetime) -> None:
    """Calls that were answered or are over are not sent any more."""
    going = Called.objects.filter(OPEN_CALL, due_at__gt=now)
    due = Summons.objects.filter(next_at__lte=now)
    due.exclude(called__in=going.values("id")).update(next_at=None)


def _note(one: Sending, error: str, now: datetime) -> None:
    said = {"next_at": now + AGAIN} if error else {"next_at": None, "sent_at": now}
    Summons.objects.filter(id=one.summons.id).update(
        tries=one.summons.tries + 1, error=error[:40], **said
    )


def send_due(now: datetime) -> int:
    """All that is due now. Returns how many arrived."""
    arrived = 0
    with ThreadPoolExecutor(HANDS) as hands:
        _drop_over(now)
        while claimed := _claim(now):
            for one, error in zip(claimed, hands.map(Sending.send, claimed), strict=True):
                arrived += not error
                _note(one, error, now)
    return arrived
