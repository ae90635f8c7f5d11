"""Hard cases 疑难案件: a leader answers for them, a plan is carried out, a joint meeting decides.

Like all linkage acts these work in every mechanism. Source: 信访工作条例 (2022) on joint meetings
and leaders who answer for cases (docs/law/petitions.md); practice of Zhaoqing.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import plan_forms as forms
from gongzhi.cases import steps
from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.clocks import end_of
from gongzhi.cases.counted import counted
from gongzhi.cases.roles import (
    convenor,
    convenor_above,
    holder,
    in_charge,
    joined,
    leader_above,
    own_leader,
)
from gongzhi.cases.roles import superior as superior_role
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import OPEN, Act, State
from gongzhi.people.permissions import Actor, stands_above
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]
LEADERS = ("meet", "plan")  # tasks of a leader in charge


def _of_unit(by: Actor) -> Holder:
    if not isinstance(by, Holder):
        raise Refused
    return by


def _in_charge(unit: UUID, post: UUID, data: Data) -> Changes:
    """Whoever was in charge before is so no longer; their duties go over."""
    due = {name: data.get(f"{name}_by") for name in LEADERS}
    tasks = tuple(
        NewTask(name, unit=unit, post=post, due=end_of(day) if day else None)
        for name, day in due.items()
    )
    facts = {"leader_in_charge": str(post), "closing_approved": None}
    return Changes(join=(unit,), facts=facts, tasks=tasks, done=(*LEADERS, "lead"))


def lead(case: Snapshot, data: Data, by: Actor) -> Changes:
    me = _of_unit(by)
    if case.facts.get("leader_in_charge") == str(me.post):
        raise Refused(_("此案已由您包案。"))
    return _in_charge(me.unit, me.post, data)


def name(case: Snapshot, data: Data, by: Actor) -> Changes:
    if case.facts.get("leader_in_charge") == str(data["post"]):
        raise Refused(_("此案已由这位领导包案。"), field="post")
    return _in_charge(data["unit"], data["post"], data)


def met(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(done=("meet",))


def set_out(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Every unit gets its step at once; through the green channel a shorter clock runs besides."""
    tasks = steps.tasks_of(data)
    green = bool(data.get("green"))
    first = counted("green", by) if green and not case.facts.get("green") else {}
    return Changes(
        tasks=tasks, join=tuple(t.unit for t in tasks if t.unit), done=("plan", "lead"),
        facts={"green": green or bool(case.facts.get("green"))},
        figures={**counted("planned", by), **first},
    )  # fmt: skip


def step_done(case: Snapshot, data: Data, by: Actor) -> Changes:
    seq, n = data["step"]
    for task in case.tasks:
        if task.name == steps.STEP and (task.seq, task.n) == (seq, n):
            if task.unit != _of_unit(by).unit:
                raise Refused(_("这一步由别的单位办理。"), field="step")
            kept = task.due_at is None or case.at <= task.due_at
            in_time = counted("steps_kept", by) if kept else {}
            return Changes(done_tasks=((seq, n),), figures={**counted("steps", by), **in_time})
    raise Refused(_("这一步已经办结，或者不存在。"), field="step")


def agree_to_close(case: Snapshot, data: Data, by: Actor) -> Changes:
    left = [t for t in case.tasks if t.name == steps.STEP]
    if left:
        raise Refused(_("还有 %(n)d 步没有办结，不能同意办结。") % {"n": len(left)})
    return Changes(facts={"closing_approved": case.at.isoformat()}, done=("lead",))


def put_on_agenda(case: Snapshot, data: Data, by: Actor) -> Changes:
    unit = data["unit"]
    if waits_for(case, unit):
        raise Refused(_("此案已经提请这个单位召集会议。"), field="unit")
    return Changes(join=(unit,), tasks=(NewTask("agenda", unit=unit, data={"times": 0}),))


def waits_for(case: Snapshot, unit: UUID) -> bool:
    return any(t.name == "agenda" and t.unit == unit for t in case.tasks)


def may_raise(me: Holder, case: Snapshot) -> bool:
    """Whether a unit puts on its own agenda what nobody has put to it: what it holds, and what is
    held below it."""
    return me.unit_kind in forms.CONVENING and (me.unit == case.unit or stands_above(me, case))


def on_the_agenda(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The members of a meeting are called in to what they are to decide on."""
    me, called = _of_unit(by), tuple(data.get("units", ()))
    if waits_for(case, me.unit):
        return Changes(join=called)
    if not may_raise(me, case):
        raise Refused(_("此案没有提请本单位，也不由本单位或下级承办，不能列入议程。"))
    return Changes(
        join=(me.unit, *called), tasks=(NewTask("agenda", unit=me.unit, data={"times": 0}),)
    )


def decide(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Undecided, it stays on the agenda: of the next meeting, or of the level above."""
    me = _of_unit(by).unit
    mine = next((t for t in case.tasks if t.name == "agenda" and t.unit == me), None)
    if mine is None:
        raise Refused(_("本单位没有此案的联席会议议题。"))
    more = {"meeting": data["meeting"]} if data.get("meeting") else {}
    tasks = list(steps.tasks_of(data, **more))
    if data["outcome"] == "postponed":
        tasks.append(NewTask("agenda", unit=me, data={"times": mine.data.get("times", 0) + 1}))
    if data["outcome"] == "up":
        if not data.get("above"):
            raise Refused(_("已是最高一级，由本级议定。"), field="outcome")
        tasks.append(NewTask("agenda", unit=data["above"], data={"times": 0}))
    return Changes(
        tasks=tuple(tasks), join=tuple(t.unit for t in tasks if t.unit), done=("agenda",),
        done_by=me, figures=counted(f"meeting.{data['outcome']}", by),
    )  # fmt: skip


# fmt: off
take_charge = Act("take_charge", "领导包案", when=OPEN, by=(leader_above, own_leader),
                  form=forms.TakeCharge, effect=lead)
name_leader = Act("name_leader", "确定包案领导", when=OPEN, by=(superior_role, holder),
                  form=forms.NameLeader, effect=name)
meet = Act("meet", "领导接访", when=OPEN, by=in_charge, form=forms.Meet, effect=met)
plan = Act("plan", "制定化解方案", when=OPEN, by=(in_charge, holder), form=forms.Plan,
           effect=set_out)
carry_out = Act("carry_out", "完成一步", when=OPEN, by=(joined, holder), form=forms.CarryOut,
                effect=step_done)
approve = Act("approve", "同意办结", when=OPEN, by=in_charge, form=forms.Approve,
              effect=agree_to_close, quiet=True)
table = Act("table", "提请联席会议", when=OPEN, by=holder, form=forms.Table,
            effect=put_on_agenda, quiet=True)
# Done for all cases of a meeting at once, when it is planned.
convene = Act("convene", "列入联席会议议程", when=OPEN, by=(*convenor, convenor_above),
              effect=on_the_agenda, quiet=True)
resolve = Act("resolve", "联席会议议定", when=OPEN, by=convenor, form=forms.Resolve,
              effect=decide)
# fmt: on

PLANNING = (take_charge, name_leader, meet, plan, carry_out, approve, table, convene, resolve)
FULFILS = {"meet": meet, "plan": plan, "lead": plan, steps.STEP: carry_out, "agenda": resolve}


def hold_open(case: Snapshot, after: State, by: Actor) -> None:
    """Raises Refused where a plan or a leader still stands against closing the case."""
    if not after.final or case.state.final or not isinstance(by, Holder):
        return
    left = sum(t.name == steps.STEP for t in case.tasks)
    if after.settled and left:
        raise Refused(_("方案还有 %(n)d 步没有办结，不能办结。") % {"n": left})
    if case.facts.get("leader_in_charge") and not case.facts.get("closing_approved"):
        raise Refused(_("此案由领导包案，须包案领导先“同意办结”；不能办理的，请另行确定包案领导。"))
