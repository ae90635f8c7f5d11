"""The cast of mediation's stories, and a dispute brought to where a story begins."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import LINE, Cast, Told, begin, make_cast, make_post, make_unit
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.posts import Holder

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]
WORDS: dict[str, Any] = {"reason": Words("说明"), "way": "court"}
TERMS: dict[str, Any] = {
    "kind": "written", "whole": "all",
    "facts": Words("拖欠十七人工资"), "terms": Words("分两期付清"), "method": Words("银行转账"),
    "instalments": [{"on": date(2026, 2, 1), "amount": Decimal(190_000)},
                    {"on": date(2026, 3, 1), "amount": Decimal(190_000)}],
}  # fmt: skip


class Stage:
    """A village's clerk and mediator, the county's court with its judge and president, and
    disputes that have come as far as a story needs."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.clerk = self.cast[VILLAGE, "clerk"]
        self.officer = self.cast[VILLAGE, "judicial_officer"]
        self.mediator = self.cast[VILLAGE, "mediator"]
        self.judge = self.cast["court", "judge"]
        self.court = self.judge.unit
        self.president = self.post(self.court, "leader", "court")

    def post(self, unit: Any, kind: str, unit_kind: str, place: str = COUNTY) -> Holder:
        return make_post(unit, place, kind, unit_kind=unit_kind, sees=False)

    def arbitrator(self) -> Holder:
        unit = make_unit(COUNTY, "arbitration", parent=self.cast.units[COUNTY])
        return self.post(unit, "arbitrator", "arbitration")

    def studio(self) -> Holder:
        """A studio in the town, of one mediator."""
        unit = make_unit(TOWN, "studio", parent=self.cast.units[TOWN])
        return self.post(unit, "mediator", "studio", TOWN)

    def accepted(self, **told: Any) -> Told:
        case = begin(m.mediation, **told)
        case.act(m.accept, by=self.clerk)
        return case

    def mediating(self, **told: Any) -> Told:
        case = self.accepted(**told)
        case.act(m.assign, {"mediator": self.mediator.post}, by=self.clerk)
        return case

    def agreed(self, **told: Any) -> Told:
        case = self.mediating(**told)
        case.act(m.agree, TERMS, by=self.mediator)
        return case

    def confirming(self) -> Told:
        case = self.agreed()
        case.act(m.apply_confirmation, {"unit": self.court}, by=self.mediator)
        return case

    def performing(self) -> Told:
        case = self.agreed()
        case.act(m.waive, by=self.mediator)
        return case

    def unresolved(self) -> Told:
        case = self.mediating()
        case.act(m.fail, WORDS, by=self.mediator)
        return case

    def referred(self) -> Told:
        case = self.unresolved()
        case.act(m.refer, {"unit": self.court, "note": Words("争议")}, by=self.mediator)
        return case


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()
