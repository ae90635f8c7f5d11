"""Without signing in: what the code at a building's door and a household's own link lead to."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.mechanism import neighbourhoods as declared
from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.mechanisms.neighbourhoods.pages.register.answering import (
    chief_of,
    committee_of,
    public,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, charges
from gongzhi.places.names import paths
from gongzhi.ui.throttling import slow_down


def report_page(building: Building) -> str:
    """Where a resident begins to tell what is wrong in the building."""
    place = reverse("portal:new", args=[declared.name, building.community])
    return f"{place}?building={building.id}"


def _shared(of: Building) -> dict[str, Any]:
    answering = public(charges.chain(of, now=timezone.now()))
    paths([of.community])
    return {
        "building": of,
        "answering": answering,
        "chief": chief_of(answering),
        "committee": committee_of(of),
        "report": report_page(of),
    }


def at_door(request: HttpRequest, building: UUID) -> HttpResponse:
    """The page of a building: who is chief, what is going on, where to tell what is wrong."""
    wait = slow_down(request, "door")
    if wait:
        return wait
    found = buildings.building(building)
    if found is None:
        return _gone(request)
    return render(request, "neighbourhoods/register/at_door.html", _shared(found))


def at_home(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a household; whoever has its link is of it."""
    wait = slow_down(request, "door")
    if wait:
        return wait
    household = buildings.household_by(key)
    if household is None:
        return gone(request)
    context = {"household": household, **_shared(household.building)}
    return _unlisted(render(request, "neighbourhoods/register/at_home.html", context))


def gone(request: HttpRequest) -> HttpResponse:
    """For a household's link that opens nothing any more."""
    return _unlisted(_gone(request))


def _gone(request: HttpRequest) -> HttpResponse:
    """An old poster, a slip of who lived there before, a sign misread: what to do."""
    return render(request, "neighbourhoods/register/gone.html", status=404)


def _unlisted(response: HttpResponse) -> HttpResponse:
    """The link is the household's own: it is kept nowhere on the way and handed on to nobody."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
