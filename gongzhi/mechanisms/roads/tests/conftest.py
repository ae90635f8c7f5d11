"""The cast of roads' stories: chiefs of village and town, and two departments of the county."""

from typing import Any
from uuid import UUID

import pytest

from gongzhi.cases import rollups, whistles
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Task
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, make_post, make_unit
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.tests.register import Register
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
SEEN: dict[str, Any] = {"note": Words("已到现场看过")}


class Stage:
    """The village's office takes a hazard in; its chief, the town's and the county's are there."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.chief = self.cast[VILLAGE, "road_chief"]
        self.neighbour = self.cast[VILLAGE, "clerk"]
        self.upper = self.cast[TOWN, "road_chief"]
        self.transport = self._department("transport")
        self.police = self._department("traffic_police")

    def _department(self, kind: str) -> Holder:
        unit = make_unit(COUNTY, kind, parent=self.cast.units[COUNTY])
        return make_post(unit, COUNTY, "handler", unit_kind=kind, sees=False)

    def reported(self, **told: Any) -> Told:
        told.setdefault("category", "guard_rail")
        return begin(m.roads, **told)

    def whistled(self, *called: Holder, **told: Any) -> Told:
        case = self.reported(**told)
        units = [h.unit for h in called or (self.transport,)]
        said = {"ground": "beyond", "units": units, "reason": Words("修护栏")}
        case.act(m.whistle, said, by=self.chief)
        return case

    def acted(self, **told: Any) -> Told:
        """Called, come, done, and seen to be done."""
        case = self.whistled(**told)
        case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=self.transport)
        case.act(whistles.feed_back, {"note": Words("换了新护栏")}, by=self.transport)
        of = self.task(case, "inspect", self.chief.unit)
        case.act(whistles.inspect, {"task": of, "outcome": "done", "stars": 3}, by=self.chief)
        return case

    def cleared(self, **told: Any) -> Told:
        case = self.acted(**told)
        case.act(m.verify, SEEN, by=self.chief)
        return case

    def task(self, case: Told, name: str, unit: UUID) -> tuple[int, int]:
        with within(Scope(case=case.receipt.id)):
            found = Task.objects.get(name=name, unit=unit, done_at=None)
        return found.seq, found.n

    def counted(self, *names: str) -> list[int]:
        with within(Scope(place="44")):
            found = rollups.flows(
                [COUNTY], list(names), since=BEGAN.date(), until=BEGAN.date().replace(year=2028)
            ).get(COUNTY, {})
        return [found.get(name, 0) for name in names]


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


@pytest.fixture
def register(db: None) -> Register:
    return Register()
