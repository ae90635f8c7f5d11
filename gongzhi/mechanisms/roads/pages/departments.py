"""Departments side by side, by place and period: figures with their counts, and never a person."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.mechanisms.roads.pages.accidents import sent, trail
from gongzhi.mechanisms.roads.registers import accidents, league, parameters
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.models import Division
from gongzhi.places.search import children
from gongzhi.ui.period import Period, usual
from gongzhi.ui.words import named, short_path

CSV = "text/csv; charset=utf-8"
DRAWN = 100  # percent are so many units wide


def minutes(bounds: tuple[int, int | None] | None) -> str:
    """An interval of minutes in words, such as 30–60 分钟."""
    if bounds is None:
        return "—"
    low, high = bounds
    if high is None:
        return _("超过 %(n)d 小时") % {"n": low // 60}
    if low < 60:
        return _("%(low)d–%(high)d 分钟") % {"low": low, "high": high}
    return _("%(low)d–%(high)d 小时") % {"low": low // 60, "high": high // 60}


def _cells(row: league.Row) -> dict[str, Any]:
    return {
        "row": row, "name": named(row.unit), "place": short_path(row.unit.place),
        "median": minutes(row.median), "shares": [row.shares[name] for name in league.SHARES],
        "mix": [(label, n) for label, n in row.grounds if n],
        "disputes": [(label, n) for label, n in row.disputes if n],
    }  # fmt: skip


@as_post
def departments(request: HttpRequest, by: Holder) -> HttpResponse:
    """By name unless another order is asked for; who was called seldom is never ordered."""
    code, order = request.GET.get("place") or by.place, request.GET.get("sort", "name")
    here = Division.objects.filter(code=code).first()
    if here is None or not code.startswith(by.place) or order not in {"name", *league.SHARES}:
        raise Http404
    period = Period(request.GET)
    since, until = period.months()
    least = parameters.ROADS.numbers(code, timezone.localdate())["league.least"]
    rows = league.rows(code, since, until, least=least, order=order, by=by)
    if request.GET.get("as") in {"xlsx", "csv"}:
        return _exported(rows, request.GET["as"])
    context = {
        "by": by, "reads": accidents.may_read(by),
        "here": code, "trail": trail(code, by), "children": children(code),
        "period": period, "since": since, "until": until, "usual": usual(timezone.localdate()),
        "rows": [_cells(row) for row in rows], "least": least, "order": order,
        "orders": [("name", _("名称")), *((n, s[0]) for n, s in league.SHARES.items())],
        "formulas": [(label, formula) for label, formula, _over, _under in league.SHARES.values()],
        "all": league.oversees(by), "query": f"since={since}&until={until}",
    }  # fmt: skip
    return render(request, "roads/departments/list.html", context)


def _exported(rows: Sequence[league.Row], kind: str) -> HttpResponse:
    head = [_("部门"), _("所在地"), _("被吹哨"), _("报到用时中位数")]
    for label, _formula, _over, _under in league.SHARES.values():
        head += [f"{label} %", f"{label} {_('分子')}", f"{label} {_('分母')}"]
    head += [_("评价均分（满分 3）"), _("评价次数"), _("样本太少")]
    lines: list[list[object]] = []
    for cells in map(_cells, rows):
        row: league.Row = cells["row"]
        shares = [x for s in cells["shares"] for x in (s.percent, s.over, s.under)]
        stars = None if row.stars is None else round(row.stars, 2)
        lines.append([cells["name"], cells["place"], row.summoned, cells["median"], *shares, stars,
                      row.counts.get("rated", 0), _("是") if row.small else ""])  # fmt: skip
    if kind == "xlsx":
        return sent(sheets.made_of(head, lines), "departments")
    out = io.StringIO()
    csv.writer(out).writerows([head, *([sheets.safe(v) for v in line] for line in lines)])
    # Excel takes a file without this mark for another encoding.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV)
    response["Content-Disposition"] = 'attachment; filename="departments.csv"'
    return response
