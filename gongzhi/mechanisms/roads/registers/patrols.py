"""Patrols 巡查: begun and finished on a phone, and which of a chief's stretches are due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Charge, Covered, Patrol, PatrolRule, Section, Stop
from gongzhi.mechanisms.roads.registers import coverage, patrol_rules
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.places.levels import level_of, span


class NotYourPatrol(Refused):
    """这次巡查是别的岗位开始的。"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section and the post that answers for it 责任段; when it was last patrolled from there."""

    section: Section
    post: Post
    level: Level
    every: int
    due_on: date
    last_on: date | None
    share: float  # of the last patrol within the interval; 0 where there was none

    def is_overdue(self, today: date) -> bool:
        return self.due_on < today

    @property
    def km(self) -> float:
        return abs(self.section.to_km - self.section.from_km)

    @property
    def metres(self) -> tuple[int, int]:
        """Covered within the interval, of all."""
        return round(1000 * self.km * self.share), round(1000 * self.km)


def _held(now: datetime) -> Q:
    today = timezone.localdate(now)
    return Q(held_from__lte=today) & (Q(held_to=None) | Q(held_to__gt=today))


def _sections(now: datetime) -> Q:
    today = timezone.localdate(now)
    return Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))


def _pairs(
    charges: Sequence[Charge], sections: Iterable[Section], posts: Mapping[UUID, Post]
) -> list[tuple[Charge, Section]]:
    """Each section with those who answer for it; for the whole road: within the post's place."""
    of_road: dict[UUID, list[Section]] = {}
    for section in sections:
        of_road.setdefault(section.road_id, []).append(section)
    return [
        (charge, section)
        for charge in charges if charge.post in posts
        for section in of_road.get(charge.road_id, ())
        if charge.section == section.id
        or (charge.section is None and section.village.startswith(posts[charge.post].place))
    ]  # fmt: skip


class Last(NamedTuple):
    """The last patrol of a section from one level: when one covered enough of it, when one covered
    any, and how much that did."""

    enough: date | None
    on: date | None
    share: float


NEVER = Last(None, None, 0.0)
# When each section was last patrolled from each level, and how much of it was covered then.
_LAST = """
    SELECT c.section, length(p.place), max(c."on") FILTER (WHERE c.share >= %s),
        max(c."on"), (array_agg(c.share ORDER BY c."on" DESC, c.share DESC))[1]
    FROM roads_covered c JOIN roads_patrol p ON p.id = c.patrol_id
    WHERE c.section = ANY(%s) AND c."on" <= %s GROUP BY 1, 2
"""


def _last(sections: Iterable[Section], today: date) -> dict[tuple[UUID, Level], Last]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [coverage.ENOUGH, [s.id for s in sections], today])
        rows = cursor.fetchall()
    by_digits = {level.digits: level for level in Level}
    return {(of, by_digits[n]): Last(*last) for of, n, *last in rows}


def _stretches(
    charges: Sequence[Charge], sections: Sequence[Section], now: datetime
) -> list[Stretch]:
    posts = Post.objects.select_related("unit").filter(valid_to=None)
    held = posts.in_bulk({c.post for c in charges})
    pairs = _pairs(charges, sections, held)
    last = _last((s for _c, s in pairs), timezone.localdate(now))
    rules = patrol_rules.in_force(now)
    found = (_stretch(c, s, held[c.post], last=last, rules=rules, now=now) for c, s in pairs)
    return sorted((s for s in found if s), key=lambda s: (s.due_on, s.section.name, s.level))


def _stretch(
    charge: Charge, section: Section, post: Post, *,
    last: Mapping[tuple[UUID, Level], Last], rules: Iterable[PatrolRule], now: datetime,
) -> Stretch | None:  # fmt: skip
    """None: posts of this level do not patrol."""
    today, level = timezone.localdate(now), level_of(post.place)
    every = patrol_rules.every_days(rules, section.village, section.road.grade, level, today)
    if every is None:
        return None
    before = last.get((section.id, level), NEVER)
    since = before.enough or max(charge.held_from, section.valid_from)
    fresh = before.on is not None and before.on > today - timedelta(days=every)
    due_on = since + timedelta(days=every)
    return Stretch(
        section, post, level, every, due_on, before.enough, before.share if fresh else 0.0
    )


def of_post(post: UUID, now: datetime) -> list[Stretch]:
    """What this post answers for, the most pressing first."""
    charges = list(Charge.objects.filter(_held(now), post=post))
    roads = {c.road_id for c in charges}
    sections = list(
        Section.objects.select_related("road").filter(_sections(now), road__in=roads)
        if roads else ()
    )  # fmt: skip
    return _stretches(charges, sections, now)


def of_place(place: str, now: datetime) -> list[Stretch]:
    """Of all sections in a place, whoever answers for them."""
    low, high = span(place)
    sections = list(
        Section.objects.select_related("road").filter(
            _sections(now), village__gte=low, village__lt=high
        )
    )
    charges = list(Charge.objects.filter(_held(now), road__in={s.road_id for s in sections}))
    return _stretches(charges, sections, now)


def covered(place: str, _since: date, until: date) -> tuple[int, int]:
    """Metres patrolled in time, of all that chiefs answer for, as it stood on the last day."""
    evening = timezone.make_aware(datetime.combine(until, time())) - timedelta(seconds=1)
    found = [s.metres for s in of_place(place, min(evening, timezone.now()))]
    return sum(over for over, _ in found), sum(under for _, under in found)


def overdue(by: Holder, now: datetime) -> int:
    """How many stretches of this post are overdue; no statement for who is no chief."""
    if by.kind != "road_chief":
        return 0
    today = timezone.localdate(now)
    return sum(s.is_overdue(today) for s in of_post(by.post, now))


def begin(id_: UUID, *, at: datetime, skew: int, now: datetime, by: Holder) -> bool:
    """Whether it is new: the phone made its id, so that it begins once. Raises NotYourPatrol."""
    patrol, new = Patrol.objects.get_or_create(
        id=id_,
        defaults={
            "post": by.post, "unit": by.unit, "place": by.place, "started_at": at, "skew": skew,
            "received_at": now,
        },
    )  # fmt: skip
    if patrol.post != by.post:
        raise NotYourPatrol
    return new


@dataclass(frozen=True, slots=True)
class Finished:
    """What a phone tells of a patrol when it is over."""

    at: datetime
    track: Sequence[Sequence[float]]
    stops: Sequence[Mapping[str, Any]]
    found: int
    note: str


def finish(id_: UUID, told: Finished, *, by: Holder) -> bool:
    """Whether it is new. Raises Refused."""
    with transaction.atomic():
        patrol = Patrol.objects.select_for_update().filter(id=id_).first()
        if patrol is None or patrol.post != by.post:
            raise NotYourPatrol
        if patrol.finished_at is not None:
            return False
        patrol.finished_at = max(told.at, patrol.started_at)
        patrol.track, patrol.note, patrol.found = list(told.track), told.note, told.found
        patrol.save(update_fields=["finished_at", "track", "note", "found"])
        stops = [Stop(patrol=patrol, **stop) for stop in told.stops]
        Stop.objects.bulk_create(stops, ignore_conflicts=True)
        _cover(patrol)
    return True


def _cover(patrol: Patrol) -> None:
    mine = {s.section.id: s.section.line for s in of_post(patrol.post, patrol.started_at)}
    on = timezone.localdate(patrol.started_at)
    Covered.objects.bulk_create(
        Covered(patrol=patrol, section=section, on=on, share=share)
        for section, share in coverage.shares(patrol.track, mine.items()).items()
    )


def forget_ways(now: datetime) -> int:
    """Ways and stops whose time is over go; what was covered stays. Returns how many patrols."""
    before = now - timedelta(days=settings.CONFIG.track_days)
    with transaction.atomic():
        old = Patrol.objects.filter(received_at__lt=before)
        Stop.objects.filter(patrol__in=old).delete()
        return old.exclude(track=[]).update(track=[])
