"""The page of reports: one of a place, those before it, a leader's words, and by mail or not."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.command import charts
from gongzhi.command.models import Report
from gongzhi.command.reports import papers, reading, wording
from gongzhi.command.reports.spans import KINDS, WEEK
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division

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


def _file(request: HttpRequest, report: Report | None, by: Holder) -> HttpResponse:
    """Raises Http404."""
    wanted, found = request.GET["as"], None
    if report and wanted == "pdf":
        found = papers.pdf(report, by.unit_name)
    elif report and wanted == "xlsx":
        found = papers.excel(report)
    elif report and wanted == "csv":
        found = papers.csv(report, request.GET.get("of", ""))
    if found is None:
        raise Http404
    return found


@as_post
def reports(request: HttpRequest, by: Holder) -> HttpResponse:
    place, kind = _asked(request, by)
    report = _report(request, place, kind)
    if request.GET.get("as"):
        return _file(request, report, by)
    context = {
        "by": by, "here": place, "kind": kind, "kinds": KINDS, "report": report,
        "trail": [c for c in ancestors(place) if c.startswith(by.place)],
        "earlier": reading.of_place(place, kind)[:EARLIER],
        "leads": reading.leads(by, place), "longest": reading.LONGEST,
    }  # fmt: skip
    return render(
        request, "command/reports/report.html",
        context | _shown(report) | _mailed(by, place, kind),
    )  # fmt: skip


def _mailed(by: Holder, place: str, kind: str) -> dict[str, Any]:
    subscribed = reading.subscribed(by, place, kind).select_related("outlet").first()
    return {
        "subscribed": subscribed, "mailbox": reading.mailboxes(by).first(),
        "mails": ADAPTERS["mail"].offered(), "largest": settings.CONFIG.report_mail_kb,
        "undelivered": reading.undelivered(subscribed) if subscribed else "",
    }  # fmt: skip


def _shown(report: Report | None) -> dict[str, Any]:
    if report is None:
        return {}
    parts = [
        (p, _linked(p.lines, () if p.rows else p.links), _linked(p.rows, p.links), _charts(p))
        for p in wording.parts(report)
    ]
    return {
        "title": wording.title(report), "days": wording.days(report), "parts": parts,
        "remarks": reading.remarks(report), "below": reading.made_below(report),
    }  # fmt: skip


def _charts(of: wording.Part) -> dict[str, Any]:
    return {
        "times": charts.times(dict(of.drawn)) if of.name == "times" else (),
        "sides": charts.sides(of.drawn) if of.name == "below" else (),
    }


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
