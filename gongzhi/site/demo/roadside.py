"""What happens at the demo's roads besides hazards: patrols week by week, and accidents.

All invented; accidents lie near one bend of the Rainbow Road more often than by chance, so that
there is a black spot to be found.
"""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from gongzhi.mechanisms.roads.models import Section
from gongzhi.mechanisms.roads.registers import accidents, patrols
from gongzhi.people.posts import Holder
from gongzhi.site.demo.city import City, id_of
from gongzhi.site.demo.roads import GAOHE, Roads

WEEKS, KEPT = 8, 0.85  # of patrols, and how many of the weekly ones are ridden
ACCIDENTS, MONTHS, AT_THE_BEND = 60, 24, 5
BEND = 3.1  # km of X413
SOURCE = "演示"


def patrols_ridden(city: City, roads: Roads, dice: random.Random, now: datetime) -> None:
    """Each village chief rides their section most weeks; now and then only half of it."""
    for section in roads.sections:
        by = city.of(section.village, "road_office", "road_chief")
        for week in range(WEEKS, 0, -1):
            if dice.random() < KEPT:
                at = now - timedelta(weeks=week, hours=dice.uniform(-50, 50))
                _ride(section, by, at, whole=dice.random() < KEPT)


def _ride(section: Section, by: Holder, at: datetime, *, whole: bool) -> None:
    id_ = id_of("patrol", str(section.id), at.isoformat())
    way = section.line if whole else section.line[: len(section.line) // 2]
    track = [[x, y, n * 120] for n, (x, y) in enumerate(way)]
    patrols.begin(id_, at=at, skew=0, now=at, by=by)
    told = patrols.Finished(at + timedelta(minutes=25), track, stops=[], found=0, note="")
    patrols.finish(id_, told, by=by)


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
