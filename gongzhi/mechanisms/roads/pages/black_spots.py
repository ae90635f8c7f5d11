"""Black spots on pages: the list and the map, a case of one with one press."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases import chances
from gongzhi.cases.changes import NotFound, Refused
from gongzhi.cases.models import Case
from gongzhi.cases.reading import seen_by
from gongzhi.mechanisms.roads.mechanism import report
from gongzhi.mechanisms.roads.pages.accidents import here, trail
from gongzhi.mechanisms.roads.pages.parameters import rows
from gongzhi.mechanisms.roads.registers import black_spots, parameters
from gongzhi.people.permissions import may_begin
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.places.levels import span
from gongzhi.places.search import children

TREATED = 20


def _rule(code: str) -> dict[str, int]:
    return parameters.ROADS.numbers(code, timezone.localdate())


def _seen(by: Holder, ids: set[UUID]) -> dict[UUID, Case]:
    """The cases among these that this post may see."""
    with within(by.scope):
        return {c.id: c for c in Case.objects.filter(id__in=ids)}


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """What is a black spot now, and what became of those that were treated."""
    code, now = here(request, by), timezone.now()
    holds = parameters.ROADS.in_force(code, timezone.localdate(now))
    spots = black_spots.found(code, {n: held.n for n, held in holds.items()}, now=now)
    cases = _seen(by, {s.case for s in spots if s.case})
    context = {
        "by": by, "here": code, "trail": trail(code, by), "children": children(code),
        "spots": [(s, cases.get(s.case) if s.case else None,
                   bool(may_begin(by, report, s.place)) if s.place else False) for s in spots],
        "treated": [(case, compared(case)) for case in _treated(code, by)],
        "rule": rows("spots", holds),
    }  # fmt: skip
    return render(request, "roads/spots/list.html", context)


def _treated(code: str, by: Holder) -> list[Case]:
    low, high = span(code)
    with within(by.scope):
        found = Case.objects.filter(
            mechanism="roads", category=black_spots.CATEGORY, is_open=False, place__gte=low,
            place__lt=high, facts__has_key="cleared_at",
        )  # fmt: skip
        return list(found.order_by("-closed_at")[:TREATED])


def compared(case: Case) -> chances.Compared | None:
    """Before and after; None while nothing can be compared yet."""
    of = black_spots.periods(case, timezone.now())
    if of is None:
        return None
    before, after = black_spots.counts(black_spots.there(case), of)
    return chances.compare(before, of.days, after, of.days)


@as_post
def geojson(request: HttpRequest, by: Holder) -> HttpResponse:
    """The same for maps: a point for each spot whose position is known (RFC 7946, WGS84)."""
    code = here(request, by)
    spots = black_spots.found(code, _rule(code), now=timezone.now())
    features = [_feature(s) for s in spots if s.middle is not None]
    told = {"type": "FeatureCollection", "features": features}
    return JsonResponse(told, content_type="application/geo+json")


def _feature(spot: black_spots.BlackSpot) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": spot.middle},
        "properties": {
            "accidents": len(spot.accidents), "deaths": spot.deaths, "injured": spot.injured,
            "road": spot.road.code if spot.road else None, "stakes": spot.stakes,
            "place": spot.place, "case": str(spot.case) if spot.case else None,
        },
    }  # fmt: skip


@require_POST
@as_post
def take_up(request: HttpRequest, by: Holder) -> HttpResponse:
    """One press: a case, or new accidents added to the one there is."""
    code = here(request, by)
    try:
        county, case = black_spots.take_up(
            code, request.POST.get("key", ""), _rule(code), now=timezone.now(), by=by
        )
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("roads:black_spots")
    try:
        seen_by(by, county, case)
    except NotFound:
        messages.info(request, _("已立案，转给办理的单位；您这里看不到它。"))
        return redirect("roads:black_spots")
    messages.success(
        request, _("已立案。下一步：用“制定化解方案”写治理措施，要部门来的就吹哨。"),
        extra_tags="good",
    )  # fmt: skip
    return redirect("desk:case", county, case)
