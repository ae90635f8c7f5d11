"""The filter as a page: how many disputes are settled where, before they reach the court."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue, sheets
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.mechanisms.mediation.network.figures import (
    LEVELS,
    OTHERWISE,
    Filtered,
    by_kind,
    months,
    summed,
    together,
)
from gongzhi.mechanisms.mediation.pages.ribbons import Ribbons, drawn
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, name_of
from gongzhi.ui.columns import columns
from gongzhi.ui.period import Period, months_between, usual

Words = str | Promise
SMALL = 5  # below this many, a share says little and is marked
AT_LEVEL: Mapping[str, Words] = {
    "village": _("村（社区）化解"), "town": _("镇（街）化解"), "county": _("县（区）化解"),
    "city": _("市级化解"), "province": _("省级化解"),
}  # fmt: skip
ENDED: Mapping[str, Words] = {
    "concluded": _("法院、仲裁办结"), "unsettled": _("未达成协议"), "broken_off": _("终止"),
    "withdrawn": _("撤回"), "refused": _("不予受理"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """A figure with its formula and the counts it is made of."""

    label: Words
    formula: Words
    over: int
    under: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.over / self.under) if self.under else None

    @property
    def small(self) -> bool:
        return self.under < SMALL


def shares(of: Filtered) -> list[Share]:
    """The formulas of the field reference: filter at a level, before filing, recurrence."""
    at_levels = [
        Share(AT_LEVEL[level], _("在这一级化解 ÷ 进入这一级"), of.settled.get(level, 0),
              of.at.get(level, 0))
        for level in LEVELS if of.at.get(level)
    ]  # fmt: skip
    return [
        Share(_("诉前化解率"), _("没有立案就化解 ÷ 全部进入"), of.before_filing, of.entered),
        *at_levels,
        Share(_("进入法院、仲裁"), _("立案（受理）÷ 全部进入"), of.filed, of.entered),
        Share(_("90 天内反复"), _("90 天内又来 ÷ 化解"), of.recurred, of.all_settled),
    ]


def outcomes(of: Filtered) -> list[tuple[str, Words, int]]:
    """How disputes ended, each with its name; what did not happen is left out."""
    ends = [(level, AT_LEVEL[level], of.settled.get(level, 0)) for level in LEVELS]
    ends += [(state, ENDED[state], of.ended.get(state, 0)) for state in OTHERWISE]
    return [end for end in ends if end[2]]


def _row(label: str, of: Filtered, link: str = "") -> dict[str, Any]:
    return {
        "label": label, "link": link, "of": of, "share": shares(of)[0],
        "near": of.settled.get("village", 0) + of.settled.get("town", 0),
        "above": of.all_settled - of.settled.get("village", 0) - of.settled.get("town", 0),
        "court": of.ended.get("concluded", 0),
        "none": of.all_ended - of.all_settled - of.ended.get("concluded", 0),
    }  # fmt: skip


def _month_bars(
    found: Mapping[str, dict[str, int]], asked: Sequence[str], kind: str
) -> list[dict[str, Any]]:
    """Entered and settled side by side."""
    told = {month: summed(found.get(month, {}), kind) for month in asked}
    return columns({month: (f.entered, f.all_settled) for month, f in told.items()})


def _picture(of: Filtered) -> Ribbons | None:
    ends = [(name, str(label), n) for name, label, n in outcomes(of)]
    going_on = of.entered - sum(n for *_rest, n in ends)
    if going_on > 0:
        ends.append(("open", gettext("还在办"), going_on))
    return drawn(ends) if ends else None


@as_post
def filter_page(request: HttpRequest, by: Holder) -> HttpResponse:
    """One place and what lies right below it, in a period, of one kind or all."""
    code, kind = request.GET.get("place", by.place), request.GET.get("kind", "")
    kinds = catalogue.every(mediation)
    here = Division.objects.filter(code=code).first()
    if here is None or not code.startswith(by.place) or not by.sees_place or (
        kind and kind not in kinds
    ):  # fmt: skip
        raise Http404
    period = Period(request.GET)
    since, until = period.months()
    below = children(code)
    found = months(by.place, code, [d.code for d in below], since, until)
    own = together(found.own)
    context: dict[str, Any] = {
        "by": by, "here": here, "period": period, "since": since, "until": until, "kind": kind,
        "usual": list(usual(timezone.localdate())),
        "kinds": kinds.values(), "trail": [c for c in ancestors(code) if c.startswith(by.place)],
        "of": summed(own, kind), "shares": shares(summed(own, kind)),
        "outcomes": outcomes(summed(own, kind)), "picture": _picture(summed(own, kind)),
        "places": [
            _row(name_of(d.code), summed(found.below.get(d.code, {}), kind), d.code) for d in below
        ],
        "by_kind": [
            _row(str(kinds[name]), of, name)
            for name, of in by_kind(own).items() if name in kinds
        ],
        "months": _month_bars(found.own, months_between(since, until), kind),
        "query": f"since={since}&until={until}",
    }  # fmt: skip
    context["places"] = [row for row in context["places"] if row["of"].entered]
    context["by_kind"].sort(key=lambda row: -row["of"].entered)
    if request.GET.get("as") == "xlsx":
        return _sheet([*context["by_kind"], *context["places"]])
    return render(request, "mediation/filter/filter.html", context)


def _sheet(rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """The two tables of the page, one below the other."""
    head = [
        gettext("类型或地方"), gettext("进入"), gettext("村镇化解"), gettext("县市化解"),
        gettext("立案"), gettext("法院、仲裁办结"), gettext("其他结果"), gettext("诉前化解"),
    ]  # fmt: skip
    lines = [
        [r["label"], r["of"].entered, r["near"], r["above"], r["of"].filed, r["court"],
         r["none"], r["of"].before_filing]
        for r in rows
    ]  # fmt: skip
    response = HttpResponse(sheets.made_of(head, lines), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="filter.xlsx"'
    return response
