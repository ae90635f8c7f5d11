"""When each body that was called to a rescue came, beside its target: a picture and a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from gongzhi.cases.reading import CaseView
from gongzhi.mechanisms.roads.registers import parameters, rescue
from gongzhi.mechanisms.roads.registers.matters import group_of
from gongzhi.people.posts import Holder

WIDTH = 320
LANE = 34
LEFT, TOP = 8, 18


@dataclass(frozen=True, slots=True)
class Lane:
    """One department in the picture; lengths from the left."""

    came: rescue.Came
    y: int
    until: float
    target: float | None
    late: bool
    marks: Sequence[tuple[str, float]]


def part(view: CaseView, by: Holder, now: datetime) -> Mapping[str, Any] | None:
    """For cases of the group rescue."""
    if group_of(view.case.category) != "rescue":
        return None
    on = timezone.localdate(view.case.reported_at)
    came = list(rescue.came(view, parameters.ROADS.numbers(view.case.place, on)))
    return {"lanes": lanes(came, now), "width": WIDTH, "height": TOP + LANE * len(came)}


def lanes(came: Sequence[rescue.Came], now: datetime) -> list[Lane]:
    """Minutes since each was called, on one scale."""
    reach = [c.minutes or c.reported or 0 for c in came]
    longest = max([*reach, *(c.target or 0 for c in came)], default=0) * 1.1 or 1.0

    def x(minutes: int | None) -> float:
        return round(LEFT + (WIDTH - 2 * LEFT) * min((minutes or 0) / longest, 1.0), 1)

    found = []
    for n, c in enumerate(came):
        times = {"reported": c.reported, "there": c.minutes}
        marks = [(name, x(t)) for name, t in times.items() if t is not None]
        so_far = c.minutes if c.minutes is not None else c.after(now)
        target = None if c.target is None else x(c.target)
        found.append(Lane(c, TOP + n * LANE, x(so_far), target, c.late(now), marks))
    return found
