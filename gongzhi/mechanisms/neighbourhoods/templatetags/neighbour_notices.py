"""Notices on pages of other rooms: they need only the household or building at hand."""

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from gongzhi.mechanisms.neighbourhoods.models import Building, Household, Wording
from gongzhi.mechanisms.neighbourhoods.registers import announced

register = template.Library()


@register.simple_tag
def notices_at_home(household: Household) -> list[announced.AtHome]:
    """What is shown to a household today, and what of it waits for them."""
    return announced.shown(household.building_id, household.id, timezone.localdate())


@register.simple_tag
def notices_at_door(building: Building) -> list[announced.AtHome]:
    """What is shown in a building today, for anybody."""
    return announced.shown(building.id, None, timezone.localdate())


@register.filter
def titled(one: announced.AtHome | announced.Listed | Wording) -> str:
    """The title in the reader's language, as far as it was written in it."""
    english = (get_language() or "").startswith("en")
    return (one.title_en if english else "") or one.title
