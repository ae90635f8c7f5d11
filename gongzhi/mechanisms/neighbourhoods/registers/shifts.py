"""Who is on duty where and when 值班: where one is in two places, and where nobody is, is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Emergency, Shift
from gongzhi.mechanisms.neighbourhoods.registers import emergencies
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder

LONGEST = timedelta(hours=24)  # nobody is on duty longer


def add(
    of: Emergency, post: UUID, spot: str, from_at: datetime, to_at: datetime, *, now: datetime,
    by: Holder, building: Building | None = None,
) -> Shift:  # fmt: skip
    """A clash does not stop it: it is shown. Raises Refused."""
    emergencies.must_run(by, of)
    if not timedelta() < to_at - from_at <= LONGEST:
        raise Refused(_("结束要晚于开始，一班最长二十四小时。"), field="to_at")
    if not Post.objects.filter(id=post, place__startswith=of.place, valid_to=None).exists():
        raise Refused(_("只排本地的岗位。"), field="post")
    made = Shift.objects.create(
        emergency=of, building=building, spot=spot, from_at=from_at, to_at=to_at, post=post
    )
    facts = {"spot": spot, "from": from_at.isoformat(), "to": to_at.isoformat()}
    emergencies.noted(of, "shift_added", facts, now=now, by=by)
    return made


def remove(id_: UUID, *, now: datetime, by: Holder) -> None:
    """One that has not begun. Raises Refused."""
    found = Shift.objects.filter(id=id_).select_related("emergency").first()
    if found is None:
        raise Refused(_("没有这一班。"))
    emergencies.must_run(by, found.emergency)
    if found.from_at <= now:
        raise Refused(_("已经开始的班次不能取消。"))
    emergencies.noted(found.emergency, "shift_removed", {"spot": found.spot}, now=now, by=by)
    found.delete()


def shifts_of(of: Emergency) -> QuerySet[Shift]:
    return of.shifts.select_related("building").order_by("spot", "from_at", "id")


def to_come(of: Emergency, by: Holder, *, now: datetime) -> QuerySet[Shift]:
    """When and where a post is on duty, from now on."""
    return of.shifts.filter(post=by.post, to_at__gt=now).order_by("from_at", "id")


@dataclass(frozen=True, slots=True)
class Gap:
    """A time between two shifts of a spot when nobody is there."""

    spot: str
    from_at: datetime
    to_at: datetime


def clashes(rows: Sequence[Shift]) -> set[UUID]:
    """Shifts whose post is on duty elsewhere at the same time."""
    found: set[UUID] = set()
    last: dict[UUID, Shift] = {}
    for row in sorted(rows, key=lambda s: (s.from_at, s.to_at)):
        before = last.get(row.post)
        if before is not None and before.to_at > row.from_at:
            found |= {before.id, row.id}
        if before is None or row.to_at > before.to_at:
            last[row.post] = row
    return found


def gaps(rows: Sequence[Shift]) -> list[Gap]:
    """Between the first and the last shift of each spot."""
    found: list[Gap] = []
    until: dict[str, datetime] = {}
    for row in sorted(rows, key=lambda s: (s.spot, s.from_at)):
        end = until.get(row.spot)
        if end is not None and row.from_at > end:
            found.append(Gap(row.spot, end, row.from_at))
        until[row.spot] = max(end or row.to_at, row.to_at)
    return found
