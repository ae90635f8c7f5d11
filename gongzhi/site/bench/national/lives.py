"""Disputes lived through by real acts: what the nation's cases are copies of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.utils import timezone

from gongzhi.cases.act import Receipt, act, report
from gongzhi.cases.changes import Words
from gongzhi.cases.sealed import tail_index
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import PHONE, told
from gongzhi.declare import Act
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, Resident, as_holder
from gongzhi.site.bench.intake import VILLAGE

KINDS = ("family", "wages", "land", "neighbours")
TERMS = {
    "kind": "oral", "whole": "all", "facts": Words("双方确认。"), "terms": Words("付清了结。"),
    "method": Words("现金"), "instalments": [],
}  # fmt: skip
HELD = {
    "setting": "together", "present": ["applicant", "respondent"],
    "record": Words("双方各自说明情况。"),
}  # fmt: skip
HEARD = {"how": "phone", "quiet": "good", "note": Words("双方都说已经过去了。")}
# How a life ends, and how many of fifty copies are of it: one in five is open, one in fifty late.
# Most end with the second act, as disputes do that belong elsewhere: were all lived through to an
# agreement, the counters of a year would not fit a small disk (docs/scale.md).
ENDS = {"waits": 9, "is_late": 1, "ends": 10, "is_sent_on": 30}
DAYS = 330  # over which copies are spread; but what waits in time was reported today or yesterday


def _holder(username: str, at: datetime) -> Holder:
    holding = Appointment.objects.get(account__username=username)
    return as_holder(holding.account_id, holding.post_id, at=at)


class Lived:
    """One dispute of Jiushi, from a resident's report on."""

    def __init__(self, kind: str, begun: datetime) -> None:
        self.now = begun
        self.clerk, self.mediator = _holder("clerk", begun), _holder("mediator", begun)
        self.case: Receipt = report(
            m.mediation, told(place=VILLAGE, category=kind), key=uuid4().hex, now=begun,
            by=Resident(),
        )  # fmt: skip

    def do(self, what: Act, data: Mapping[str, Any], by: Holder | Resident) -> None:
        self.now += timedelta(hours=1)
        ref = (self.case.county, self.case.id)
        act(ref, what, data, key=uuid4().hex, now=self.now, by=by)

    def waits(self) -> None:
        """Not taken in yet."""

    is_late = waits

    def is_sent_on(self) -> None:
        self.do(m.refuse, {"way": "court", "reason": Words("已由法院立案。")}, self.clerk)

    def ends(self) -> None:
        self.do(m.accept, {}, self.clerk)
        self.do(m.assign, {"mediator": self.mediator.post}, self.clerk)
        self.do(m.agree, TERMS, self.mediator)
        self.do(m.close, {"note": Words("已电话核实。")}, self.clerk)

    def goes_all_the_way(self) -> None:
        """Nine acts, as many as most disputes of the demo city have."""
        self.do(m.accept, {}, self.clerk)
        self.do(m.assign, {"mediator": self.mediator.post}, self.clerk)
        for _time in range(2):
            self.do(m.hold, {**HELD, "held_on": self.now}, self.mediator)
        self.do(m.agree, TERMS, self.mediator)
        self.do(m.follow_up, HEARD, self.mediator)
        self.do(m.close, {"note": Words("已电话核实。")}, self.clerk)
        resident = Resident(case=self.case.id, tail=tail_index(PHONE))
        self.do(m.rate, {"satisfied": True}, resident)


class Life(NamedTuple):
    """A case, the days over which its copies are spread, and how many of fifty they are."""

    county: str
    case: UUID
    spread: int
    weight: int


def lived() -> list[Life]:
    """One life of each kind and end; time makes late what waited too long."""
    now, lives = timezone.now(), list[Life]()
    for kind in KINDS:
        for end, weight in ENDS.items():
            one = Lived(kind, now - timedelta(days=0 if end == "waits" else 30))
            getattr(one, end)()
            spread = 2 if end == "waits" else DAYS
            lives.append(Life(one.case.county, one.case.id, spread, weight))
    sweep(now)
    return lives


def acted() -> list[Receipt]:
    """One case of each kind from its report to what the resident says of it."""
    cases = []
    for kind in KINDS:
        one = Lived(kind, timezone.now() - timedelta(days=30))
        one.goes_all_the_way()
        cases.append(one.case)
    return cases
