"""What residents are told of campaigns, on the page of their building and on their own."""

from typing import Any
from uuid import UUID

from django import template
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Building, CheckIn, Household
from gongzhi.mechanisms.neighbourhoods.registers import campaigns

register = template.Library()


def _told(building: UUID) -> list[dict[str, Any]]:
    found = campaigns.open_in(building, timezone.localdate())
    slots = campaigns.slots_of(building, found)
    return [
        {"of": of, "guidance": campaigns.guidance(of), "slots": slots.get(of.id, [])}
        for of in found
    ]


@register.inclusion_tag("neighbourhoods/campaigns/told.html")
def campaigns_at_door(building: Building) -> dict[str, Any]:
    """What all in the building may know."""
    return {"told": _told(building.id), "building": building.id}


@register.inclusion_tag("neighbourhoods/campaigns/told.html")
def campaigns_at_home(household: Household) -> dict[str, Any]:
    """The same, and how many of the own household are noted."""
    told = _told(household.building_id)
    came = CheckIn.objects.filter(household=household.id, campaign__in=[t["of"].id for t in told])
    people = {c.campaign_id: c.people for c in came}
    for one in told:
        one["people"] = people.get(one["of"].id)
    return {"told": told, "building": household.building_id}
