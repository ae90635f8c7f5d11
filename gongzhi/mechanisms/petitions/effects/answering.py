"""The written opinion, and what the levels above make of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, Refused
from gongzhi.cases.counted import counted
from gongzhi.cases.snapshot import Snapshot
from gongzhi.people.permissions import Actor

Data = Mapping[str, Any]


def prolong(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(extend=("answer",))


def _in_time(case: Snapshot, clock: str) -> bool:
    return any(r.name == clock and r.status == "running" and r.due_at >= case.at
               for r in case.clocks)  # fmt: skip


def answer(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Whoever answers carries it out, whatever the levels above say of it later."""
    figures = counted("answered", by)
    if _in_time(case, "answer"):
        figures |= counted("answered_in_time", by)
    facts = {"answered_by": str(case.unit), "decision": data["decision"], "rated": {}}
    return Changes(facts=facts, figures=figures)


def to_the_level_above(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The unit above the one that gave the opinion; it need not accept, since the law names it."""
    if case.parent_unit is None:
        raise Refused(_("出具意见的机关没有上一级，这就是最终意见；可以依法提起诉讼。"))
    return Changes(unit=case.parent_unit, offered=False)


def _back(case: Snapshot) -> UUID | None:
    """Whoever answered carries it out."""
    back = case.facts.get("answered_by")
    return UUID(back) if back and UUID(back) not in case.hidden else None


def reviewed(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(facts={"review": data["outcome"]}, figures=counted("reviewed", by))


def final(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The same matter with the same facts is not taken up again after this."""
    facts = {"review": data["outcome"], "final": True}
    return Changes(unit=_back(case), facts=facts, figures=counted("final", by))


def take_effect(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(unit=_back(case))
