"""A black spot's case: its accidents, and once it was treated the time before and after.

Counts compare, and never say what caused what: a spot is chosen because it had many accidents, and
fewer would have followed anyway (regression to the mean; E. Hauer, Observational Before-After
Studies in Road Safety, 1997).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.cases import chances
from gongzhi.cases.reading import CaseView
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.registers import black_spots, parameters
from gongzhi.people.posts import Holder

WIDTH = 320


@dataclass(frozen=True, slots=True)
class Bars:
    """Two bars on one scale."""

    before: float
    after: float


def part(view: CaseView, by: Holder, now: datetime) -> Mapping[str, Any] | None:
    if "spot" not in view.case.facts:
        return None
    rows = black_spots.there(view.case)
    told: dict[str, Any] = {
        "spot": view.case.facts["spot"], "rule": _rule(view.case.facts["spot"]),
        "own": [a for a in rows if a.case == view.case.id], "width": WIDTH,
    }  # fmt: skip
    of = black_spots.periods(view.case, now)
    return told if of is None else told | _compared(rows, of)


def _rule(spot: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    known = parameters.KNOWN
    return [(known[name].label, known[name].said(n)) for name, n in spot["rule"].items()]


def _compared(rows: Sequence[Accident], of: black_spots.Periods) -> dict[str, Any]:
    before, after = black_spots.counts(rows, of)
    compared = chances.compare(before, of.days, after, of.days)
    most = max(before, after, 1)
    bars = Bars(round((WIDTH - 60) * before / most, 1), round((WIDTH - 60) * after / most, 1))
    return {"periods": of, "compared": compared, "bars": bars, "alpha": chances.ALPHA}
