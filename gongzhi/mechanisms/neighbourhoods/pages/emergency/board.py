"""The situation board 态势: counts that move while one looks, and what to do next.

The page asks for its counters anew every two seconds. Answers come by the thousand in a minute and
those who look are few, so asking costs less than telling each page of each answer would.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseStopPolling

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Affected, Emergency, RollCall
from gongzhi.mechanisms.neighbourhoods.pages.emergency import showing
from gongzhi.mechanisms.neighbourhoods.pages.emergency.forms import Activate, Call, End, Extend
from gongzhi.mechanisms.neighbourhoods.registers import (
    emergencies,
    needs,
    reports,
    roll_calls,
    shifts,
)
from gongzhi.mechanisms.neighbourhoods.registers.emergencies import Wanted
from gongzhi.mechanisms.neighbourhoods.tasks import send_soon
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import span
from gongzhi.places.names import path_of

LISTED = 30
ROWS = 100  # buildings on a board; a community has no more, mostly


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """Those that go on, then those that are over."""
    found = list(emergencies.seen_by(by)[:LISTED])
    found.sort(key=lambda e: e.ended_at is not None)
    may = emergencies.commands(by)
    context = {"by": by, "rows": [(e, emergencies.KINDS[e.kind]) for e in found], "may": may}
    return render(request, "neighbourhoods/emergency/list.html", context)


def _with_place(request: HttpRequest, by: Holder, place: str) -> Activate:
    """The same again, with the place that was found for what was typed."""
    said, path = request.POST.copy(), path_of(place)
    for name, value in (("place", place), ("place_said", path), ("place_for", path)):
        said[name] = value
    return Activate(said, by=by)


@as_post
def activate(request: HttpRequest, by: Holder) -> HttpResponse:
    """Filled in, looked at with what it will reach, and only then begun."""
    if not emergencies.commands(by):
        raise Http404
    form = Activate(request.POST or None, by=by)
    preview = None
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        try:
            emergencies.must_command(by, said["place"])
            if "sure" in request.POST:
                made = emergencies.activate(Wanted(**said), now=now, by=by)
                messages.success(request, _("已进入战斗状态。下一步：点名。"), extra_tags="good")
                return redirect("neighbourhoods:emergency", made.id)
            preview = emergencies.preview(said["place"], now=now)
            form = _with_place(request, by, said["place"])
        except Refused as error:
            form.add_error(error.field, str(error.reason))
    context = {
        "by": by, "form": form, "preview": preview, "minutes": roll_calls.usual_minutes(),
        "kept": emergencies.KEPT,
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/new.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def figures_of(by: Holder, of: Emergency, part: str) -> dict[str, Any]:
    """What the moving part of the board shows: counters alone."""
    communities = reports.by_community(of, part)
    roll = RollCall.objects.filter(emergency=of).order_by("-called_at").first()
    standing = roll_calls.standing(roll, part)[0] if roll else None
    kinds = reports.by_kind(of, part)
    most = max([k["n"] for k in kinds.values()], default=1)
    return {
        "by": by, "of": of, "part": part, "all": reports.added(communities),
        "communities": communities if len(communities) > 1 else [], "roll": roll,
        "standing": standing, "bar": showing.bar(standing) if standing else [],
        "kinds": [
            (needs.kind_label(name), k["n"], k["served"], round(100 * k["n"] / most, 2),
             round(100 * k["served"] / most, 2))
            for name, k in kinds.items()
        ],
        "supplies": of.supplies.order_by("name")[:LISTED],
        "entries": showing.told(reports.newest(of)) if emergencies.runs(by, of) else [],
    }  # fmt: skip


def _buildings(of: Emergency, part: str, after: str) -> tuple[list[Affected], str]:
    """Building by building within one community; keyset by code."""
    low, high = span(part)
    found = Affected.objects.filter(emergency=of, community__gte=low, community__lt=high)
    rows = list(
        found.filter(building__code__gt=after)
        .select_related("building").order_by("building__code")[: ROWS + 1]
    )  # fmt: skip
    more = rows[ROWS - 1].building.code if len(rows) > ROWS else ""
    return rows[:ROWS], more


@as_post
def emergency(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """The board for those who stand over it; their own buildings for chiefs."""
    of = showing.emergency_for(by, emergency)
    part = emergencies.part_of(by, of)
    asked = list(roll_calls.still_asked(by, of)) if of.ended_at is None else []
    context: dict[str, Any] = {
        "by": by, "of": of, "kind": emergencies.KINDS[of.kind], "asked": asked, "part": part,
        "roll_asked": asked[0].roll_call_id if asked else None,
        "runs": emergencies.runs(by, of), "commands": emergencies.may_command(by, of.place),
        "own": emergencies.own_buildings(by, of),
        "turns": shifts.to_come(of, by, now=timezone.now()),
    }  # fmt: skip
    if part is not None:
        chosen = request.GET.get("place", part)
        chosen = chosen if chosen.startswith(part) else part
        context |= figures_of(by, of, chosen) | {"call": Call(), "whole": part}
        if len(chosen) == 12:
            context["buildings"], context["more"] = _buildings(
                of, chosen, request.GET.get("after", "")
            )
    return render(request, "neighbourhoods/emergency/emergency.html", context)


@as_post
def figures(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """The moving part; when it is over, the page stops asking."""
    of = showing.emergency_for(by, emergency)
    part, chosen = emergencies.part_of(by, of), request.GET.get("place", "")
    if part is None or of.ended_at is not None:
        return HttpResponseStopPolling()
    chosen = chosen if chosen.startswith(part) else part
    context = figures_of(by, of, chosen)
    return render(request, "neighbourhoods/emergency/figures.html", context)


@as_post
def extend(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    of = showing.commanded_by(by, emergency)
    form = Extend(request.POST or None, of=of)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            emergencies.extend(of.id, said["ends_on"], said["reason"], now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已延长。"), extra_tags="good")
            return redirect("neighbourhoods:emergency", of.id)
    return _form(request, by, of, form, _("延长战斗状态"))


@as_post
def end(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    of = showing.commanded_by(by, emergency)
    form = End(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            emergencies.end(of.id, said["reason"], now=timezone.now(), by=by, kept=said["kept"])
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已结束，总结报告已生成。"), extra_tags="good")
            return redirect("neighbourhoods:emergency_report", of.id)
    return _form(request, by, of, form, _("结束战斗状态"))


def _form(
    request: HttpRequest, by: Holder, of: Emergency, form: Extend | End, title: str
) -> HttpResponse:
    context = {"by": by, "of": of, "form": form, "title": title}
    return render(request, "neighbourhoods/emergency/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@require_POST
@as_post
def call(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """All chiefs at once."""
    of = showing.run_by(by, emergency)
    form = Call(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("neighbourhoods:emergency", of.id)
    try:
        made = roll_calls.call(of, now=timezone.now(), by=by, minutes=form.cleaned_data["minutes"])
    except Refused as error:
        messages.error(request, str(error.reason))
        return redirect("neighbourhoods:emergency", of.id)
    send_soon()
    return redirect("neighbourhoods:roll_call", made.id)
