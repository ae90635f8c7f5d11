"""What falls due by itself: one call of SQL for each declared clock and state, never a loop over
cases."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from gongzhi.cases import limits, transition
from gongzhi.cases.act import encode
from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.hands import Work
from gongzhi.cases.snapshot import BREACH
from gongzhi.declare import Act, Clock, Mechanism, State, registry

BATCH = 5_000
DUE = "SELECT sweep_v1(%(mechanism)s, %(clock)s, %(state)s, %(at)s, %(plan)s, %(batch)s)"


def _breach(mechanism: Mechanism, state: State) -> dict[str, Any]:
    """No act declared: the breach is entered and the unit above is given the task to see to it."""
    return {
        "act": BREACH,
        "case": {},
        "late": "late",
        "keeps": [c.name for c in (*mechanism.clocks, *transition.SHARED)],
        "starts": [],
        "figures": {"late": 1},
        "ends": None,
        "task": "overdue",
    }


def _keeps(mechanism: Mechanism, clock: Clock, state: State, after: State) -> set[str]:
    """The clocks that run on, or stand still, through what this clock does when it is late."""
    if after.final:
        return set()
    before = {c.name for c in mechanism.running_in(state)}
    both = {c.name for c in mechanism.running_in(after)} & before
    still = {c.name for c in mechanism.clocks if {state, after} <= {*c.pauses_in}}
    return (both | still | {c.name for c in transition.SHARED}) - {clock.name}


def _start(clock: Clock, step: transition.Step) -> dict[str, Any]:
    run = asdict(transition.start(clock, step))
    at = {"at": clock.at.name.lower()} if clock.at else {}
    return {k: v for k, v in run.items() if k in STARTED} | at


def _late_act(
    mechanism: Mechanism, state: State, clock: Clock, late: Act, at: datetime
) -> dict[str, Any]:
    """What the declared act does to every case whose clock has run out.

    The clock itself begins again where it still has to run.
    """
    after = late.then or state
    step = transition.Step(
        at, 0, working_calendar(), limited=partial(limits.in_force, mechanism.name)
    )
    keeps = _keeps(mechanism, clock, state, after) - (
        {transition.RECEIVE.name} if late.up else set()
    )
    starts = [_start(c, step) for c in mechanism.running_in(after) if c.name not in keeps]
    columns: dict[str, Any] = {
        "state": after.name,
        "phase": after.phase,
        "is_open": not after.final,
    }
    if after.final:
        columns |= {"closed_at": at, "offered": False}
    return {
        "act": late.name,
        "case": columns,
        "late": "met",
        "keeps": sorted(keeps),
        "starts": starts,
        "figures": transition.moved(state, after),
        "ends": after.name if after.final else None,
        "task": None,
        "receive": _start(transition.RECEIVE, step) if late.up else None,
    }


STARTED = {"name", "due_at", "provisional"}


def _plans(mechanism: Mechanism, at: datetime) -> Iterator[tuple[Clock, State, dict[str, Any]]]:
    for state in mechanism.states:
        for clock in (*mechanism.running_in(state), *transition.SHARED):
            if state.final:
                continue
            if clock.late is None or clock.late.then is state:
                yield clock, state, _breach(mechanism, state)
            else:
                yield clock, state, _late_act(mechanism, state, clock, clock.late, at)


def sweep(now: datetime) -> int:
    """Do what time does for everything that is due. Returns how many clocks fell due."""
    swept = 0
    for mechanism in registry.every():
        for clock, state, plan in _plans(mechanism, now):
            asked = {
                "mechanism": mechanism.name, "clock": clock.name, "state": state.name, "at": now,
                "plan": encode(plan),
            }  # fmt: skip
            swept += Work(DUE, asked, alias="default", batch=BATCH).until_done()
    return swept
