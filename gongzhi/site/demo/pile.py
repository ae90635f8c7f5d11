"""The demo's pile 堆积: far more wage disputes in one town, in the last week that is over.

They are reported and handled like all others; whether it is an alert, the watch decides.
"""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from gongzhi.cases.clocks import CHINA
from gongzhi.command.alerts.watching import last_week
from gongzhi.site.demo.city import JIUSHI, City
from gongzhi.site.demo.disputes import Story
from gongzhi.site.demo.network import villages_by_town

PILE = 16


class Unpaid(Story):
    """A dispute about wages."""

    kind = "wages"


def pile(city: City, first: int) -> Sequence[Unpaid]:
    """By day, all week long."""
    dice = random.Random(20220804)  # noqa: S311 -- a demo, not a secret
    villages = [v.code for v in villages_by_town()[JIUSHI]]
    monday = datetime.combine(last_week(timezone.now()), time(8), CHINA)
    begun = sorted(monday + timedelta(days=dice.randrange(7), hours=dice.uniform(0, 10))
                   for _n in range(PILE))  # fmt: skip
    return [Unpaid(city, dice.choice(villages), at, dice, first + n) for n, at in enumerate(begun)]
