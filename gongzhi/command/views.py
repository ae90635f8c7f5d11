"""Leaders' first page: how things stand in a place and right below it, down to the village."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import rollups, sheets
from gongzhi.command.map import shapes
from gongzhi.declare import Indicator, Level, Mechanism, Phase, registry
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, name_of
from gongzhi.ui import words

DAYS = 30  # what "lately" means on this page
SMALL = 5  # below this many, a share says little and is marked
FLOWS = ("reported", "settled.%")


def _share(indicator: Indicator, figures: Mapping[str, int]) -> dict[str, Any]:
    over = sum(figures.get(f, 0) for f in indicator.over)
    under = sum(figures.get(f, 0) for f in indicator.under)
    return {
        "indicator": indicator,
        "over": over,
        "under": under,
        "percent": round(100 * over / under) if under else None,
        "small": under < SMALL,
    }


def _of(m: Mechanism, code: str, since: date, until: date) -> list[dict[str, Any]]:
    """A mechanism's indicators: the figures of one never count for another."""
    names = sorted({f for i in m.indicators for f in (*i.over, *i.under)})
    found = rollups.flows([code], names, since=since, until=until, mechanism=m.name)
    return [_share(i, found.get(code, {})) for i in m.indicators]


def _levels(stocks: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many open cases units of each level hold, and how many of these are late."""
    found = [
        {"level": level, "held": stocks.get(f"now.held.{level.name.lower()}", 0),
         "late": stocks.get(f"now.late.{level.name.lower()}", 0)}
        for level in Level
    ]  # fmt: skip
    most = max(*(row["held"] for row in found), 1)
    return [
        {
            **row,
            "width": round(300 * row["held"] / most),
            "late_width": round(300 * row["late"] / most),
        }
        for row in found
    ]


def _open(stocks: Mapping[str, int]) -> int:
    return sum(n for name, n in stocks.items() if name.startswith("now.open."))


def _row(division: Division, stocks: Mapping[str, int], flows: Mapping[str, int]) -> dict[str, Any]:
    return {
        "code": division.code,
        "level": division.level,
        "open": _open(stocks),
        "overdue": stocks.get("now.overdue", 0),
        "reported": flows.get("reported", 0),
        "settled": sum(n for f, n in flows.items() if f.startswith("settled.")),
        "phases": [(p, stocks.get(f"now.open.{p}", 0)) for p in SHOWN],
    }


SHOWN: Sequence[Phase] = (Phase.REGISTER, Phase.DISPATCH, Phase.HANDLE, Phase.FEED_BACK)


ORDERS = ("overdue", "open", "reported", "settled")


@as_post
def place(request: HttpRequest, by: Holder) -> HttpResponse:
    """One place: its figures, its map or list of children, its indicators."""
    code, order = request.GET.get("place", by.place), request.GET.get("sort", ORDERS[0])
    here = Division.objects.filter(code=code).first()
    if here is None or not code.startswith(by.place) or not by.sees_place or order not in ORDERS:
        raise Http404
    below = children(code)
    codes = [code, *(d.code for d in below)]
    today = timezone.localdate()
    with within(Scope(place=by.place)):
        stocks = rollups.stocks(codes)
        since, until = today - timedelta(days=DAYS), today + timedelta(days=1)
        flows = rollups.flows(codes, FLOWS, since=since, until=until)
        indicators = [(m, _of(m, code, since, until)) for m in registry.every() if m.indicators]
    rows = [_row(d, stocks.get(d.code, {}), flows.get(d.code, {})) for d in below]
    rows.sort(key=lambda r: -r[order])
    if request.GET.get("as") == "xlsx":
        return _sheet(rows)
    own = _row(here, stocks.get(code, {}), flows.get(code, {}))
    context = {
        "by": by,
        "here": here,
        "own": own,
        "trail": [c for c in ancestors(code) if c.startswith(by.place)],
        "rows": rows,
        "order": order,
        "phases": own["phases"],
        "indicators": indicators,
        "levels": _levels(stocks.get(code, {})),
        "map": shapes(code, {r["code"]: r["open"] for r in rows}),
        "days": DAYS,
    }
    return render(request, "command/place.html", context)


def _sheet(rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """The table as it is ordered on the page."""
    head = [_("代码"), _("地方"), _("在办"), _("逾期"), *map(words.phase, SHOWN),
            _("近期登记"), _("近期化解")]  # fmt: skip
    lines = [
        [r["code"], name_of(r["code"]), r["open"], r["overdue"], *(n for _phase, n in r["phases"]),
         r["reported"], r["settled"]]
        for r in rows
    ]  # fmt: skip
    response = HttpResponse(sheets.made_of(head, lines), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="places.xlsx"'
    return response
