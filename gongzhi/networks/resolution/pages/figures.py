"""Figures of the linkage 联动分析: by level, by month, quarter or year, with formulas."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import rollups, sheets
from gongzhi.declare import Indicator, Level, registry
from gongzhi.networks.resolution.indicators import LINKAGE, steps
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children
from gongzhi.ui import words
from gongzhi.ui.columns import columns
from gongzhi.ui.period import STEPS, Period, months_between, step_of, usual

SMALL = 5  # below this many, a share says little and is marked
COUNTED = sorted({f"{figure}.%" for i in LINKAGE for figure in (*i.over, *i.under)})
LEVELS: tuple[Level | None, ...] = (*Level, None)  # the last one: all together
Figures = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """What an indicator comes to at one level, or at all of them."""

    indicator: Indicator
    level: Level | None
    over: int
    under: int

    @property
    def label(self) -> str:
        return words.level(self.level) if self.level else _("合计")

    @property
    def percent(self) -> int | None:
        return round(100 * self.over / self.under) if self.under else None

    @property
    def small(self) -> bool:
        return 0 < self.under < SMALL

    @property
    def text(self) -> str:
        if not self.indicator.under:
            return str(self.over)
        return "—" if self.percent is None else f"{self.percent}%（{self.over}/{self.under}）"


def cell(indicator: Indicator, of: Figures, level: Level | None) -> Cell:
    at = [level] if level else list(Level)

    def n(figures: tuple[str, ...]) -> int:
        return sum(of.get(f"{f}.{x.name.lower()}", 0) for f in figures for x in at)

    return Cell(indicator, level, n(indicator.over), n(indicator.under))


def row(indicator: Indicator, of: Figures) -> list[Cell]:
    return [cell(indicator, of, level) for level in LEVELS]


def by_step(own: Mapping[str, Figures], since: str, until: str, step: str) -> dict[str, Figures]:
    """All that was counted in each month, quarter or year; one of nothing stays in its place."""
    found: dict[str, Counter[str]] = {}
    for month in months_between(since, until):
        found.setdefault(step_of(month, step), Counter()).update(own.get(month, {}))
    return dict(found)


def _sheet(times: Mapping[str, Figures]) -> HttpResponse:
    """Every indicator at every time: a line for each, a column for each level."""
    head = [_("指标"), _("时间"), *(c.label for c in row(steps, {})), _("怎样计算")]

    def lines() -> Iterator[list[str]]:
        for indicator in LINKAGE:
            for time, figures in times.items():
                yield [words.label(indicator), time, *(c.text for c in row(indicator, figures)),
                       _(indicator.formula)]  # fmt: skip

    response = HttpResponse(sheets.made_of(head, lines()), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="linkage.xlsx"'
    return response


def _asked(request: HttpRequest, by: Holder) -> tuple[str, str, Indicator, str]:
    """Place, mechanism (empty: all), indicator to draw, and step. Raises Http404."""
    code, mechanism = request.GET.get("place", by.place), request.GET.get("mechanism", "")
    drawn = {i.name: i for i in LINKAGE}.get(request.GET.get("of", steps.name))
    step = request.GET.get("by", "month")
    known = mechanism in {"", *(m.name for m in registry.every())}
    if not by.sees_place or not code.startswith(by.place) or not known:
        raise Http404
    if drawn is None or step not in STEPS or not Division.objects.filter(code=code).exists():
        raise Http404
    return code, mechanism, drawn, step


@as_post
def figures(request: HttpRequest, by: Holder) -> HttpResponse:
    code, mechanism, drawn, step = _asked(request, by)
    period = Period(request.GET)
    since, until = period.months()
    with within(by.scope):
        own = rollups.months(code, [], COUNTED, since=since, until=until, mechanism=mechanism).own
    times = by_step(own, since, until, step)
    if request.GET.get("as") == "xlsx":
        return _sheet(times)
    together: Counter[str] = sum(map(Counter, times.values()), Counter())
    totals = {time: cell(drawn, of, None) for time, of in times.items()}
    context: dict[str, Any] = {
        "by": by, "place": code, "mechanism": mechanism, "mechanisms": registry.every(),
        "period": period, "since": since, "until": until,
        "usual": list(usual(timezone.localdate())),
        "step": step, "steps": STEPS.items(), "drawn": drawn, "indicators": LINKAGE,
        "heads": [c.label for c in row(drawn, {})],
        "table": [(i, row(i, together)) for i in LINKAGE],
        "times": [(time, row(drawn, of)) for time, of in times.items()
                  if totals[time].over or totals[time].under],
        "bars": columns({
            time: (c.under, c.over) if drawn.under else (c.over, 0) for time, c in totals.items()
        }),
        "below": children(code), "trail": [c for c in ancestors(code) if c.startswith(by.place)],
        "query": f"since={since}&until={until}&mechanism={mechanism}&by={step}",
    }  # fmt: skip
    return render(request, "resolution/figures.html", context)
