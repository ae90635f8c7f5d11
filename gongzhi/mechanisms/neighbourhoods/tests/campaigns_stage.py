"""A community with buildings and households for tests of campaigns: its clerk and its chiefs."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from gongzhi.cases.testing import LINE, Cast, make_cast, make_post, make_unit
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    Charge,
    Dwelling,
    Grid,
    Household,
)
from gongzhi.mechanisms.neighbourhoods.registers import campaigns
from gongzhi.mechanisms.neighbourhoods.registers.buildings import new_key
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, TEAM
from gongzhi.people.posts import Holder

PROVINCE, CITY, COUNTY, TOWN, COMMUNITY = LINE
NEXT_COMMUNITY = "441226114203"
SINCE = date(2025, 1, 1)


def make_buildings(
    community: str, sizes: list[int], *, team: UUID, grids: int = 1, first: int = 1
) -> list[Building]:
    """Buildings numbered from `first`, with so many households each, in grids by turns."""
    of = Grid.objects.bulk_create(
        Grid(community=community, code=f"G{first}-{n}", name=f"第{n}网格", valid_from=SINCE)
        for n in range(1, grids + 1)
    )
    found = Building.objects.bulk_create(
        Building(community=community, grid=of[i % grids], code=str(first + i),
                 name=f"{first + i}号楼", name_en=f"Building {first + i}", team=team,
                 households=n, valid_from=SINCE)
        for i, n in enumerate(sizes)
    )  # fmt: skip
    doors = Dwelling.objects.bulk_create(
        Dwelling(building=b, stair="一单元", storey=n // 4 + 1, room=f"{n // 4 + 1}0{n % 4 + 1}",
                 valid_from=SINCE)
        for b in found for n in range(b.households)
    )  # fmt: skip
    Household.objects.bulk_create(
        Household(dwelling=d, building_id=d.building_id, community=community, key=new_key(),
                  since=SINCE)
        for d in doors
    )  # fmt: skip
    return found


class Stage:
    """Three buildings of the community, the first with a chief, and one next to it."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.clerk = self.cast[COMMUNITY, "clerk"]
        self.town = self.cast[TOWN, "clerk"]
        self.team = make_unit(COMMUNITY, TEAM, parent=self.cast.units[COMMUNITY])
        self.chief = make_post(self.team, COMMUNITY, CHIEF, unit_kind=TEAM, sees=False)
        other = make_unit(COMMUNITY, TEAM, parent=self.cast.units[COMMUNITY])
        self.neighbour = make_post(other, COMMUNITY, CHIEF, unit_kind=TEAM, sees=False)
        self.first = make_buildings(COMMUNITY, [8], team=self.team)[0]
        self.second, self.third = make_buildings(COMMUNITY, [4, 4], team=other, first=2)
        self.next = make_buildings(NEXT_COMMUNITY, [4], team=uuid4(), first=9)[0]
        Charge.objects.create(rung=CHIEF, post=self.chief.post, community=COMMUNITY,
                              building=self.first, held_from=SINCE)  # fmt: skip

    def campaign(self, *, by: Holder | None = None, now: datetime | None = None, **facts: Any
                 ) -> Campaign:  # fmt: skip
        by = by or self.clerk
        usual = {
            "kind": "vaccination", "name": "流感疫苗接种", "name_en": "Flu vaccination",
            "guidance": "请带身份证。", "guidance_en": "Bring your ID card.", "place": by.place,
            "spots": ["社区服务站"], "starts_on": self.today,
            "ends_on": self.today + timedelta(days=1),
            "erase_on": self.today + timedelta(days=31),
        }  # fmt: skip
        return campaigns.make(Campaign(**usual | facts), by=by, now=now or self.now)

    def at(self, hour: int) -> datetime:
        """Of today, in China."""
        return timezone.make_aware(datetime.combine(self.today, time(hour)))

    def homes(self, of: Building) -> list[Household]:
        found = Household.objects.filter(building=of).select_related("dwelling")
        return list(found.order_by("dwelling__storey", "dwelling__room"))
