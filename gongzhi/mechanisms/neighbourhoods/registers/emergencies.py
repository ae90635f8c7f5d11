"""Emergency mode 战斗状态: begun by an authorised post for a place, a reason and a time; ended by
one, or by itself; what it kept of households is forgotten on its date.

Who may is our own default (LOWEST), see docs/law/neighbourhoods.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Building,
    Called,
    Charge,
    Emergency,
    EmergencyEntry,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, reports
from gongzhi.mechanisms.neighbourhoods.registers.charges import standing
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, TEAM
from gongzhi.people.masking import mask_text
from gongzhi.people.models import Appointment, Post
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.posts import current as appointed
from gongzhi.places.levels import ancestors, level_of, span

KINDS: Final[Mapping[str, Any]] = {
    "flood": _("洪涝、内涝"), "typhoon": _("台风、强风"), "fire": _("火灾"), "gas": _("燃气泄漏"),
    "epidemic": _("疫情"), "outage": _("停水、停电"), "quake": _("地震、地质灾害"),
    "other": _("其他突发事件"),
}  # fmt: skip
# Whose leaders put a place of some level into emergency mode: theirs, or those above them.
LOWEST: Final = {Level.VILLAGE: Level.TOWN, Level.TOWN: Level.TOWN, Level.COUNTY: Level.COUNTY}
COMMANDERS: Final = ("leader",)
# Who works in it, within the place they stand over.
STAFF: Final = (*buildings.KEEPERS, "handler", "first_secretary", "street_contact",
                "district_contact")  # fmt: skip
LONGEST: Final = 30  # days, also of an extension
KEPT: Final = 30  # days after the end, at most


def may_command(by: Holder, place: str) -> Literal[True] | No:
    """Whether this post begins, extends and ends an emergency of this place."""
    lowest = LOWEST.get(level_of(place)) if place else None
    if lowest is None:
        return No(_("战斗状态只在社区、街道（镇）、区（县）启动。"))
    if not commands(by) or by.level > lowest:
        return No(_("由街道（镇）以上的领导启动；全区（县）的由区（县）以上的领导启动。"))
    if not place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def commands(by: Holder) -> bool:
    """Whether this post may begin one anywhere."""
    return by.kind in COMMANDERS and by.sees_place


def must_command(by: Holder, place: str) -> None:
    """Raises Refused."""
    allowed = may_command(by, place)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def runs(by: Holder, of: Emergency) -> bool:
    """Whoever works over the whole of it: calls the roll, gives tasks and supplies."""
    return by.kind in STAFF and by.sees_place and of.place.startswith(by.place)


def part_of(by: Holder, of: Emergency) -> str | None:
    """The place of it that this post stands over; None where none."""
    if by.kind not in STAFF or not by.sees_place:
        return None
    if of.place.startswith(by.place):
        return of.place
    return by.place if by.place.startswith(of.place) else None


def must_run(by: Holder, of: Emergency) -> None:
    """Raises Refused."""
    if not runs(by, of):
        raise Refused(_("由启动地的工作人员统一安排。"))
    if of.ended_at is not None:
        raise Refused(_("战斗状态已经结束。"))


def seen_by(by: Holder) -> QuerySet[Emergency]:
    """Those that concern this post, the newest first."""
    if by.kind in STAFF and by.sees_place:
        low, high = span(by.place)
        mine = Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(by.place))
    else:
        own = buildings.buildings_of(by).order_by().values("id")
        mine = Q(id__in=Affected.objects.filter(building__in=own).values("emergency"))
    return Emergency.objects.filter(mine).order_by("-started_at")


def on(place: str) -> QuerySet[Emergency]:
    """Those going on over this place, or in it."""
    low, high = span(place)
    here = Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(place))
    return Emergency.objects.filter(here, ended_at=None).order_by("-started_at")


def over_building(of: UUID) -> QuerySet[Emergency]:
    """Those going on that this building is part of."""
    mine = Affected.objects.filter(building=of).values("emergency")
    return Emergency.objects.filter(id__in=mine, ended_at=None).order_by("-started_at")


@dataclass(frozen=True, slots=True)
class Preview:
    """What an emergency of a place would reach, before it is begun."""

    communities: int
    buildings: int
    households: int
    chiefs: int

    @property
    def without(self) -> int:
        """Buildings whose chief's post is vacant: the first deputy is called there."""
        return self.buildings - self.chiefs


def preview(place: str, *, now: datetime) -> Preview:
    found = buildings.buildings_in(place).order_by()
    low, high = span(place)
    held = Appointment.objects.filter(appointed(now), account__is_active=True).values("post")
    chiefs = Charge.objects.filter(
        standing(), rung=CHIEF, deputy=0, community__gte=low, community__lt=high, post__in=held,
        building__in=found.values("id"),
    )  # fmt: skip
    return Preview(
        communities=found.values("community").distinct().count(),
        buildings=found.count(),
        households=found.aggregate(n=Sum("households"))["n"] or 0,
        chiefs=chiefs.values("building").distinct().count(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An emergency as it is asked for."""

    kind: str
    name: str
    place: str
    reason: str
    ends_on: date


def _within_limit(until: date, today: date) -> None:
    if not today <= until <= today + timedelta(days=LONGEST):
        raise Refused(_("从今天起最多三十天；到期前可以再延长，要写理由。"), field="ends_on")


def activate(wanted: Wanted, *, now: datetime, by: Holder) -> Emergency:
    """All buildings of the place, in one statement. Raises Refused."""
    must_command(by, wanted.place)
    today = timezone.localdate(now)
    _within_limit(wanted.ends_on, today)
    if wanted.kind not in KINDS:
        raise Refused(_("请选一种。"), field="kind")
    covering = [*ancestors(wanted.place), wanted.place]
    there = Emergency.objects.filter(place__in=covering, kind=wanted.kind, ended_at=None)
    if there.exists():
        raise Refused(_("这里已经处于同一种战斗状态。"), field="kind")
    id_ = uuid4()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT activate_v1(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [id_, wanted.kind, wanted.name, wanted.place, mask_text(wanted.reason),
                 wanted.ends_on, today, now, by.account, by.post, by.unit],
            )  # fmt: skip
            if not cursor.fetchone()[0]:
                raise Refused(_("这里还没有登记楼栋，无法启动。"), field="place")
    except IntegrityError:  # two pressed at once
        raise Refused(_("这里已经处于同一种战斗状态。"), field="kind") from None
    return Emergency.objects.get(id=id_)


def locked(id_: UUID) -> Emergency:
    """One that is going on, kept from ending until the transaction is over. Raises Refused."""
    found = Emergency.objects.select_for_update().filter(id=id_, ended_at=None).first()
    if found is None:
        raise Refused(_("战斗状态已经结束。"))
    return found


def going_on(id_: UUID) -> None:
    """Kept from ending until the transaction is over, for many at once. Raises Refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM neighbourhoods_emergency WHERE id = %s AND ended_at IS NULL FOR SHARE",
            [id_],
        )
        if cursor.fetchone() is None:
            raise Refused(_("战斗状态已经结束。"))


def _deputies(of: Emergency) -> QuerySet[Appointment]:
    """Appointments that were made by its roll calls and still hold."""
    made = Called.objects.filter(roll_call__emergency=of).exclude(appointment=None)
    return Appointment.objects.filter(id__in=made.values("appointment"))


def last_moment(day: date) -> datetime:
    """When this day is over, by the clocks of the city."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))


def extend(id_: UUID, until: date, reason: str, *, now: datetime, by: Holder) -> None:
    """Another act, with its own reason. Raises Refused."""
    with transaction.atomic():
        of = locked(id_)
        must_command(by, of.place)
        _within_limit(until, timezone.localdate(now))
        if until <= of.ends_on:
            raise Refused(_("新的日期要比原来的晚；要提前结束请用“结束”。"), field="ends_on")
        facts = {"from": str(of.ends_on), "until": str(until), "reason": mask_text(reason)}
        of.ends_on = until
        of.save(update_fields=["ends_on"])
        _deputies(of).filter(held_to__gt=now).update(held_to=last_moment(until))
        noted(of, "extended", facts, now=now, by=by)


def end(id_: UUID, reason: str, *, now: datetime, by: Holder | None, kept: int = KEPT) -> Emergency:
    """With the report, and the end of all deputies; by nobody when its time is over. What is kept
    of households goes so many days later. Raises Refused."""
    with transaction.atomic():
        of = locked(id_)
        if by is not None:
            must_command(by, of.place)
        if not 0 <= kept <= KEPT:
            raise Refused(_("最多保留三十天。"), field="kept")
        of.ended_at, of.ended_why = now, mask_text(reason)
        of.erase_on = timezone.localdate(now) + timedelta(days=kept)
        Called.objects.filter(
            roll_call__emergency=of, answered_at=None, missed_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        deputies = _deputies(of).filter(held_to__gt=now).update(held_to=now)
        noted(of, "ended", {"deputies": deputies}, now=now, by=by)
        of.report = reports.figures(of)
        of.save(update_fields=["ended_at", "ended_why", "erase_on", "report"])
    return of


def end_overdue(now: datetime) -> int:
    """Those whose last day is over end by themselves. Returns how many."""
    due = Emergency.objects.filter(ended_at=None, ends_on__lt=timezone.localdate(now))
    ids = list(due.values_list("id", flat=True))
    for id_ in ids:
        end(id_, str(_("期限届满，自动结束。")), now=now, by=None)
    return len(ids)


def erase_sooner(id_: UUID, on_: date, *, now: datetime, by: Holder) -> None:
    """The date may come nearer, never go further away. Raises Refused."""
    with transaction.atomic():
        of = Emergency.objects.select_for_update().get(id=id_)
        must_command(by, of.place)
        today = timezone.localdate(now)
        if of.erase_on is None or of.erased_at or not today <= on_ < of.erase_on:
            raise Refused(_("只能提前，不能推后。"), field="erase_on")
        of.erase_on = on_
        of.save(update_fields=["erase_on"])
        noted(of, "erases_sooner", {"on": str(on_)}, now=now, by=by)


def erase_due(now: datetime) -> int:
    """On its date, an emergency forgets which household needed what. Returns how many did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_emergencies_v1(%s, %s)", [now, timezone.localdate(now)])
        erased: int = cursor.fetchone()[0]
    return erased


def noted(
    of: Emergency, what: str, facts: Mapping[str, Any], *, now: datetime, by: Holder | None
) -> None:
    """What was done, in numbers and posts."""
    EmergencyEntry.objects.create(
        emergency=of, at=now, account=by.account if by else None,
        post=by.post if by else None, what=what, facts=facts,
    )  # fmt: skip


def building_in(by: Holder, of: Emergency, id_: UUID) -> Building | None:
    """A building of it that this post answers for, or stands over."""
    found = buildings.building_for(by, id_)
    mine = found is not None and Affected.objects.filter(emergency=of, building=found).exists()
    return found if mine else None


def buildings_at(of: Emergency, community: str) -> list[UUID]:
    found = Affected.objects.filter(emergency=of, community=community)
    return list(found.values_list("building", flat=True))


def own_buildings(by: Holder, of: Emergency) -> list[Affected]:
    """Those that a chief, a deputy or a grid head answers for themselves."""
    if by.sees_place and by.unit_kind != TEAM:
        return []
    mine = buildings.buildings_of(by).order_by().values("id")
    found = Affected.objects.filter(emergency=of, building__in=mine).select_related("building")
    return list(found.order_by("community", "building__code"))


def posts_in(place: str) -> QuerySet[Post]:
    """Who may be put on duty: posts of this place and below it."""
    low, high = span(place)
    found = Post.objects.filter(place__gte=low, place__lt=high, valid_to=None)
    return found.select_related("unit").order_by("place", "kind", "title")
