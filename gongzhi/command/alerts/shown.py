"""Alerts as pages show them: in words, as a chart of weeks, as lines of a sheet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue
from gongzhi.command.alerts.marking import STANDS, stand
from gongzhi.command.alerts.watching import LATE, WEEK
from gongzhi.command.models import Alert, Mark
from gongzhi.declare import registry
from gongzhi.networks.investigation import rounds
from gongzhi.networks.resolution import meetings
from gongzhi.people.posts import Holder
from gongzhi.places.search import name_of
from gongzhi.ui import words

STEP, TALL = 24, 160  # of a chart: from week to week, and the highest column


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert beside how it stands for the reader's unit."""

    alert: Alert
    stands: str

    @property
    def label(self) -> Any:
        return STANDS[self.stands]

    @property
    def matter(self) -> str:
        return matter(self.alert)

    @property
    def sunday(self) -> date:
        return last_day(self.alert)

    @property
    def times(self) -> float | None:
        """How many times as many as usual; of next to nothing there are no times."""
        return self.alert.n / self.alert.expected if self.alert.expected >= 1 else None


def last_day(alert: Alert) -> date:
    return date.fromordinal(alert.watch.week.toordinal() + WEEK.days - 1)


def kind(alert: Alert) -> str:
    """A kind of matter, all of a mechanism, or its limits that passed."""
    if alert.measure == LATE:
        return _("新逾期的期限")
    known = catalogue.every(registry.get(alert.mechanism))
    return str(known.get(alert.category, alert.category)) if alert.category else _("全部登记")


def matter(alert: Alert) -> str:
    return f"{words.label(registry.get(alert.mechanism))} · {kind(alert)}"


def shown(alerts: Iterable[Alert], by: Holder) -> list[Shown]:
    found = list(alerts)
    marks: dict[Any, list[Mark]] = {}
    for mark in Mark.objects.filter(alert__in=found):
        marks.setdefault(mark.alert_id, []).append(mark)
    return [Shown(a, stand(marks.get(a.id, []), by)) for a in found]


def chart(alert: Alert) -> dict[str, Any]:
    """A column for each week, the line at which an alert is raised, what is usual shaded."""
    most = max(*alert.recent, alert.limit, alert.high)
    first = len(alert.recent) - 1

    def y(n: float) -> float:
        return round(TALL - TALL * n / most, 1)

    weeks = [alert.watch.week - (first - n) * WEEK for n in range(len(alert.recent))]
    return {
        "width": STEP * len(weeks), "wide": STEP * len(weeks) + 28,
        "limit": y(alert.limit), "high": y(alert.high),
        "usual": round(TALL * (alert.high - alert.low) / most, 1), "expected": y(alert.expected),
        "weeks": [
            {"week": week, "n": n, "x": STEP * i, "y": y(n), "tall": round(TALL - y(n), 1),
             "short": f"{week:%m-%d}" if i % 5 == first % 5 else "", "this": i == first}
            for i, (week, n) in enumerate(zip(weeks, alert.recent, strict=True))
        ],
    }  # fmt: skip


def links(alert: Alert, by: Holder) -> dict[str, str]:
    """Where a leader goes from here: the cases, a round over the place, a joint meeting."""
    what = {"mechanism": alert.mechanism, "category": alert.category}
    where = {"place": alert.place, **{name: said for name, said in what.items() if said}}
    title = f"{name_of(alert.place)} · {kind(alert) if alert.category else matter(alert)}"[:60]
    found = {"cases": f"{reverse('desk:list')}?{urlencode({'kind': 'place', **where})}"}
    if rounds.may_declare(by, alert.place):
        found["round"] = _to("networks:declare_round", {**where, "title": title})
    if meetings.may_convene(by):
        found["meeting"] = _to("networks:new_meeting", {**where, "title": title})
    return found


def _to(name: str, said: Mapping[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(said)}"


def head() -> list[str]:
    return [_("周一"), _("代码"), _("地方"), _("事项"), _("本周"), _("平常每周"), _("平常 95% 低"),
            _("平常 95% 高"), _("预警线"), "p", _("离散程度"), _("基线周数"), _("去年同周"),
            _("状态")]  # fmt: skip


def line(one: Shown) -> list[object]:
    a = one.alert
    return [a.watch.week.isoformat(), a.place, name_of(a.place), one.matter, a.n,
            round(a.expected, 2), a.low, a.high, a.limit, f"{a.p:.2g}", round(a.dispersion, 2),
            a.weeks, a.year_ago, str(one.label)]  # fmt: skip
