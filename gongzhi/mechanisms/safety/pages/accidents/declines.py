"""Three declines on a page: counts side by side, pictures with their tables, and CSV."""

import csv
import io
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.pages.accidents.asking import month_asked, place_asked, tabs
from gongzhi.mechanisms.safety.pages.accidents.drawing import pairs
from gongzhi.mechanisms.safety.registers import declines
from gongzhi.mechanisms.safety.registers.industries import INDUSTRIES
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.names import name_of
from gongzhi.places.search import children

CSV = "text/csv; charset=utf-8"
Rows = list[tuple[str, Any, list[declines.Measure]]]  # code, name, the three


@as_post
def compared(request: HttpRequest, by: Holder) -> HttpResponse:
    place, month = place_asked(request, by), month_asked(request)
    kind = request.GET.get("kind", "ytd")
    if kind not in declines.KINDS:
        raise Http404
    below = [d.code for d in children(place)] if len(place) < Level.VILLAGE.digits else []
    period = declines.period(kind, month, today=timezone.localdate())
    found = declines.of(place, period, below=below)
    places: Rows = [
        (code, name_of(code) if code != place else _("没有写到下一级"), rows)
        for code, rows in found.places.items()
    ]
    industries: Rows = [(code, INDUSTRIES[code], rows) for code, rows in found.industries.items()]
    tables = {"totals": [(place, name_of(place), found.total)], "places": places,
              "industries": industries}  # fmt: skip
    if request.GET.get("as") == "csv":
        return _csv(tables.get(request.GET.get("of", "totals"), []), period)
    asked = {"kind": kind, "month": month}
    told = [one for one in places if below and not one[2][0].none]
    context = {
        **tabs(by, place, "declines"), "period": period, "total": found.total,
        "pairs": pairs((m.label, m) for m in found.total),
        "places": told, "quiet": len(places) - len(told) if below else 0, "industries": industries,
        "place_pairs": pairs((name, rows[0]) for _code, name, rows in told),
        "kinds": declines.KINDS, "kind": kind, "month": month, "query": urlencode(asked),
        "linked": set(below), "base": declines.BASE, "measures": declines.MEASURES,
        "lines": 3 + len(told) + len(industries),
        "trail": [c for c in ancestors(place) if c.startswith(by.place)],
    }  # fmt: skip
    return render(request, "safety/accidents/declines.html", context)


def _csv(rows: Rows, period: declines.Period) -> HttpResponse:
    head = [
        _("代码"), _("名称"), _("指标"), _("本期从"), _("本期到"), _("去年同期从"), _("去年同期到"),
        _("去年同期"), _("本期"), _("变化 %"), _("本期与去年同期之比"), _("95% 区间下限"),
        _("95% 区间上限"), "p", _("数量太少"), _("说明"),
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([head, *_lines(rows, period)])
    # Excel takes a file without this mark for another encoding.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV)
    response["Content-Disposition"] = 'attachment; filename="declines.csv"'
    return response


def _lines(rows: Rows, of: declines.Period) -> Iterable[list[object]]:
    days = [d.isoformat() for d in (of.since, of.last, of.before_since, of.before_last)]
    for code, name, measures in rows:
        for m in measures:
            high = None if m.high is None else round(m.high, 3)
            ratio = None if m.ratio is None else round(m.ratio, 3)
            said = [
                code,
                str(name),
                str(m.label),
                *days,
                m.before,
                m.after,
                m.percent,
                ratio,
                round(m.low, 3),
                high,
                round(m.p, 4),
                _("是") if m.too_few else "",
                m.words,
            ]
            yield [sheets.safe(v) for v in said]
