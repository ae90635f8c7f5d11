"""The cast of petitions' stories, and a petition brought to where a story begins."""

from datetime import timedelta
from typing import Any

import pytest

from gongzhi.cases import rollups
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Case, ClockRun, Task
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, make_post, make_unit
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
OPINION: dict[str, Any] = {
    "request": Words("拆除违建"), "facts": Words("建于2019年，没有许可"),
    "basis": Words("城乡规划法第六十四条"), "decision": "support",
    "explanation": Words("限期拆除"), "served": "online",
}  # fmt: skip
REVIEW: dict[str, Any] = {
    "facts": Words("与原认定一致"), "basis": Words("城乡规划法第六十四条"), "outcome": "uphold",
    "explanation": Words("原意见正确"), "served": "online",
}  # fmt: skip
WHY: dict[str, Any] = {"reason": Words("说明"), "served": "online"}
NOTE: dict[str, Any] = {"note": Words("已到现场"), "served": "online"}


class Stage:
    """The village's desk takes it in; every level above has a clerk, a handler and a leader."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.clerk = self.cast[VILLAGE, "clerk"]
        self.handler = self.cast[VILLAGE, "handler"]
        self.above = self.cast[TOWN, "handler"]
        unit = make_unit(COUNTY, "discipline")
        self.inspector = make_post(unit, COUNTY, "inspector", unit_kind="discipline", sees=False)

    def registered(self, **told: Any) -> Told:
        told.setdefault("category", "construction")
        return begin(m.petitions, **told)

    def accepted(self, **told: Any) -> Told:
        case = self.registered(**told)
        case.act(m.accept, NOTE, by=self.clerk)
        return case

    def answered(self, decision: str = "support", **told: Any) -> Told:
        case = self.accepted(**told)
        case.act(m.answer, {**OPINION, "decision": decision}, by=self.handler)
        return case

    def in_effect(self, decision: str = "support") -> Told:
        case = self.answered(decision)
        case.act(m.accept_answer, by=case.resident)
        return case

    def reviewed(self) -> Told:
        case = self.answered()
        case.act(m.review, WHY, by=case.resident)
        case.act(m.review_opinion, REVIEW, by=self.above)
        return case


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def clocks_of(case: Told) -> dict[str, str]:
    with within(Scope(case=case.receipt.id)):
        found = ClockRun.objects.filter(ended_at=None)
        return dict(found.values_list("name", "status"))


def due(case: Told, clock: str) -> Any:
    with within(Scope(case=case.receipt.id)):
        return ClockRun.objects.get(name=clock, ended_at=None).due_at


def tasks_of(case: Told, name: str) -> list[Task]:
    with within(Scope(case=case.receipt.id)):
        return list(Task.objects.filter(name=name, done_at=None).order_by("n"))


def counted(*figures: str) -> dict[str, int]:
    day = BEGAN.date()
    with within(Scope(place=PROVINCE)):
        found = rollups.flows([PROVINCE], figures, since=day, until=day + timedelta(days=900))
    return dict(found[PROVINCE])


def seen_by_whom(case: Told, *people: Holder) -> list[bool]:
    """Whether each of them finds the case in a query without any filter."""
    found = []
    for by in people:
        with within(by.scope):
            found.append(Case.objects.filter(id=case.receipt.id).exists())
    return found
