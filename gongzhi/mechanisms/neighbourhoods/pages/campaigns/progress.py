"""How far a campaign is, from city to building, renewed while it is looked at."""

from hashlib import sha256
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.asked import campaign_for, tabs, where
from gongzhi.mechanisms.neighbourhoods.registers import campaigns_progress
from gongzhi.mechanisms.neighbourhoods.registers.campaigns_progress import Part, Where
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import paths


def _kind(at: Where, by: Holder) -> str:
    """What the parts are: places, grids or buildings."""
    if at.grid or not by.sees_place:
        return "building"
    return "grid" if len(at.place) == Level.VILLAGE.digits else "place"


def _seen(parts: list[Part]) -> str:
    """Changes when anything does that is shown."""
    return sha256(repr(parts).encode()).hexdigest()[:16]


@as_post
def progress(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """An open page asks again with what it has seen: 204 while nothing has changed."""
    of = campaign_for(by, campaign)
    if by.sees_place:
        at, trail = where(request, by, of)
        parts = campaigns_progress.below(of, at)
    else:
        at, trail = Where(of.place), []
        parts = campaigns_progress.own(of, by)
    seen = _seen(parts)
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    kind = _kind(at, by)
    if kind == "place":
        paths(p.key for p in parts)  # all names at once
    context = {
        "by": by, "of": of, "tabs": tabs(of, "campaign_progress"), "at": at, "trail": trail,
        "parts": parts, "total": campaigns_progress.total(parts, at.place), "kind": kind,
        "seen": seen, "query": trail[-1].query if trail else "",
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/progress.html", context)


@as_post
def silent(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """Buildings from which nobody has come yet; never doors, which are for their own building."""
    of = campaign_for(by, campaign)
    if not by.sees_place:
        raise Http404
    at, trail = where(request, by, of)
    rows, after = campaigns_progress.silent(of, at, after=request.GET.get("after", ""))
    paths(b.community for b in rows)
    context = {
        "by": by, "of": of, "tabs": tabs(of, "campaign_progress"), "trail": trail, "rows": rows,
        "after": after, "query": trail[-1].query,
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/silent.html", context)
