"""What an address asks for: a campaign, a part of it, a building, as far as the post may see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Grid
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns
from gongzhi.mechanisms.neighbourhoods.registers.campaigns_progress import Where
from gongzhi.people.posts import Holder
from gongzhi.places.levels import BadCode, ancestors, level_of


def campaign_for(by: Holder, id_: UUID) -> Campaign:
    """One that this post sees."""
    found = campaigns.seen_by(by).filter(id=id_).first()
    if found is None:
        raise Http404
    return found


def led_by(by: Holder, id_: UUID) -> Campaign:
    """One whose place this post keeps."""
    found = campaign_for(by, id_)
    if buildings.keeps(by, found.place) is not True:
        raise Http404
    return found


def top(by: Holder, of: Campaign) -> str:
    """The part of a campaign that a post stands over."""
    return max(by.place, of.place, key=len)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way down to what is looked at."""

    name: str
    query: str
    place: str = ""


def where(request: HttpRequest, by: Holder, of: Campaign) -> tuple[Where, list[Step]]:
    """The part that is asked for, and the way down to it."""
    base = top(by, of)
    code = request.GET.get("place") or base
    try:
        level_of(code)
    except BadCode:
        raise Http404 from None
    if not code.startswith(base):
        raise Http404
    trail = [
        Step("", f"place={c}", c)
        for c in (*ancestors(code), code) if c.startswith(base)
    ]  # fmt: skip
    grid = of.grid or _grid(request.GET.get("grid", ""), code)
    if grid:
        trail.append(Step(grid.name, f"place={code}&grid={grid.id}"))
    return Where(code, grid.id if grid else None), trail


def _grid(said: str, community: str) -> Grid | None:
    if not said:
        return None
    try:
        found = Grid.objects.filter(id=UUID(said), community=community).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def community(request: HttpRequest, by: Holder, of: Campaign) -> str:
    """The community that is asked for; empty where the campaign has several and none is named."""
    code = request.GET.get("place") or top(by, of)
    if not code.startswith(top(by, of)):
        raise Http404
    return code if len(code) == Level.VILLAGE.digits else ""


def building_for(by: Holder, id_: UUID) -> Building:
    found = buildings.building_for(by, id_)
    if found is None:
        raise Http404
    return found


def tabs(of: Campaign, here: str) -> list[dict[str, Any]]:
    """The views of one campaign."""
    every = [("campaign", _("概况")), ("campaign_schedule", _("时段")),
             ("campaign_progress", _("进度"))]  # fmt: skip
    if of.closed_at is not None:
        every.append(("campaign_report", _("总结")))
    return [
        {"url": reverse(f"neighbourhoods:{name}", args=[of.id]), "label": label,
         "current": name == here, "count": None}
        for name, label in every
    ]  # fmt: skip
