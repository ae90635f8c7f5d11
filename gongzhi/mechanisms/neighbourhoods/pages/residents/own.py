"""For residents, without an account: register by the household's link, and the own registration by
its own key: see it, take a copy, correct, withdraw, delete."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.forms.registering import (
    Coded,
    Found,
    Registering,
    initial,
)
from gongzhi.mechanisms.neighbourhoods.models import Household, Purpose
from gongzhi.mechanisms.neighbourhoods.pages.register.public import gone
from gongzhi.mechanisms.neighbourhoods.pages.residents import shown
from gongzhi.mechanisms.neighbourhoods.registers import answers, buildings, purposes, residents
from gongzhi.mechanisms.neighbourhoods.registers.residents_sealed import Person
from gongzhi.people.posts import Resident
from gongzhi.ui.throttling import slow_down

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class OldLink(Http404):
    """A household's link from before it was renewed, or before others moved in."""


def private(action: str) -> Callable[[View[P]], View[P]]:
    """A page that a secret address opens: slowed down for whoever asks too often, and kept neither
    by the browser nor by search engines."""

    def made(view: View[P]) -> View[P]:
        @wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                answer = slow_down(request, action) or view(request, *args, **kwargs)
            except OldLink:
                answer = gone(request)
            add_never_cache_headers(answer)
            answer["X-Robots-Tag"] = "noindex"
            return answer

        return inner

    return made


def _home(key: str) -> Household:
    found = buildings.household_by(key)
    if found is None:
        raise OldLink
    return found


@private("resident")
def at_home(request: HttpRequest, key: str) -> HttpResponse:
    """What this household may register for."""
    home = _home(key)
    offered = [shown.explained(p) for p in purposes.offered(home.community)]
    return render(request, "neighbourhoods/residents/home.html", {"home": home, "offered": offered})


def _already(home: Household, purpose: Purpose, told: residents.Told) -> Person | None:
    """Whoever goes back and sends the form again is registered once."""
    name, phone = told.said.get("name", ""), told.said.get("phone", "")
    same = residents.found(home, name, phone)
    return next((p for p in same if p.row.purpose_id == purpose.id and p.row.key), None)


@private("resident")
def register(request: HttpRequest, key: str, purpose: UUID) -> HttpResponse:
    home = _home(key)
    of = purposes.offered(home.community).filter(id=purpose).first()
    if of is None:
        raise Http404
    form = Registering(request.POST or None, purpose=of)
    if request.method == "POST" and form.is_valid():
        wait = slow_down(request, "register")
        if wait:
            return wait
        before = _already(home, of, form.told)
        if before is not None:
            messages.info(request, _("您已经登记过。内容变了，请点“更正”。"))
            return redirect("neighbourhoods:mine", before.row.key)
        id_ = shown.id_of(home, shown.once(request))
        try:
            row, _new = residents.register(
                of, home, form.told, id_=id_, now=timezone.now(), by=Resident(case=id_)
            )
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("已登记。请记下您的登记码。"), extra_tags="good")
            return (
                redirect("neighbourhoods:mine", row.key)
                if row.key
                else redirect("neighbourhoods:mine_code")
            )
    context = {"home": home, "purpose": shown.explained(of), "form": form,
               "once": shown.once(request)}  # fmt: skip
    return render(request, "neighbourhoods/residents/register.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@private("find")
def find(request: HttpRequest, key: str) -> HttpResponse:
    """The own page again, by what only oneself and the household know."""
    home = _home(key)
    form, people = Found(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        people = [
            {"key": p.row.key, "purpose": shown.said(p.row.purpose, "name"),
             "at": p.row.registered_at}
            for p in residents.found(home, form.cleaned_data["name"], form.cleaned_data["phone"])
        ]  # fmt: skip
    context = {"home": home, "form": form, "people": people}
    return render(request, "neighbourhoods/residents/find.html", context)


@private("find")
def code(request: HttpRequest) -> HttpResponse:
    form = Coded(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = residents.own(form.cleaned_data["code"])
        except residents.NotRegistered:
            form.add_error("code", _("没有这个登记码；可能写错了，也可能登记已经到期删除。"))
        else:
            return redirect("neighbourhoods:mine", person.row.key)
    return render(request, "neighbourhoods/residents/code.html", {"form": form})


@private("resident")
def mine(request: HttpRequest, key: str) -> HttpResponse:
    person = residents.own(key)
    row = person.row
    context = {
        "person": person, "key": key, "groups": [key[n : n + 4] for n in range(0, len(key), 4)],
        "purpose": shown.explained(row.purpose, timezone.localdate(row.registered_at)),
        "address": request.build_absolute_uri(), "looked": shown.looked(row),
        "home": row.household,
    }  # fmt: skip
    return render(request, "neighbourhoods/residents/mine.html", context)


def _copied(person: Person) -> dict[str, Any]:
    row = person.row
    of = shown.explained(row.purpose, timezone.localdate(row.registered_at))
    return {
        _("登记目的"): of["name"], _("为什么登记"): of["why"], _("依据"): of["basis"],
        _("地址"): f"{row.building} {row.household.dwelling}",
        _("登记时间"): row.registered_at, _("保存到"): of["until"],
        _("登记的内容"): {str(kind.label): told for kind, told in person.told},
        _("单独同意的时间"): {
            str(kind.label): person.agreed[kind.name] for kind in person.consented
        },
        _("谁看过"): [
            {_("时间"): one["at"], _("做了什么"): str(one["did"]), _("岗位"): one["post"],
             _("单位"): one["unit"], _("姓名"): one["who"], _("事由"): one["why"]}
            for one in shown.looked(row)
        ],
    }  # fmt: skip


@private("resident")
def copy(request: HttpRequest, key: str) -> HttpResponse:
    """All that is kept of the resident, to take away: PIPL Art. 45."""
    said = _copied(residents.own(key))
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="registration.json"'
    return answer


@private("resident")
def correct(request: HttpRequest, key: str) -> HttpResponse:
    person = residents.own(key)
    row = person.row
    form = Registering(
        request.POST or None, purpose=row.purpose, initial=initial(person.said, person.agreed)
    )
    if request.method == "POST" and form.is_valid():
        residents.correct(row.id, form.told, now=timezone.now(), by=Resident(case=row.id))
        messages.success(request, _("已更正。"), extra_tags="good")
        return redirect("neighbourhoods:mine", key)
    context = {"form": form, "key": key, "purpose": shown.explained(row.purpose)}
    return render(request, "neighbourhoods/residents/correct.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@private("resident")
def withdraw(request: HttpRequest, key: str, field: str) -> HttpResponse:
    person = residents.own(key)
    if field not in person.agreed:
        raise Http404
    if request.method == "POST":
        row = person.row
        residents.withdraw(row.id, field, now=timezone.now(), by=Resident(case=row.id))
        messages.success(request, _("已撤回同意，这一项已删除。"), extra_tags="good")
        return redirect("neighbourhoods:mine", key)
    context = {"key": key, "label": answers.KINDS[field].label}
    return render(request, "neighbourhoods/residents/withdraw.html", context)


@private("resident")
def erase(request: HttpRequest, key: str) -> HttpResponse:
    person = residents.own(key)
    if request.method == "POST":
        residents.erase(person.row.id, now=timezone.now(), by=Resident(case=person.row.id))
        messages.success(request, _("您的登记已经删除。"), extra_tags="good")
        return redirect("neighbourhoods:mine_code")
    context = {"key": key, "purpose": shown.explained(person.row.purpose)}
    return render(request, "neighbourhoods/residents/erase.html", context)
