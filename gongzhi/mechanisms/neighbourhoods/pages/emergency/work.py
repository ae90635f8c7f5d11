"""What is arranged for the whole of an emergency: tasks, supplies, shifts, needs that wait."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Movement, Shift
from gongzhi.mechanisms.neighbourhoods.pages.emergency import showing
from gongzhi.mechanisms.neighbourhoods.pages.emergency.forms import Give, ShiftForm, TakeIn
from gongzhi.mechanisms.neighbourhoods.registers import (
    emergencies,
    errands,
    needs,
    reports,
    shifts,
    supplies,
)
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

RECENT = 30


@as_post
def tasks(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """Given to many buildings at once; how far each community is."""
    of = showing.run_by(by, emergency)
    rows = reports.by_community(of, of.place)
    form = Give(request.POST or None, of=of, places=[r["community"] for r in rows])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        to = emergencies.buildings_at(of, said["where"]) if said["where"] else None
        try:
            n = errands.give(of, form.what, said["due_at"], now=timezone.now(), by=by, to=to)
        except Refused as error:
            form.add_error("own", str(error.reason))
        else:
            text = ngettext("已下达 %(n)d 项任务。", "已下达 %(n)d 项任务。", n) % {"n": n}
            messages.success(request, text, extra_tags="good")
            return redirect("neighbourhoods:emergency_tasks", of.id)
    context = {"by": by, "of": of, "form": form, "rows": rows}
    return render(request, "neighbourhoods/emergency/tasks.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def stock(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """What there is, what came in; it goes out on a building's page."""
    of = showing.run_by(by, emergency)
    form = TakeIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            supplies.take_in(of, **form.cleaned_data, now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已入库。"), extra_tags="good")
            return redirect("neighbourhoods:emergency_supplies", of.id)
    moved = Movement.objects.filter(supply__emergency=of).select_related("supply", "building")
    context = {
        "by": by, "of": of, "form": form, "rows": supplies.supplies_of(of),
        "moved": moved.order_by("-at")[:RECENT],
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/supplies.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def duty(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """The shift plan, with who is in two places and where nobody is."""
    of = showing.run_by(by, emergency)
    form = ShiftForm(request.POST or None, of=of)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        try:
            shifts.add(
                of, UUID(said["post"]), said["spot"], said["from_at"], said["to_at"],
                now=timezone.now(), by=by,
            )  # fmt: skip
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            return redirect("neighbourhoods:emergency_shifts", of.id)
    rows = list(shifts.shifts_of(of))
    posts, clash = Post.objects.in_bulk({s.post for s in rows}), shifts.clashes(rows)
    context = {
        "by": by, "of": of, "form": form, "gaps": shifts.gaps(rows), "now": timezone.now(),
        "rows": [(s, posts.get(s.post), s.id in clash) for s in rows],
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/shifts.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@require_POST
@as_post
def remove_shift(request: HttpRequest, by: Holder, shift: UUID) -> HttpResponse:
    found = Shift.objects.filter(id=shift).first()
    if found is None:
        raise Http404
    of = showing.run_by(by, found.emergency_id)
    try:
        shifts.remove(shift, now=timezone.now(), by=by)
    except Refused as error:
        messages.error(request, str(error.reason))
    return redirect("neighbourhoods:emergency_shifts", of.id)


@as_post
def waiting(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    """Needs that are not met yet, the oldest first."""
    of = showing.emergency_for(by, emergency)
    part = emergencies.part_of(by, of)
    if part is None:
        raise Http404
    kind = request.GET.get("kind", "")
    rows, more = needs.open_in(of, part, by=by, kind=kind, after=request.GET.get("after", ""))
    context = {
        "by": by, "of": of, "rows": rows, "more": more, "kind": kind, "kinds": needs.KINDS,
        "place": part,
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/needs.html", context)
