"""What an act on a hazard changes beyond the state: plain functions that return it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewLink, NewTask, Refused
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.safety.registers.ranks import RED, weight
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
    return Changes(facts=facts, join=join, urgent=bool(data.get("danger")) or None)


def _ranked(data: Data) -> dict[str, Any]:
    found = {name: data[name] for name in RANKED if data.get(name) not in (None, "")}
    return {**found, "weight": weight(str(data["rank"]), major=bool(data.get("major")))}


def rank(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Once: what stands is changed by two."""
    if case.facts.get("rank"):
        raise Refused(_("已经定级；改等级须提请变更，由另一人同意。"))
    return Changes(facts=_ranked(data), figures={f"ranked.{data['rank']}": 1})


def _must_be_ranked(case: Snapshot) -> str:
    found = case.facts.get("rank")
    if not found:
        raise Refused(_("先定级，再下达指令。"))
    return str(found)


def _given(case: Snapshot, data: Data) -> Changes:
    """To the firm: the five things settled 五落实, and by when. Whoever is joined reads the whole
    case, so a firm is never joined to what a worker or neighbour told."""
    firm = data.get("firm")
    if firm and case.facts.get("told_by_public"):
        raise Refused(
            _(
                "这件是职工或群众报告的，企业看不到，也不能交给企业。请到现场核实，另行登记检查发现的"
                "隐患，把这件并入那一件，再对那一件下达指令。"
            )
        )
    task = NewTask("rectify", unit=UUID(str(firm)), due=data["until"]) if firm else None
    return Changes(
        join=(UUID(str(firm)),) if firm else (), tasks=(task,) if task else (),
        facts={"until": str(data["until"].date())}, done=("rectify",),
        figures={"ordered": 1},
    )  # fmt: skip


def order(case: Snapshot, data: Data, by: Actor) -> Changes:
    if _must_be_ranked(case) == RED:
        raise Refused(_("红色隐患须责令停产停业整改，不能只限期整改。"))
    return _given(case, data)


def stop(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What was proposed before, was proposed of another matter."""
    _must_be_ranked(case)
    given = _given(case, data)
    return replace(given, facts={**given.facts, "proposed": None})


def progress(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures={"progressed": 1})


def rectify(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(done=("rectify",), figures={"rectified": 1})


def fail(case: Snapshot, data: Data, by: Actor) -> Changes:
    """It goes back to the firm, with a new day."""
    return Changes(figures={"failed": 1})


def _only_by_whoever_listed(case: Snapshot, by: Actor) -> None:
    if case.facts.get("listed"):
        raise Refused(_("挂牌督办的隐患，先由挂牌单位摘牌，才能销号。"))


def pass_stopped(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures={"rechecked": 1})


def close(case: Snapshot, data: Data, by: Actor) -> Changes:
    _only_by_whoever_listed(case, by)
    figures = {f"eliminated.{case.facts.get('rank', '')}": 1}
    late = any(run.status == "late" for run in case.clocks)
    return Changes(figures={**figures, **({} if late else {"eliminated_in_time": 1})})


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
    return Changes(facts={**new, "proposed": None}, figures={"ranks_changed": 1})


def lower_red(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Only to a rank that was proposed by somebody else below."""
    new = _proposed(case)
    if new["rank"] == RED:
        raise Refused(_("提请的仍是红色。"))
    if case.facts.get("listed"):
        raise Refused(_("挂牌督办的隐患不能降级。"))
    return Changes(facts={**new, "proposed": None}, figures={"reds_lowered": 1})


def list_(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Whoever lists it, and nobody else, takes it off."""
    if not isinstance(by, Holder):
        raise Refused
    if not case.facts.get("major"):
        raise Refused(_("只有重大事故隐患挂牌督办。"))
    listed = {"unit": str(by.unit), "level": by.level.name.lower()}
    return Changes(facts={"listed": listed}, join=(by.unit,), figures={"listed": 1})


def delist(case: Snapshot, data: Data, by: Actor) -> Changes:
    listed = case.facts.get("listed")
    if not listed:
        raise Refused(_("这件没有挂牌。"))
    if not isinstance(by, Holder) or listed["unit"] != str(by.unit):
        raise Refused(_("由谁挂牌，由谁摘牌。"))
    return Changes(facts={"listed": None}, figures={"delisted": 1})


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
