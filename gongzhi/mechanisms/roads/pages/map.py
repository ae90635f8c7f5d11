"""The map of roads: layers as GeoJSON by what is in view, and the same as tables."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import catalogue
from gongzhi.cases.models import Case
from gongzhi.declare import Phase
from gongzhi.mechanisms.roads.mechanism import roads as declared
from gongzhi.mechanisms.roads.pages.roads import place_asked, places_near
from gongzhi.mechanisms.roads.registers import charges, roads
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.places.levels import span
from gongzhi.places.maps import county_outlines
from gongzhi.places.names import paths
from gongzhi.ui import words

MOST = 5_000  # features of a layer in one answer
LISTED = 100  # rows of a table under the map
Box = tuple[float, float, float, float]


def _feature(shape: str, at: Any, **said: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": shape, "coordinates": at}, "properties": said}


def _box(request: HttpRequest) -> Box | None:
    """West, south, east, north."""
    said = request.GET.get("bbox")
    if not said:
        return None
    try:
        west, south, east, north = map(float, said.split(","))
    except ValueError:
        raise Http404 from None
    return west, south, east, north


def _inside(box: Box | None) -> Q:
    """Points in the box."""
    if box is None:
        return Q()
    west, south, east, north = box
    return Q(longitude__range=(west, east), latitude__range=(south, north))


def _sections(code: str, box: Box | None, by: Holder) -> list[dict[str, Any]]:
    found = roads.sections_in(code).filter(west__isnull=False)
    if box is not None:
        west, south, east, north = box
        found = found.filter(east__gte=west, west__lte=east, north__gte=south, south__lte=north)
    sections = list(found[:MOST])
    over = charges.chiefs_over({s.road for s in sections}, now=timezone.now())
    return [
        _feature(
            "LineString", s.line, id=str(s.id), grade=s.road.grade,
            name=f"{s.road.code} {words.named(s.road)} {s.name}",
            chiefs=[f"{words.level(c.level)} {words.named(c.post)} {c.name}".strip()
                    for c in charges.of_section(s, over.get(s.road_id, ()))],
            url=reverse("roads:road", args=[s.road_id]),
        )
        for s in sections
    ]  # fmt: skip


def _points(code: str, box: Box | None, by: Holder) -> list[dict[str, Any]]:
    found = roads.points_of(roads.roads_in(code)).filter(_inside(box))
    return [
        _feature("Point", [p.longitude, p.latitude], kind=p.kind, name=p.name,
                 what=f"{roads.KINDS[p.kind]} · {p.what}", note=p.note,
                 url=reverse("roads:road", args=[p.road_id]) + "#points")
        for p in found[:MOST]
    ]  # fmt: skip


def hazards_seen(code: str, box: Box | None, by: Holder) -> list[Case]:
    """The open ones that the viewer may see."""
    low, high = span(code)
    with within(by.scope):
        found = Case.objects.filter(_inside(box), mechanism=declared.name, is_open=True,
                                    place__gte=low, place__lt=high)  # fmt: skip
        return list(found.order_by("due_at", "id")[:MOST])


def _hazards(code: str, box: Box | None, by: Holder) -> list[dict[str, Any]]:
    return [
        _feature("Point", [c.longitude, c.latitude], urgent=c.urgent,
                 name=str(catalogue.kind(declared, c.category)),
                 what=words.phase(Phase(c.phase)), url=reverse("desk:case", args=[c.county, c.id]))
        for c in hazards_seen(code, box, by) if c.longitude is not None
    ]  # fmt: skip


LAYERS: dict[str, Callable[[str, Box | None, Holder], list[dict[str, Any]]]] = {
    "sections": _sections, "points": _points, "hazards": _hazards,
}  # fmt: skip


@as_post
def layer(request: HttpRequest, by: Holder, layer: str) -> HttpResponse:
    """One layer of a place and a box."""
    if layer not in LAYERS:
        raise Http404
    found = LAYERS[layer](place_asked(request, by), _box(request), by)
    response = JsonResponse({"type": "FeatureCollection", "features": found})
    response["Cache-Control"] = "private, no-store"
    return response


def _table(code: str, by: Holder) -> dict[str, Any]:
    """The same as the map, to be read."""
    sections = list(roads.sections_in(code)[:LISTED])
    over = charges.chiefs_over({s.road for s in sections}, now=timezone.now())
    seen = hazards_seen(code, None, by)[:LISTED]
    paths([*(s.village for s in sections), *(c.place for c in seen)])  # all names at once
    return {
        "sections": [(s, charges.of_section(s, over.get(s.road_id, ()))) for s in sections],
        "points": [(p, roads.KINDS[p.kind])
                   for p in roads.points_of(roads.roads_in(code))[:LISTED]],
        "hazards": [(c, catalogue.kind(declared, c.category)) for c in seen],
        "listed": LISTED,
    }  # fmt: skip


@as_post
def roads_map(request: HttpRequest, by: Holder) -> HttpResponse:
    code = place_asked(request, by)
    outlines = county_outlines(settings.CONFIG.city, code[:6])
    place = urlencode({"place": code})
    told = {
        "layers": {name: f"{reverse('roads:layer', args=[name])}?{place}" for name in LAYERS},
        "outlines": {"type": "FeatureCollection", "features": outlines},
        "tiles": settings.CONFIG.tiles,
        "tilesBy": settings.CONFIG.tiles_by,
    }
    context = {"by": by, "told": told, "grades": roads.GRADES,
               **_table(code, by), **places_near(code, by)}  # fmt: skip
    return render(request, "roads/map.html", context)
