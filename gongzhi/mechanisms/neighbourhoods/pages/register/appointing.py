"""Putting posts on the rungs of the six-level team, and taking them off."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.mechanisms.neighbourhoods.models import Building, Grid
from gongzhi.mechanisms.neighbourhoods.pages.register.filling import (
    Said,
    form_page,
    kept,
    kept_or_404,
    refused,
)
from gongzhi.mechanisms.neighbourhoods.pages.register.forms import ChargeForm
from gongzhi.mechanisms.neighbourhoods.registers import appointing, buildings
from gongzhi.mechanisms.neighbourhoods.registers.appointing import Over
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.ui.words import named


def _over(request: HttpRequest, community: str) -> Over:
    """The community, or the grid or building of it that the address names."""
    try:
        grid, building = (
            UUID(request.GET[name]) if name in request.GET else None
            for name in ("grid", "building")
        )
    except ValueError:
        raise Http404 from None
    found = Over(
        community,
        Grid.objects.filter(buildings.current(), community=community, id=grid).first()
        if grid else None,
        Building.objects.filter(buildings.current(), community=community, id=building).first()
        if building else None,
    )  # fmt: skip
    if (grid and not found.grid) or (building and not found.building):
        raise Http404
    return found


def back_to(over: Over) -> str:
    if over.building:
        return reverse("neighbourhoods:building", args=[over.building.id]) + "#chain"
    page = reverse("neighbourhoods:community", args=[over.community])
    return f"{page}#{'grids' if over.grid else 'chain'}"


@as_post
def give(request: HttpRequest, by: Holder, place: str) -> HttpResponse:
    """Puts a post on a rung over the community, or over the grid or building that is named."""
    over = _over(request, kept_or_404(place, by))
    form = ChargeForm(request.POST or None, over=over, by=by,
                      initial={"rung": request.GET.get("rung", "")})  # fmt: skip

    def done(said: Said) -> None:
        now = timezone.now()
        post = said["post"]
        appointing.put(
            over, said["rung"], post, unit=said["unit"], title=said["title"],
            deputy=said["deputy"], by=by, now=now,
        )  # fmt: skip

    if kept(request, form, done):
        return redirect(back_to(over))
    title = f"{named(over.building) or over.named or name_of(place)} · {_('任岗位')}"
    return form_page(request, by, form, title, back_to(over))


@require_POST
@as_post
def end(request: HttpRequest, by: Holder, charge: UUID) -> HttpResponse:
    found = appointing.charge(charge)
    if found is None or not buildings.keeps(by, found.community):
        raise Http404
    refused(request, lambda: appointing.end(found, by=by, now=timezone.now()), _("已免去。"))
    return redirect(back_to(Over(found.community, found.grid, found.building)))
