"""Suggestions for the place picker. Names of places are public."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongzhi.declare import Level
from gongzhi.places.levels import level_of
from gongzhi.places.search import search

MOST = 20


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Places that a text may mean, as options of a listbox."""
    try:
        levels = [Level(int(n)) for n in request.GET.getlist("level")]
        for scope in filter(None, (request.GET.get("within"), request.GET.get("near"))):
            level_of(scope)
    except ValueError:  # BadCode is one too
        return HttpResponseBadRequest()
    found = search(
        request.GET.get("q", ""),
        within=request.GET.get("within", ""),
        near=request.GET.get("near", ""),
        levels=levels or None,
        limit=MOST,
    )
    return render(request, "places/options.html", {"found": found})
