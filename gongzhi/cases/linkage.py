"""Linkage acts 联动: what every mechanism can do with a case across levels and departments.

Each keeps the invariants: one holder, a clock or a task that runs, and never to the one
complained about. A mechanism names only those it forbids (`without=[...]`).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import forms, plans, whistles
from gongzhi.cases.changes import Changes, NewLink, NewTask, Refused
from gongzhi.cases.chasing import CHASING
from gongzhi.cases.fallback import FALLBACK
from gongzhi.cases.informing import INFORMING
from gongzhi.cases.plans import PLANNING
from gongzhi.cases.roles import holder, joined, manager, party, superior
from gongzhi.cases.snapshot import Snapshot
from gongzhi.cases.whistles import WHISTLING
from gongzhi.declare import OPEN, TIMER, Act, Mechanism, Role, working_days
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]


def _holder(by: Actor) -> Holder:
    if not isinstance(by, Holder):
        raise Refused
    return by


def _moved(case: Snapshot, **more: Any) -> Changes:
    """To another unit, which is asked to accept; the one before stays concerned."""
    facts = {"from_unit": str(case.unit)}
    return Changes(offered=True, facts=facts, done=("receive",), **more)


def go_up(case: Snapshot, data: Data, by: Actor) -> Changes:
    if case.parent_unit is None:
        raise Refused(_("已是最高一级，不能再上报，由本级领导包案。"))
    return _moved(case, unit=case.parent_unit, level=case.parent_level)


def go_to(case: Snapshot, data: Data, by: Actor) -> Changes:
    return _moved(case, unit=data["unit"], level=data.get("level"))


def accept_custody(case: Snapshot, data: Data, by: Actor) -> Changes:
    if not case.offered:
        raise Refused(_("此案已由本单位接收。"))
    return Changes(offered=False)


def go_back(case: Snapshot, data: Data, by: Actor) -> Changes:
    before = case.facts.get("from_unit")
    if not case.offered or not before:
        raise Refused(_("只有刚转来、尚未接收的案件才能退回。"))
    return Changes(
        unit=UUID(before), level=case.from_level, offered=True,
        facts={"from_unit": str(case.unit)},
    )  # fmt: skip


def call_in(case: Snapshot, data: Data, by: Actor) -> Changes:
    tasks = tuple(NewTask("assist", unit=u, due=working_days(3)) for u in data["units"])
    return Changes(join=tuple(data["units"]), tasks=tasks)


def task_done(case: Snapshot, data: Data, by: Actor) -> Changes:
    mine = _holder(by).unit
    if not any(t.name == "assist" and t.unit == mine for t in case.tasks):
        raise Refused(_("本单位在此案中没有待办的协办任务。"))
    return Changes(done=("assist",), done_by=mine)


def watch(case: Snapshot, data: Data, by: Actor) -> Changes:
    above = _holder(by).unit
    task = NewTask("answer_supervision", due=working_days(5), data={"by": str(above)})
    return Changes(join=(above,), tasks=(task,), done=("overdue",), done_by=above)


def answer_watch(case: Snapshot, data: Data, by: Actor) -> Changes:
    if not any(t.name == "answer_supervision" for t in case.tasks):
        raise Refused(_("没有需要回复的督办。"))
    return Changes(done=("answer_supervision",))


def tell_holder(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What a party adds reaches the holder at once, as a task."""
    return Changes() if isinstance(by, Holder) else Changes(tasks=(NewTask("addition"),))


def noted(case: Snapshot, data: Data, by: Actor) -> Changes:
    # At the top there is no unit above that could supervise: its own note must do.
    mine = ("overdue",) if _holder(by).unit == case.unit else ()
    return Changes(done=("addition", *mine), done_by=_holder(by).unit)


def tie_together(case: Snapshot, data: Data, by: Actor) -> Changes:
    county, other = data["other"]
    if other == case.id:
        raise Refused(_("不能与自身关联。"), field="number")
    return Changes(links=(NewLink(county, other, data["kind"]),))


def add_together(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(parties=tuple(data["people"]), facts={"group": len(data["people"])})


def shut_out(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Those complained about never hold, see or hear of it; held by one, it goes above it."""
    accused = (*data.get("units", ()), *data.get("posts", ()))
    if case.unit not in accused:
        return Changes(hide=accused, release=case.post in accused)
    if case.parent_unit is None or case.parent_unit in accused:
        raise Refused(_("须先转给没有被投诉的单位。"))
    return _moved(case, unit=case.parent_unit, level=case.parent_level, hide=accused)


def change_hands(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The case goes with the post, unless it complains about whoever takes the post over."""
    return Changes(release=data.get("to") in case.hidden)


escalate = Act("escalate", "上报", when=OPEN, by=holder, form=forms.Reason, effect=go_up)
delegate = Act("delegate", "交办", when=OPEN, by=holder, form=forms.DownToUnit, effect=go_to)
transfer = Act("transfer", "转办", when=OPEN, by=holder, form=forms.SidewaysToUnit, effect=go_to)
take_in = Act("take_in", "接收", when=OPEN, by=holder, effect=accept_custody)
give_back = Act("give_back", "退回", when=OPEN, by=holder, form=forms.Reason, effect=go_back)
join = Act("join", "邀请协办", when=OPEN, by=holder, form=forms.CallIn, effect=call_in)
assist = Act("assist", "协办反馈", when=OPEN, by=joined, form=forms.Note, effect=task_done,
             answers="assist")  # fmt: skip
supervise = Act("supervise", "督办", when=OPEN, by=superior, form=forms.Reason, effect=watch)
answer_supervision = Act(
    "answer_supervision", "督办回复", when=OPEN, by=holder, form=forms.Note, effect=answer_watch,
    answers="answer_supervision",
)  # fmt: skip
note = Act("note", "办理记录", when=OPEN, by=(holder, joined), form=forms.Note, quiet=True,
           effect=noted)  # fmt: skip
add = Act("add", "补充材料", when=OPEN, by=(party, holder), form=forms.Addition, effect=tell_holder)
link = Act("link", "关联案件", when=OPEN, by=holder, form=forms.OtherCase, effect=tie_together,
           quiet=True)  # fmt: skip
add_parties = Act("add_parties", "登记共同当事人", when=OPEN, by=holder, form=forms.Group,
                  effect=add_together, quiet=True)  # fmt: skip
reveal = Act(
    "reveal", "查看当事人信息", when=OPEN, by=(holder, joined), form=forms.Reason, quiet=True
)
exclude = Act("exclude", "登记被投诉单位（回避）", when=OPEN, by=(holder, superior),
              form=forms.Accused, effect=shut_out, quiet=True)  # fmt: skip
hand_over = Act("hand_over", "岗位交接", when=OPEN, by=manager, quiet=True,
                effect=change_hands)  # fmt: skip
recount = Act("recount", "期限重算", when=OPEN, by=TIMER, quiet=True,
              effect=lambda case, data, by: Changes(recount=True))  # fmt: skip

LINKAGE = (
    take_in, give_back, escalate, delegate, transfer, join, assist, supervise, answer_supervision,
    *WHISTLING, *CHASING, *PLANNING, note, add, link, add_parties, *INFORMING,
    exclude, reveal, hand_over, recount, *FALLBACK,
)  # fmt: skip

# Which act fulfils a task, so that whoever has the task sees the act first.
FULFILS = {
    "assist": assist, "overdue": supervise, "addition": note,
    "answer_supervision": answer_supervision, **plans.FULFILS,
    **whistles.FULFILS,
}  # fmt: skip


def extensions(mechanism: Mechanism) -> list[Act]:
    """An act for each clock that a role may extend; where an act does it, it is declared."""
    return [
        Act(
            f"extend_{clock.name}",
            "延长期限",
            when=clock.runs_in,
            by=clock.extended_by,
            form=forms.Reason,
            effect=lambda case, data, by, name=clock.name: Changes(extend=(name,)),
            law=clock.law,
        )
        for clock in mechanism.clocks
        if isinstance(clock.extended_by, Role)
    ]


def acts_of(mechanism: Mechanism) -> list[Act]:
    """Everything that can be done on a case of this mechanism, its own acts first."""
    without = {a.name for a in mechanism.without}
    shared = [a for a in LINKAGE if a.name not in without]
    return [*mechanism.acts, *extensions(mechanism), *shared]


def act_named(mechanism: Mechanism, name: str) -> Act:
    """Raises Refused when the mechanism has no such act."""
    for found in acts_of(mechanism):
        if found.name == name:
            return found
    raise Refused
