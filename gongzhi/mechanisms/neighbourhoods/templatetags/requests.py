"""What a building's public page says of its residents' requests."""

from django import template
from django.urls import reverse
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.mechanism import neighbourhoods
from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.mechanisms.neighbourhoods.pages.requests.neighbours import shared

register = template.Library()


@register.inclusion_tag("neighbourhoods/requests/at_door.html")
def requests_at_door(building: Building) -> dict[str, object]:
    """Those that neighbours may see, each with the way to say "here too"."""
    tell = reverse("portal:new", args=[neighbourhoods.name, building.community])
    return {
        "rows": shared(building, now=timezone.now()),
        "tell": f"{tell}?building={building.id}",
    }
