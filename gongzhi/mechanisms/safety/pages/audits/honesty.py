"""The honesty index 自查一致率 of firms, counties and towns: counts, intervals, bars, a table."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.safety.pages.audits.listing import audits_room
from gongzhi.mechanisms.safety.pages.audits.showing import csv_of
from gongzhi.mechanisms.safety.pages.register.asking import place_asked, places_near
from gongzhi.mechanisms.safety.registers import honesty
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import paths
from gongzhi.ui.period import Period, usual
from gongzhi.ui.words import named, short_path

BY = {
    honesty.FIRMS: gettext_lazy("按企业"), "counties": gettext_lazy("按县（区）"),
    "towns": gettext_lazy("按镇街"),
}  # fmt: skip
ORDERS = {"name": gettext_lazy("名称"), "share": gettext_lazy("一致率从低到高")}


@as_post
def index(request: HttpRequest, by: Holder) -> HttpResponse:
    if not audits_room(by):
        raise Http404
    place = place_asked(request, by)
    kind, order = request.GET.get("by", honesty.FIRMS), request.GET.get("sort", "name")
    if kind not in BY or order not in ORDERS:
        raise Http404
    period = Period(request.GET)
    since, until = period.months()
    rows = honesty.rows(place, since, until, by=kind, order=order)
    paths([row.place for row in rows])  # all names at once
    if request.GET.get("as") == "csv":
        return _csv(rows)
    context = {
        "by": by, "tab": "honesty", "rows": [_cells(row) for row in rows], "kind": kind,
        "kinds": BY, "order": order, "orders": ORDERS, "period": period, "since": since,
        "until": until, "usual": usual(timezone.localdate()), "least": CURRENT.least,
        "query": f"place={place}&since={since}&until={until}", **places_near(place, by),
    }  # fmt: skip
    return render(request, "safety/audits/honesty.html", context)


def _cells(row: honesty.Row) -> dict[str, Any]:
    name = named(row.firm) if row.firm else short_path(row.place)
    return {"row": row, "name": name, "place": short_path(row.place) if row.firm else ""}


def _csv(rows: Sequence[honesty.Row]) -> HttpResponse:
    """What is too little to be told is told neither here."""
    head = [_("名称"), _("所在地"), _("审计场所"), _("审计查出的隐患"), _("自查也查出"),
            _("一致率 %"), _("区间下限 %"), _("区间上限 %"), _("样本太少")]  # fmt: skip
    lines = []
    for cells in map(_cells, rows):
        row: honesty.Row = cells["row"]
        low, high = row.interval or ("", "")
        told = [row.agreed, row.percent, low, high] if not row.small else [""] * 4
        lines.append([cells["name"], cells["place"], row.sites, row.hazards, *told,
                      _("是") if row.small else ""])  # fmt: skip
    return csv_of([head, *lines], "honesty")
