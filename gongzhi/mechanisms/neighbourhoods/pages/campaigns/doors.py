"""Check-in at the doors of one building 签到, on a phone: one tap for a household."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, CheckIn, Household
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.asked import building_for, campaign_for
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.forms import PeopleForm
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns, campaigns_progress
from gongzhi.mechanisms.neighbourhoods.registers.campaigns import Counted
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

TAPS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Door:
    """A household by its door, and how many of it came, if they did."""

    home: Household
    came: CheckIn | None

    @property
    def label(self) -> str:
        return str(self.home.dwelling.room)


def _doors(of: Campaign, building: Building) -> list[Door]:
    came = campaigns.came(of.id, building.id)
    return [Door(home, came.get(home.id)) for home in buildings.households_of(building)]


def _stair(door: Door) -> str:
    return str(door.home.dwelling.stair)


def _context(by: Holder, of: Campaign, building: Building) -> dict[str, Any]:
    return {"by": by, "of": of, "building": building, "taps": TAPS,
            "open": of.closed_at is None and of.starts_on <= timezone.localdate()}  # fmt: skip


@as_post
def doors(request: HttpRequest, by: Holder, campaign: UUID, building: UUID) -> HttpResponse:
    """All doors of the building, or those that nobody has come from."""
    of, at = campaign_for(by, campaign), building_for(by, building)
    found = _doors(of, at) if of.erased_at is None else []
    missing = "missing" in request.GET
    shown = [d for d in found if d.came is None] if missing else found
    context = _context(by, of, at) | {
        "counted": campaigns_progress.of_building(of, at.id), "missing": missing,
        "stairs": [(stair, list(rows)) for stair, rows in groupby(shown, key=_stair)],
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/doors.html", context)


@require_POST
@as_post
def check_in(
    request: HttpRequest, by: Holder, campaign: UUID, building: UUID, household: UUID
) -> HttpResponse:
    """The household's line comes back with how the building stands; without a script, the page."""
    of, at = campaign_for(by, campaign), building_for(by, building)
    form = PeopleForm(request.POST)
    wrong, counted = "", None
    try:
        if not form.is_valid():
            raise Refused(_("人数请填 1 到 %(n)d。") % {"n": campaigns.MOST_PEOPLE})
        counted = campaigns.check_in(
            of.id, household, form.cleaned_data["people"], by=by, now=timezone.now()
        )
    except Refused as error:
        wrong = str(error.reason)
    if not request.headers.get("HX-Request"):
        if wrong:
            messages.warning(request, wrong, extra_tags="warn")
        back = reverse("neighbourhoods:campaign_doors", args=[of.id, at.id])
        return redirect(f"{back}#h-{household}")
    return _line(request, _context(by, of, at), household, counted, wrong)


def _line(
    request: HttpRequest, context: dict[str, Any], household: UUID, counted: Counted | None,
    wrong: str,
) -> HttpResponse:  # fmt: skip
    of, at = context["of"], context["building"]
    door = next((d for d in _doors(of, at) if d.home.id == household), None)
    if door is None:
        return HttpResponse(status=404)
    context |= {
        "door": door,
        "wrong": wrong,
        "counted": counted or campaigns_progress.of_building(of, at.id),
    }
    return render(request, "neighbourhoods/campaigns/checked_in.html", context)
