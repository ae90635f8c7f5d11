"""How fast a campaign of a city with 7,000 buildings is checked in to, and shown while it runs."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from django.db import connections
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    Dwelling,
    Grid,
    Household,
    Progress,
)
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_progress
from gongzhi.mechanisms.neighbourhoods.registers.buildings import new_key
from gongzhi.mechanisms.neighbourhoods.registers.campaigns_progress import Where
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, as_holder
from gongzhi.places.models import Division
from gongzhi.site.bench import filling
from gongzhi.site.bench.intake import Browser
from gongzhi.site.bench.lists import times

CITY = "4412"
BUILDINGS = 7_000
HOMES = 22  # households of a building
PEOPLED = 200  # buildings whose households are there to be checked in
THREADS = 4


def _city() -> list[UUID]:
    """Buildings all over the city; the households of some of them."""
    filling.without_buildings()
    today = timezone.localdate()
    codes = Division.objects.filter(code__startswith=CITY, level=5, valid_to=None)
    communities = list(codes.order_by("code").values_list("code", flat=True))
    grids = Grid.objects.bulk_create(
        Grid(community=c, code="1", name="第1网格", valid_from=today) for c in communities
    )
    found = Building.objects.bulk_create(
        Building(community=g.community, grid=g, code=str(n), name=f"{n}号楼", team=uuid4(),
                 households=HOMES, valid_from=today)
        for n, g in zip(range(BUILDINGS), cycle(grids), strict=False)
    )  # fmt: skip
    doors = Dwelling.objects.bulk_create(
        Dwelling(building=b, room=str(n), valid_from=today)
        for b in found[:PEOPLED] for n in range(HOMES)
    )  # fmt: skip
    homes = Household.objects.bulk_create(
        Household(dwelling=d, building=d.building, community=d.building.community, key=new_key(),
                  since=today)
        for d in doors
    )  # fmt: skip
    return [h.id for h in homes]


def _campaign(by: Holder) -> Campaign:
    today = timezone.localdate()
    of = Campaign(kind="testing", name="集中检测", place=CITY, starts_on=today, ends_on=today,
                  erase_on=today + timedelta(days=30))  # fmt: skip
    return campaigns.make(of, by=by, now=timezone.now())


def _checking_in(of: Campaign, homes: Sequence[UUID], by: Holder) -> float:
    """How many a second, on several connections."""
    now = timezone.now()

    def some(n: int) -> None:
        for home in homes[n::THREADS]:
            campaigns.check_in(of.id, home, 2, by=by, now=now)
        connections["default"].close()

    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(some, range(THREADS)))
    return len(homes) / (time.perf_counter() - began)


def running() -> dict[str, Any]:
    """While the site is served."""
    homes = _city()
    holding = Appointment.objects.get(account__username="city")
    by = as_holder(holding.account_id, holding.post_id, at=timezone.now())
    of = _campaign(by)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE neighbourhoods_progress, neighbourhoods_building")
    rate = _checking_in(of, homes, by)
    if sum(Progress.objects.filter(campaign=of).values_list("came", flat=True)) != len(homes):
        raise RuntimeError("the counters of check-ins are wrong")
    browser, page = Browser().sign_in("city"), f"/neighbourhoods/campaigns/{of.id}/progress/"
    return {
        "check-ins a second": round(rate),
        "campaign of 7,000 buildings, read": times(
            partial(campaigns_progress.below, of, Where(CITY))
        ),
        "campaign of 7,000 buildings, page": times(partial(browser.ask, page)),
        "buildings not begun, page": times(partial(browser.ask, f"{page}silent/")),
    }
