"""A building in an emergency: its tasks, its doors, what they need; for its chief's phone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Building,
    Emergency,
    Errand,
    Household,
    Need,
)
from gongzhi.mechanisms.neighbourhoods.pages.emergency import showing
from gongzhi.mechanisms.neighbourhoods.pages.emergency.forms import GiveOut, NeedAtDoor, Serve
from gongzhi.mechanisms.neighbourhoods.registers import (
    buildings,
    emergencies,
    errands,
    needs,
    supplies,
)
from gongzhi.mechanisms.neighbourhoods.registers.needs import Given
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post


def _building(by: Holder, emergency: UUID, building: UUID) -> tuple[Emergency, Building]:
    of = showing.emergency_for(by, emergency)
    found = emergencies.building_in(by, of, building)
    if found is None:
        raise Http404
    return of, found


def _doors(homes: list[Household], shown: list[needs.Shown]) -> list[tuple[Household, str]]:
    """Each household, and how it stands: not asked, well, waiting, helped."""
    kinds: dict[UUID, set[str]] = {}
    for one in shown:
        if one.need.household_id:
            now = "open" if one.need.served_at is None else one.need.kind
            kinds.setdefault(one.need.household_id, set()).add(now)

    def state(home: Household) -> str:
        known = kinds.get(home.id)
        if known is None:
            return "unasked"
        return "open" if "open" in known else "well" if known == {needs.WELL} else "helped"

    return [(h, state(h)) for h in homes]


@as_post
def building(request: HttpRequest, by: Holder, emergency: UUID, building: UUID) -> HttpResponse:
    of, at = _building(by, emergency, building)
    homes = list(buildings.households_of(at))
    shown = needs.of_building(of, at, by=by)
    known = _doors(homes, shown)
    doors = [(str(h.id), str(h.dwelling)) for h, _state in known]
    form = NeedAtDoor(request.POST or None, doors=doors)
    if request.method == "POST" and form.is_valid():
        return _registered(request, by, of, at, form)
    context = {
        "by": by, "of": of, "at": at, "kind": emergencies.KINDS[of.kind],
        "figures": Affected.objects.get(emergency=of, building=at), "doors": known,
        "errands": errands.of_building(of, at),
        "needs": [s for s in shown if s.need.served_at is None],
        "met": [s for s in shown if s.need.served_at and s.need.kind != needs.WELL],
        "form": form, "give_out": GiveOut(of=of, prefix="give"), "serve": Serve(of=of),
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/building.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _registered(
    request: HttpRequest, by: Holder, of: Emergency, at: Building, form: NeedAtDoor
) -> HttpResponse:
    said = form.cleaned_data
    home = Household.objects.get(id=said["household"])
    try:
        needs.register(of, home, said["kinds"], said["note"], now=timezone.now(), by=by)
    except Refused as error:
        messages.error(request, str(error.reason))
    else:
        messages.success(request, _("已登记。"), extra_tags="good")
    return redirect("neighbourhoods:emergency_building", of.id, at.id)


@require_POST
@as_post
def give_out(request: HttpRequest, by: Holder, emergency: UUID, building: UUID) -> HttpResponse:
    """Supplies to the building as a whole."""
    of, at = _building(by, emergency, building)
    form = GiveOut(request.POST, of=of, prefix="give")
    if form.is_valid():
        said = form.cleaned_data
        try:
            moved = supplies.give_out(
                of, UUID(said["supply"]), said["n"], at, now=timezone.now(), by=by
            )
            messages.success(request, _("已发给本楼：%(what)s。") % {"what": moved},
                             extra_tags="good")  # fmt: skip
        except Refused as error:
            messages.error(request, str(error.reason))
    else:
        messages.error(request, _("请选物资并写数量。"))
    return redirect("neighbourhoods:emergency_building", of.id, at.id)


@require_POST
@as_post
def errand_done(request: HttpRequest, by: Holder, errand: UUID) -> HttpResponse:
    found = Errand.objects.filter(id=errand).first()
    if found is None:
        raise Http404
    of, at = _building(by, found.emergency_id, found.building_id)
    try:
        errands.done(errand, request.POST.get("note", "")[:200], now=timezone.now(), by=by)
    except Refused as error:
        messages.error(request, str(error.reason))
    return redirect("neighbourhoods:emergency_building", of.id, at.id)


def _need(by: Holder, id_: UUID) -> Need:
    """Raises Http404."""
    with within(by.scope):
        found = Need.objects.filter(id=id_).select_related("emergency", "building").first()
    if found is None:
        raise Http404
    return found


@require_POST
@as_post
def serve(request: HttpRequest, by: Holder, need: UUID) -> HttpResponse:
    found = _need(by, need)
    form = Serve(request.POST, of=found.emergency)
    if form.is_valid():
        said = form.cleaned_data
        supply = UUID(said["supply"]) if said["supply"] else None
        given = Given(words=said["words"], supply=supply, n=said["n"] or 0)
        try:
            needs.serve(need, given, now=timezone.now(), by=by)
            messages.success(request, _("已记下，这条需求解决了。"), extra_tags="good")
        except Refused as error:
            messages.error(request, str(error.reason))
    else:
        messages.error(request, _("请看填写的数量。"))
    return redirect("neighbourhoods:emergency_building", found.emergency_id, found.building_id)


@as_post
def look(request: HttpRequest, by: Holder, need: UUID) -> HttpResponse:
    """The words unmasked, for a reason that is noted."""
    found, shown, wrong = _need(by, need), None, ""
    if request.method == "POST":
        try:
            shown = needs.look(
                need, request.POST.get("reason", "")[:200], now=timezone.now(), by=by
            )
        except Refused as error:
            wrong = str(error.reason)
    context = {"by": by, "need": found, "of": found.emergency, "shown": shown, "wrong": wrong}
    return render(request, "neighbourhoods/emergency/look.html", context,
                  status=422 if wrong else 200)  # fmt: skip
