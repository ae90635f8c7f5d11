"""Due times that were provisional are made final once the calendar reaches that far."""

from collections.abc import Callable
from datetime import datetime

from gongzhi.cases.act import act
from gongzhi.cases.linkage import recount as recount_act
from gongzhi.cases.models import ClockRun
from gongzhi.people.posts import Timer


def recount(*, now: datetime, progress: Callable[[str, float], None] | None = None) -> int:
    """An act of time on every open case with a provisional due time. Returns how many.

    Needs the owner's connection: time acts in nobody's name.
    """
    open_runs = ClockRun.objects.filter(provisional=True, ended_at=None)
    cases = list(open_runs.values_list("county", "case_id").distinct())
    for n, (county, id_) in enumerate(cases):
        key = f"recount/{now.isoformat()}"
        act((county, id_), recount_act, {}, key=key, now=now, by=Timer())
        if progress and n % 50 == 0:
            progress("recount", n / len(cases))
    return len(cases)
