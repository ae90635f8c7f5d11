"""A community for tests of notices: two buildings of a grid, another of none of it, and posts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connections
from django.utils import timezone

from gongzhi.cases.testing import LINE, make_cast, make_post, make_unit
from gongzhi.mechanisms.neighbourhoods.models import (
    Announcement,
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
)
from gongzhi.mechanisms.neighbourhoods.registers import announcing
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.registers.buildings import new_key
from gongzhi.people.posts import Holder

PROVINCE, CITY, COUNTY, TOWN, COMMUNITY = LINE
NEXT = "441226114203"
SAID = Written(
    "周六停水", "本周六 8 时至 18 时停水，请提前蓄水。", "No water on Saturday",
    "The water is off on Saturday from 8 to 18. Please store some.",
)  # fmt: skip


def add_building(
    grid: Grid, code: str, households: int, team: UUID | None = None
) -> tuple[Building, list[Household]]:
    """With so many doors of one staircase, somebody behind each."""
    today = timezone.localdate() - timedelta(days=100)
    of = Building.objects.create(
        community=grid.community, grid=grid, code=code, name=f"{code} 栋", team=team or uuid4(),
        households=households, valid_from=today,
    )  # fmt: skip
    rooms = Dwelling.objects.bulk_create(
        Dwelling(building=of, stair="1 单元", storey=n // 4 + 1, room=f"{n // 4 + 1}0{n % 4 + 1}",
                 valid_from=today)
        for n in range(households)
    )  # fmt: skip
    homes = Household.objects.bulk_create(
        Household(dwelling=room, building=of, community=grid.community, key=new_key(), since=today)
        for room in rooms
    )
    return of, homes


def add_grid(community: str, code: str) -> Grid:
    return Grid.objects.create(
        community=community, code=code, name=f"{code} 网格", valid_from=timezone.localdate()
    )


class Stage:
    """Building 1 has four households and a chief, 2 has three, both in a grid; 3 stands in the
    next community."""

    def __init__(self) -> None:
        self.cast = make_cast()
        self.now = timezone.now()
        self.clerk = self.cast[COMMUNITY, "clerk"]
        self.town = self.cast[TOWN, "clerk"]
        self.grid = add_grid(COMMUNITY, "G1")
        self.team = make_unit(COMMUNITY, "building_team", parent=self.cast.units[COMMUNITY])
        self.first, self.homes = add_building(self.grid, "1", 4, self.team)
        self.second, self.others = add_building(self.grid, "2", 3)
        self.third, self.far = add_building(add_grid(NEXT, "G9"), "3", 2)
        self.chief = make_post(
            self.team, COMMUNITY, "building_chief", unit_kind="building_team", sees=False
        )
        Charge.objects.create(
            rung="building_chief", post=self.chief.post, community=COMMUNITY, building=self.first,
            held_from=timezone.localdate() - timedelta(days=9),
        )  # fmt: skip

    def grid_head(self) -> Holder:
        """Answers for the grid by a charge; does not stand over the place."""
        unit = make_unit(COMMUNITY, "village_committee", parent=self.cast.units[COMMUNITY])
        head = make_post(unit, COMMUNITY, "grid_head", unit_kind="village_committee", sees=False)
        Charge.objects.create(
            rung="grid_head", post=head.post, community=COMMUNITY, grid=self.grid,
            held_from=timezone.localdate() - timedelta(days=9),
        )  # fmt: skip
        return head

    def clerk_of_next(self) -> Holder:
        unit = make_unit(NEXT, "village_committee", parent=self.cast.units[TOWN])
        return make_post(unit, NEXT, "clerk", unit_kind="village_committee")

    def publish(
        self, reach: Reach | None = None, *, by: Holder | None = None, said: Written = SAID,
        asks: bool = True, days: int = 7, channels: Sequence[str] = (), id_: UUID | None = None,
        now: datetime | None = None,
    ) -> Announcement:  # fmt: skip
        a = announcing.publish(
            said, reach or Reach(COMMUNITY), id_=id_ or uuid4(), asks=asks, channels=channels,
            shown_until=timezone.localdate(now or self.now) + timedelta(days=days),
            by=by or self.clerk, now=now or self.now,
        )  # fmt: skip
        a.refresh_from_db()
        return a


# What the counters must be: the rows themselves, counted as the owner, whom no policy hides them.
RECOUNT = """
    SELECT s.building, count(*), count(*) FILTER (WHERE s.read_n >= a.counts_from),
        count(*) FILTER (WHERE s.confirmed_n >= a.counts_from),
        count(*) FILTER (WHERE s.told_by IS NOT NULL
            AND CASE WHEN a.asks THEN s.confirmed_n ELSE s.read_n END >= a.counts_from)
    FROM neighbourhoods_sent s JOIN neighbourhoods_announcement a ON a.id = s.announcement_id
    WHERE s.announcement_id = %s GROUP BY 1 ORDER BY 1
"""
KEPT = """
    SELECT building, households, read, confirmed, at_door FROM neighbourhoods_told
    WHERE announcement_id = %s AND households > 0 ORDER BY 1
"""


def both(a: Announcement, alias: str = "owner") -> tuple[list[Any], list[Any]]:
    """Counters as they are kept, and as they are counted anew."""
    with connections[alias].cursor() as cursor:
        cursor.execute(KEPT, [a.id])
        kept = cursor.fetchall()
        cursor.execute(RECOUNT, [a.id])
        return kept, cursor.fetchall()


def totals(a: Announcement, alias: str = "owner") -> tuple[int, int, int, int]:
    """Households, read, confirmed and told at the door; the counters are right."""
    kept, counted = both(a, alias)
    assert kept == counted
    of = [sum(row[n] for row in kept) for n in range(1, 5)]
    return of[0], of[1], of[2], of[3]
