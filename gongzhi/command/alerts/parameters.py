"""Numbers by which piles are watched for 参数: ours by default, a city sets its own from a day on.

No law names them: each number that is set names the document it rests on. What a province has set
holds in its cities that have set nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks
from gongzhi.cases.changes import Refused
from gongzhi.command.models import AlertParameter
from gongzhi.declare import Level
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors

OURS = _("本平台默认值，由市确定")


@dataclass(frozen=True, slots=True)
class Known:
    """A number that may be set: its default, and within which bounds it makes sense."""

    label: Any
    default: int
    least: int
    most: int


KNOWN: Final[Mapping[str, Known]] = {
    "false": Known(_("全市每周平均最多误报几条"), 1, 1, 20),
    "rate": Known(_("一个序列每周误报率最高万分之几"), 100, 1, 500),
    "least": Known(_("一周少于几件不预警"), 5, 3, 50),
    "weeks": Known(_("和以前多少周比"), 52, 30, 104),
    "gap": Known(_("其中最近几周不算（免得新苗头混进基线）"), 2, 0, 8),
    "history": Known(_("有记录的周数少于几周不判断"), 26, 13, 52),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A number as it is in force: set by which place from which day, or ours (no day)."""

    n: int
    source: Any
    place: str = ""
    since: date | None = None


def in_force(place: str, on: date) -> dict[str, Held]:
    """All numbers as they hold for a place on a day."""
    found = {name: Held(known.default, OURS) for name, known in KNOWN.items()}
    rows = AlertParameter.objects.filter(place__in=[*ancestors(place), place], valid_from__lte=on)
    for row in sorted(rows, key=lambda r: (len(r.place), r.valid_from)):
        found[row.name] = Held(row.n, row.source, row.place, row.valid_from)
    return found


def numbers(place: str, on: date) -> dict[str, int]:
    return {name: held.n for name, held in in_force(place, on).items()}


def may_change(by: Holder) -> bool:
    return may_set(by, Level.CITY, by.place)


def set_from(
    said: Mapping[str, int], since: date, source: str, *, now: datetime, by: Holder
) -> int:
    """What differs from what holds then is set from that day on. Returns how many. Raises
    Refused."""
    if not may_change(by):
        raise Refused(_("市级以上的领导或管理员才能改预警参数。"))
    if since < clocks.local(now).date():
        raise Refused(_("只能从今天或以后起用，以前的不改。"), field="since")
    holds = numbers(by.place, since)
    changed = {name: n for name, n in said.items() if holds[name] != n}
    if not changed:
        raise Refused(_("和现在的一样，没有要改的。"))
    then = {**holds, **said}
    if then["weeks"] - then["gap"] < then["history"]:
        raise Refused(_("比较的周数减去不算的周数，不能少于判断所需的周数。"), field="history")
    later = AlertParameter.objects.filter(place=by.place, name__in=changed, valid_from__gte=since)
    with transaction.atomic():
        if later.exists():
            raise Refused(_("这一天或以后已经定过，请另选日期。"), field="since")
        AlertParameter.objects.bulk_create(
            AlertParameter(place=by.place, name=name, n=n, source=source, valid_from=since,
                           account=by.account, post=by.post, entered_at=now)
            for name, n in changed.items()
        )  # fmt: skip
    return len(changed)


def history(place: str) -> list[AlertParameter]:
    """What was set for a place and above it, the newest first."""
    found = AlertParameter.objects.filter(place__in=[*ancestors(place), place])
    return list(found.order_by("-valid_from", "-entered_at", "name"))
