"""A roll call 点名 on its page: how it stands, where it is silent, the one press that answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseStopPolling

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import RollCall
from gongzhi.mechanisms.neighbourhoods.pages.emergency import showing
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, roll_calls
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.reminders import Reminder


def _roll(by: Holder, id_: UUID) -> tuple[RollCall, str]:
    """With the part of it that this post stands over. Raises Http404."""
    found = RollCall.objects.filter(id=id_).select_related("emergency").first()
    part = emergencies.part_of(by, found.emergency) if found else None
    if found is None or part is None:
        raise Http404
    return found, part


def _shown(request: HttpRequest, by: Holder, roll: RollCall, part: str) -> dict[str, Any]:
    place = request.GET.get("place", part)
    place = place if place.startswith(part) else part
    whole, communities = roll_calls.standing(roll, place)
    one = len(communities) == 1
    return {
        "by": by, "roll": roll, "of": roll.emergency, "part": part, "place": place,
        "whole": whole, "bar": showing.bar(whole), "times": showing.times(whole.times),
        "median": showing.median_label(whole), "parts": showing.PARTS,
        "communities": [] if one else [
            (code, of, showing.bar(of), showing.median_label(of)) for code, of in communities
        ],
        "silent": roll_calls.silent(roll, communities[0][0], now=timezone.now()) if one else None,
    }  # fmt: skip


@as_post
def roll_call(request: HttpRequest, by: Holder, roll: UUID) -> HttpResponse:
    found, part = _roll(by, roll)
    return render(request, "neighbourhoods/emergency/roll.html", _shown(request, by, found, part))


@as_post
def roll_figures(request: HttpRequest, by: Holder, roll: UUID) -> HttpResponse:
    """The moving part, from counters; it stops when the emergency is over."""
    found, part = _roll(by, roll)
    if found.emergency.ended_at is not None:
        return HttpResponseStopPolling()
    context = _shown(request, by, found, part)
    return render(request, "neighbourhoods/emergency/roll_figures.html", context)


@require_POST
@as_post
def answer(request: HttpRequest, by: Holder, roll: UUID) -> HttpResponse:
    """到: nothing to fill in."""
    found = RollCall.objects.filter(id=roll).select_related("emergency").first()
    if found is None or not emergencies.seen_by(by).filter(id=found.emergency_id).exists():
        raise Http404
    n = roll_calls.answer(found, now=timezone.now(), by=by)
    if n:
        said = ngettext("到。已记下 %(n)d 栋楼。", "到。已记下 %(n)d 栋楼。", n) % {"n": n}
        messages.success(request, said, extra_tags="good")
    else:
        messages.info(request, _("这次点名不用您再应答。"))
    return redirect("neighbourhoods:emergency", found.emergency_id)


def remind(by: Holder, now: datetime) -> Reminder | None:
    """On the worklist: a call that waits for this post; where nobody is left, for the community."""
    waiting = roll_calls.waiting_for(by).select_related("roll_call").first()
    if waiting is not None:
        url = reverse("neighbourhoods:emergency", args=[waiting.roll_call.emergency_id])
        return Reminder(_("应急点名：请马上应答“到”"), url)
    if by.level != Level.VILLAGE or by.kind not in emergencies.STAFF or not by.sees_place:
        return None
    gap = roll_calls.gaps_in(by.place)
    if gap is None:
        return None
    n = gap.gaps
    said = ngettext("点名：%(n)d 栋楼无人应答，请派人", "点名：%(n)d 栋楼无人应答，请派人", n) % {
        "n": n
    }
    return Reminder(said, reverse("neighbourhoods:roll_call", args=[gap.roll_call_id]))
