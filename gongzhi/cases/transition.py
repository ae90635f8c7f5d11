"""From a snapshot and an act to all that changes: pure arithmetic of states, clocks and tasks."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks
from gongzhi.cases.changes import Accused, Changes, NewTask, Refused
from gongzhi.cases.snapshot import OpenTask, Run, Snapshot, row_of
from gongzhi.declare import Act, Clock, Level, Mechanism, Span, State, working_days
from gongzhi.places.levels import level_of

# Custody is offered, then accepted or returned; nobody may leave an offer lying (lesson 1).
RECEIVE = Clock(
    "receive", "接收期限", working_days(1), runs_in=(), law="docs/adr/0005-posts-hold-cases.md",
    promise=True,
)  # fmt: skip

# Through the green channel 绿色通道 the same work has less time, beside what the law allows.
GREEN = Clock(
    "green", "绿色通道期限", working_days(20), runs_in=(),
    law="docs/adr/0018-leaders-plans-meetings.md", promise=True,
)  # fmt: skip
REMINDER = "reminder"  # of the fallback: act, or it goes up
SHARED = (RECEIVE, GREEN)  # clocks of all mechanisms

ENDS = {"running": "met", "late": "breached", "paused": "stopped"}
COUNTED = {"met", "breached"}


@dataclass(frozen=True, slots=True)
class Step:
    """One act in the making: when, its number in the ledger, and the working-day calendar.

    `origin`: the declared category that one which the city added follows. `limited`: a clock with
    the period that is in force at a time.
    """

    at: datetime
    seq: int
    calendar: clocks.Calendar
    origin: Callable[[str], str] = str
    limited: Callable[[Clock, datetime], Clock] = lambda clock, _at: clock


def wanted_clocks(
    mechanism: Mechanism, state: State, *, category: str, channel: str, level: Level | None,
    offered: bool, green: bool,
) -> dict[str, Clock]:  # fmt: skip
    """The clocks that must run while a case of this kind stands so, with a unit of this level."""
    found = {
        c.name: c
        for c in mechanism.running_in(state)
        if (not c.categories or category in c.categories)
        and (not c.channels or channel in c.channels)
        and c.at in {None, level}
    }
    if offered and not state.final:
        found[RECEIVE.name] = RECEIVE
    if green and not state.final:
        found[GREEN.name] = GREEN
    return found


def start(clock: Clock, step: Step) -> Run:
    due = clocks.due(step.at, step.limited(clock, step.at).span, step.calendar)
    return Run(clock.name, step.seq, "running", step.at, due.at, due.provisional)


def _go_on(run: Run, clock: Clock | None, paused: bool, step: Step) -> Run:
    """What becomes of an open run: it ends, pauses, resumes or runs on."""
    if paused and run.status == "running":
        return replace(run, status="paused", paused_at=step.at)
    if paused or (clock and run.status != "paused"):
        return run
    if clock and run.paused_at:
        span = step.limited(clock, run.started_at).span
        due = clocks.resume_due(
            run.due_at, run.paused_at, step.at, span, step.calendar,
            started_at=run.started_at,
        )  # fmt: skip
        return replace(
            run, status="running", paused_at=None, due_at=due.at, provisional=due.provisional
        )
    return replace(run, status=ENDS[run.status], ended_at=step.at)


def _extended(run: Run, clock: Clock, until: datetime | None, step: Step) -> Run:
    """By all that it may be; until a day before that, where the act names one."""
    if clock.extend is None or run.extended or run.status not in {"running", "paused"}:
        raise Refused(_("这个期限不能再延长。"))
    due = clocks.due(run.due_at, clock.extend, step.calendar)
    if until is None:
        return replace(run, due_at=due.at, provisional=due.provisional, extended=True)
    if not run.due_at < until <= due.at:
        raise Refused(_("这个期限最多延长到%(day)s。") % {"day": clocks.local(due.at).date()})
    return replace(run, due_at=until, provisional=False, extended=True)


def _begun(clock: Clock, until: datetime | None, step: Step) -> Run:
    """What this act starts; a dated clock ends on the day that the act names."""
    run = start(clock, step)
    return replace(run, due_at=until, provisional=False) if clock.dated and until else run


def _recounted(run: Run, wanted: Mapping[str, Clock], step: Step) -> Run:
    """A provisional due time under the calendar as it is known now."""
    clock = wanted.get(run.name)
    if clock is None or not run.provisional or run.ended_at:
        return run
    span = step.limited(clock, run.started_at).span
    if clock.pauses_in:
        due = clocks.due_again(run.due_at, run.paused_at or step.at, span, step.calendar)
        return replace(run, due_at=due.at, provisional=due.provisional)
    due = clocks.due(run.started_at, span, step.calendar)
    if run.extended and clock.extend:
        due = clocks.due(due.at, clock.extend, step.calendar)
    return replace(run, due_at=due.at, provisional=due.provisional)


def runs_after(
    case: Snapshot, after: State, *, offered: bool, changes: Changes, step: Step
) -> list[Run]:
    """All runs that are open now or that this step ends, as they are afterwards."""
    category = step.origin(changes.category or case.category)
    wanted = wanted_clocks(
        case.mechanism, after, category=category, channel=case.channel, offered=offered,
        level=changes.level or level_of(case.holder_place),
        green=bool({**case.facts, **changes.facts}.get("green")),
    )  # fmt: skip
    pausing = {c.name for c in case.mechanism.clocks if after in c.pauses_in}
    # A new offer to another unit is a new stage: its receiving clock starts afresh.
    fresh = {RECEIVE.name} if changes.unit and changes.unit != case.unit else set()
    runs = []
    for run in case.clocks:
        clock = None if run.name in fresh else wanted.get(run.name)
        runs.append(_go_on(run, clock, run.name in pausing, step))
    declared = {c.name: c for c in case.mechanism.clocks}
    for name in changes.extend:
        chosen = next((r for r in runs if r.name == name and not r.ended_at), None)
        if chosen is None:
            raise Refused(_("这个期限不能再延长。"))
        longer = _extended(chosen, declared[name], changes.limits.get(name), step)
        runs = [longer if r is chosen else r for r in runs]
    if changes.recount:
        runs = [_recounted(r, wanted, step) for r in runs]
    still = {r.name for r in runs if r.ended_at is None}
    started = [
        _begun(c, changes.limits.get(name), step) for name, c in wanted.items() if name not in still
    ]
    return runs + started


def _due(task: NewTask, step: Step) -> datetime | None:
    span = step.limited(task.due, step.at).span if isinstance(task.due, Clock) else task.due
    return clocks.due(step.at, span, step.calendar).at if isinstance(span, Span) else span


def _rungs(task: NewTask, due: datetime | None, step: Step) -> dict[str, Any]:
    """When the late one is reminded, when the unit above is told, when a leader of the county."""
    if task.chase is None or due is None:
        return {}
    second = clocks.due(due, task.chase, step.calendar).at
    third = clocks.due(second, task.chase, step.calendar).at
    return {"rungs": [t.isoformat() for t in (due, second, third)], "rung": 0}


def new_tasks(tasks: Sequence[NewTask], unit: UUID | None, step: Step) -> list[dict[str, Any]]:
    """Rows of tasks; one without a unit is for the holder (None: the database routes it)."""
    return [_row(n, task, unit, step) for n, task in enumerate(tasks)]


def _row(n: int, task: NewTask, unit: UUID | None, step: Step) -> dict[str, Any]:
    due = _due(task, step)
    return {
        "seq": step.seq,
        "n": n,
        "name": task.name,
        "unit": task.unit or unit,
        "post": task.post,
        "due_at": due,
        "done_at": None,
        "data": {**task.data, **_rungs(task, due, step)},
    }


def _fulfilled(task: OpenTask, changes: Changes) -> bool:
    if (task.seq, task.n) in changes.done_tasks:
        return True
    mine = changes.done_by is None or task.unit == changes.done_by
    return mine and task.name in changes.done


def _is_over(task: OpenTask, case: Snapshot, custody: Mapping[str, Any], *, overdue: bool) -> bool:
    """Whoever is complained about has no task; nor is the new holder still called in beside it; nor
    is anybody reminded of what is late no more, or is another's now."""
    if task.name == REMINDER and (not overdue or custody["unit"] != case.unit):
        return True
    if {task.unit, task.post} & {*custody["hidden"]}:
        return True
    return task.unit == custody["unit"] != case.unit and task.post is None


def _touched_tasks(
    case: Snapshot, after: State, changes: Changes, custody: Mapping[str, Any], step: Step,
    *, overdue: bool,
) -> list[OpenTask]:  # fmt: skip
    """The open tasks that this act ends or, with the case, gives to the new holder."""
    found = []
    for task in case.tasks:
        if (
            after.final
            or _fulfilled(task, changes)
            or _is_over(task, case, custody, overdue=overdue)
        ):
            found.append(replace(task, done_at=step.at))
        elif task.unit == case.unit != custody["unit"] and task.post is None:
            found.append(replace(task, unit=custody["unit"]))
    return found


def _custody(case: Snapshot, changes: Changes, after: State) -> dict[str, Any]:
    """Holder, offer and who is concerned. The one complained about never becomes any of them."""
    unit = changes.unit or case.unit
    moved = unit != case.unit
    post = changes.post or (None if moved or changes.release else case.post)
    hidden = {*case.hidden, *changes.hide, *(p.who for p in changes.parties
                                             if p.who and p.side == "respondent")}  # fmt: skip
    called = {unit, post, *changes.join, *(t.unit for t in changes.tasks)}
    if (called | {t.post for t in changes.tasks}) & hidden:
        raise Accused
    offered = case.offered if changes.offered is None else changes.offered
    concerned = {*case.units, *called} - hidden - {None, post}
    return {
        "unit": unit,
        "post": post,
        "offered": offered and not after.final,
        "units": sorted((u for u in concerned if u), key=str),
        "hidden": sorted(hidden, key=str),
        "confined": case.confined if changes.confine is None else changes.confine,
    }


def _before(case: Snapshot) -> dict[str, Any]:
    return {
        "state": case.state.name,
        "phase": case.state.phase,
        "is_open": not case.state.final,
        "unit": case.unit,
        "post": case.post,
        "offered": case.offered,
        "units": sorted(case.units, key=str),
        "hidden": sorted(case.hidden, key=str),
        "confined": case.confined,
        "overdue": case.overdue,
        "facts": dict(case.facts),
        "urgent": case.urgent,
        "weight": case.weight,
        "category": case.category,
    }


def moved(before: State, after: State) -> dict[str, int]:
    """Figures of the phases: `now.` are stocks, the others flows."""
    found: Counter[str] = Counter()
    old = None if before.final else before.phase
    new = None if after.final else after.phase
    if old != new:
        found.update({f"now.open.{new}": 1} if new else {})
        found.subtract({f"now.open.{old}": 1} if old else {})
    if before.final and not after.final:
        found["reopened"] += 1
    if after.final and not before.final:
        found[f"closed.{after.name}"] += 1
    return dict(found)


def ended(before: State, after: State, category: str, place: str) -> dict[str, int]:
    """How cases of each kind end, and at which level they are settled."""
    if not after.final or before.final:
        return {}
    found = {f"ended.{after.name}.{category}": 1}
    if after.settled:
        found[f"settled.{level_of(place).name.lower()}.{category}"] = 1
    return found


def figures(case: Snapshot, after: State, overdue: bool, runs: Iterable[Run]) -> dict[str, int]:
    """What the step adds to the counters."""
    found = Counter(moved(case.state, after))
    found.update(ended(case.state, after, case.category, case.holder_place))
    found["now.overdue"] += overdue - case.overdue
    found.update(f"{r.status}.{r.name}" for r in runs if r.ended_at and r.status in COUNTED)
    return {name: n for name, n in found.items() if n}


def after_act(case: Snapshot, act: Act, changes: Changes, step: Step) -> dict[str, Any]:
    """The `changes` of the ledger entry: exactly what the projections take over."""
    after = act.then or case.state
    custody = _custody(case, changes, after)
    runs = runs_after(case, after, offered=custody["offered"], changes=changes, step=step)
    open_runs = [r for r in runs if r.ended_at is None]
    overdue = any(r.status == "late" for r in open_runs)
    columns: dict[str, Any] = {
        **_before(case),
        **custody,
        "state": after.name,
        "phase": after.phase,
        "is_open": not after.final,
        "overdue": overdue,
        "facts": _facts(case, changes, after),
        "urgent": case.urgent if changes.urgent is None else changes.urgent,
        "weight": case.weight if changes.weight is None else changes.weight,
        "category": changes.category or case.category,
    }
    before = _before(case)
    changed = {name: value for name, value in columns.items() if before[name] != value}
    changed["due_at"] = min((r.due_at for r in open_runs), default=None)
    if after.final != case.state.final:
        changed["closed_at"] = step.at if after.final else None
    touched = _touched_tasks(case, after, changes, custody, step, overdue=overdue)
    given = [] if after.final else new_tasks(changes.tasks, custody["unit"], step)
    counted = {**figures(case, after, overdue, runs), **changes.figures}
    return _compact(
        case=changed,
        clocks=[row_of(r) for r in runs if r not in case.clocks],
        tasks=[row_of(t) for t in touched] + given,
        figures=counted,
    )


def _facts(case: Snapshot, changes: Changes, after: State) -> dict[str, Any]:
    """What is taken up again must be agreed to again before it ends."""
    facts = {**case.facts, **changes.facts}
    if case.state.final and not after.final and facts.get("closing_approved"):
        facts["closing_approved"] = None
    return facts


def _compact(**parts: Mapping[str, Any] | list[Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part}


def at_start(
    mechanism: Mechanism, columns: Mapping[str, Any], tasks: Sequence[NewTask],
    counted: Mapping[str, int], step: Step,
) -> dict[str, Any]:  # fmt: skip
    """The `changes` of the entry that begins a case."""
    state = mechanism.starts.then
    if state is None:
        raise ValueError(f"{mechanism.name} begins in no state")
    category = step.origin(columns["category"])
    wanted = wanted_clocks(
        mechanism, state, category=category, channel=columns["channel"], level=None,
        offered=False, green=False,
    )  # fmt: skip
    runs = [start(c, step) for c in wanted.values()]
    figures = {
        f"now.open.{state.phase}": 1,
        "reported": 1,
        f"category.{columns['category']}": 1,
        f"channel.{columns['channel']}": 1,
        **counted,
    }
    return _compact(
        case={
            **columns,
            "mechanism": mechanism.name,
            "version": mechanism.version,
            "state": state.name,
            "phase": state.phase,
            "is_open": True,
            "offered": False,
            "overdue": False,
            "due_at": min(r.due_at for r in runs),
            "reported_at": step.at,
        },
        clocks=[row_of(r) for r in runs],
        tasks=new_tasks(tasks, None, step),
        figures=figures,
    )
