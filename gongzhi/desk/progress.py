"""The progress of a plan on one page 进度: each step, whose it is, by when, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.cases import plans, steps
from gongzhi.cases.models import Task
from gongzhi.cases.reading import CaseView, Line, case_for
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

WIDTH = 300.0


@dataclass(frozen=True, slots=True)
class Row:
    """One step: what, whose, from when to when; `x` and `width` place its bar on a common time."""

    what: str
    unit: Unit | None
    begun: datetime
    due: datetime | None
    done: datetime | None
    dropped: bool  # ended without being done: its unit was shut out, or the case was ended
    late: bool
    result: str
    x: float = 0.0
    width: float = 0.0
    due_x: float = 0.0


@dataclass(frozen=True, slots=True)
class Duty:
    """What a leader in charge has to do, and when it was done."""

    name: str
    due: datetime | None
    done: datetime | None
    late: bool


def _done_by(view: CaseView, task: Task) -> Line | None:
    """The act that finished a step."""
    done = (line for line in view.lines if line.entry.act == plans.carry_out.name)
    return next((x for x in done if x.entry.data.get("step") == [task.seq, task.n]), None)


def _row(view: CaseView, task: Task, now: datetime) -> Row:
    told = view.lines[task.seq - 1]
    by = _done_by(view, task)
    done = task.done_at if by else None
    end = task.done_at or now
    return Row(
        what=told.words.get(steps.field_of(task.data["n"]), ""), unit=view.units.get(task.unit),
        begun=told.entry.at, due=task.due_at, done=done,
        dropped=task.done_at is not None and not by,
        late=bool(task.due_at and task.due_at < end),
        result=by.words.get("note", "") if by else "",
    )  # fmt: skip


def rows(view: CaseView, now: datetime) -> list[Row]:
    """The steps of all plans and meetings, on one axis of time."""
    found = [_row(view, t, now) for t in view.tasks if t.name == steps.STEP]
    if not found:
        return []
    first = min(r.begun for r in found)
    last = max(max(r.done or now, r.due or now) for r in found)
    whole = max((last - first).total_seconds(), 1.0)

    def x(at: datetime) -> float:
        return round(WIDTH * (at - first).total_seconds() / whole, 1)

    return [
        Row(r.what, r.unit, r.begun, r.due, r.done, r.dropped, r.late, r.result, x(r.begun),
            max(x(r.done or now) - x(r.begun), 3.0), x(r.due or last))
        for r in found
    ]  # fmt: skip


def duties(view: CaseView, now: datetime) -> list[Duty]:
    """Of the leader in charge: meet the people, set the plan, agree to the closing."""
    found = [
        Duty(t.name, t.due_at, t.done_at, bool(t.due_at and t.due_at < (t.done_at or now)))
        for t in view.tasks
        if t.name in plans.LEADERS and str(t.post) == view.case.facts.get("leader_in_charge")
    ]  # fmt: skip
    approved = view.case.facts.get("closing_approved")
    at = datetime.fromisoformat(approved) if approved else None
    return [*found, Duty("approve", None, at, late=False)] if found else []


def summary(found: Sequence[Row]) -> dict[str, int]:
    return {
        "all": len(found),
        "done": sum(r.done is not None for r in found),
        "late": sum(r.late and r.done is None and not r.dropped for r in found),
    }


@as_post
def progress(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    view = case_for(by, county, id_)
    now = timezone.now()
    found = rows(view, now)
    context: dict[str, Any] = {
        "by": by, "view": view, "rows": found, "sum": summary(found), "duties": duties(view, now),
        "clocks": [c for c in view.running if c.run.name == "green"], "width": WIDTH,
    }  # fmt: skip
    return render(request, "desk/progress.html", context)
