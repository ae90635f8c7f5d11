"""Alerts as pages show them: in words, with where they lead, as lines of a sheet."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import catalogue, rollups, worklists
from gongzhi.cases.transition import SHARED
from gongzhi.command.alerts.following import acted_on
from gongzhi.command.alerts.marking import ACTED, STANDS, stand
from gongzhi.command.alerts.watching import BREACHED, LATE, SHARE, WEEK
from gongzhi.command.models import Alert, Mark
from gongzhi.declare import registry
from gongzhi.networks.investigation import rounds
from gongzhi.networks.resolution import meetings
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.places.search import name_of
from gongzhi.ui import words

LIMITS: Final = {LATE: gettext_lazy("新逾期的期限"), SHARE: gettext_lazy("逾期办完的占比")}
EACH: Final = {LATE: f"{LATE}.", SHARE: f"{BREACHED}."}  # figures of single limits


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
    def percent(self) -> dict[str, float] | None:
        """Of a share: its numbers in per cent of those that ended."""
        a = self.alert
        if not a.ended:
            return None
        said = {"n": a.n, "expected": a.expected, "low": a.low, "high": a.high, "limit": a.limit}
        return {name: 100 * n / a.ended for name, n in said.items()}

    @property
    def late_before(self) -> int | None:
        a = self.alert
        return a.ended and a.ended_before and round(a.expected / a.ended * a.ended_before)

    @property
    def times(self) -> float | None:
        """How many times as many as usual; of next to nothing there are no times."""
        return self.alert.n / self.alert.expected if self.alert.expected >= 1 else None


def last_day(alert: Alert) -> date:
    return date.fromordinal(alert.watch.week.toordinal() + WEEK.days - 1)


def kind(alert: Alert) -> str:
    """A kind of matter, all of a mechanism, or what is counted of its limits."""
    if alert.measure in LIMITS:
        return str(LIMITS[alert.measure])
    known = catalogue.every(registry.get(alert.mechanism))
    return str(known.get(alert.category, alert.category)) if alert.category else _("全部登记")


def matter(alert: Alert) -> str:
    return f"{words.label(registry.get(alert.mechanism))} · {kind(alert)}"


def shown(alerts: Iterable[Alert], by: Holder) -> list[Shown]:
    found = list(alerts)
    marks: dict[Any, list[Mark]] = {}
    for mark in Mark.objects.filter(alert__in=found):
        marks.setdefault(mark.alert_id, []).append(mark)
    acted = acted_on(found, by)
    return [Shown(a, ACTED if a.id in acted else stand(marks.get(a.id, []), by)) for a in found]


def told(alert: Alert) -> str:
    """What came and what is usual, in one half-sentence."""
    if alert.ended is None:
        return _("%(n)d 件，平常 %(expected).1f 件") % {
            "n": alert.n, "expected": alert.expected
        }  # fmt: skip
    return _("办完 %(ended)d 个期限，%(n)d 个逾期，平常 %(expected).1f 个") % {
        "ended": alert.ended, "n": alert.n, "expected": alert.expected
    }  # fmt: skip


def links(alert: Alert, by: Holder) -> dict[str, str]:
    """Where a leader goes from here: the cases, a round over the place, a joint meeting."""
    what = {"mechanism": alert.mechanism, "category": alert.category}
    where = {"place": alert.place, **{name: said for name, said in what.items() if said}}
    named = f"{name_of(alert.place)} · {kind(alert) if alert.category else matter(alert)}"[:60]
    made = {**where, "title": named, "alert": str(alert.id)}
    late = {"overdue": "1"} if alert.measure in LIMITS else {}
    found = {"cases": _to("desk:list", {"kind": "place", **where, **late})}
    if rounds.may_declare(by, alert.place):
        found["round"] = _to("networks:declare_round", {
            **made, "category": alert.category or _kind(alert, by), "measure": alert.measure,
            "week": alert.watch.week.isoformat(),
        })  # fmt: skip
    if meetings.may_convene(by):
        found["meeting"] = _to("networks:new_meeting", {**made, **late})
    return found


def _kind(alert: Alert, by: Holder) -> str:
    """What a round finds is registered as one kind: that of which most came in the week, or, of an
    alert of limits, that of most of the cases which are overdue and press most."""
    came = _came(alert, "category.")
    if alert.measure in LIMITS:
        wanted = {"place": alert.place, "mechanism": alert.mechanism, "overdue": "1"}
        late = Counter(c.category for c in worklists.page("place", by, wanted).rows)
        came = late or came
    return max(came, key=lambda name: came[name], default="")


def limits(alert: Alert) -> Sequence[tuple[str, int]]:
    """Which limits passed, or ended late, in the week, how many of each: the most first."""
    if alert.measure not in EACH:
        return []
    known = {c.name: words.label(c) for c in (*registry.get(alert.mechanism).clocks, *SHARED)}
    came = _came(alert, EACH[alert.measure]).items()
    return sorted(((known.get(name, name), n) for name, n in came if n > 0), key=lambda x: -x[1])


def _came(alert: Alert, figures: str) -> dict[str, int]:
    """Figures of its place and mechanism in its week that begin so, without this beginning."""
    week = alert.watch.week
    with within(Scope(place=alert.place)):
        came = rollups.flows([alert.place], [f"{figures}%"], since=week, until=week + WEEK,
                             mechanism=alert.mechanism)[alert.place]  # fmt: skip
    return {figure.removeprefix(figures): n for figure, n in came.items()}


def _to(name: str, said: Mapping[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(said)}"


def head() -> list[str]:
    return [_("周一"), _("代码"), _("地方"), _("事项"), _("本周"), _("平常每周"), _("平常 95% 低"),
            _("平常 95% 高"), _("预警线"), "p", _("离散程度"), _("基线周数"), _("去年同周"),
            _("办完的期限"), _("状态")]  # fmt: skip


def line(one: Shown) -> list[object]:
    a = one.alert
    return [a.watch.week.isoformat(), a.place, name_of(a.place), one.matter, a.n,
            round(a.expected, 2), a.low, a.high, a.limit, f"{a.p:.2g}", round(a.dispersion, 2),
            a.weeks, a.year_ago, "" if a.ended is None else a.ended, str(one.label)]  # fmt: skip
