"""Visit days 驻点日: a judge comes to a contact point, hears disputes and teaches law."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Booked, NewFile, Refused
from gongzhi.cases.file_kinds import IMAGES
from gongzhi.cases.models import Case
from gongzhi.mechanisms.mediation.models import Lecture, Visit
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.scope import within
from gongzhi.places.levels import ancestors, county_of, span

SLOT = timedelta(minutes=30)
PLANNERS = ("leader", "clerk", "judge", "administrator")
PLANNING = ("court", "tribunal", "governance_centre")
TEACHERS = (*PLANNERS, "judicial_officer", "mediator")
HEARD = (None, "hold", "agree", "fail")  # how a booking ends that took place; None: to come


def may_plan(by: Holder, place: str) -> bool:
    """Courts and centres over the place plan its visit days."""
    return by.unit_kind in PLANNING and by.kind in PLANNERS and place.startswith(by.place)


def may_teach(by: Holder, place: str) -> bool:
    return by.kind in TEACHERS and place.startswith(by.place)


def points(place: str) -> QuerySet[Unit]:
    """The contact points in a place and below it."""
    low, high = span(place)
    return Unit.objects.filter(
        kind="contact_point", place__gte=low, place__lt=high, valid_to=None
    ).order_by("place")


def judges_of(points: Iterable[Unit], now: datetime) -> list[Holder]:
    """Judges of the courts over these points."""
    over = {place for p in points for place in (p.place, *ancestors(p.place))}
    courts = Unit.objects.filter(
        kind__in=["court", "tribunal"], place__in=over, valid_to=None
    ).order_by("place", "id")
    return holders_in(courts.values_list("id", flat=True), at=now, kinds=["judge"])


def visits(units: Iterable[UUID], *, since: datetime) -> QuerySet[Visit]:
    """Visits that have not ended before `since`, the next first."""
    return Visit.objects.filter(unit__in=list(units), ends_at__gt=since).order_by("begins_at", "id")


def _taken(visit: Visit, own: Collection[datetime] = ()) -> bool:
    """Whether the judge is somewhere else then: on another visit, or in a session that is not one
    of the visit's `own`."""
    others = Visit.objects.filter(
        Q(begins_at__lt=visit.ends_at) & Q(ends_at__gt=visit.begins_at),
        judge=visit.judge, cancelled_at=None,
    )  # fmt: skip
    if others.exclude(id=visit.id).exists():
        return True
    place = Unit.objects.values_list("place", flat=True).get(id=visit.unit)
    taken = busy(place, [visit.judge], visit.begins_at, visit.ends_at)
    return any(begins not in own for begins, _ends in taken)


def _alone(judge: UUID) -> None:
    """Who plans for the same judge waits: two at once would not see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(judge)])


def _asked(point: Unit, judge: UUID, now: datetime, by: Holder) -> None:
    """Raises Refused unless this post may send this judge to this point."""
    if not may_plan(by, point.place):
        raise Refused(_("驻点日由法院和综治中心安排。"))
    if judge not in {h.post for h in judges_of([point], now)}:
        raise Refused(_("请选本地法院的法官。"), field="judge")


def _refuse_if_taken(visit: Visit, own: Collection[datetime] = ()) -> None:
    if _taken(visit, own):
        day = timezone.localtime(visit.begins_at).strftime("%Y-%m-%d %H:%M")
        raise Booked(_("%(day)s 法官已有别的安排。") % {"day": day}, field="begins_at")


def plan(
    point: Unit, judge: UUID, begins: Iterable[datetime], *, minutes: int, note: str,
    now: datetime, by: Holder,
) -> list[Visit]:  # fmt: skip
    """One visit or a series: all of them or none.

    Raises Refused, and Booked with the day on which the judge is somewhere else.
    """
    _asked(point, judge, now, by)
    made = []
    with transaction.atomic():
        _alone(judge)
        for at in begins:
            visit = Visit(
                unit=point.id, judge=judge, begins_at=at, note=note,
                ends_at=at + timedelta(minutes=minutes),
            )  # fmt: skip
            _refuse_if_taken(visit)
            visit.save(force_insert=True)
            made.append(visit)
    return made


def change(
    visit: Visit, judge: UUID, begins_at: datetime, *, minutes: int, note: str, now: datetime,
    by: Holder,
) -> None:  # fmt: skip
    """Another time or judge. Who has an appointment keeps it: the new time covers all of them, and
    the judge stays. Raises Refused and Booked."""
    _asked(Unit.objects.get(id=visit.unit), judge, now, by)
    ends_at = begins_at + timedelta(minutes=minutes)
    with transaction.atomic():
        for one in sorted({visit.judge, judge}):
            _alone(one)
        booked = [a.begins_at for a in appointments(visit, by) if a.done_at is None]
        outside = [at for at in booked if not begins_at <= at <= ends_at - SLOT]
        if outside or (booked and judge != visit.judge):
            raise Refused(_("还有约好的纠纷，请先为它们改期。"))
        after = Visit(
            id=visit.id, unit=visit.unit, judge=judge, begins_at=begins_at, ends_at=ends_at
        )
        _refuse_if_taken(after, booked)
        ahead = Visit.objects.filter(id=visit.id, cancelled_at=None, ends_at__gt=now)
        if not ahead.update(judge=judge, begins_at=begins_at, ends_at=ends_at, note=note):
            raise Refused(_("这个驻点日已经过去，或者已经取消。"))


def cancel(visit: Visit, reason: str, *, now: datetime, by: Holder) -> None:
    """It stays in the calendar as cancelled. Raises Refused while disputes are booked."""
    point = Unit.objects.get(id=visit.unit)
    if not may_plan(by, point.place):
        raise Refused(_("驻点日由法院和综治中心安排。"))
    with transaction.atomic():
        _alone(visit.judge)  # who books this judge takes the same lock
        if any(a.done_at is None for a in appointments(visit, by)):
            raise Refused(_("还有约好的纠纷，请先为它们改期。"))
        ahead = Visit.objects.filter(id=visit.id, cancelled_at=None, ends_at__gt=now)
        if not ahead.update(cancelled_at=now, note=reason[:200]):
            raise Refused(_("这个驻点日已经过去，或者已经取消。"))


def busy(
    place: str, books: Sequence[UUID], since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """When these posts or rooms are taken by sessions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT begins_at, ends_at FROM busy_v1(%s, %s, %s, %s)",
            [county_of(place), [str(b) for b in books], since, until],
        )
        return list(cursor.fetchall())


def free_slots(visit: Visit, place: str, now: datetime) -> list[datetime]:
    """Half hours of the visit that nobody has booked and that lie ahead."""
    taken = busy(place, [visit.judge], visit.begins_at, visit.ends_at)
    found, at = [], visit.begins_at
    while at + SLOT <= visit.ends_at:
        if at > now and not any(begins < at + SLOT and ends > at for begins, ends in taken):
            found.append(at)
        at += SLOT
    return found


@dataclass(frozen=True, slots=True)
class Appointment:
    """A dispute that is heard on a visit; the case itself only for those who may see it."""

    begins_at: datetime
    done_at: datetime | None
    case: Case | None


def appointments(visit: Visit, by: Holder) -> list[Appointment]:
    """Not those that were called off, nor those that were moved to another day."""
    place = Unit.objects.values_list("place", flat=True).get(id=visit.unit)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM heard_v1(%s, %s)", [county_of(place), str(visit.id)])
        rows = list(cursor.fetchall())
    with within(by.scope):
        seen = Case.objects.filter(county=county_of(place), id__in=[r[0] for r in rows])
        cases = {c.id: c for c in seen}
    return [
        Appointment(begins, done, cases.get(case)) for case, begins, done, ended_by in rows
        if visit.begins_at <= begins < visit.ends_at and ended_by in HEARD
    ]  # fmt: skip


def teach(
    point: Unit, visit: Visit | None, told: dict[str, Any], photos: Sequence[NewFile], *, by: Holder
) -> Lecture:
    """A law lecture 普法讲座 that was held. Raises Refused."""
    if not may_teach(by, point.place):
        raise Refused(_("讲座由本地的法官、司法所人员、调解员登记。"))
    if not {p.kind for p in photos} <= {*IMAGES}:
        raise Refused(_("这里只能放照片。"), field="photos")
    return Lecture.objects.create(
        unit=point.id, visit=visit, by=by.post, photos=[p.sha256 for p in photos], **told
    )


@dataclass(frozen=True, slots=True)
class Taught:
    """Lectures of one contact point, or of all of them."""

    point: Unit | None
    lectures: int
    came: int


def taught(units: Iterable[Unit], since: datetime) -> list[Taught]:
    """By contact point in the order given, those with lectures; the sum of all last."""
    by_unit = {u.id: u for u in units}
    sums = {
        unit: Taught(by_unit[unit], n, came)
        for unit, n, came in Lecture.objects.filter(unit__in=by_unit, held_at__gte=since)
        .values_list("unit").annotate(n=Count("id"), came=Sum("attendance"))
    }  # fmt: skip
    rows = [sums[unit] for unit in by_unit if unit in sums]
    total = Taught(None, sum(r.lectures for r in rows), sum(r.came for r in rows))
    return [*rows, total] if rows else []


def photos_among(hashes: set[str]) -> set[str]:
    """Which of these files are photos of lectures: they are no strays."""
    kept = Lecture.objects.using("owner").filter(photos__overlap=sorted(hashes))
    return {photo for photos in kept.values_list("photos", flat=True) for photo in photos} & hashes
