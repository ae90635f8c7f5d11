"""Listing for supervision 挂牌督办: who lists a major hazard, and nobody else, takes it off."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Level
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, Timer

LISTED = "listed"  # the task of holder and firm, until it is taken off


def firm_of(case: Snapshot) -> UUID | None:
    """The firm that was given an order, as long as it sees the case."""
    firm = UUID(case.facts["firm"]) if case.facts.get("firm") else None
    return firm if firm in case.units else None


def _level(case: Snapshot) -> Level | None:
    """Of whoever has listed it."""
    listed = case.facts.get("listed")
    return Level[listed["level"].upper()] if listed else None


def _listed(case: Snapshot, unit: UUID, level: Level, **more: str) -> Changes:
    """The holder and the firm are told. A higher level lists over a lower one, never the reverse:
    else whoever is supervised would list it themselves and take it off."""
    if not case.facts.get("major"):
        raise Refused(_("只有重大事故隐患挂牌督办。"))
    if level > Level.COUNTY:
        raise Refused(_("挂牌督办由县级以上单位作出。"))
    before = _level(case)
    if before is not None and level >= before:
        raise Refused(_("这件已经由同级或上级单位挂牌督办。"))
    told = {case.unit, firm_of(case)} - {unit}
    return Changes(
        facts={"listed": {"unit": str(unit), "level": level.name.lower(), **more}},
        join=(unit,), done=(LISTED,), figures={"listed": 1},
        tasks=tuple(NewTask(LISTED, unit=one) for one in sorted(filter(None, told), key=str)),
    )  # fmt: skip


def list_(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    if not isinstance(by, Holder):
        raise Refused
    return _listed(case, by.unit, by.level)


def list_by_rule(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    """By time, in the name of the unit that answers at the level of the rule."""
    if not isinstance(by, Timer) or "rule" not in data:
        raise Refused
    level = Level[data["level"].upper()]
    return _listed(case, UUID(str(data["unit"])), level, rule=str(data["rule"]))


def must_be_its_lister(case: Snapshot, by: Actor, why: Any) -> None:
    """What is not listed is anybody's. Raises Refused."""
    listed = case.facts.get("listed")
    if listed and not (isinstance(by, Holder) and listed["unit"] == str(by.unit)):
        raise Refused(why)


def delist(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    if not case.facts.get("listed"):
        raise Refused(_("这件没有挂牌。"))
    must_be_its_lister(case, by, _("由谁挂牌，由谁摘牌。"))
    return Changes(facts={"listed": None}, done=(LISTED,), figures={"delisted": 1})


# By level, since the one who is refused should know whom to turn to.
NOT_ENDED: Mapping[Level, Any] = {
    Level.PROVINCE: _("这件由省级挂牌督办：须由省级挂牌单位先摘牌，才能销号，您不能自己销号。"),
    Level.CITY: _("这件由市级挂牌督办：须由市级挂牌单位先摘牌，才能销号，您不能自己销号。"),
    Level.COUNTY: _("这件由县级挂牌督办：须由县级挂牌单位先摘牌，才能销号，您不能自己销号。"),
}


def must_not_be_listed(case: Snapshot) -> None:
    """Nothing that is listed is struck off. Raises Refused."""
    level = _level(case)
    if level is not None:
        raise Refused(NOT_ENDED[level])
