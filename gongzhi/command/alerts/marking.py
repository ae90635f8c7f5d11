"""Who sees alerts, and what leaders say to them: seen, or acted on and how."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.command.alerts import following
from gongzhi.command.alerts.watching import last_week
from gongzhi.command.models import Alert, Mark
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, span

NEW: Final = "new"
ACTED: Final = "acted"
KINDS: Final[dict[str, Any]] = {"seen": _("已看"), ACTED: _("已处置")}
STANDS: Final[dict[str, Any]] = {NEW: _("新"), **KINDS}
FRESH: Final = timedelta(weeks=4)  # for so long whoever said nothing is reminded
KEPT: Final = timedelta(weeks=12)  # in the list


def seen_by(by: Holder, place: str = "") -> QuerySet[Alert]:
    """Of one's own place and below it, the latest first, what stands out most before the rest."""
    if not by.sees_place:
        return Alert.objects.none()
    low, high = span(place or by.place)
    found = Alert.objects.filter(place__gte=low, place__lt=high).select_related("watch")
    return found.order_by("-watch__week", "p", "place", "id")


def may_mark(by: Holder, alert: Alert) -> bool:
    return by.kind == "leader" and by.sees_place and alert.place.startswith(by.place)


def unmarked(by: Holder, now: datetime) -> int:
    """How many of late this leader's unit has said nothing to."""
    if by.kind != "leader":
        return 0
    ours = Mark.objects.filter(alert=OuterRef("pk"), unit=by.unit)
    fresh = seen_by(by).filter(watch__week__gt=last_week(now) - FRESH)
    return following.without(fresh.exclude(Exists(ours)), by).count()


def beside(alert: Alert, by: Holder) -> QuerySet[Alert]:
    """Others of the same week and mechanism, in the place itself, above or below it: one pile may
    stand out in a town and its county, as a kind and in all."""
    near = Q(place__startswith=alert.place) | Q(place__in=ancestors(alert.place))
    same = seen_by(by).filter(near, watch=alert.watch_id, mechanism=alert.mechanism)
    return same.exclude(id=alert.id)


def mark(alerts: Sequence[Alert], kind: str, words: str, *, now: datetime, by: Holder) -> None:
    """The first, and of the others those that this leader may. Raises Refused."""
    if not may_mark(by, alerts[0]) or kind not in KINDS:
        raise Refused(_("由当地或上级的领导标记。"))
    if kind == ACTED and not words.strip():
        raise Refused(_("请写做了什么。"), field="words")
    Mark.objects.bulk_create(
        Mark(alert=alert, kind=kind, words=words.strip()[:500], unit=by.unit, post=by.post,
             account=by.account, at=now)
        for alert in alerts if may_mark(by, alert)
    )  # fmt: skip


def stand(marks: Iterable[Mark], by: Holder) -> str:
    """How an alert stands for one's own unit: what others have seen, we may not have."""
    ours = {m.kind for m in marks if m.unit == by.unit}
    return ACTED if ACTED in ours else "seen" if "seen" in ours else NEW
