"""Leaders' pages: how things stand from the province down to the village, compared, defined."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.command import charts, comparing, definitions, maps, tables
from gongzhi.command.asking import SPANS, Asked, asked
from gongzhi.command.figures import SMALL, Line, Overview, overview
from gongzhi.declare import registry
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import parent_of
from gongzhi.places.search import children

ORDERS: Final = ("overdue", "open", "reported", "settled")
TABLES: Final[Mapping[str, Callable[[Overview], tables.Table]]] = {
    "times": tables.times, "mechanisms": tables.mechanisms, "piles": tables.piles,
}  # fmt: skip


def _context(of: Asked, tab: str) -> dict[str, Any]:
    return {
        "by": of.by, "asked": of, "here": of.here, "tab": tab, "small": SMALL,
        "spans": SPANS, "mechanisms": registry.every(), "plain": definitions.PLAIN,
    }  # fmt: skip


@as_post
def place(request: HttpRequest, by: Holder) -> HttpResponse:
    """One place: its figures, its map, and the places right below it."""
    of, order = asked(request, by), request.GET.get("sort", ORDERS[0])
    if order not in ORDERS:
        raise Http404
    below = children(of.code)
    found = overview(of, [d.code for d in below])
    rows: list[tuple[str, Line]] = sorted(
        found.places.items(), key=lambda row: (-getattr(row[1], order), row[0])
    )
    if request.GET.get("as"):
        return _file(request, rows, found)
    counts = {code: line.open for code, line in rows}
    context = {
        **_context(of, "place"), "found": found, "rows": rows, "order": order,
        "times": charts.times(found.times), "piles": charts.piles(found.piles),
        "map": maps.drawn(of.code, below, counts),
        "told": maps.told(of, below, counts),
        "now": timezone.now(), "wall": f"{of.query}&{urlencode({'wall': 1})}",
    }  # fmt: skip
    page = "command/wall.html" if request.GET.get("wall") else "command/place.html"
    return render(request, page, context)


def _file(request: HttpRequest, rows: list[tuple[str, Line]], found: Overview) -> HttpResponse:
    if request.GET["as"] == "xlsx":
        return tables.as_excel("places", tables.places(rows))
    name = request.GET.get("of", "places")
    if name == "places":
        return tables.as_csv(name, tables.places(rows))
    if name not in TABLES:
        raise Http404
    return tables.as_csv(name, TABLES[name](found))


@as_post
def compare(request: HttpRequest, by: Holder) -> HttpResponse:
    """With the same days of last year, and with neighbours per 10,000 residents."""
    of, measure = asked(request, by), request.GET.get("measure", "reported")
    if measure not in comparing.MEASURES:
        raise Http404
    above = parent_of(of.code)
    beside = children(above) if above.startswith(by.place) else []
    groups = {"beside": comparing.neighbours(of, beside, measure) if beside else [],
              "below": comparing.neighbours(of, children(of.code), measure)}  # fmt: skip
    years, left_out = comparing.years(of)
    name = request.GET.get("of", "years")
    if request.GET.get("as"):
        if name in groups:
            return tables.as_csv(name, tables.neighbours(groups[name]))
        return tables.as_csv("years", tables.years(years))
    context = {
        **_context(of, "compare"), "years": years, "left_out": left_out, "measure": measure,
        "measures": comparing.MEASURES, "above": above if beside else "",
        "groups": [(kind, rows, charts.rates(rows)) for kind, rows in groups.items() if rows],
        "lines": sum(map(len, groups.values())),
    }  # fmt: skip
    return render(request, "command/compare.html", context)


@as_post
def indicators(request: HttpRequest, by: Holder) -> HttpResponse:
    """Every figure, and what it means."""
    of = asked(request, by)
    found = definitions.known(of)
    if request.GET.get("as"):
        return tables.as_csv("indicators", tables.indicators(found))
    context = {**_context(of, "indicators"), "found": found}
    return render(request, "command/indicators.html", context)
