"""Plans of checks 检查计划: who may make them, and how they are changed and ended from a day on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Plan
from gongzhi.mechanisms.safety.registers import enterprises, plans_laying
from gongzhi.mechanisms.safety.registers.kinds import CHECKS
from gongzhi.mechanisms.safety.roles import ENTERPRISE
from gongzhi.people.models import Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder, units_at
from gongzhi.places.levels import ancestors, span
from gongzhi.places.search import children

PLANNERS: Final = ("leader", "safety_inspector", "administrator")
# An audit is planned where audits are.
KINDS: Final = {kind: label for kind, label in CHECKS.items() if kind != "audit"}
BY_UNIT: Final = ("department", "cross")
SELDOM: Final = 1_100  # days between two checks at most: three years
FACTS: Final = ("place", "name", "kind", "unit", "categories", "industries", "facts", "every")


def plans_for(by: Holder, place: str) -> Literal[True] | No:
    """Whether this post makes plans for this place."""
    if by.kind not in PLANNERS or not by.sees_place or by.unit_kind == ENTERPRISE:
        return No(_("检查计划由当地的领导、安全监管人员、管理员制定。"))
    if not place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def _must_plan(by: Holder, *places: str) -> None:
    """Raises Refused."""
    for place in places:
        allowed = plans_for(by, place)
        if isinstance(allowed, No):
            raise Refused(allowed.reason)


def units_for(by: Holder) -> list[Unit]:
    """Authorities that may be asked to check: of one's own place and of those right below."""
    below = [c.code for c in children(by.place)] if by.level < Level.TOWN else []
    return units_at([by.place, *below], enterprises.OVERSEERS)


def _may_check(row: Plan, by: Holder) -> bool:
    """The unit is one of those, and the plan's place is its own or below."""
    return any(u.id == row.unit and row.place.startswith(u.place) for u in units_for(by))


def must_be_whole(row: Plan, *, by: Holder) -> None:
    """Before it is shown what a plan would ask, and before it is kept. Raises Refused."""
    _must_plan(by, row.place)
    if row.kind not in KINDS:
        raise Refused(_("请选由谁检查。"), field="kind")
    if not row.every or not all(1 <= n <= SELDOM for n in row.every.values()):
        raise Refused(
            _("至少写一种颜色的场所几天查一次，最多 %(n)d 天。") % {"n": SELDOM}, field="red"
        )
    if row.kind not in BY_UNIT:
        row.unit = None
    elif not _may_check(row, by):
        raise Refused(_("部门检查和交叉检查，请选由当地或上级的哪个单位检查。"), field="unit")


def make(row: Plan, *, by: Holder, now: datetime) -> int:
    """A new plan; how many checks it asks for at once. Raises Refused."""
    must_be_whole(row, by=by)
    _must_begin(row.valid_from, now)
    with transaction.atomic():
        _enter(row, by=by, now=now)
        return plans_laying.lay(now, of=row.id)


def _must_begin(on: date, now: datetime) -> None:
    """Raises Refused."""
    if on < timezone.localdate(now):
        raise Refused(_("请写今天或以后的一天。"), field="valid_from")


def _enter(row: Plan, *, by: Holder, now: datetime) -> None:
    row.account, row.post, row.entered_at = by.account, by.post, now
    row.save(force_insert=True)


def _locked(line: UUID) -> list[Plan]:
    """The versions of a plan, held until the transaction ends."""
    found = Plan.objects.select_for_update().filter(line=line)
    return list(found.order_by("valid_from", "entered_at"))


def change(of: Plan, row: Plan, *, by: Holder, now: datetime) -> int:
    """From its first day on `row` is what the plan asks; what is late or left goes on in it.

    How many checks are asked anew at once. Raises Refused.
    """
    must_be_whole(row, by=by)
    _must_begin(row.valid_from, now)
    with transaction.atomic():
        *_before, last = _locked(of.line)
        _must_plan(by, last.place)
        if last.valid_to is not None:
            raise Refused(_("这个计划已经结束。"))
        if row.valid_from < last.valid_from:
            raise Refused(
                _("从 %(day)s 起已有改动，请写这天或以后。") % {"day": last.valid_from},
                field="valid_from",
            )
        _give_way(last, row.valid_from, now)
        row.line = last.line
        _enter(row, by=by, now=now)
        return plans_laying.lay(now, of=row.id)


def _give_way(last: Plan, on: date, now: datetime) -> None:
    """It holds until that day; one that would never begin is not kept."""
    if on == last.valid_from > timezone.localdate(now):
        last.delete()
    else:
        Plan.objects.filter(id=last.id).update(valid_to=on)


def end(of: Plan, *, by: Holder, now: datetime) -> None:
    """From today on it asks nothing more; what is late is still to be done. Raises Refused."""
    today = timezone.localdate(now)
    with transaction.atomic():
        rows = _locked(of.line)
        _must_plan(by, *(row.place for row in rows))
        Plan.objects.filter(line=of.line, valid_from__gt=today).delete()
        held = Plan.objects.filter(line=of.line)
        held.filter(Q(valid_to=None) | Q(valid_to__gt=today)).update(valid_to=today)
        plans_laying.clear(now, line=of.line)


def seen_by(by: Holder) -> QuerySet[Plan]:
    """Plans for what lies below one's place, and for places around it."""
    low, high = span(by.place)
    here = Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(by.place))
    return Plan.objects.filter(here)


def going(by: Holder, today: date) -> list[Plan]:
    """Those in force or to come, and what they become."""
    found = seen_by(by).exclude(valid_to__lte=today)
    return list(found.order_by("place", "valid_from", "name"))


def over(by: Holder, today: date) -> QuerySet[Plan]:
    """Plans that have ended: the last version of each, the latest first."""
    found = seen_by(by).filter(valid_to__lte=today)
    later = Plan.objects.filter(line__in=found.values("line")).filter(
        Q(valid_to=None) | Q(valid_to__gt=today)
    )
    last = found.exclude(line__in=later.values("line")).order_by("line", "-valid_from")
    return Plan.objects.filter(id__in=last.distinct("line").values("id")).order_by("-valid_to")


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a month: what was done in it, what is left until its end, and what is late."""

    done: int = 0
    left: int = 0
    late: int = 0

    @property
    def asked(self) -> int:
        return self.done + self.left + self.late

    @property
    def percent(self) -> Mapping[str, float]:
        whole = self.asked or 1
        return {"done": 100 * self.done / whole, "late": 100 * self.late / whole}

    @property
    def behind(self) -> float:
        """Where in the bar what is late begins."""
        return self.percent["done"]


_PROGRESS = """
    SELECT p.line, count(c.done_at),
        count(*) FILTER (WHERE c.done_at IS NULL AND c.due >= %(today)s),
        count(*) FILTER (WHERE c.done_at IS NULL AND c.due < %(today)s)
    FROM safety_check c JOIN safety_plan p ON p.id = c.plan_id
    WHERE p.line = ANY(%(lines)s) AND c.place >= %(low)s AND c.place < %(high)s
      AND (c.done_at >= %(since)s OR (c.done_at IS NULL AND c.due < %(until)s))
    GROUP BY p.line
"""


def progress(lines: Collection[UUID], place: str, now: datetime) -> dict[UUID, Progress]:
    """This month's, of all versions of these plans, in this place alone."""
    if not lines:
        return {}
    first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    low, high = span(place)
    said: dict[str, Any] = {
        "lines": list(lines), "today": timezone.localdate(now), "since": first,
        "until": (first + timedelta(days=32)).replace(day=1).date(), "low": low, "high": high,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, said)
        return {line: Progress(*counts) for line, *counts in cursor.fetchall()}


def units_of(rows: Iterable[Plan]) -> dict[UUID, Unit]:
    return Unit.objects.in_bulk({row.unit for row in rows if row.unit})
