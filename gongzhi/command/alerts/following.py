"""What came of alerts: the rounds and joint meetings that were made from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.command.models import Alert
from gongzhi.networks.investigation import rounds
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.resolution import meetings
from gongzhi.networks.resolution.models import Meeting
from gongzhi.people.posts import Holder


@dataclass(frozen=True, slots=True)
class Followed:
    """A round or a meeting, and the post that made it."""

    said: str
    title: str
    url: str
    post: UUID
    at: datetime


def _made(by: Holder) -> tuple[QuerySet[Round], QuerySet[Meeting]]:
    """All that one's unit made from alerts."""
    return (
        Round.objects.filter(unit=by.unit).exclude(alert=None),
        Meeting.objects.filter(unit=by.unit, cancelled_at=None).exclude(alert=None),
    )


def acted_on(alerts: Iterable[Alert], by: Holder) -> set[Any]:
    """Those from which one's unit has made something: it has acted on them."""
    ids = [alert.id for alert in alerts]
    return set(chain(*(
        made.filter(alert__in=ids).values_list("alert", flat=True) for made in _made(by)
    )))  # fmt: skip


def without(alerts: QuerySet[Alert], by: Holder) -> QuerySet[Alert]:
    """Those from which one's unit has made nothing."""
    for made in _made(by):
        alerts = alerts.exclude(Exists(made.filter(alert=OuterRef("pk"))))
    return alerts


def followed(alert: Alert, by: Holder) -> Sequence[Followed]:
    """What this post may see of it, the latest first."""
    found = [
        *(Followed(_("部署排查"), r.title, reverse("networks:round", args=[r.id]), r.post,
                   r.declared_at) for r in rounds.made_from(alert.id, by)),
        *(Followed(_("开联席会议"), m.title, reverse("networks:meeting", args=[m.id]), m.by,
                   m.planned_at) for m in meetings.made_from(alert.id, by)),
    ]  # fmt: skip
    return sorted(found, key=lambda f: f.at, reverse=True)
