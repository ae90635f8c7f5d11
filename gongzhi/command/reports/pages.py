"""The page of reports: one of a place, those before it, a leader's words, and by mail or not."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.command.models import Report
from gongzhi.command.reports import papers, reading, wording
from gongzhi.command.reports.spans import KINDS, WEEK
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.ui.words import moment, named

EARLIER = 13  # named in the list


def _asked(request: HttpRequest, by: Holder) -> tuple[str, str]:
    """Place and kind. Raises Http404."""
    place, kind = request.GET.get("place", by.place), request.GET.get("kind", WEEK)
    known = Division.objects.filter(code=place).exists()
    if not (reading.may_read(by, place) and known and kind in KINDS):
        raise Http404
    return place, kind


def _report(request: HttpRequest, place: str, kind: str) -> Report | None:
    """The one that is asked for, or the latest; None if none is made yet. Raises Http404."""
    found = reading.of_place(place, kind)
    if not request.GET.get("since"):
        return found.first()
    try:
        return found.filter(since=date.fromisoformat(request.GET["since"])).first()
    except ValueError:
        raise Http404 from None


def _remarks(report: Report) -> list[papers.Said]:
    remarks = list(report.remarks.order_by("at"))
    posts = Post.objects.select_related("unit").in_bulk({r.post for r in remarks})
    return [
        (r, f"{named(posts[r.post].unit)} {named(posts[r.post])} {moment(r.at)}") for r in remarks
    ]


@as_post
def reports(request: HttpRequest, by: Holder) -> HttpResponse:
    place, kind = _asked(request, by)
    report = _report(request, place, kind)
    remarks, wanted = _remarks(report) if report else [], request.GET.get("as")
    if wanted:
        if report is None or wanted not in {"pdf", "xlsx"}:
            raise Http404
        if wanted == "pdf":
            return papers.pdf(report, remarks, by.unit_name)
        return papers.excel(report, remarks)
    context = {
        "by": by, "here": place, "kind": kind, "kinds": KINDS, "report": report,
        "trail": [c for c in ancestors(place) if c.startswith(by.place)],
        "earlier": reading.of_place(place, kind)[:EARLIER], "remarks": remarks,
        "leads": reading.leads(by, place), "longest": reading.LONGEST,
        "subscribed": reading.subscribed(by, place, kind).select_related("outlet").first(),
        "mailbox": reading.mailboxes(by).first(),
    }  # fmt: skip
    return render(request, "command/reports/report.html", context | _shown(report))


def _shown(report: Report | None) -> dict[str, Any]:
    if report is None:
        return {}
    parts = [
        (p, _linked(p.lines, () if p.rows else p.links), _linked(p.rows, p.links))
        for p in wording.parts(report)
    ]
    return {"title": wording.title(report), "days": wording.days(report), "parts": parts}


def _linked(said: Sequence[object], links: Sequence[str]) -> list[tuple[object, str]]:
    return [(one, links[n] if links else "") for n, one in enumerate(said)]


def _back(request: HttpRequest, place: str, kind: str) -> HttpResponse:
    said = {"place": place, "kind": kind, "since": request.GET.get("since", "")}
    return redirect(f"{reverse('command:reports')}?{urlencode(said)}")


@require_POST
@as_post
def remark(request: HttpRequest, by: Holder) -> HttpResponse:
    place, kind = _asked(request, by)
    report = _report(request, place, kind)
    if report is None:
        raise Http404
    try:
        reading.remark(report, request.POST.get("words", ""), now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("已保存。"), extra_tags="good")
    return _back(request, place, kind)


@require_POST
@as_post
def subscribe(request: HttpRequest, by: Holder) -> HttpResponse:
    """By mail from now on, or no longer."""
    place, kind = _asked(request, by)
    try:
        if request.POST.get("end"):
            reading.unsubscribe(place, kind, now=timezone.now(), by=by)
        else:
            reading.subscribe(place, kind, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("已保存。"), extra_tags="good")
    return _back(request, place, kind)
