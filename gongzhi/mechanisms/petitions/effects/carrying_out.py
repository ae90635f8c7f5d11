"""What was decided is carried out for everybody, verified, rated; and what comes back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.clocks import end_of
from gongzhi.cases.counted import counted
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.petitions.tasks import MEMBER
from gongzhi.people.permissions import Actor

Data = Mapping[str, Any]


def share(case: Snapshot, data: Data, by: Actor) -> Changes:
    """A task for each member; a member's first share is replaced by a second one."""
    named = {str(m["party"]) for m in data["members"]}
    before = tuple((t.seq, t.n) for t in case.tasks
                   if t.name == MEMBER and t.data["party"] in named)  # fmt: skip
    due = end_of(data["due"])
    tasks = tuple(
        NewTask(MEMBER, due=due, data={"party": str(m["party"]), "amount": m["amount"]})
        for m in data["members"]
    )
    return Changes(tasks=tasks, done_tasks=before, facts={"members": len(data["members"])})


def pay(case: Snapshot, data: Data, by: Actor) -> Changes:
    open_ = {(t.seq, t.n): t for t in case.tasks if t.name == MEMBER}
    wanted = [tuple(pair) for pair in data["members"]]
    if any(pair not in open_ for pair in wanted):
        raise Refused(_("有人已经登记兑现，请看最新情况后再办。"), field="members")
    in_time = sum(1 for p in wanted if (due := open_[p].due_at) is None or case.at <= due)
    return Changes(
        done_tasks=tuple((seq, n) for seq, n in wanted),
        figures={"paid": len(wanted), "paid_in_time": in_time},
    )


def _first(case: Snapshot, name: str) -> dict[str, int]:
    return {} if case.facts.get("again") else {f"first.{name}": 1}


def verify(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Raises Refused while a member has not got theirs."""
    left = sum(t.name == MEMBER for t in case.tasks)
    if left:
        raise Refused(_("还有 %(n)d 人没有登记兑现，不能办结。") % {"n": left})
    return Changes(figures={**counted("verified", by), **_first(case, "settled")})


def explain(case: Snapshot, data: Data, by: Actor) -> Changes:
    if case.facts.get("decision") != "no":
        raise Refused(_("答复支持了诉求，要落实以后“核实办结”。"))
    return Changes(figures={**counted("explained", by), **_first(case, "explained")})


def redo(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures=counted("redone", by))


def rate(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Each step once: how it was received, answered, carried out."""
    rated = case.facts.get("rated") or {}
    if case.state.name in rated:
        raise Refused(_("这一步您已经评价过，谢谢。"))
    figures = {"rated": 1, f"rated.{case.state.phase}": 1}
    if data["satisfied"]:
        figures |= {"satisfied": 1, f"satisfied.{case.state.phase}": 1}
    return Changes(figures=figures, facts={"rated": {**rated, case.state.name: data["satisfied"]}})


def come_back(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What was counted as settled is counted as returned."""
    if case.facts.get("final"):
        raise Refused(_("复核意见已经生效，同一事实不再受理；有新的事实请另行提出。"))
    return Changes(release=True, facts={"again": True, "rated": {}}, figures={"returned": 1})


def thank(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures=counted("thanked", by))
