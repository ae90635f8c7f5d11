"""For anybody, without signing in: who answers for a road or section, and what is being done."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from gongzhi.mechanisms.roads.mechanism import roads as declared
from gongzhi.mechanisms.roads.models import Section
from gongzhi.mechanisms.roads.pages import hazards
from gongzhi.mechanisms.roads.pages.answering import answering, offices
from gongzhi.mechanisms.roads.registers import charges, geometry, roads
from gongzhi.places.search import paths
from gongzhi.ui.throttling import slow_down


def report_page(section: Section) -> str:
    """Where a passer-by begins a report about a section."""
    return f"{reverse('portal:new', args=[declared.name, section.village])}?section={section.id}"


def section(request: HttpRequest, section: UUID) -> HttpResponse:
    wait = slow_down(request, "road")
    if wait:
        return wait
    found, now = roads.section(section), timezone.now()
    if found is None:
        raise Http404
    over = charges.chiefs_over([found.road], now=now).get(found.road_id, [])
    known = hazards.known([found], now=now)
    context = {
        "road": found.road,
        "section": found,
        "stakes": (geometry.stake(found.from_km), geometry.stake(found.to_km)),
        "answering": answering(charges.of_section(found, over), [found]),
        "offices": offices(found.road, [found]),
        "report": report_page(found),
        "counts": hazards.counted([h for h in known if h.closed_at is None]),
        "hazards": known[: hazards.MOST],
    }
    return render(request, "roads/public/section.html", context)


def road(request: HttpRequest, road: UUID) -> HttpResponse:
    wait = slow_down(request, "road")
    if wait:
        return wait
    found, now = roads.road(road), timezone.now()
    if found is None:
        raise Http404
    sections = roads.of_road(found)
    paths(s.village for s in sections)  # all names at once
    over = charges.chiefs_over([found], now=now).get(found.id, [])
    known = hazards.known(sections, now=now) if sections else []
    open_ = [h for h in known if h.closed_at is None]
    context = {
        "road": found,
        "grade": roads.GRADES[found.grade],
        "km": sum(s.length_km for s in sections),
        "answering": answering(over, sections),
        "offices": offices(found, sections),
        "counts": hazards.counted(open_),
        "hazards": known[: hazards.MOST],
        "sections": [
            {"section": s, "from": geometry.stake(s.from_km), "to": geometry.stake(s.to_km),
             "open": sum(h.section == s.id for h in open_), "report": report_page(s)}
            for s in sections
        ],
    }  # fmt: skip
    return render(request, "roads/public/road.html", context)
