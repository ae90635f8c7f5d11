"""The demo's rounds 排查: one that is over, in which a few villages were silent, and one that runs.

Declared and answered through the same functions as real ones; what is looked for is invented.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gongzhi.networks.investigation import answers, rounds
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.turns import planned
from gongzhi.people.posts import Holder
from gongzhi.site.demo.city import DEQING, JIUSHI, City
from gongzhi.site.demo.network import villages_by_town

OVER: dict[str, Any] = {
    "title": "岁末矛盾纠纷排查（演示）",
    "wanted": "有没有工地、工厂拖欠工资超过一个月\n有没有邻里、家庭、土地的争吵越闹越大",
    "category": "neighbours", "repeats": "once", "times": 1,
}  # fmt: skip
RUNNING: dict[str, Any] = {
    "title": "邻里土地矛盾排查（演示）",
    "wanted": "有没有为宅基地、田埂、水路争吵的\n有没有动过手、报过警的\n有没有调过又反复的",
    "category": "land", "repeats": "week", "times": 4,
}  # fmt: skip
WEEKLONG = timedelta(days=6)
SILENT = 0.04  # of the villages, in a turn that is over
ANSWERED = 0.55  # of them, in the turn that runs
LEFT = 3  # villages of Jiushi that wait for the demo's mediator


def _declared(kind: dict[str, Any], at: datetime, by: Holder) -> Round:
    first = timezone.localdate(at)
    told = {**kind, "place": DEQING, "level": 5, "kinds": ["mediator"], "mechanism": "mediation",
            "begins_on": first, "ends_on": first + WEEKLONG}  # fmt: skip
    return rounds.declare(told, now=at, by=by)


class _Villages:
    """The villages of the county and who answers for each: its own mediator, or its town's."""

    def __init__(self, city: City) -> None:
        self.answering: dict[str, Holder] = {}
        for town, villages in villages_by_town().items():
            for village in villages if town.startswith(DEQING) else ():
                own = city.at.get((village.code, "mediation_committee"))
                held = city.staff[own][0] if own else city.of(town, "governance_centre", "mediator")
                self.answering[village.code] = held
        self.of_jiushi = [v for v in self.answering if v.startswith(JIUSHI)]


def _answer(of: Round, turn: int, village: str, *, at: datetime, by: Holder) -> None:
    """With the cases that were registered there meanwhile, if any; else a zero report."""
    place = answers.place_for(by, of.id, turn, village, now=at)
    assert place is not None, village  # noqa: S101 -- the demo asks whom the rules ask
    found = [c.number for c in answers.offered(place, by=by) if c.reported_at < at]
    answers.answer(of.id, turn, village, numbers=found, seen=None, now=at, by=by)


def _turn(
    of: Round,
    turn: int,
    answering: Sequence[tuple[str, Holder]],
    now: datetime,
    dice: random.Random,
) -> None:
    """These villages answer some time in the turn's days, before now."""
    days = planned(of.begins_on, of.ends_on, of.repeats, of.times)[turn - 1]
    ends = min(now, days.ends_at)
    begins = max(of.declared_at, days.ends_at - timedelta(days=7))
    for village, by in answering:
        at = begins + (ends - begins) * (0.05 + 0.9 * dice.random())
        _answer(of, turn, village, at=at, by=by)


def demo_rounds(city: City, now: datetime) -> None:
    """Two rounds of Deqing county, answered by its villages as far as they would have been."""
    dice = random.Random(20230915)  # noqa: S311 -- a demo, not a secret
    leader = city.of(DEQING, "governance_centre", "leader")
    villages = _Villages(city)
    everyone = list(villages.answering.items())

    def some(share: float, *, but: Sequence[str] = ()) -> list[tuple[str, Holder]]:
        return [(v, by) for v, by in everyone if v not in but and dice.random() < share]

    over = _declared(OVER, now - timedelta(days=24), leader)
    _turn(over, 1, some(1 - SILENT), now, dice)
    running = _declared(RUNNING, now - timedelta(days=10), leader)
    _turn(running, 1, some(1 - SILENT), now, dice)
    waiting = villages.of_jiushi[:LEFT]
    done = [v for v in villages.of_jiushi if v not in waiting]
    rest = [(v, villages.answering[v]) for v in done]
    _turn(running, 2, [*some(ANSWERED, but=villages.of_jiushi), *rest], now, dice)
