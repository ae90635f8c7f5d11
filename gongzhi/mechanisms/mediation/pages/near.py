"""For residents, without signing in: who serves my village, the nearest first."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.cases import catalogue
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.mechanism import mediation
from gongzhi.mechanisms.mediation.models import Mediator
from gongzhi.mechanisms.mediation.network import coverage, visits
from gongzhi.mechanisms.mediation.pages.network import report_page, site_or_404
from gongzhi.mechanisms.mediation.pages.shown import Shown, shown
from gongzhi.people.posts import holders_in
from gongzhi.places.city import facts
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, paths, search
from gongzhi.ui.words import title

SOON = 3  # visit days to come
MOST = 12  # sites on the page: whoever wants more chooses another place


def near(request: HttpRequest) -> HttpResponse:
    """From a town down, its sites; above it, the way there."""
    city = facts(settings.CONFIG.city).code
    code, said = request.GET.get("place") or city, request.GET.get("q", "").strip()
    here = Division.objects.filter(code=code, valid_to=None).first()
    if here is None or not code.startswith(city):
        raise Http404
    below = [c.code for c in children(code)]
    paths(below)  # all names at once
    found = search(said, within=city, levels=(Level.TOWN, Level.VILLAGE)) if said else []
    context = {
        "here": code,
        "said": said,
        "found": found,
        "children": below,
        "trail": [c for c in ancestors(code) if len(c) >= len(city)],
        "sites": _sites(code) if len(code) >= Level.TOWN.digits and not said else [],
        "mechanism": mediation.name,
    }
    return render(request, "mediation/network/near.html", context)


def _sites(code: str) -> list[Shown]:
    """What serves the village itself stands first, however far."""
    now, serving = timezone.now(), coverage.serving(code)
    offers = coverage.near(code)
    paths([code, *(o.site.unit.place for o in offers)])  # all names at once
    offers.sort(key=lambda o: o.site.unit.id not in serving)
    return [shown(o.site, now, o, serves=o.site.unit.id in serving) for o in offers[:MOST]]


def near_site(request: HttpRequest, unit: UUID) -> HttpResponse:
    """What the public may know of a site. Of its people, only the mediators one may choose."""
    found, now = site_or_404(unit), timezone.now()
    mediators = holders_in([unit], at=now, kinds=["mediator"])
    told = Mediator.objects.in_bulk([m.post for m in mediators])
    context = {
        "site": shown(found, now),
        "villages": coverage.villages_of(found.unit),
        "mediators": [
            (m, title(m), about := told.get(m.post), _skills(about)) for m in mediators
        ],
        "address": report_page(found.unit),
        "visits": visits.visits([unit], since=now).filter(cancelled_at=None)[:SOON],
    }  # fmt: skip
    return render(request, "mediation/network/near_site.html", context)


def _skills(told: Mediator | None) -> list[str]:
    known = catalogue.every(mediation)
    return [str(known[s]) for s in told.skills if s in known] if told else []
