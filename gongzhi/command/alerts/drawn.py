"""The weeks of an alert as a chart, a table and a sheet: the same numbers in all three."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from gongzhi.cases.chances import clopper_pearson
from gongzhi.command.alerts.watching import WEEK
from gongzhi.command.models import Alert

STEP: Final = 24  # of a chart: from week to week
TALL: Final = 160  # the highest column


@dataclass(frozen=True, slots=True)
class Drawn:
    """A week: how many, or how many late of how many that ended."""

    week: date
    n: int
    ended: int | None

    @property
    def high(self) -> float:
        """What its column shows: a number, or a share in per cent."""
        return self.n if self.ended is None else 100 * self.n / max(self.ended, 1)

    @property
    def within(self) -> tuple[float, float] | None:
        """The 95 % interval of a share, in per cent."""
        if not self.ended:
            return None
        low, high = clopper_pearson(self.n, self.ended)
        return 100 * low, 100 * high


def weeks(alert: Alert) -> list[Drawn]:
    last = len(alert.recent) - 1
    ended: Sequence[int | None] = alert.ended_recent or [None] * len(alert.recent)
    return [
        Drawn(alert.watch.week - (last - i) * WEEK, n, of)
        for i, (n, of) in enumerate(zip(alert.recent, ended, strict=True))
    ]


def chart(alert: Alert) -> dict[str, Any]:
    """A column for each week, the line at which an alert is raised, what is usual shaded; of a
    share, each with its interval."""
    found = weeks(alert)
    unit = 1.0 if alert.ended is None else 100 / alert.ended
    limit, high, low = (unit * n for n in (alert.limit, alert.high, alert.low))
    # Intervals of weeks in which little ended would make all columns low: they are cut off.
    most = max(*(w.high for w in found), limit, high, *(found[-1].within or ()))
    last = len(found) - 1

    def y(n: float) -> float:
        return round(TALL - TALL * min(n, most) / most, 1)

    return {
        "width": STEP * len(found), "wide": STEP * len(found) + 28,
        "limit": y(limit), "high": y(high), "usual": round(TALL * (high - low) / most, 1),
        "weeks": [
            {"of": w, "x": STEP * i, "y": y(w.high), "tall": round(TALL - y(w.high), 1),
             "bar": [y(n) for n in w.within or ()], "this": i == last,
             "short": f"{w.week:%m-%d}" if i % 5 == last % 5 else ""}
            for i, w in enumerate(found)
        ],
    }  # fmt: skip


def sheet(alert: Alert) -> tuple[list[str], list[Sequence[object]]]:
    """The head and the lines of a sheet."""
    found = weeks(alert)
    if alert.ended is None:
        return [_("周一"), _("件数"), _("预警线")], [
            (w.week.isoformat(), w.n, alert.limit) for w in found
        ]
    head = [_("周一"), _("逾期办完"), _("办完的期限"), _("占比 %"), _("95% 低"), _("95% 高")]
    return head, [
        (w.week.isoformat(), w.n, w.ended, *(round(n, 1) for n in (w.high, *(w.within or ()))))
        for w in found
    ]
