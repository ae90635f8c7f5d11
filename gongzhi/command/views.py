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
from gongzhi.declare import Level, registry
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import parent_of
from gongzhi.places.search import children

ORDERS: Final = ("overdue", "open", "reported", "settled")
TABLES: Final[Mapping[str, Callable[[Overview], tables.Table]]] = {
    "times": tables.times, "mechanisms": tables.mechanisms, "piles": tables.piles,
}  # fmt: skip


PAGES: Final[Mapping[str, str]] = {"": "command/place.html", "1": "command/wall.html"}


def _wanted(request: HttpRequest, *kinds: str) -> str:
    """As what kind of file, if as one. Raises Http404."""
    wanted = request.GET.get("as", "")
    if wanted not in {"", *kinds}:
        raise Http404
    return wanted


def _context(of: Asked, tab: str) -> dict[str, Any]:
    return {
        "by": of.by, "asked": of, "here": of.here, "tab": tab, "small": SMALL,
        "spans": SPANS, "mechanisms": registry.every(), "plain": definitions.PLAIN,
        "apart": definitions.APART,
    }  # fmt: skip


@as_post
def place(request: HttpRequest, by: Holder) -> HttpResponse:
    """One place: its figures, its map, and the places right below it."""
    of, order = asked(request, by), request.GET.get("sort", ORDERS[0])
    wall = request.GET.get("wall", "")
    if order not in ORDERS or wall not in PAGES:
        raise Http404
    below = children(of.code)
    found = overview(of, [d.code for d in below])
    rows: list[tuple[str, Line]] = sorted(
        found.places.items(), key=lambda row: (-getattr(row[1], order), row[0])
    )
    if _wanted(request, "csv", "xlsx"):
        return _file(request, rows, found)
    counts = {code: line.open for code, line in rows}
    context = {
        **_context(of, "place"), "found": found, "rows": rows, "order": order,
        "times": charts.times(found.times, found.parts), "piles": charts.piles(found.piles),
        "map": maps.drawn(of.code, below, counts),
        "told": maps.told(of, below, counts),
        "now": timezone.now(), "reporting": len(of.code) <= Level.TOWN.digits,
        "wall": f"{of.query}&{urlencode({'wall': 1})}",
    }  # fmt: skip
    return render(request, PAGES[wall], context)


def _file(request: HttpRequest, rows: list[tuple[str, Line]], found: Overview) -> HttpResponse:
    name = request.GET.get("of", "places")
    if request.GET["as"] == "xlsx" and name == "places":
        return tables.as_excel(name, tables.places(rows))
    if name == "places":
        return tables.as_csv(name, tables.places(rows))
    if name not in TABLES or request.GET["as"] != "csv":
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
    if name not in {"years", *groups}:
        raise Http404
    if _wanted(request, "csv"):
        table = tables.neighbours(groups[name]) if name in groups else tables.years(years)
        return tables.as_csv(name, table)
    context = {
        **_context(of, "compare"), "years": years, "left_out": left_out, "measure": measure,
        "measures": comparing.MEASURES, "above": above if beside else "",
        "groups": [(kind, rows, charts.rates(rows)) for kind, rows in groups.items() if rows],
        "lines": sum(row.of is not None for rows in groups.values() for row in rows),
    }  # fmt: skip
    return render(request, "command/compare.html", context)


@as_post
def indicators(request: HttpRequest, by: Holder) -> HttpResponse:
    """Every figure, and what it means."""
    of = asked(request, by)
    found = definitions.known(of)
    if _wanted(request, "csv"):
        return tables.as_csv("indicators", tables.indicators(found))
    parts = [(m, [i for i in rows if not i.idle], [i for i in rows if i.idle]) for m, rows in found]
    context = {**_context(of, "indicators"), "parts": parts}
    return render(request, "command/indicators.html", context)
