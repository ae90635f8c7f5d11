"""A community's buildings for tests: its committee, a grid, a building of two staircases."""

from typing import Any

from django.utils import timezone

from gongzhi.cases.testing import BEGAN, LINE, Cast, make_cast, make_post, make_unit
from gongzhi.mechanisms.neighbourhoods.models import Building, Dwelling, Grid, Household
from gongzhi.mechanisms.neighbourhoods.registers import changing
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.posts import Holder, as_holder

PROVINCE, CITY, COUNTY, TOWN, COMMUNITY = LINE
NEXT_COMMUNITY = "441226114203"


class Register:
    """The committee of the community keeps it; nobody is chief yet."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.now = timezone.now()
        self.committee = make_unit(
            COMMUNITY, "village_committee", parent=self.cast.units[COMMUNITY]
        )
        self.clerk = make_post(self.committee, COMMUNITY, "clerk", unit_kind="village_committee")
        self.secretary = make_post(
            self.committee, COMMUNITY, "community_secretary", unit_kind="village_committee"
        )
        self.grid = self.add_grid()
        self.building = self.add_building()
        self.door = self.add_door("1单元", 1, "101")
        self.next_door = self.add_door("2单元", 1, "101")
        self.home = self.move_in(self.door, 3)

    def add_grid(self, code: str = "01", name: str = "第一网格") -> Grid:
        grid = Grid(community=COMMUNITY)
        changing.add(grid, {"code": code, "name": name}, by=self.clerk, now=self.now)
        return grid

    def add_building(self, code: str = "3", name: str = "3栋", **facts: Any) -> Building:
        building = Building(community=COMMUNITY)
        said = {"code": code, "name": name, "grid": self.grid} | facts
        changing.add(building, said, by=self.clerk, now=self.now)
        return building

    def add_door(self, stair: str, storey: int, room: str) -> Dwelling:
        door = Dwelling(building=self.building)
        said = {"stair": stair, "storey": storey, "room": room}
        changing.add(door, said, by=self.clerk, now=self.now)
        return door

    def move_in(self, door: Dwelling, people: int | None = None) -> Household:
        return changing.move_in(door, people, by=self.clerk, now=self.now)

    def chief_post(self, building: Building | None = None) -> Post:
        return Post.objects.get(unit=(building or self.building).team, title="楼长")

    def appoint(self, building: Building | None = None, name: str = "楼长甲") -> Holder:
        """Somebody becomes chief of the building."""
        post = self.chief_post(building)
        account = Account.objects.create(username=f"chief-{post.id}", name=name)
        Appointment.objects.create(post=post, account=account, held_from=BEGAN)
        return as_holder(account.id, post.id, at=self.now)
