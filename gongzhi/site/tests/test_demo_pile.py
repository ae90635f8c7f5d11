"""The demo's pile is found by the watch, like any other."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from gongzhi.command.alerts.watching import watch_missing
from gongzhi.command.models import Alert
from gongzhi.site import demo
from gongzhi.site.demo.city import JIUSHI
from gongzhi.site.demo.disputes import Story
from gongzhi.site.demo.network import villages_by_town
from gongzhi.site.demo.pile import PILE, pile


@pytest.mark.django_db
def test_wages_pile_up_in_a_town_of_the_demo() -> None:
    dice = random.Random(1)  # noqa: S311 -- a demo, no secret
    city, *_others = demo.furnished(dice)
    now, villages = timezone.now(), villages_by_town()[JIUSHI]
    usual = [
        Story(city, dice.choice(villages).code, now - timedelta(weeks=n), dice, n)
        for n in range(56, 2, -1)
    ]
    for story in (*usual, *pile(city, 100)):
        for _step in story.live():
            pass
    watch_missing(now)
    alert = Alert.objects.get(place=JIUSHI, category="wages")
    assert alert.n == PILE > alert.limit > alert.expected
