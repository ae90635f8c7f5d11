"""What stories ask of a dispute."""

from datetime import timedelta

from gongzhi.cases import rollups
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.reading import acts_open_to, seen_by
from gongzhi.cases.testing import BEGAN, LINE, Told
from gongzhi.declare import Act
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within


def open_to(who: Holder, case: Told) -> list[Act]:
    return acts_open_to(who, seen_by(who, *case.ref))


def clocks_of(case: Told) -> dict[str, str]:
    """The clocks that have not ended, and how they stand."""
    with within(case.resident.scope):
        found = ClockRun.objects.filter(case_id=case.receipt.id, ended_at=None)
        return dict(found.values_list("name", "status"))


def late(case: Told, clock: str) -> bool:
    return clocks_of(case).get(clock) == "late"


def tasks_of(case: Told, *names: str) -> list[Task]:
    """Open tasks of these names, the most pressing first."""
    with within(case.resident.scope):
        found = Task.objects.filter(case_id=case.receipt.id, done_at=None, name__in=names)
        return list(found.order_by("due_at", "n"))


def counted(*figures: str, place: str = LINE[0]) -> dict[str, int]:
    """What was counted so far."""
    day = BEGAN.date()
    with within(Scope(place=place)):
        found = rollups.flows([place], figures, since=day, until=day + timedelta(days=800))
    return found.get(place, {})
