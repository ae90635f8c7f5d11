"""The public's pages: report without an account, track by number and phone, answer, rate."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID, uuid4

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue, files, linkage
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.changes import Accused, NotFound, Refused
from gongzhi.cases.forms import ActForm
from gongzhi.cases.informing import read_letter
from gongzhi.cases.intake import ReportForm, code_for, preset, report_from
from gongzhi.cases.models import Task
from gongzhi.cases.reading import CaseView, acts_open_to, case_for, seen_by, tracked
from gongzhi.cases.sealed import tail_index
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Act, Mechanism, Tie, registry
from gongzhi.documents.facts import lines_of
from gongzhi.documents.filling import TextRefused, unfillable
from gongzhi.documents.letters import letter, letters_to_party
from gongzhi.documents.sending import sent
from gongzhi.networks.responsibility import routing
from gongzhi.people.models import Unit
from gongzhi.people.posts import Resident
from gongzhi.places.city import facts
from gongzhi.places.levels import ancestors, county_of
from gongzhi.places.models import Division
from gongzhi.places.search import children, path_of, search
from gongzhi.portal.forms import PublicReportForm, TrackForm
from gongzhi.portal.kept import Kept, forget, keep, kept_in
from gongzhi.portal.models import OpenFigure
from gongzhi.ui.errors import too_many

P = ParamSpec("P")


def slow_down(request: HttpRequest, action: str) -> HttpResponse | None:
    """A page that asks to wait, when this address did it too often (settings: rate limits)."""
    if ratelimit.consume(request, action=action):
        return None
    return too_many(request)


def open_to_public() -> list[Mechanism]:
    """Mechanisms that anybody may begin a case of."""
    return [
        m for m in registry.every() if any(r.tie is Tie.ANYONE for r in m.starts.roles) and m.law
    ]


@dataclass(frozen=True, slots=True)
class Entrance:
    """A way in for the public: what it is called in everyday words, and what for."""

    name: str
    title: Any
    hint: Any


def entrances() -> list[Entrance]:
    found = []
    for m in open_to_public():
        title, hint = getattr(m.starts.form, "invites", (m.label, ""))
        found.append(Entrance(m.name, title, hint))
    return found


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"entrances": entrances()})


def where(request: HttpRequest) -> HttpResponse:
    """First question of a report: where? By walking down the levels, or by searching."""
    at = request.GET.get("at", facts(settings.CONFIG.city).code)
    here = Division.objects.filter(code=at, valid_to=None).first()
    mechanism = request.GET.get("mechanism", open_to_public()[0].name)
    if here is None or mechanism not in {m.name for m in open_to_public()}:
        raise Http404
    said = request.GET.get("q", "")
    via = way_in(request)
    every = {e.name: e for e in entrances()}
    context = {
        "via": via,
        "entrance": every.pop(mechanism),
        "others": every.values(),
        "here": here,
        "at": at,
        "said": said,
        "trail": [(at[:n], path_of(at[:n])) for n in (4, 6, 9) if n <= len(at)],
        "found": search(said, within=at[:4]) if said else None,
        "children": children(at),
        "mechanism": mechanism,
    }
    part = "portal/found.html" if request.headers.get("HX-Request") else "portal/where.html"
    return render(request, part, context)


def way_in(request: HttpRequest) -> Unit | None:
    """The unit whose link or QR code led here; the case goes to it where it takes such cases."""
    try:
        asked = UUID(request.GET.get("via", ""))
    except ValueError:
        return None
    return Unit.objects.filter(id=asked, valid_to=None).first()


def _nearby(place: str, mechanism: Mechanism) -> list[str]:
    """What was reported around here: kinds of which there were no few, of the last month that was
    published. A live count would give away what the public account withholds."""
    found = OpenFigure.objects.filter(place=place[:9], mechanism=mechanism.name)
    often = found.order_by("-publication").values_list("often", flat=True).first()
    kinds = catalogue.every(mechanism)
    return [str(kinds[name]) for name in often or () if name in kinds]


def new(request: HttpRequest, mechanism: str, place: str) -> HttpResponse:
    """The report itself. What was typed stays on the page whatever goes wrong."""
    declared = registry.get(mechanism)
    if declared not in open_to_public():
        raise Http404
    form = PublicReportForm(
        request.POST or None, request.FILES or None, mechanism=declared, place=place,
        initial=preset(declared, request.GET.dict()),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        wait = slow_down(request, "report")
        if wait:
            return wait
        done = _report(request, form, declared, place)
        if done:
            return done
    if not Division.objects.filter(code=place, valid_to=None).exists():
        raise Http404
    context = {
        "form": form,
        "mechanism": declared,
        "entrance": next(e for e in entrances() if e.name == declared.name),
        "place": place,
        "nearby": _nearby(place, declared),
        "key": request.POST.get("key") or uuid4().hex,
        "via": way_in(request),
        "before": kept_in(request),
    }
    return render(request, "portal/new.html", context, status=422 if form.errors else 200)


def _led_by(via: Unit | None, mechanism: Mechanism, place: str) -> dict[str, Any]:
    """What a link says of a report: how it came, through whom, and who is to take it."""
    if via is None:
        return {}
    takes = via.kind in mechanism.routed_to and via.place in {place, *ancestors(place)}
    return {"channel": "link", "facts": {"via": str(via.id)}, "unit": via.id if takes else None}


def _begun(mechanism: Mechanism, told: Report, key: str) -> Receipt:
    """A link may be of the very people complained about: then the case goes past them."""
    now = timezone.now()
    if told.unit is not None:
        with suppress(Accused), transaction.atomic():
            return report(mechanism, told, key=key, now=now, by=Resident())
    return routing.begin(mechanism, replace(told, unit=None), key=key, now=now, by=Resident())


def _report(
    request: HttpRequest, form: ReportForm, mechanism: Mechanism, place: str
) -> HttpResponse | None:
    try:
        stored = [files.accept(f.file) for f in form.cleaned_data["photos"]]
    except Refused as error:
        form.add_error("photos", str(error.reason))
        return None
    key = request.POST.get("key") or uuid4().hex
    told = report_from(form, place, stored, key=key, **_led_by(way_in(request), mechanism, place))
    try:
        receipt = _begun(mechanism, told, key)
    except Refused as error:
        form.add_error(None, str(error.reason))
        return None
    code = code_for(form, key)
    shown = code or form.cleaned_data["phone"]
    # Sent before: whoever sends it again must be the one who gave that phone.
    if receipt.again and tracked(receipt.number, shown) is None:
        return redirect("portal:track")
    response = redirect("portal:receipt")
    keep(response, receipt.id, tail_index(shown), receipt.number, code)
    return response


def own_case(
    view: Callable[Concatenate[HttpRequest, Kept, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the party; whoever has shown no number and phone, or no longer sees the case, is
    asked for them."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        kept = kept_in(request)
        if kept is not None:
            with suppress(NotFound):
                return view(request, kept, *args, **kwargs)
        response = redirect("portal:track")
        forget(response)
        return response

    return inner


@own_case
def receipt(request: HttpRequest, kept: Kept) -> HttpResponse:
    view = case_for(kept.resident, county_of(kept.number), kept.case)
    return render(request, "portal/receipt.html", {"view": view, "code": kept.code})


def track(request: HttpRequest) -> HttpResponse:
    form = TrackForm(request.POST or None)
    if request.method == "POST":
        wait = slow_down(request, "track")
        if wait:
            return wait
        if form.is_valid():
            number = form.cleaned_data["number"]
            resident = tracked(number, form.cleaned_data["tail"])
            if resident and resident.case:
                response = redirect("portal:case")
                keep(response, resident.case, resident.tail, number)
                return response
            form.add_error(None, _("编号和电话后四位（查询码）对不上，请核对后再试。"))
    return render(request, "portal/track.html", {"form": form},
                  status=422 if form.errors else 200)  # fmt: skip


@own_case
def case(request: HttpRequest, kept: Kept) -> HttpResponse:
    """How it stands, and what the party can do."""
    view = case_for(kept.resident, county_of(kept.number), kept.case, unmasked=False)
    going_on = [a for a in view.acts if not ends(a)]
    context = {
        "view": view,
        "letters": letters_to_party(view),
        "own": _own_tasks(view, kept),
        # What ends the case is never offered as the next step; of several ways on, none is: the
        # choice is the party's.
        "going_on": going_on,
        "step": None
        if sum(a.then is not None for a in going_on) > 1
        else next(iter(going_on), None),
        "ending": [a for a in view.acts if ends(a)],
    }
    return render(request, "portal/case.html", context)


@own_case
def first(request: HttpRequest, kept: Kept) -> HttpResponse:
    """From a repeat to the case it was joined to: for those who are a party of that one too."""
    found = case_for(kept.resident, county_of(kept.number), kept.case).first
    if found is None or not found.party:
        raise Http404
    response = redirect("portal:case")
    keep(response, found.id, kept.resident.tail, found.number)
    return response


def _own_tasks(view: CaseView, kept: Kept) -> list[Task]:
    """What is to be done for this very member of a group, whoever else is in it: amount and day."""
    mine = {str(p.id) for p in view.snapshot.parties_of(kept.resident.tail)}
    return [t for t in view.tasks if t.data.get("party") in mine]


def ends(act: Act) -> bool:
    """Gives the matter up; what the party says is settled ends well, and frightens nobody."""
    return act.then is not None and act.then.final and not act.then.settled


@own_case
def letter_to_party(request: HttpRequest, kept: Kept, name: str) -> HttpResponse:
    """A letter that is written to the parties, as they would get it by post."""
    view = case_for(kept.resident, county_of(kept.number), kept.case, unmasked=True)
    document = next((d for d in letters_to_party(view) if d.name == name), None)
    if document is None:
        raise Http404
    told_singly = read_letter in linkage.acts_of(view.mechanism)
    if told_singly:
        mine = {p.id for p in view.snapshot.parties_of(kept.resident.tail)}
        view.people = [p for p in view.people if p.side != "applicant" or p.id in mine]
    try:
        made = sent(letter(view, name))
        if told_singly:
            _note_read(view, kept.resident, lines_of(view, document)[-1] + 1)
        return made
    except TextRefused as error:
        messages.warning(request, unfillable(error), extra_tags="warn")
        return redirect("portal:case")


def _note_read(view: CaseView, by: Resident, notice: int) -> None:
    """That this member of a group has opened a letter: once, and only if it is known who it was."""
    mine = [str(p.id) for p in view.snapshot.parties_of(by.tail)]
    alone = len(view.snapshot.members) == 1
    if alone or len(mine) != 1 or mine[0] in view.told.get(notice, {}):
        return
    with suppress(Refused):
        act(
            (view.case.county, view.case.id), read_letter,
            {"notice": notice, "members": mine}, key=f"read/{notice}/{mine[0]}",
            now=timezone.now(), by=by,
        )  # fmt: skip


@own_case
def do(request: HttpRequest, kept: Kept, name: str) -> HttpResponse:
    """An act of the party: add, withdraw, rate, ask to reopen, object."""
    by = kept.resident
    seen = seen_by(by, county_of(kept.number), kept.case)
    try:
        chosen = linkage.act_named(seen.mechanism, name)
    except Refused:
        raise Http404 from None
    if chosen not in acts_open_to(by, seen):
        messages.warning(request, _("这一步现在不能办理，请看最新进度。"), extra_tags="warn")
        return redirect("portal:case")
    form = None
    if chosen.form is not None:
        form = chosen.form(
            request.POST or None, request.FILES or None,
            case=seen, by=by, now=timezone.now(),
        )  # fmt: skip
    if request.method == "POST" and (form is None or form.is_valid()):
        error = _act(request, seen, chosen, form, by)
        if error is None:
            messages.success(request, _("已收到，办案人员马上能看到。"), extra_tags="good")
            return redirect("portal:case")
        if form is not None:
            form.add_error(None, error)
    context: dict[str, Any] = {
        "view": case_for(by, seen.county, seen.id), "act": chosen, "form": form,
        "key": request.POST.get("key") or uuid4().hex, "back": reverse("portal:case"),
    }  # fmt: skip
    return render(request, "portal/do.html", context)


def _act(
    request: HttpRequest, seen: Snapshot, chosen: Act, form: ActForm | None, by: Resident
) -> str | None:
    """Do it; a refusal comes back as a sentence."""
    try:
        stored = [files.accept(content) for _name, content in form.attached()] if form else []
        act(
            (seen.county, seen.id), chosen, form.told() if form else {}, files=stored,
            key=request.POST.get("key") or uuid4().hex, now=timezone.now(), by=by,
        )  # fmt: skip
    except Refused as error:
        return str(error.reason)
    return None


def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case on this device: phones are shared."""
    response = redirect("portal:home")
    forget(response)
    return response
