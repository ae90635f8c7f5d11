"""Signs that a place is in emergency mode, for pages of other rooms: they give nothing but the
building, the household or the post."""

from typing import Any

from django import template
from django.urls import reverse

from gongzhi.mechanisms.neighbourhoods.models import Building, Household
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, roll_calls
from gongzhi.people.posts import Holder

register = template.Library()
register.filter("emergency_kind", lambda of: emergencies.KINDS.get(of.kind, of.kind))


@register.inclusion_tag("neighbourhoods/emergency/banner.html")
def emergency_banner(by: Holder) -> dict[str, Any]:
    """On pages of staff: what goes on that concerns this post, and whether it is called."""
    on = list(emergencies.seen_by(by).filter(ended_at=None)[:5])
    called = on and roll_calls.waiting_for(by).values_list("roll_call__emergency", flat=True)
    return {"rows": on, "called": set(called or ())}


@register.inclusion_tag("neighbourhoods/emergency/building_banner.html")
def emergency_of_building(building: Building, by: Holder) -> dict[str, Any]:
    """On a building's page for staff: the way to what is to be done there."""
    rows = [
        (of, emergencies.building_in(by, of, building.id) is not None)
        for of in emergencies.over_building(building.id)
    ]
    return {"rows": rows, "building": building}


@register.inclusion_tag("neighbourhoods/emergency/at_door.html")
def emergency_at_door(building: Building) -> dict[str, Any]:
    """On a building's page for residents: that it is on, until when."""
    return {"rows": emergencies.over_building(building.id), "building": building}


@register.inclusion_tag("neighbourhoods/emergency/at_home.html")
def emergency_at_home(household: Household) -> dict[str, Any]:
    """On a household's own page: where to say what it needs."""
    rows = emergencies.over_building(household.building_id)
    return {"rows": rows, "url": reverse("neighbourhoods:need", args=[household.key])}
