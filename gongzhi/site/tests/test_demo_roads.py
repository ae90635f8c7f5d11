"""The demo's roads are ridden and have a black spot to be found."""

import random

import pytest
from django.utils import timezone

from gongzhi.mechanisms.roads.models import Accident, Covered, Patrol
from gongzhi.mechanisms.roads.registers import black_spots, parameters
from gongzhi.site import demo
from gongzhi.site.demo.roadside import ACCIDENTS, roadside


@pytest.mark.django_db
def test_what_happens_at_the_roadside_happens_in_the_demo() -> None:
    dice = random.Random(1)  # noqa: S311 -- a demo, no secret
    city, roads, _homes, _firms = demo.furnished(dice)
    assert all(any(s.road_id == road.id for s in roads.sections) for road in roads.roads)
    roadside(city, roads, dice)
    assert Patrol.objects.exclude(finished_at=None).exists()
    assert Covered.objects.filter(share__gt=0.9).exists()
    assert Accident.objects.count() == ACCIDENTS
    rule = parameters.ROADS.numbers("441203", timezone.localdate())
    assert black_spots.found("441203", rule, now=timezone.now())
