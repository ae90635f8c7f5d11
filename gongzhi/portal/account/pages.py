"""Pages of the public account: a place and a month to read, open data, a feed of what is new."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.utils.translation import gettext as _

from gongzhi.declare import Level, Mechanism
from gongzhi.places.city import facts
from gongzhi.places.levels import ancestors
from gongzhi.places.search import search
from gongzhi.portal.account import opened
from gongzhi.portal.account.feed import PlaceFeed
from gongzhi.portal.account.figures import FIGURES, left_out, mechanisms
from gongzhi.portal.models import OpenFigure, Publication
from gongzhi.ui import words
from gongzhi.ui.columns import columns
from gongzhi.ui.throttling import slow_down

MONTHS = 12  # in the chart
KEPT = 3600  # seconds for which open data may be shown without asking again
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def account(request: HttpRequest) -> HttpResponse:
    """A place of the city in a published month, by mechanism, below it and through the months."""
    wait = slow_down(request, "account")
    if wait:
        return wait
    city = facts(settings.CONFIG.city).code
    place, said = request.GET.get("place", city), request.GET.get("q", "").strip()
    found = search(said, within=city, levels=(Level.COUNTY, Level.TOWN)) if said else None
    if found and len(found) == 1:
        asked = {"place": found[0].code, **_month(request)}
        return redirect(f"{reverse('portal:account')}?{urlencode(asked)}")
    months = list(Publication.objects.order_by("-month"))
    context: dict[str, Any] = {
        "place": place, "said": said, "months": months, "figures": FIGURES,
        "found": found,
        "trail": [code for code in ancestors(place) if code.startswith(city)],
        "least": settings.CONFIG.account_least, "licence": settings.CONFIG.account_licence,
        "left_out": _("、").join(map(words.label, left_out())),
    }  # fmt: skip
    if months:
        context |= _shown(request, months, place)
    elif place != city:
        raise Http404
    return render(request, "portal/account/account.html", context)


def _month(request: HttpRequest) -> dict[str, str]:
    return {"month": request.GET["month"]} if "month" in request.GET else {}


def _shown(request: HttpRequest, months: Sequence[Publication], place: str) -> dict[str, Any]:
    month = request.GET.get("month", months[0].month)
    publication = next((p for p in months if p.month == month), None)
    counted = {m.name: m for m in mechanisms()}
    of = request.GET.get("of") or next(iter(counted))
    if publication is None or of not in counted:
        raise Http404
    rows = [row for row in opened.rows(month, place) if row.mechanism in counted]
    own = {row.mechanism: row for row in rows if row.place == place}
    if not own:
        raise Http404
    before = [p.month for p in months if p.month <= month][:MONTHS][::-1]
    series = _series(place, before, of)
    return {
        "publication": publication, "month": month, "least": publication.least, "of": counted[of],
        "own": [(counted[name], row) for name, row in own.items()],
        "below": [row for row in rows if row.place != place and row.mechanism == of],
        "series": series, "bars": _bars(series), "tabs": _tabs(counted.values(), of, place, month),
        "withheld": any(getattr(row, f.name) is None for row in rows for f in FIGURES),
    }  # fmt: skip


def _tabs(counted: Iterable[Mechanism], of: str, place: str, month: str) -> list[dict[str, Any]]:
    return [
        {"label": words.label(m), "current": m.name == of,
         "url": f"?place={place}&month={month}&of={m.name}"}
        for m in counted
    ]  # fmt: skip


def _series(place: str, months: Sequence[str], of: str) -> list[OpenFigure]:
    found = OpenFigure.objects.filter(place=place, publication__in=months, mechanism=of)
    return list(found.order_by("publication"))


def _bars(series: Iterable[OpenFigure]) -> list[dict[str, Any]]:
    """A withheld month is a gap; no month of none is ever shown, so a gap means nothing else."""
    return columns({row.publication_id: (row.reported or 0, row.settled or 0) for row in series})


def data(request: HttpRequest, month: str, kind: str) -> HttpResponse:
    """A month whole: its CSV never changes."""
    wait = slow_down(request, "account")
    if wait:
        return wait
    publication = get_object_or_404(Publication, month=month)
    rows = opened.rows(month)
    if kind == "csv":
        return _served(request, opened.csv_of(rows), kind, f"account-{month}")
    link = request.build_absolute_uri(reverse("portal:account_dictionary"))
    return _served(request, opened.json_of(publication, rows, link), kind, f"account-{month}")


def data_of(request: HttpRequest, month: str, place: str) -> HttpResponse:
    """What the page shows of a place and right below it."""
    wait = slow_down(request, "account")
    if wait:
        return wait
    rows = opened.rows(month, place)
    if not rows:
        raise Http404
    return _served(request, opened.csv_of(rows), "csv", f"account-{month}-{place}")


def dictionary(request: HttpRequest) -> HttpResponse:
    wait = slow_down(request, "account")
    if wait:
        return wait
    latest = Publication.objects.order_by("-month").first()
    path = reverse("portal:account_csv", args=[latest.month]) if latest else ""
    said = opened.dictionary_of(request.build_absolute_uri(path))
    return _served(request, said, "json", "account-dictionary")


def feed(request: HttpRequest) -> HttpResponse:
    wait = slow_down(request, "account")
    if wait:
        return wait
    return _asked_again(request, PlaceFeed()(request))


def _served(request: HttpRequest, body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Access-Control-Allow-Origin"] = "*"  # open data may be read by any page
    return _asked_again(request, response)


def _asked_again(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Who has it already, is told so and nothing else."""
    patch_cache_control(response, public=True, max_age=KEPT)
    set_response_etag(response)
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response
