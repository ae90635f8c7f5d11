"""The cast of work safety's stories: a town's office, the county's, and a firm with a unit."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from gongzhi.cases.changes import Words
from gongzhi.cases.clocks import end_of, local
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, make_post, make_unit
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.tests.auditing import Auditing
from gongzhi.mechanisms.safety.tests.register import Register
from gongzhi.people.posts import Holder

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
WHY: dict[str, Any] = {"reason": Words("理由")}
SEEN: dict[str, Any] = {"note": Words("现场看过")}
FIVE: dict[str, Any] = {
    "addressee": Words("某五金厂 冲压车间"),
    "responsible": Words("车间主任"), "measures": Words("加装护罩"), "funds_yuan": Words("5000"),
    "contingency": Words("停机"), "protection": Words("拉警戒线"),
}  # fmt: skip
YELLOW = {"rank": "yellow", "way": "lec", "d": "90", "major": False, **WHY}
RED = {"rank": "red", "way": "lec", "d": "360", "major": True, "criterion": Words("第三条"), **WHY}

ORANGE = {"rank": "orange", "way": "lec", "d": "200", "major": True,
          "criterion": Words("工贸判定标准第三条"), **WHY}  # fmt: skip


class Stage:
    """The town's office takes hazards in; county and city stand above; the firm has one site."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.first, self.second = (self._official("safety_inspector") for _n in range(2))
        self.head = self.cast[TOWN, "leader"]
        self.county = self.cast[COUNTY, "safety_inspector"]
        self.county_head = self.cast[COUNTY, "leader"]
        unit = make_unit(VILLAGE, "enterprise")
        self.firm = make_post(unit, VILLAGE, "safety_officer", unit_kind="enterprise", sees=False)
        on = timezone.localdate(BEGAN)
        self.enterprise = Enterprise.objects.create(
            code="91441202MA4XXXXX0A", name="某五金厂", place=VILLAGE, industry="C33", size="small",
            unit=unit, valid_from=on,
        )  # fmt: skip
        self.site = Site.objects.create(
            enterprise=self.enterprise, name="冲压车间", place=VILLAGE, facts=["stamping"],
            colour="orange", valid_from=on,
        )  # fmt: skip

    def _official(self, kind: str) -> Holder:
        return make_post(self.cast.units[TOWN], TOWN, kind)

    def found(self, **told: Any) -> Told:
        """By an inspector, on site."""
        return self.told(**{"by": self.first, **told})

    def told(self, **told: Any) -> Told:
        """By a worker, who gives a phone."""
        told.setdefault("category", "machinery")
        told.setdefault("unit", self.cast.units[TOWN])
        data = {"text": Words("冲床没有护罩"), "site": self.site.id,
                "enterprise": self.enterprise.id, **told.pop("data", {})}  # fmt: skip
        return begin(m.safety, data=data, key=uuid4().hex, **told)

    def given(self, case: Told) -> dict[str, Any]:
        return {**FIVE, "firm": self.firm.unit, "until": self.until(case, 10)}

    @staticmethod
    def until(case: Told, days: int) -> datetime:
        """The end of a day, as forms tell it."""
        return end_of(local(case.now).date() + timedelta(days=days))

    def ordered(self, rank: dict[str, Any] = YELLOW, **found: Any) -> Told:
        case = self.found(**found)
        case.act(m.rank, rank, by=self.first)
        case.act(m.order, self.given(case), by=self.first)
        return case

    def stopped(self) -> Told:
        case = self.found()
        case.act(m.rank, RED, by=self.first)
        case.act(m.stop, self.given(case), by=self.first)
        return case


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()


@pytest.fixture
def register(fresh_database: str) -> Register:
    return Register()


@pytest.fixture
def auditing(fresh_database: str) -> Auditing:
    return Auditing()
