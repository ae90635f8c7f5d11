"""The schedule of a campaign: a timetable by community, planned, changed by hand, by Excel."""

from collections import defaultdict
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Campaign, Progress, Slot
from gongzhi.mechanisms.neighbourhoods.pages.campaigns import asked
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.forms import PlanForm, SheetForm, SlotForm
from gongzhi.mechanisms.neighbourhoods.registers import buildings, campaigns, slots, slots_sheet
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of, paths
from gongzhi.ui.words import named


def _communities(of: Campaign, by: Holder) -> list[dict[str, Any]]:
    """Those of the campaign that the post stands over: buildings, and how many have a slot."""
    here = asked.top(by, of)
    planned = dict(
        Slot.objects.filter(campaign=of, building__community__startswith=here)
        .values_list("building__community").annotate(n=Count("building", distinct=True))
    )  # fmt: skip
    found = (
        Progress.objects.filter(campaign=of, community__startswith=here, households__gt=0)
        .values_list("community").annotate(n=Count("building")).order_by("community")
    )  # fmt: skip
    rows = [{"code": c, "buildings": n, "planned": planned.get(c, 0)} for c, n in found]
    paths(r["code"] for r in rows)
    return rows


def _table(found: list[Slot]) -> list[tuple[Any, list[tuple[str, list[Slot]]]]]:
    """Day by day, and spot by spot."""
    days = []
    for day, of_day in groupby(found, key=lambda s: timezone.localdate(s.from_at)):
        spots: dict[str, list[Slot]] = defaultdict(list)
        for slot in of_day:
            spots[slot.spot].append(slot)
        days.append((day, sorted(spots.items())))
    return days


@as_post
def schedule(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """The timetable of a community with what clashes; the own buildings' for a chief."""
    of = asked.campaign_for(by, campaign)
    context: dict[str, Any] = {"by": by, "of": of, "tabs": asked.tabs(of, "campaign_schedule")}
    if not by.sees_place:
        own = buildings.buildings_of(by).values("id")
        found = Slot.objects.filter(campaign=of, building__in=own).select_related("building")
        context |= {"days": _table(list(found.order_by("from_at", "spot"))), "own": True}
        return render(request, "neighbourhoods/campaigns/schedule.html", context)
    code = asked.community(request, by, of)
    context["plans"] = of.closed_at is None and slots.may_plan(by, of, code or asked.top(by, of))
    if not code:
        context["communities"] = _communities(of, by)
        return render(request, "neighbourhoods/campaigns/schedule.html", context)
    rows = list(slots.slots_in(of, code))
    clashes = slots.clashes(of, rows)
    context |= {
        "code": code, "days": _table(rows), "clashes": clashes,
        "wrong": {c.slot for c in clashes if c.slot}, "without": slots.without(of, code),
        "several": len(of.place) < len(code),
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/schedule.html", context)


def _planned_by(by: Holder, id_: UUID, community: str = "") -> Campaign:
    """An open campaign of which this post plans a part."""
    of = asked.campaign_for(by, id_)
    if of.closed_at is not None or not slots.may_plan(by, of, community or asked.top(by, of)):
        raise Http404
    return of


def _back(of: Campaign, community: str) -> str:
    place = f"?place={community}" if len(community) > len(of.place) else ""
    return reverse("neighbourhoods:campaign_schedule", args=[of.id]) + place


def _parts(of: Campaign, by: Holder) -> list[tuple[str, str]]:
    """All that one keeps at once, or a community of it."""
    here = asked.top(by, of)
    found = [(r["code"], name_of(r["code"])) for r in _communities(of, by)]
    return found if [code for code, _name in found] == [here] else [
        (here, _("%(place)s全部") % {"place": name_of(here)}), *found
    ]  # fmt: skip


@as_post
def plan(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    of = _planned_by(by, campaign)
    initial = {"part": request.GET.get("place")}
    form = PlanForm(request.POST or None, of=of, parts=_parts(of, by), initial=initial)
    if request.method == "POST" and form.is_valid():
        part = form.cleaned_data["part"]
        try:
            made = slots.write(of, part, form.plan(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            said = _("安排了 %(n)d 个时段。") % {"n": made}
            messages.success(request, said, extra_tags="good")
            return redirect(_back(of, part))
    context = {"by": by, "form": form, "title": _("安排时段"), "button": _("安排"),
               "back": _back(of, request.GET.get("place", "")),
               "hint": _("原来安排的时段会换成新的；同一地点按楼栋编号顺序来。")}  # fmt: skip
    return render(request, "neighbourhoods/campaigns/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _when(said: dict[str, Any]) -> dict[str, datetime]:
    return {
        "from_at": timezone.make_aware(datetime.combine(said["day"], said["since"])),
        "to_at": timezone.make_aware(datetime.combine(said["day"], said["until"])),
    }


def _by_hand(request: HttpRequest, by: Holder, slot: Slot, form: SlotForm, code: str
             ) -> HttpResponse:  # fmt: skip
    """A slot new or changed; the form says what is wrong with it."""
    of = slot.campaign
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        slot.spot = said["spot"]
        for name, value in _when(said).items():
            setattr(slot, name, value)
        if "building" in said:
            slot.building = said["building"]
        try:
            slots.put(slot, by=by)
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.reason))
        else:
            messages.success(request, _("已改好。"), extra_tags="good")
            return redirect(_back(of, code))
    title = _("加一个时段") if slot._state.adding else _("改时段：%(building)s") % {
        "building": named(slot.building)
    }  # fmt: skip
    context = {"by": by, "form": form, "title": title, "button": _("保存"),
               "back": _back(of, code)}  # fmt: skip
    return render(request, "neighbourhoods/campaigns/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def add_slot(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    code = asked.community(request, by, asked.campaign_for(by, campaign))
    if not code:
        raise Http404
    of = _planned_by(by, campaign, code)
    found = campaigns.buildings_in(of).filter(community=code)
    initial = {"day": of.starts_on, "building": request.GET.get("building"),
               "spot": next(iter(of.spots), "")}  # fmt: skip
    form = SlotForm(request.POST or None, found=found, initial=initial)
    return _by_hand(request, by, Slot(campaign=of), form, code)


def _slot(by: Holder, campaign: UUID, slot: UUID) -> Slot:
    found = Slot.objects.filter(campaign=campaign, id=slot)
    one = found.select_related("building", "campaign").first()
    if one is None:
        raise Http404
    _planned_by(by, campaign, one.building.community)
    return one


@as_post
def change_slot(request: HttpRequest, by: Holder, campaign: UUID, slot: UUID) -> HttpResponse:
    one = _slot(by, campaign, slot)
    since, until = timezone.localtime(one.from_at), timezone.localtime(one.to_at)
    initial = {"day": since.date(), "since": since.time(), "until": until.time(),
               "spot": one.spot}  # fmt: skip
    form = SlotForm(request.POST or None, found=None, of=one, initial=initial)
    return _by_hand(request, by, one, form, one.building.community)


@require_POST
@as_post
def drop_slot(request: HttpRequest, by: Holder, campaign: UUID, slot: UUID) -> HttpResponse:
    one = _slot(by, campaign, slot)
    community = one.building.community
    try:
        slots.drop(one, by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect(_back(one.campaign, community))


@as_post
def export(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """Of a community, or of all of the campaign that the post stands over."""
    of = asked.campaign_for(by, campaign)
    if not by.sees_place:
        raise Http404
    code = asked.community(request, by, of) or asked.top(by, of)
    found = Slot.objects.filter(campaign=of, building__community__startswith=code)
    lacking = campaigns.buildings_in(of).filter(community__startswith=code, households__gt=0)
    content = slots_sheet.written(
        found.select_related("building").order_by("building__community", "from_at", "spot"),
        slots.in_turn(lacking.exclude(id__in=found.values("building"))),
    )
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="schedule.xlsx"'
    return response


@as_post
def take_in(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """All rows or none."""
    of = _planned_by(by, campaign)
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"by": by, "of": of, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            read = slots_sheet.take_in(form.cleaned_data["file"].read(), of, by=by)
        except sheets.BadSheet as error:
            form.add_error("file", str(error))
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            if not read.wrong:
                said = _("写进 %(n)d 个时段，%(buildings)d 栋楼。")
                counts = {"n": len(read.slots), "buildings": len(read.buildings)}
                messages.success(request, said % counts, extra_tags="good")
                return redirect("neighbourhoods:campaign_schedule", of.id)
            context["wrong"] = read.wrong
    bad = bool(form.errors or context.get("wrong"))
    return render(request, "neighbourhoods/campaigns/import.html", context,
                  status=422 if bad else 200)  # fmt: skip
