"""Beside a hazard just told: the one that was struck off there not long ago."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongzhi.cases.models import Case
from gongzhi.cases.reading import CaseView
from gongzhi.mechanisms.roads.mechanism import discovered, merge, recur
from gongzhi.mechanisms.roads.registers.recurring import COMES_BACK, SAME_PLACE, Sight, come_back
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within


def part(view: CaseView, by: Holder, now: datetime) -> Mapping[str, Any] | None:
    """None for a hazard that is dealt with already, or where none was before."""
    case = view.case
    if view.state is not discovered or case.longitude is None or case.latitude is None:
        return None
    sight = Sight(case.place, case.category, (case.longitude, case.latitude))
    (before,) = come_back([sight], now=now, by=by)
    if before is None:
        return None
    county, id_ = before
    with within(by.scope):
        found = Case.objects.get(county=county, id=id_)
    return {
        "before": found, "metres": SAME_PLACE, "days": COMES_BACK.days, "recur": recur,
        "merge": merge,
    }  # fmt: skip
