"""Notices for residents: on the household's own page, and for anybody, by notice and by place."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.cache import never_cache

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Announcement
from gongzhi.mechanisms.neighbourhoods.pages.notices.differences import difference
from gongzhi.mechanisms.neighbourhoods.pages.notices.staff import scope_of
from gongzhi.mechanisms.neighbourhoods.pages.register.public import gone
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
    if said is None and buildings.household_by(key) is None:
        return gone(request)
    if said is None:
        raise Http404
    a = _with_times(said["notice"], "published_at", "withdrawn_at")
    a["shown_until"] = parse_date(a["shown_until"])
    context = {
        "key": key, "door": said["door"], "building": SimpleNamespace(**said["building"]), "a": a,
        "confirmed": said["confirmed"], "unit": SimpleNamespace(**said["unit"]),
        "over": a["shown_until"] < timezone.localdate(now),
        **_shown([_with_times(w, "at") for w in said["wordings"]], said["before"]),
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/home.html", context)


def _with_times(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A row that came as JSON, its instants read."""
    return {**row, **{name: parse_datetime(row[name] or "") for name in names}}


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


def _shown(rows: Iterable[Mapping[str, Any]], before: int = 0) -> dict[str, Any]:
    """The wording that holds in the reader's language, and what is new in it: since the one that
    was read before, or the last one."""
    wordings = [announced.in_words(w) for w in rows]
    last, known = wordings[-1], before or len(wordings) - 1
    was = wordings[known - 1] if 0 < known < len(wordings) else None
    changed = difference(was["shown_text"], last["shown_text"]) if was else []
    return {"wording": last, "changed": changed}


@never_cache
def opened(request: HttpRequest, announcement: UUID) -> HttpResponse:
    """For anybody: what it says now. Who has read it is not counted here."""
    wait = slow_down(request, "neighbourhood")
    if wait:
        return wait
    a = announced.notice(announcement)
    if a is None:
        raise Http404
    today = timezone.localdate()
    context = {
        "a": a, "scope": scope_of(a), "place": a.place, "building": _building(request, a),
        "unit": Unit.objects.filter(id=a.unit).first(), "over": a.shown_until < today,
        **_shown(a.wordings.order_by("n").values()),
    }  # fmt: skip
    return render(request, "neighbourhoods/notices/open.html", context)


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
    context = {"place": place, "rows": rows, "after": after, "next": page.after}
    return render(request, "neighbourhoods/notices/place.html", context)
