"""Numbers by which the registers count 参数: ours by default, a place sets its own from a day on.

Practice differs from city to city, and no law names them [M]: each number that is set names the
document it rests on. The deepest place that has set one decides for all below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Parameter
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors

OURS = _("本平台默认值，各地做法不同，由市、县确定")


@dataclass(frozen=True, slots=True)
class Known:
    """A number that may be set: its default, and within which bounds it makes sense."""

    group: str
    label: Any
    default: int
    least: int
    most: int

    @property
    def yes_or_no(self) -> bool:
        return (self.least, self.most) == (0, 1)

    def said(self, n: int) -> Any:
        """As people read it."""
        return n if not self.yes_or_no else _("是") if n else _("否")


GROUPS: Final[Mapping[str, Any]] = {
    "spots": _("事故多发点段怎样认定"),
    "rescue": _("应急救援到场目标（分钟）"),
    "league": _("部门比较"),
}
KNOWN: Final[Mapping[str, Known]] = {
    "spots.accidents": Known("spots", _("至少几起事故"), 3, 2, 50),
    "spots.metres": Known("spots", _("多长的路段以内（米）"), 500, 100, 5000),
    "spots.months": Known("spots", _("几个月以内"), 12, 1, 60),
    "spots.injured": Known("spots", _("只数有人伤亡的"), 1, 0, 1),
    "rescue.police": Known("rescue", _("交警"), 20, 1, 1440),
    "rescue.medical": Known("rescue", _("医疗急救"), 20, 1, 1440),
    "rescue.fire": Known("rescue", _("消防救援"), 20, 1, 1440),
    "rescue.road": Known("rescue", _("公路管理"), 60, 1, 1440),
    "rescue.town": Known("rescue", _("镇（街道）"), 40, 1, 1440),
    "league.least": Known("league", _("少于多少次不排序、只注明样本太少"), 10, 1, 1000),
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
    rows = Parameter.objects.filter(place__in=[*ancestors(place), place], valid_from__lte=on)
    for row in sorted(rows, key=lambda r: (len(r.place), r.valid_from)):
        found[row.name] = Held(row.n, row.source, row.place, row.valid_from)
    return found


def numbers(place: str, on: date) -> dict[str, int]:
    return {name: held.n for name, held in in_force(place, on).items()}


def set_from(
    place: str, said: Mapping[str, int], since: date, source: str, *, now: datetime, by: Holder
) -> int:
    """What differs from what holds then is set from that day on. Returns how many. Raises
    Refused."""
    if not may_set(by, Level.COUNTY, place):
        raise Refused(_("县级以上的领导或管理员才能改参数。"))
    if since < clocks.local(now).date():
        raise Refused(_("只能从今天或以后起用，以前的不改。"), field="since")
    holds = numbers(place, since)
    changed = {name: n for name, n in said.items() if holds[name] != n}
    if not changed:
        raise Refused(_("和现在的一样，没有要改的。"))
    for name, n in changed.items():
        if not KNOWN[name].least <= n <= KNOWN[name].most:
            raise Refused(_("超出了合理的范围。"), field=name.replace(".", "_"))
    later = Parameter.objects.filter(place=place, name__in=changed, valid_from__gte=since)
    with transaction.atomic():
        if later.exists():
            raise Refused(_("这一天或以后已经定过，请另选日期。"), field="since")
        Parameter.objects.bulk_create(
            Parameter(place=place, name=name, n=n, source=source, valid_from=since,
                      account=by.account, post=by.post, entered_at=now)
            for name, n in changed.items()
        )  # fmt: skip
    return len(changed)


def history(place: str) -> list[Parameter]:
    """What was set for a place and above it, the newest first."""
    found = Parameter.objects.filter(place__in=[*ancestors(place), place])
    return list(found.order_by("-valid_from", "-entered_at", "name"))
