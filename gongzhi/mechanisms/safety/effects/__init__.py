"""What an act on a hazard changes beyond the state: plain functions that return it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewLink, NewTask, Refused
from gongzhi.cases.snapshot import FIRST_LATE, Snapshot
from gongzhi.mechanisms.safety.effects import terms
from gongzhi.mechanisms.safety.effects.listing import (
    delist,
    list_,
    list_by_rule,
    must_not_be_listed,
)
from gongzhi.mechanisms.safety.registers.ranks import DANGER, RED, UNRANKED, weight
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]
FACTS = ("site", "enterprise", "item", "edition", "inspection")
# As a rank stands in the case.
RANKED = ("rank", "major", "d", "way", "criterion")


def begin(case: None, data: Data, by: Actor) -> Changes:
    """Where it is and against which item; a firm that finds its own hazard goes on seeing it."""
    facts: dict[str, Any] = {name: str(data[name]) for name in FACTS if data.get(name)}
    join = (by.unit,) if isinstance(by, Holder) else ()
    if not isinstance(by, Holder):
        facts["told_by_public"] = True
    danger = bool(data.get("danger"))
    return Changes(
        facts=facts, join=join, urgent=danger or None, weight=DANGER if danger else UNRANKED
    )


def _ranked(data: Data) -> dict[str, Any]:
    """What the new rank does not say, is not of it: no score stays of the one before."""
    return {name: data.get(name) or None for name in RANKED}


def _weighed(facts: Data) -> int:
    return weight(str(facts["rank"]), major=bool(facts.get("major")))


def rank(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Once: what stands is changed by two."""
    if case.facts.get("rank"):
        raise Refused(_("已经定级；改等级须提请变更，由另一人同意。"))
    found = _ranked(data)
    weighed, figures = _weighed(found), {f"ranked.{data['rank']}": 1}
    if case.fell_late:  # before its colour was known, under which it counts
        figures[f"{FIRST_LATE}{weighed}"] = 1
    return Changes(facts=found, weight=weighed, figures=figures)


def _must_be_ranked(case: Snapshot) -> str:
    found = case.facts.get("rank")
    if not found:
        raise Refused(_("先定级，再下达指令。"))
    return str(found)


def order(case: Snapshot, data: Data, by: Actor) -> Changes:
    if _must_be_ranked(case) == RED:
        raise Refused(_("红色隐患须责令停产停业整改，不能只限期整改。"))
    return terms.given(case, data)


def stop(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What must stop is red. What was proposed before, was proposed of another matter."""
    _must_be_ranked(case)
    terms.must_not_be_told(case)  # only the firm says that a stop was rectified: it must see it
    given = terms.given(case, data)
    facts = {**given.facts, "rank": RED, "proposed": None}
    asked = () if facts["firm"] else (NewTask(terms.SERVE, unit=case.unit),)
    tasks = (*given.tasks, *asked)
    return replace(given, facts=facts, tasks=tasks, weight=_weighed({**case.facts, **facts}))


def progress(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures={"progressed": 1})


def rectify(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(done=("rectify",), figures={"rectified": 1})


def fail(case: Snapshot, data: Data, by: Actor) -> Changes:
    """It goes back to the firm, with the day of its order: late is late."""
    return replace(terms.again(case), figures={"failed": 1})


def back_to_stop(case: Snapshot, data: Data, by: Actor) -> Changes:
    return terms.again(case)


def pass_stopped(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures={"rechecked": 1})


def close(case: Snapshot, data: Data, by: Actor) -> Changes:
    must_not_be_listed(case)
    rank = case.facts.get("rank", "")
    in_time = {} if case.fell_late else {f"eliminated_in_time.{rank}": 1}
    return Changes(figures={f"eliminated.{rank}": 1, **in_time})


def propose_rank(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Nothing changes until somebody else agrees."""
    return Changes(facts={"proposed": _ranked(data)})


def _proposed(case: Snapshot) -> dict[str, Any]:
    found = case.facts.get("proposed")
    if not found:
        raise Refused(_("没有提请变更的等级。"))
    return dict(found)


def agree_rank(case: Snapshot, data: Data, by: Actor) -> Changes:
    new = _proposed(case)
    if new["rank"] == RED:
        raise Refused(_("升为红色的，请直接责令停产停业整改。"))
    facts = {**new, "proposed": None}
    return Changes(facts=facts, weight=_weighed(new), figures={"ranks_changed": 1})


def lower_red(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Only to a rank that was proposed by somebody else below."""
    new = _proposed(case)
    if new["rank"] == RED:
        raise Refused(_("提请的仍是红色。"))
    if case.facts.get("listed"):
        raise Refused(_("挂牌督办的隐患不能降级。"))
    facts = {**new, "proposed": None}
    given, done = terms.again(case), (terms.RECTIFY, terms.SERVE)
    figures = {"reds_lowered": 1}
    return replace(given, facts=facts, done=done, weight=_weighed(new), figures=figures)


def dismiss(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What was ranked is a hazard: it is not argued away."""
    if case.facts.get("rank"):
        raise Refused(_("已经定级的隐患不能按不构成处理。"))
    return Changes(figures={"dismissed": 1})


def merge(case: Snapshot, data: Data, by: Actor) -> Changes:
    if case.facts.get("rank") == RED:
        raise Refused(_("红色隐患不能并案销号。"))
    county, other = data["other"]
    return Changes(links=(NewLink(county, other, "duplicate"),), figures={"repeated": 1})


def rate(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Once: a second rating counts nothing."""
    if isinstance(by, Holder) or case.facts.get("rated"):
        raise Refused(_("这件事您已经评价过了，谢谢。"))
    figures = {"rated": 1, **({"satisfied": 1} if data.get("satisfied") else {})}
    return Changes(facts={"rated": True}, figures=figures)


__all__ = [
    "agree_rank", "back_to_stop", "begin", "close", "delist", "dismiss", "fail", "list_",
    "list_by_rule", "lower_red", "merge", "order", "pass_stopped", "progress", "propose_rank",
    "rank", "rate", "rectify", "stop", "terms",
]  # fmt: skip
