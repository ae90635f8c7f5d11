"""The schedule of a campaign 时段安排: planned evenly, changed by hand, with what clashes shown."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Progress, Slot
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder

STEP: Final = 5  # minutes to which times are rounded
# What rounding may add to the households of an hour at a spot.
SLACK: Final = STEP / 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What the planner is told: days, hours of each day, spots, households an hour and spot."""

    days: Sequence[date]
    hours: Sequence[tuple[time, time]]
    spots: Sequence[str]
    per_hour: int

    @property
    def minutes(self) -> int:
        """Of a day at one spot."""
        return sum(_minute(until) - _minute(since) for since, until in self.hours)


@dataclass(frozen=True, slots=True)
class Planned:
    """A building's slot, before it is written."""

    building: UUID
    from_at: datetime
    to_at: datetime
    spot: str


@dataclass(frozen=True, slots=True)
class Clash:
    """What is wrong with the schedule: in a slot, or else in an hour at a spot."""

    said: str
    slot: UUID | None = None


def may_plan(by: Holder, of: Campaign, community: str) -> bool:
    """Whoever keeps a community plans it, in a campaign from above too."""
    return community.startswith(of.place) and not isinstance(buildings.keeps(by, community), No)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _natural(code: str) -> list[tuple[int, int, str]]:
    """2 before 10: codes in the order in which people count buildings."""
    parts = re.findall(r"\d+|\D+", code)
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]


def in_turn(found: Iterable[Building]) -> list[Building]:
    """Community by community, by the code of the building."""
    return sorted(found, key=lambda b: (b.community, _natural(b.code)))


def spread(weights: Sequence[int], bins: int) -> list[int]:
    """For each weight its bin, in order, so that bins are as alike as can be without splitting.

    Each bin takes its share of what is left, so that the first ones are never left empty.
    """
    left, n, load, found = sum(weights), 0, 0, []
    share = left / bins
    for weight in weights:
        if load and load + weight / 2 > share and n < bins - 1:
            n, left, load = n + 1, left - load, 0
            share = left / (bins - n)
        load += weight
        found.append(n)
    return found


def plan(found: Sequence[Building], to: Plan) -> list[Planned]:
    """Neighbours go to the same spot on the same day, one building after the other.

    The time of a day is shared out by households, so that queues are as long at the end as at the
    beginning. Raises Refused.
    """
    homes = [b for b in in_turn(found) if b.households]
    need = sum(b.households for b in homes)
    room = to.per_hour * to.minutes * len(to.days) * len(to.spots) // 60
    if not homes:
        raise Refused(_("这里没有登记住户，排不出时段。"))
    if need > room:
        raise Refused(
            _("一共 %(need)d 户，按现在的日期、时间、地点和每小时户数只能安排 %(room)d 户。")
            % {"need": need, "room": room}, field="per_hour",
        )  # fmt: skip
    bins = [(spot, day) for spot in to.spots for day in to.days]
    queues: dict[int, list[Building]] = defaultdict(list)
    for building, n in zip(homes, spread([b.households for b in homes], len(bins)), strict=True):
        queues[n].append(building)
    return [one for n, queue in queues.items() for one in _day(queue, *bins[n], to)]


def _day(queue: Sequence[Building], spot: str, day: date, to: Plan) -> Iterable[Planned]:
    whole, before = sum(b.households for b in queue), 0
    for b in queue:
        since, before = before, before + b.households
        first = min(round(since * to.minutes / whole / STEP) * STEP, to.minutes - STEP)
        last = max(round(before * to.minutes / whole / STEP) * STEP, first + STEP)
        for from_at, to_at in _pieces(first, min(last, to.minutes), to.hours, day):
            yield Planned(b.id, from_at, to_at, spot)


def _pieces(
    first: int, last: int, hours: Sequence[tuple[time, time]], day: date
) -> Iterable[tuple[datetime, datetime]]:
    """Open minutes as times of the day; a building that the break falls into comes twice."""
    passed = 0
    for since, until in hours:
        opens, length = _minute(since), _minute(until) - _minute(since)
        low, high = max(first - passed, 0), min(last - passed, length)
        if low < high:
            yield _at(day, opens + low), _at(day, opens + high)
        passed += length


def _at(day: date, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(minutes=minute)


def write(of: Campaign, part: str, to: Plan, *, by: Holder) -> int:
    """Plan a part anew; what was planned there before goes. Returns how many slots.

    Raises Refused.
    """
    buildings.must_keep(by, part)
    here = campaigns.buildings_in(of).filter(community__startswith=part)
    with transaction.atomic():
        found = Campaign.objects.select_for_update().get(id=of.id)
        campaigns.must_be_open(found)
        campaigns.count_households(found)  # buildings may be new
        made = plan(list(here), to)
        Slot.objects.filter(campaign=of, building__community__startswith=part).delete()
        rows = [Slot(campaign=of, building_id=p.building, from_at=p.from_at, to_at=p.to_at,
                     spot=p.spot) for p in made]  # fmt: skip
        Slot.objects.bulk_create(rows)
        Campaign.objects.filter(id=of.id).update(per_hour=to.per_hour)
    return len(rows)


def put(slot: Slot, *, by: Holder) -> None:
    """One more slot, or another time for it. Raises Refused."""
    _must_plan(slot, by)
    check(slot)
    slot.save()


def drop(slot: Slot, *, by: Holder) -> None:
    """Raises Refused."""
    _must_plan(slot, by)
    slot.delete()


def _must_plan(slot: Slot, by: Holder) -> None:
    campaigns.must_be_open(slot.campaign)
    buildings.must_keep(by, slot.building.community)
    if not Progress.objects.filter(campaign=slot.campaign, building=slot.building_id).exists():
        raise Refused(_("这栋楼不在这次行动的范围里。"), field="building")


def check(slot: Slot) -> None:
    """Raises Refused."""
    first, last = timezone.localdate(slot.from_at), timezone.localdate(slot.to_at)
    if slot.to_at <= slot.from_at or first != last:
        raise Refused(_("结束时间要晚于开始时间，并在同一天。"), field="until")
    if not slot.campaign.starts_on <= first <= slot.campaign.ends_on:
        raise Refused(_("日期不在这次行动的起止日期之内。"), field="day")


def slots_in(of: Campaign, community: str) -> QuerySet[Slot]:
    """By day, spot and time."""
    found = Slot.objects.filter(campaign=of, building__community=community)
    return found.select_related("building", "campaign").order_by(
        "from_at", "spot", "building__code"
    )


def without(of: Campaign, community: str) -> list[Building]:
    """Buildings with households that have no slot yet."""
    planned = Slot.objects.filter(campaign=of, building__community=community).values("building")
    found = campaigns.buildings_in(of).filter(community=community, households__gt=0)
    return in_turn(found.exclude(id__in=planned))


def clashes(of: Campaign, slots: Sequence[Slot]) -> list[Clash]:
    """What people would trip over: two places at once, a day outside, more than a spot takes."""
    outside = _("%(building)s 的日期在行动起止日期之外。")
    twice = _("%(building)s 在同一时间有两个时段。")
    found = [
        Clash(str(outside % {"building": s.building}), slot=s.id)
        for s in slots
        if not of.starts_on <= timezone.localdate(s.from_at) <= of.ends_on
    ]
    ordered = sorted(slots, key=lambda s: (s.building_id, s.from_at))
    found += [
        Clash(str(twice % {"building": b.building}), slot=b.id)
        for a, b in pairwise(ordered)
        if a.building_id == b.building_id and b.from_at < a.to_at
    ]
    return found + list(_crowded(of, slots))


def _crowded(of: Campaign, slots: Sequence[Slot]) -> Iterable[Clash]:
    """Hours at a spot with more households than it takes, those of other communities among them.

    A building comes evenly over its slots.
    """
    if not of.per_hour:
        return
    spots = {s.spot for s in slots} - {""}
    others = Slot.objects.filter(campaign=of, spot__in=spots).select_related("building")
    every = {s.id: s for s in (*slots, *others)}.values()
    minutes: dict[UUID, float] = defaultdict(float)
    for slot in every:
        minutes[slot.building_id] += _length(slot)
    load: dict[tuple[datetime, str], float] = defaultdict(float)
    for slot in every:
        for hour, part in _hours(slot):
            load[hour, slot.spot] += slot.building.households * part / minutes[slot.building_id]
    too_many = _("%(at)s 起一小时，%(spot)s 约 %(n)d 户，超过每小时 %(most)d 户。")
    for (hour, spot), n in sorted(load.items()):
        if n > of.per_hour * (1 + SLACK):
            said: dict[str, Any] = {
                "at": f"{timezone.localtime(hour):%m-%d %H:%M}", "spot": spot or _("上门"),
                "n": math.ceil(n), "most": of.per_hour,
            }  # fmt: skip
            yield Clash(str(too_many % said))


def _length(slot: Slot) -> float:
    """In minutes."""
    return (slot.to_at - slot.from_at).total_seconds() / 60


def _hours(slot: Slot) -> Iterable[tuple[datetime, float]]:
    """The hours that a slot lies in, and how many minutes of it in each."""
    hour = slot.from_at.replace(minute=0, second=0, microsecond=0)
    while hour < slot.to_at:
        after = hour + timedelta(hours=1)
        yield hour, (min(after, slot.to_at) - max(hour, slot.from_at)).total_seconds() / 60
        hour = after
