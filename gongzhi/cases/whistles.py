"""Whistle and report 吹哨报到: departments are called in; each reports, acts and is checked.

Like all linkage acts these work in every mechanism. Who lets a limit pass is chased: reminded
first, then the unit above the one that whistled is told, then a leader of the county
(cases/chasing.py). What departments do is counted by unit; units are compared, never persons.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import whistle_forms as forms
from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.grounds import (
    BEYOND,
    BUCKETS,
    CHASE,
    DECIDE,
    GROUNDS,
    INSPECT,
    REMEDY,
    REPORT_IN,
    UNDER_WAY,
    URGENT,
    Ground,
)
from gongzhi.cases.roles import holder, joined
from gongzhi.cases.snapshot import OpenTask, Snapshot
from gongzhi.declare import OPEN, Act, Clock, Span, State, Unit, working_days
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]


def _unit(by: Actor) -> UUID:
    if not isinstance(by, Holder):
        raise Refused
    return by.unit


def counted(unit: UUID, what: str, times: int = 1) -> dict[str, int]:
    """A figure of all whistles and of this department: units are compared, never persons."""
    return {f"whistle.{what}": times, f"unit.{unit.hex}.{what}": times}


def _added(*many: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in many:
        for name, n in one.items():
            found[name] = found.get(name, 0) + n
    return found


def _summoned(unit: UUID, ground: Ground) -> dict[str, int]:
    """With the ground beside it: who is mostly called in danger is asked to come sooner."""
    return _added(counted(unit, "summoned"), counted(unit, f"ground.{ground.name}"))


def _called(
    unit: UUID, ground: Ground, case: Snapshot, *, duty: str = "", within: Span | None = None
) -> NewTask:
    """`duty`: the row of the responsibility list that names the unit; `within`: its own limit for
    acting."""
    data: dict[str, Any] = {"ground": ground.name, "since": case.at.isoformat()}
    if duty:
        data["duty"] = duty
    if within:
        data["within"] = [within.n, within.unit.value]
    return NewTask(REPORT_IN, unit=unit, due=ground.report, chase=ground.report_rung, data=data)


def _busy(case: Snapshot) -> set[UUID]:
    """Who is called already, or has to check or decide."""
    return {t.unit for t in case.tasks if t.name in UNDER_WAY}


def summon(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Each department gets a task of its own; who is called already is not called twice."""
    ground = GROUNDS[data.get("ground", BEYOND.name)]
    busy = {*_busy(case), case.unit}
    units = [u for u in dict.fromkeys(data["units"]) if u not in busy]
    if not units:
        raise Refused(_("这些单位已经在办，不用再吹哨。"), field="units")
    duties, limits = data.get("duties", {}), data.get("within", {})
    tasks = tuple(
        _called(u, ground, case, duty=duties.get(str(u), ""), within=limits.get(str(u)))
        for u in units
    )
    return Changes(
        join=tuple(units), tasks=tasks, urgent=ground is URGENT or None,
        figures=_added({"whistles": 1}, *(_summoned(u, ground) for u in units)),
    )  # fmt: skip


def _mine(case: Snapshot, name: str, unit: UUID) -> OpenTask:
    """The open task of this unit. Raises Refused."""
    for task in case.tasks:
        if task.name == name and task.unit == unit:
            return task
    raise Refused(_("本单位在此案中没有这一项任务。"))


def _chases_of(case: Snapshot, task: OpenTask) -> tuple[tuple[int, int], ...]:
    """What was given to others because this task was late."""
    return tuple(
        (t.seq, t.n) for t in case.tasks
        if t.name == CHASE and t.data.get("late") == [task.seq, task.n]
    )  # fmt: skip


def _done(case: Snapshot, task: OpenTask) -> tuple[tuple[int, int], ...]:
    return ((task.seq, task.n), *_chases_of(case, task))


def _within_limit(case: Snapshot, task: OpenTask) -> bool:
    return task.due_at is None or case.at <= task.due_at


def _bucket(since: str, at: datetime) -> str:
    took = (at - datetime.fromisoformat(since)).total_seconds() / 60
    return next((str(b) for b in BUCKETS if took <= b), "more")


def _remedy(task: OpenTask, unit: UUID, **more: Any) -> NewTask:
    ground = GROUNDS[task.data["ground"]]
    own = task.data.get("within")
    due: Clock | Span = Span(own[0], Unit(own[1])) if own else ground.remedy
    return NewTask(REMEDY, unit=unit, due=due, chase=ground.remedy_rung,
                   data={**_same(task), **more})  # fmt: skip


def _same(task: OpenTask) -> dict[str, Any]:
    """What goes from one task of a department to its next."""
    kept = {"ground", "since", "duty", "within", "noted"}
    return {k: v for k, v in task.data.items() if k in kept}


def _reported(case: Snapshot, task: OpenTask) -> dict[str, int]:
    how = {"reported": 1, f"in.{_bucket(task.data['since'], case.at)}": 1}
    if _within_limit(case, task):
        how["reported_in_time"] = 1
    return _added(*(counted(task.unit, what, n) for what, n in how.items()))


def come(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The department is there, or says why it acts from afar; it takes the duty or disputes it."""
    task = _mine(case, REPORT_IN, _unit(by))
    if data.get("duty") == "dispute":
        judge = case.parent_unit or case.unit
        about = {**_same(task), "unit": str(task.unit)}
        if data.get("unit"):
            about["proposed"] = str(data["unit"])
        following = NewTask(DECIDE, unit=judge, due=working_days(1), data=about)
        figures = _added(_reported(case, task), counted(task.unit, "disputed"))
    else:
        following, figures = _remedy(task, task.unit), _reported(case, task)
    return Changes(
        tasks=(following,), join=(following.unit or case.unit,), done_tasks=_done(case, task),
        figures=figures,
    )  # fmt: skip


def came(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Noted by the holder for a body that does not use the system itself, such as an ambulance."""
    task = _named(case, data["task"], REPORT_IN)
    return Changes(
        tasks=(_remedy(task, task.unit, noted=True),), done_tasks=_done(case, task),
        figures=_reported(case, task),
    )  # fmt: skip


def _named(case: Snapshot, ref: tuple[int, int], name: str) -> OpenTask:
    for task in case.tasks:
        if task.name == name and (task.seq, task.n) == tuple(ref):
            return task
    raise Refused(_("这一项已经办结，或者不存在。"), field="task")


def judge(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Whose duty it is: the department keeps it, another one gets it, or the whistle falls."""
    task = _named(case, data["task"], DECIDE)
    if task.unit != _unit(by):
        raise Refused(_("这一项由别的单位裁定。"), field="task")
    disputing, verdict = UUID(task.data["unit"]), data["verdict"]
    tasks: tuple[NewTask, ...] = ()
    if verdict == "stands":
        tasks = (_remedy(task, disputing),)
    figures = counted(disputing, f"dispute_{verdict}")
    if verdict == "other":
        other, ground = data["unit"], GROUNDS[task.data["ground"]]
        if other in {disputing, case.unit}:
            raise Refused(_("请另选一个单位。"), field="unit")
        if other not in _busy(case):
            tasks = (_called(other, ground, case),)
            figures = _added(figures, _summoned(other, ground))
    return Changes(
        tasks=tasks, join=tuple(t.unit for t in tasks if t.unit),
        done_tasks=((task.seq, task.n),), figures=figures,
    )  # fmt: skip


def remedied(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What was done goes to whoever whistled, to be seen on site."""
    return _acted(case, _mine(case, REMEDY, _unit(by)))


def noted_remedied(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Only for a body whose arrival was noted too: others feed back themselves."""
    task = _named(case, data["task"], REMEDY)
    if not task.data.get("noted"):
        raise Refused(_("这个部门自己反馈。"), field="task")
    return _acted(case, task)


def _acted(case: Snapshot, task: OpenTask) -> Changes:
    checked = NewTask(
        INSPECT, unit=case.unit, due=working_days(3), data={**_same(task), "unit": str(task.unit)}
    )
    how = ["remedied"] + (["remedied_in_time"] if _within_limit(case, task) else [])
    return Changes(
        tasks=(checked,), done_tasks=_done(case, task),
        figures=_added(*(counted(task.unit, what) for what in how)),
    )  # fmt: skip


def check(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Seen on site: done, and the department is rated; or not, and it acts again."""
    task = _named(case, data["task"], INSPECT)
    unit = UUID(task.data["unit"])
    if data["outcome"] == "again":
        return Changes(
            tasks=(_remedy(task, unit),), join=(unit,), done_tasks=((task.seq, task.n),),
            figures=counted(unit, "redone"),
        )  # fmt: skip
    figures = counted(unit, "inspected")
    if data.get("stars"):
        figures = _added(
            figures, counted(unit, "rated"), counted(unit, "stars", int(data["stars"]))
        )
    return Changes(done_tasks=((task.seq, task.n),), figures=figures)


def chased(case: Snapshot, data: Data, by: Actor) -> Changes:
    mine = _unit(by)
    if not any(t.name == CHASE and t.unit == mine for t in case.tasks):
        raise Refused(_("没有要督促的部门。"))
    return Changes(done=(CHASE,), done_by=mine)


def hold_open(case: Snapshot, after: State, by: Actor) -> None:
    """Raises Refused while a department that was called has not been seen to have acted."""
    left = sum(t.name in UNDER_WAY for t in case.tasks)
    if after.settled and not case.state.final and isinstance(by, Holder) and left:
        raise Refused(_("还有 %(n)d 个部门没有报到、处置或核验，不能销号。") % {"n": left})


def whistle_with(
    form: type[Any], *, when: Sequence[State], then: State, by: Any, effect: Any = summon
) -> Act:
    """The whistle of a mechanism that has a form and a state of its own for it."""
    return Act("whistle", "吹哨", when=when, then=then, by=by, form=form, effect=effect)


# fmt: off
whistle = Act("whistle", "吹哨", when=OPEN, by=holder, form=forms.Whistle, effect=summon)
report_in = Act("report_in", "报到", when=OPEN, by=joined, form=forms.ReportIn, effect=come)
note_arrival = Act("note_arrival", "代记报到", when=OPEN, by=holder, form=forms.NoteArrival,
                   effect=came, quiet=True)
note_remedy = Act("note_remedy", "代记处置", when=OPEN, by=holder, form=forms.NoteRemedy,
                  effect=noted_remedied, quiet=True)
decide_duty = Act("decide_duty", "裁定职责", when=OPEN, by=(joined, holder), form=forms.DecideDuty,
                  effect=judge, quiet=True)
feed_back = Act("feed_back", "反馈处置", when=OPEN, by=joined, form=forms.FeedBack,
                effect=remedied)
inspect = Act("inspect", "核验处置并评价", when=OPEN, by=holder, form=forms.Inspect,
              effect=check, by_other_than=feed_back)
press = Act("press", "督促报到", when=OPEN, by=(joined, holder), form=forms.Press, effect=chased,
            quiet=True)
# fmt: on

WHISTLING = (
    whistle, report_in, note_arrival, note_remedy, decide_duty, feed_back, inspect, press,
)  # fmt: skip
FULFILS = {
    REPORT_IN: report_in, REMEDY: feed_back, DECIDE: decide_duty, INSPECT: inspect, CHASE: press,
}  # fmt: skip
