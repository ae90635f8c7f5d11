"""The register of buildings for staff: from the city down to a community, and where nobody is."""

from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gongzhi.cases.custody import manages
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.mechanisms.neighbourhoods.pages.register.filling import (
    community_or_404,
    place_asked,
)
from gongzhi.mechanisms.neighbourhoods.pages.register.forms import FindForm
from gongzhi.mechanisms.neighbourhoods.pages.register.history import told
from gongzhi.mechanisms.neighbourhoods.registers import buildings, changing, charges, counts
from gongzhi.mechanisms.neighbourhoods.registers.doors import doors_of
from gongzhi.mechanisms.neighbourhoods.roles import RUNGS
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.search import children, paths

PAGE: Final = 100
MOST_FOUND: Final = 20  # buildings to choose from


def places_near(code: str, by: Holder) -> dict[str, Any]:
    """Where one is: the places above it as far as the post reaches."""
    above = [c for c in ancestors(code) if c.startswith(by.place)]
    paths([code, *above])  # all names at once
    return {"here": code, "trail": above}


@as_post
def register(request: HttpRequest, by: Holder) -> HttpResponse:
    """What there is in a place and in those below; a chief's own buildings."""
    if not by.sees_place:
        return _own(request, by)
    code = place_asked(request, by)
    if len(code) == Level.VILLAGE.digits:
        return redirect("neighbourhoods:community", code)
    below = children(code)
    paths(d.code for d in below)  # all names at once
    found = counts.below(code, len(below[0].code) if below else len(code))
    rows = [found.get(d.code, counts.Count(d.code)) for d in below]
    context = {
        "by": by,
        "rows": [r for r in rows if r.place in found],
        "others": [r for r in rows if r.place not in found],
        "all": counts.total(found.values(), code),
        "keeps": bool(buildings.keeps(by, code)),
        **places_near(code, by),
    }
    return render(request, "neighbourhoods/register/places.html", context)


def _own(request: HttpRequest, by: Holder) -> HttpResponse:
    """One building leads straight to it."""
    found = list(buildings.buildings_of(by)[: PAGE + 1])
    if len(found) == 1:
        return redirect("neighbourhoods:building", found[0].id)
    chiefs = charges.chiefs_of(found, now=timezone.now())
    context = {"by": by, "rows": [(b, chiefs.get(b.id)) for b in found[:PAGE]],
               "more": len(found) > PAGE}  # fmt: skip
    return render(request, "neighbourhoods/register/own.html", context)


def _page(found: QuerySet[Building], request: HttpRequest) -> tuple[list[Building], str]:
    """Some of a community's buildings by number, 9 before 10, and where the next ones begin."""
    ordered: QuerySet[Any] = found.annotate(long=Length("code")).order_by("long", "code")
    after = request.GET.get("after", "")[:20]
    if after:
        later = Q(long__gt=len(after)) | Q(long=len(after), code__gt=after)
        ordered = ordered.filter(later)
    rows = list(ordered[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""


@as_post
def community(request: HttpRequest, by: Holder, place: str) -> HttpResponse:
    """Its grids, its buildings, who answers, and where nobody does."""
    code, now = community_or_404(place, by), timezone.now()
    grids = list(buildings.grids_in(code))
    heads = charges.over_grids(grids, now=now)
    chosen = next((g for g in grids if str(g.id) == request.GET.get("grid")), None)
    every = buildings.buildings_in(code)
    rows, after = _page(every.filter(grid=chosen) if chosen else every, request)
    chiefs = charges.chiefs_of(rows, now=now)
    chain = charges.over_community(code, now=now)
    context = {
        "by": by,
        "count": counts.of(code),
        "grids": [(g, heads.get(g.id, [])) for g in grids],
        "chosen": chosen,
        "rows": [(b, chiefs.get(b.id)) for b in rows],
        "after": after,
        "chain": chain,
        "managed": {a.post.id for rung in chain for a in rung.answering if manages(by, a.post)},
        "vacant": charges.without_chief(buildings.buildings_in(code), now=now).count(),
        "history": told(changing.history([g.id for g in grids] + _charges_of(code))[:20]),
        "keeps": bool(buildings.keeps(by, code)),
        **places_near(code, by),
    }
    return render(request, "neighbourhoods/register/community.html", context)


def _charges_of(community: str) -> list[UUID]:
    """What is noted beside the charges over the whole of it."""
    return list(charges.of_whole(community).values_list("id", flat=True))


@as_post
def vacancies(request: HttpRequest, by: Holder) -> HttpResponse:
    """Which buildings have nobody as chief, and which rungs and grids are empty."""
    code, now = place_asked(request, by), timezone.now()
    empty = charges.without_chief(buildings.buildings_in(code), now=now)
    headless = charges.without_head(buildings.grids_in(code), now=now)
    after = _key(request.GET.get("after", ""))
    rows = _behind(empty, after)
    lacking = charges.lacking(counts.below(code, Level.VILLAGE.digits), now=now)
    paths({*lacking, *(b.community for b in rows)})  # all names at once
    context = {
        "by": by,
        "rows": rows[:PAGE],
        "total": empty.count(),
        "after": f"{rows[PAGE - 1].community}_{rows[PAGE - 1].code}" if len(rows) > PAGE else "",
        "first": not after,
        "lacking": [(c, [str(RUNGS[r]) for r in rungs]) for c, rungs in lacking.items()][:PAGE],
        "lacking_more": max(len(lacking) - PAGE, 0),
        "grids": headless[:PAGE],
        "grids_more": max(headless.count() - PAGE, 0),
        "children": children(code) if len(code) < Level.VILLAGE.digits else [],
        **places_near(code, by),
    }
    return render(request, "neighbourhoods/register/vacancies.html", context)


def _key(text: str) -> tuple[str, str] | None:
    community, _, code = text.partition("_")
    return (community, code) if community.isdigit() and code else None


def _behind(found: QuerySet[Building], after: tuple[str, str] | None) -> list[Building]:
    """In the order of the index, which need not be the one of numbers."""
    if after:
        place, code = after
        found = found.filter(Q(community__gt=place) | Q(community=place, code__gt=code))
    return list(found[: PAGE + 1])


@as_post
def find(request: HttpRequest, by: Holder) -> HttpResponse:
    """From community to building to door: who answers there."""
    if not by.sees_place:
        raise Http404
    form = FindForm(request.GET or None, within=by.place)
    found: list[Building] = []
    if form.is_valid():
        said = form.cleaned_data
        found = _matching(said["community"], said["building"])
        room = said["room"].strip()
        doors = [d for b in found for d in doors_of(b) if room in (d.room, str(d))] if room else []
        if len(doors) == 1:
            return redirect("neighbourhoods:door", doors[0].id)
        if len(found) == 1:
            return redirect("neighbourhoods:building", found[0].id)
    context = {"by": by, "form": form, "found": found, "asked": form.is_valid()}
    return render(request, "neighbourhoods/register/find.html", context)


def _matching(community: str, said: str) -> list[Building]:
    """By number, else by a part of name or address; all of them where nothing is said."""
    near, said = buildings.buildings_in(community), said.strip()
    exact = list(near.filter(code__iexact=said)[:PAGE])
    if exact or not said:
        return exact or list(near[:MOST_FOUND])
    return list(near.filter(Q(name__icontains=said) | Q(address__icontains=said))[:MOST_FOUND])
