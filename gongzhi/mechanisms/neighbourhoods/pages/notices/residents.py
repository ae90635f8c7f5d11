"""Notices for residents: on the household's own page, and for anybody, by notice and by place."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Announcement
from gongzhi.mechanisms.neighbourhoods.pages.notices.differences import difference
from gongzhi.mechanisms.neighbourhoods.pages.notices.staff import scope_of
from gongzhi.mechanisms.neighbourhoods.registers import announced, announcing, buildings
from gongzhi.people.models import Unit
from gongzhi.places.levels import BadCode, level_of
from gongzhi.places.models import Division
from gongzhi.ui.throttling import slow_down


@never_cache
def at_home(request: HttpRequest, key: str, announcement: UUID) -> HttpResponse:
    """A household's own: opening it is reading it, pressing the button confirms it."""
    wait = slow_down(request, "home_notice", key)
    if wait:
        return wait
    now = timezone.now()
    if request.method == "POST":
        return _confirmed(request, key, announcement)
    said = announcing.read(key, announcement, now=now)
    if said is None:
        raise Http404
    context = {
        "key": key, "door": said["door"], "building": said["building"],
        "confirmed": said["confirmed"], "unit": said["unit"], **_shown(said),
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/home.html", context)


def _confirmed(request: HttpRequest, key: str, announcement: UUID) -> HttpResponse:
    try:
        n = int(request.POST.get("n", ""))
        announcing.confirm(key, announcement, n, now=timezone.now())
    except ValueError:
        raise Http404 from None
    except Refused as error:
        if error.reason == announcing.REFUSALS["unknown"]:
            raise Http404 from None
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("neighbourhoods:home_notice", key, announcement)


def _shown(said: Mapping[str, Any]) -> dict[str, Any]:
    """The wording that holds in the reader's language, and what is new in it for this reader."""
    a, wordings = said["notice"], [announced.in_words(w) for w in said["wordings"]]
    last, before = wordings[-1], said.get("before") or len(wordings) - 1
    was = wordings[before - 1] if 0 < before < last["n"] else None
    until = parse_date(a["shown_until"])
    return {
        "a": {**a, "published_at": parse_datetime(a["published_at"]), "shown_until": until},
        "wording": last, "corrected_at": parse_datetime(last["at"]),
        "withdrawn": a["withdrawn_at"] is not None,
        "over": until is not None and until < timezone.localdate(),
        "changed": difference(was["shown_text"], last["shown_text"]) if was else [],
    }  # fmt: skip


@never_cache
def opened(request: HttpRequest, announcement: UUID) -> HttpResponse:
    """For anybody: what it says now. Who has read it is not counted here."""
    wait = slow_down(request, "neighbourhood")
    if wait:
        return wait
    a = announced.notice(announcement)
    if a is None:
        raise Http404
    said = {"notice": _facts(a), "wordings": list(a.wordings.order_by("n").values())}
    for w in said["wordings"]:
        w["at"] = w["at"].isoformat()
    context = {
        "scope": scope_of(a), "place": a.place, "unit": Unit.objects.filter(id=a.unit).first(),
        "building": _building(request, a), **_shown(said),
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/open.html", context)


def _facts(a: Announcement) -> dict[str, Any]:
    return {
        "id": a.id, "published_at": a.published_at.isoformat(), "asks": a.asks,
        "shown_until": a.shown_until.isoformat(), "withdrawn_at": a.withdrawn_at,
        "withdrawn_why": a.withdrawn_why,
    }  # fmt: skip


def _building(request: HttpRequest, a: Announcement) -> Any:
    """The one at whose door the poster hangs."""
    try:
        return buildings.building(UUID(request.GET["at"])) if "at" in request.GET else a.building
    except ValueError:
        return a.building


@never_cache
def at_place(request: HttpRequest, place: str) -> HttpResponse:
    """For anybody: what is shown today for a place."""
    wait = slow_down(request, "neighbourhood")
    if wait:
        return wait
    try:
        level_of(place)
    except BadCode:
        raise Http404 from None
    if not Division.objects.filter(code=place).exists():
        raise Http404
    after = request.GET.get("after", "")
    page = announced.page(announced.for_public(place, timezone.localdate()), after=after)
    rows = [{"of": row, "scope": scope_of(row.notice)} for row in page.rows]
    context = {"place": place, "rows": rows, "after": after, "next": page.after,
               "title": _("公告")}  # fmt: skip
    return render(request, "neighbourhoods/notices/place.html", context)
