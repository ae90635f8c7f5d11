"""What happens at the demo's roads besides hazards: patrols week by week, and accidents.

All invented; accidents lie near one bend of the Rainbow Road more often than by chance, so that
there is a black spot to be found.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from gongzhi.mechanisms.roads.registers import accidents, patrols
from gongzhi.people.posts import Holder
from gongzhi.site.demo.city import City, id_of
from gongzhi.site.demo.roads import GAOHE, Roads

WEEKS, KEPT = 8, 0.85  # of patrols, and how many of the weekly ones are ridden
DENSE = 12  # positions from one point of a line to the next, some 25 m apart
ACCIDENTS, MONTHS, AT_THE_BEND = 60, 24, 5
BEND = 3.1  # km of X413
SOURCE = "演示"


def patrols_ridden(city: City, roads: Roads, dice: random.Random, now: datetime) -> None:
    """Village chiefs ride their section most weeks, now and then only half of it; the chiefs above
    ride the whole road now and then."""
    for section in roads.sections:
        by = city.of(section.village, "road_office", "road_chief")
        for week in range(WEEKS, 0, -1):
            if dice.random() < KEPT:
                half = len(section.line) // 2 if dice.random() > KEPT else None
                _ride(section.line[:half], by, _by_day(now - timedelta(weeks=week - 0.6), dice))
    for road in roads.roads:
        along = [spot for s in roads.sections if s.road_id == road.id for spot in s.line]
        town = next(s.village[:9] for s in roads.sections if s.road_id == road.id)
        for place, days in ((town, 20), (town[:6], 60)):
            by = city.of(place, "road_office", "road_chief")
            _ride(along, by, _by_day(now - timedelta(days=days * dice.random()), dice))


def _by_day(at: datetime, dice: random.Random) -> datetime:
    """Between eight and five by the clocks of China, and not in the time to come."""
    return at.replace(hour=dice.randint(0, 8)) - timedelta(days=1)


def _ride(line: Sequence[Sequence[float]], by: Holder, at: datetime) -> None:
    way = [
        [x + (u - x) * n / DENSE, y + (v - y) * n / DENSE]
        for (x, y), (u, v) in pairwise(line) for n in range(DENSE)
    ]  # fmt: skip
    id_ = id_of("patrol", str(by.post), at.isoformat())
    patrols.begin(id_, at=at, skew=0, now=at, by=by)
    track = [[*spot, n * 5] for n, spot in enumerate(way)]
    ended = at + timedelta(seconds=5 * len(way))
    patrols.finish(id_, patrols.Finished(ended, track, stops=[], found=0, note=""), by=by)


def accidents_happened(city: City, roads: Roads, dice: random.Random, now: datetime) -> None:
    """Recorded by the road offices of the counties; numbers of people, never who they are."""
    bend = next(s for s in roads.sections if s.village == GAOHE)
    for n in range(ACCIDENTS):
        at_bend = n < AT_THE_BEND
        section = bend if at_bend else dice.choice(roads.sections)
        by = city.of(section.village[:6], "road_office", "clerk")
        days = dice.uniform(1, 330 if at_bend else MONTHS * 30)
        away = dice.uniform(-0.15, 0.15) if at_bend else dice.uniform(0, 1.3)
        km = BEND + away if at_bend else section.from_km + away
        accidents.record(
            {
                "place": section.village, "road_id": section.road_id, "km": round(km, 2),
                "at": now - timedelta(days=days), "kind": dice.choice(list(accidents.KINDS)),
                "injured": dice.randint(1, 2) if at_bend else dice.choice([0, 0, 0, 1, 2]),
                "source": SOURCE,
            },
            now=now, by=by,
        )  # fmt: skip


def roadside(city: City, roads: Roads, dice: random.Random) -> None:
    now = timezone.now()
    patrols_ridden(city, roads, dice, now)
    accidents_happened(city, roads, dice, now)
