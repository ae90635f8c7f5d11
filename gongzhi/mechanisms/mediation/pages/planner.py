"""Coverage of villages by contact points, and where new points would serve most."""

from math import isfinite
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.network import coverage, planner, sites
from gongzhi.mechanisms.mediation.pages.map import plan_map
from gongzhi.mechanisms.mediation.pages.network import place_asked, site_or_404
from gongzhi.people.models import Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.city import facts
from gongzhi.places.distance import km
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import paths
from gongzhi.ui.words import place


def _trail(code: str, by: Holder) -> list[str]:
    return [c for c in ancestors(code) if c.startswith(by.place[:9])]


@as_post
def cover(request: HttpRequest, by: Holder) -> HttpResponse:
    """How many villages have a point, and by name, those of a county that have none."""
    code = place_asked(request, by)
    # Each village by name from the county down; above it, figures are enough.
    digits = {2: 4, 4: 6}.get(len(code), 9)
    parts = coverage.coverage(code, digits=digits)
    parts.sort(key=lambda p: (-len(p.unserved), p.code))
    if digits == Level.TOWN.digits:
        paths(v.code for p in parts for v in p.villages)  # all names at once
    total, served = sum(len(p.villages) for p in parts), sum(p.served for p in parts)
    context = {
        "by": by,
        "here": code,
        "trail": _trail(code, by),
        "parts": parts,
        "towns": digits == Level.TOWN.digits,
        "total": total,
        "served": served,
        "unserved": total - served,
        "points": len(sites.find(code, ["contact_point"])),
        "may_edit": bool(sites.may_edit(by, code)),
    }
    return render(request, "mediation/network/coverage.html", context)


@as_post
def give(request: HttpRequest, by: Holder, village: str) -> HttpResponse:
    """A contact point for a village that has none: one press."""
    known = Division.objects.filter(code=village, level=5, valid_to=None).exists()
    if not known or not village.startswith(by.place[:9]):
        raise Http404
    allowed = sites.may_edit(by, village)
    if request.method == "POST":
        unit = _site_chosen(request)
        try:
            coverage.serve(unit, village, by=by, on=timezone.localdate())
        except Refused as error:
            messages.error(request, str(error.reason))
        else:
            messages.success(request, _("%(point)s已联系这个村。") % {"point": unit.name})
            return redirect(f"{reverse('mediation:coverage')}?place={village[:6]}#t{village[:9]}")
    context = {
        "by": by,
        "village": village,
        "offers": coverage.points_for(village),
        "serving": coverage.serving(village),
        "why_not": allowed.reason if isinstance(allowed, No) else "",
    }
    return render(request, "mediation/network/give.html", context)


def _site_chosen(request: HttpRequest) -> Unit:
    try:
        return site_or_404(UUID(request.POST.get("unit", ""))).unit
    except ValueError:
        raise Http404 from None


class PlanForm(forms.Form):
    """What the planner asks."""

    p = forms.IntegerField(label=gettext_lazy("新增几个联络点"), min_value=1, max_value=50)
    radius = forms.FloatField(label=gettext_lazy("覆盖半径（公里）"), min_value=0, max_value=100)
    weigh = forms.ChoiceField(
        label=gettext_lazy("按什么算"),
        choices=[("villages", gettext_lazy("村（社区）数")), ("people", gettext_lazy("人口"))],
    )
    place = forms.CharField(widget=forms.HiddenInput, required=False)


@as_post
def plan(request: HttpRequest, by: Holder) -> HttpResponse:
    """Where so many new points would reach most of the villages that have none."""
    code = place_asked(request, by)
    if len(code) < Level.CITY.digits:
        code = facts(settings.CONFIG.city).code  # a province is more than a page can think through
    asked = "p" in request.GET
    given: Any = request.GET if asked else None
    start = {"p": 5, "radius": 8, "weigh": "villages", "place": code}
    form = PlanForm(given, initial=start)
    context: dict[str, Any] = {
        "by": by, "here": code, "trail": _trail(code, by), "form": form,
        "may_edit": bool(sites.may_edit(by, code)),
    }  # fmt: skip
    if asked and form.is_valid():
        context |= _answer(code, form.cleaned_data)
    return render(request, "mediation/network/planner.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _answer(code: str, said: dict[str, Any]) -> dict[str, Any]:
    people, radius = said["weigh"] == "people", said["radius"]
    q = planner.question(code, by_people=people)
    answer = planner.plan(q.towns, radius=radius, p=said["p"])
    spots = {t.code: t.spot for t in q.towns}
    towns = {t.code: t for t in q.towns}
    chosen = [(c, spots[c]) for c in answer.chosen]
    now = sites.find(code, ["contact_point"])
    with_point = {k.unit.place[:9] for k in now}
    rows = [
        {"n": n, "code": c, "own": towns[c].villages, "has_point": c in with_point,
         "around": sum(towns[r].villages for r in answer.reached
                       if km(spots[c], spots[r]) <= radius)}
        for n, (c, _spot) in enumerate(chosen, 1)
    ]  # fmt: skip
    return {
        "question": q,
        "placeless": "、".join(place(c) for c in q.placeless),
        "answer": answer,
        "rows": rows,
        "people": people,
        "radius": radius,
        "after": q.unserved - answer.villages,
        "percent": round(100 * answer.covered / answer.total) if answer.total else 0,
        "gap": round(100 * answer.gap, 1) if isfinite(answer.gap) else None,
        "seconds": round(answer.seconds, 2),
        "map": plan_map(code, chosen, radius, now),
    }
