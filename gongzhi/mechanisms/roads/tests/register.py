"""A county's roads for tests: its office, a road of two sections and chiefs of each level."""

from typing import Any

from django.utils import timezone

from gongzhi.cases.testing import LINE, Cast, make_cast, make_post, make_unit
from gongzhi.mechanisms.roads.models import Charge, Road, Section
from gongzhi.mechanisms.roads.registers import charges, roads
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
NEXT_VILLAGE = "441226114203"
# A way through the town, WGS84.
LINE_OF = [[111.78, 23.16], [111.79, 23.17], [111.8, 23.17]]


class Register:
    """The office of the county keeps it."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.now = timezone.now()
        office = make_unit(COUNTY, "road_office", parent=self.cast.units[COUNTY])
        self.clerk = make_post(office, COUNTY, "clerk", unit_kind="road_office")
        self.road = self.add_road()
        self.section = self.add_section("旺村段", VILLAGE)
        self.next = self.add_section("留村段", NEXT_VILLAGE, from_km=2.5, to_km=4.0)

    def add_road(self, code: str = "X413", name: str = "彩虹路", **facts: Any) -> Road:
        road = Road(code=code, name=name, place=roads.home(code, COUNTY), **facts)
        roads.add(road, by=self.clerk, now=self.now)
        return road

    def add_section(self, name: str, village: str, **facts: Any) -> Section:
        usual = {"from_km": 0.0, "to_km": 2.5, "line": LINE_OF} | facts
        section = Section(road=self.road, name=name, village=village, **usual)
        roads.add(section, by=self.clerk, now=self.now)
        return section

    def give(self, holder: Holder, section: Section | None = None) -> Charge:
        post = Post.objects.get(id=holder.post)
        return charges.give(post, self.road, section, by=self.clerk, now=self.now)

    def village_unit(self) -> Holder:
        """The chief of the village, in a unit to which the usual routing brings nothing."""
        unit = make_unit(VILLAGE, "government", parent=self.cast.units[TOWN])
        return make_post(unit, VILLAGE, "road_chief", unit_kind="government")

    def clerk_elsewhere(self) -> Holder:
        """Staff of the next village."""
        unit = make_unit(NEXT_VILLAGE, "village_committee", parent=self.cast.units[TOWN])
        return make_post(unit, NEXT_VILLAGE, "clerk", unit_kind="village_committee")
