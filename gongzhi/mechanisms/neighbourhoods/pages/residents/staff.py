"""For staff: how many are registered where; a chief's own building, masked; one household at a time
in clear, with a reason that the resident sees."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.forms.registering import Reasoned, Registering, Wished
from gongzhi.mechanisms.neighbourhoods.models import Building, Household, Purpose
from gongzhi.mechanisms.neighbourhoods.pages.residents import shown
from gongzhi.mechanisms.neighbourhoods.registers import (
    answers,
    buildings,
    purposes,
    residents,
    residents_counted,
    residents_seen,
)
from gongzhi.mechanisms.neighbourhoods.registers.residents_counted import PERSONS
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors, level_of, span
from gongzhi.places.search import children
from gongzhi.ui import words

PAGE = 50  # buildings


def _after(found: QuerySet[Building], after: str) -> list[Building]:
    """The next page, one more where there are more; `after` is community and code."""
    community, _dot, code = after.partition(".")
    if community:
        found = found.filter(Q(community__gt=community) | Q(community=community, code__gt=code))
    return list(found[: PAGE + 1])


def _figures(of: Counter[tuple[UUID, str]], purpose: Purpose) -> dict[str, Any]:
    needs = [(k.label, of[purpose.id, k.name]) for k in answers.EVERY if of[purpose.id, k.name]]
    return {"persons": of[purpose.id, PERSONS], "needs": needs}


def _here(request: HttpRequest, by: Holder) -> str:
    """The place that is asked for, within the post's own."""
    code = request.GET.get("place") or by.place
    if not code.startswith(by.place):
        raise Http404
    return code


def _chosen(request: HttpRequest, offered: list[Purpose]) -> Purpose | None:
    asked = request.GET.get("purpose", "")
    return next((p for p in offered if str(p.id) == asked), offered[0] if offered else None)


@as_post
def counts(request: HttpRequest, by: Holder) -> HttpResponse:
    """Buildings and how many are registered there for a purpose; never who."""
    here = _here(request, by)
    low, high = span(here)
    mine = buildings.buildings_of(by).filter(community__gte=low, community__lt=high)
    rows = _after(mine, request.GET.get("after", ""))
    offered = list(purposes.of_place(here))
    purpose = _chosen(request, offered)
    page, more = rows[:PAGE], rows[PAGE:]
    found = residents_counted.counted(b.id for b in page) if purpose else {}
    context = {
        "by": by, "here": here, "keeps": bool(buildings.keeps(by, by.place)), "purpose": purpose,
        "tabs": [{"url": f"?purpose={p.id}&place={here}", "label": words.named(p), "count": None,
                  "current": p == purpose} for p in offered],
        "rows": [(b, _figures(found.get(b.id, Counter()), purpose)) for b in page if purpose],
        "older": f"?purpose={purpose.id}&place={here}&after={page[-1].community}.{page[-1].code}"
                 if more and purpose else "",
        "trail": [c for c in ancestors(here) if c.startswith(by.place)],
        "children": children(here) if by.sees_place and level_of(here) < Level.VILLAGE else [],
    }  # fmt: skip
    return render(request, "neighbourhoods/residents/counts.html", context)


@as_post
def building(request: HttpRequest, by: Holder, building: UUID) -> HttpResponse:
    """Door by door: for its team masked names and needs that were agreed to, for others numbers."""
    of = buildings.building_for(by, building)
    if of is None:
        raise Http404
    masked = residents_seen.sees_masked(by, of)
    people = residents_seen.people_in(of, by) if masked else {}
    numbers = Counter[UUID]() if masked else residents_seen.numbers_in(of, by)
    doors = [(h, people.get(h.id, []), numbers[h.id]) for h in buildings.households_of(of)]
    context = {"by": by, "of": of, "masked": masked, "doors": doors,
               "serves": residents.served(by, of.id) is not None}  # fmt: skip
    return _private(render(request, "neighbourhoods/residents/building.html", context))


def _private(answer: HttpResponse) -> HttpResponse:
    add_never_cache_headers(answer)
    return answer


def _household(by: Holder, id_: UUID) -> Household:
    """One whose residents this post may register and look up."""
    found = Household.objects.filter(buildings.living(), id=id_)
    home = found.select_related("dwelling", "building").first()
    if home is None or residents.served(by, home.building_id) is None:
        raise Http404
    return home


@as_post
def household(request: HttpRequest, by: Holder, household: UUID) -> HttpResponse:
    """One household: masked or numbers; with a reason, once, in clear."""
    home = _household(by, household)
    form, people = Reasoned(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        people = residents.look(home.id, reason, now=timezone.now(), by=by)
        form = Reasoned()
    masked = residents_seen.sees_masked(by, home.building)
    context = {
        "by": by, "home": home, "form": form, "clear": people, "masked": masked,
        "rows": residents_seen.rows_at(home.id, by), "people": residents_seen.people_at(home, by),
        "offered": list(purposes.offered(home.community)),
    }  # fmt: skip
    return _private(render(request, "neighbourhoods/residents/household.html", context,
                           status=422 if form.errors else 200))  # fmt: skip


@as_post
def register(request: HttpRequest, by: Holder, household: UUID, purpose: UUID) -> HttpResponse:
    """At the door, with the resident's word that they wish it."""
    home = _household(by, household)
    of = purposes.offered(home.community).filter(id=purpose).first()
    if of is None:
        raise Http404
    form = Registering(request.POST or None, purpose=of, at_door=True)
    if request.method == "POST" and form.is_valid():
        id_ = shown.id_of(home, shown.once(request))
        try:
            residents.register(of, home, form.told, id_=id_, now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            said = _("已登记。本人可以用本户的链接，凭姓名和电话查看、更正或删除。")
            messages.success(request, said, extra_tags="good")
            return redirect("neighbourhoods:residents_at", home.id)
    context = {"by": by, "home": home, "purpose": shown.explained(of), "form": form,
               "once": shown.once(request)}  # fmt: skip
    return render(request, "neighbourhoods/residents/at_door.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def correct(request: HttpRequest, by: Holder, registered: UUID) -> HttpResponse:
    """Only what is different is filled in, so that nothing has to be shown."""
    row = residents_seen.row_for(by, registered)
    form = Registering(request.POST or None, purpose=row.purpose, at_door=True, only_changes=True)
    if request.method == "POST" and form.is_valid():
        residents.correct(row.id, form.told, now=timezone.now(), by=by)
        messages.success(request, _("已更正，本人会看到是谁更正的。"), extra_tags="good")
        return redirect("neighbourhoods:residents_at", row.household_id)
    context = {"by": by, "home": _household(by, row.household_id), "form": form,
               "purpose": shown.explained(row.purpose)}  # fmt: skip
    return render(request, "neighbourhoods/residents/at_door.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def erase(request: HttpRequest, by: Holder, registered: UUID) -> HttpResponse:
    """All of it, or what was told of one need."""
    row, field = residents_seen.row_for(by, registered), request.GET.get("field", "")
    label = answers.KINDS[field].label if field in row.purpose.sensitive else ""
    form = Wished(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if label:
            residents.withdraw(row.id, field, now=timezone.now(), by=by)
        else:
            residents.erase(row.id, now=timezone.now(), by=by)
        messages.success(request, _("已删除。"), extra_tags="good")
        return redirect("neighbourhoods:residents_at", row.household_id)
    context = {"by": by, "home": _household(by, row.household_id), "form": form, "label": label,
               "purpose": shown.explained(row.purpose)}  # fmt: skip
    return render(request, "neighbourhoods/residents/erase_at_door.html", context,
                  status=422 if form.errors else 200)  # fmt: skip
