"""The cast of the neighbourhood's stories: a community with two buildings, each with its team."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, make_cast, make_post, make_unit, told
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.forms import Tell
from gongzhi.mechanisms.neighbourhoods.models import Building, Charge, Grid
from gongzhi.networks.responsibility import routing
from gongzhi.people.posts import Holder, Resident

PROVINCE, CITY, COUNTY, TOWN, COMMUNITY = LINE
SOLVED: dict[str, Any] = {"note": Words("已换水管，不漏了")}
WHY: dict[str, Any] = {"reason": Words("要动公共管道")}


@dataclass
class Home:
    """A building, and its chief."""

    building: Building
    chief: Holder


class Stage:
    """A community's committee under its town, and buildings with teams of their own."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.committee = make_unit(COMMUNITY, "village_committee", self.cast.units[TOWN])
        self.secretary = self._post("community_secretary")
        self.clerk = self._post("clerk")
        self.on = timezone.localdate(BEGAN)
        self.grid = Grid.objects.create(
            community=COMMUNITY, code="01", name="第一网格", valid_from=self.on
        )
        self.first, self.second = self.home("1"), self.home("2")

    def _post(self, kind: str) -> Holder:
        return make_post(self.committee, COMMUNITY, kind, unit_kind="village_committee")

    def home(self, code: str, *, chief: bool = True) -> Home:
        team = make_unit(COMMUNITY, "building_team", self.committee)
        building = Building.objects.create(
            community=COMMUNITY, grid=self.grid, code=code, name=f"{code} 栋", team=team,
            valid_from=self.on,
        )  # fmt: skip
        post = make_post(team, COMMUNITY, "building_chief", unit_kind="building_team", sees=False)
        if chief:
            Charge.objects.create(
                rung="building_chief", post=post.post, community=COMMUNITY, building=building,
                held_from=self.on,
            )  # fmt: skip
        return Home(building, post)

    def told(self, home: Home, **data: Any) -> Told:
        """A resident of the building asks for something, as through the code at its door."""
        said = {"text": Words("厨房漏水"), "building": home.building.id, "shown": "no", **data}
        said |= {"about_chief": said.get("about_chief", False)}
        Tell.check(said)
        data = {name: value for name, value in said.items() if value}
        report = told(category="leak", title="漏水：厨房漏水", data=data)
        done = routing.begin(m.neighbourhoods, report, key=uuid4().hex, now=BEGAN, by=Resident())
        return Told(done, BEGAN)


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()
