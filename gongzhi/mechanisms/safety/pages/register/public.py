"""For anybody, without signing in: what a site is, how to report a hazard there, who is told."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.models import Site
from gongzhi.mechanisms.safety.registers import sites
from gongzhi.mechanisms.safety.registers.industries import INDUSTRIES
from gongzhi.ui.throttling import slow_down


def report_page(site: Site) -> str:
    """Where a worker or neighbour begins a report about a site."""
    return f"{reverse('portal:new', args=[safety.name, site.place])}?site={site.id}"


def at(request: HttpRequest, site: UUID) -> HttpResponse:
    """Nothing of what is known of it: no hazard, no contact, no colour."""
    wait = slow_down(request, "site")
    if wait:
        return wait
    found = sites.site(site)
    if found is None:
        raise Http404
    context = {
        "site": found,
        "firm": found.enterprise,
        "industry": INDUSTRIES.get(found.enterprise.industry),
        "report": report_page(found),
    }
    return render(request, "safety/public/site.html", context)
