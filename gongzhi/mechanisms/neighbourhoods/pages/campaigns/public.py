"""For anybody, without signing in: what a campaign asks of a building, when and where."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.mechanisms.neighbourhoods.models import Campaign, Progress, Slot
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns
from gongzhi.ui.throttling import slow_down


def at_building(request: HttpRequest, campaign: UUID, building: UUID) -> HttpResponse:
    """What hangs in the hallway leads here; when it is over, it says so."""
    wait = slow_down(request, "campaign")
    if wait:
        return wait
    of, at = Campaign.objects.filter(id=campaign).first(), buildings.building(building)
    here = Progress.objects.filter(campaign=campaign, building=building)
    if of is None or at is None or not here.exists():
        raise Http404
    context = {
        "of": of, "building": at, "kind": campaigns.KINDS.get(of.kind),
        "guidance": campaigns.guidance(of),
        "slots": Slot.objects.filter(campaign=of, building=at).order_by("from_at"),
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/public.html", context)
