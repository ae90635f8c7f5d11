"""Accidents are recorded, corrected and made void here; reports up, and words on what was known."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.pages.accidents.asking import accident_kept
from gongzhi.mechanisms.safety.pages.accidents.forms import (
    AccidentForm,
    CorrectionForm,
    MomentField,
    ReasonForm,
)
from gongzhi.mechanisms.safety.registers import accidents, accidents_known, sites
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


def _page(
    request: HttpRequest, by: Holder, form: forms.Form, title: str, back: str, **more: Any
) -> HttpResponse:
    context = {"by": by, "form": form, "title": title, "back": back, **more}
    wrong = bool(form.errors or more.get("likes"))
    return render(request, "safety/accidents/form.html", context, status=422 if wrong else 200)


def _refused(form: forms.Form, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.reason))


def _preset(request: HttpRequest) -> Any:
    try:
        return sites.site(UUID(request.GET.get("site", "")))
    except ValueError:
        return None


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    """What may stand there already is shown before it is saved."""
    if not accidents.may_record(by, by.place):
        raise Http404
    form = AccidentForm(request.POST or None, by=by, site=_preset(request))
    likes: list[Any] = []
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        likes = [] if "sure" in request.POST else accidents.alike(facts)
        try:
            row = None if likes else accidents.record(facts, now=timezone.now(), by=by)
        except Refused as error:
            _refused(form, error)
        else:
            if row is not None:
                messages.success(request, _("已登记。"), extra_tags="good")
                return redirect("safety:accident", row.id)
    return _page(request, by, form, _("登记事故"), reverse("safety:accidents"), likes=likes)


@as_post
def change(request: HttpRequest, by: Holder, accident: UUID) -> HttpResponse:
    of = accident_kept(by, accident)
    form = CorrectionForm(request.POST or None, by=by, of=of)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            accidents.correct(
                of.id, form.facts(), said["reason"], stood_on=said["stood_on"],
                now=timezone.now(), by=by,
            )  # fmt: skip
        except Refused as error:
            _refused(form, error)
        else:
            messages.success(request, _("已更正，原来的写法留在记录里。"), extra_tags="good")
            return redirect("safety:accident", of.id)
    return _page(request, by, form, _("更正事故"), reverse("safety:accident", args=[of.id]))


@as_post
def void(request: HttpRequest, by: Holder, accident: UUID) -> HttpResponse:
    """It stays to be read, and counts no more; or counts again."""
    of = accident_kept(by, accident)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accidents.correct(of.id, {"void": not of.void}, form.cleaned_data["reason"],
                              now=timezone.now(), by=by)  # fmt: skip
        except Refused as error:
            _refused(form, error)
        else:
            messages.success(request, _("已保存。"), extra_tags="good")
            return redirect("safety:accident", of.id)
    title = _("恢复计数") if of.void else _("登记重复或登记错了，作废")
    return _page(request, by, form, title, reverse("safety:accident", args=[of.id]))


@require_POST
@as_post
def report(request: HttpRequest, by: Holder, accident: UUID) -> HttpResponse:
    """When a level was told."""
    of = accident_kept(by, accident)
    try:
        at = MomentField().clean(request.POST.get("at", ""))
        if at is None:
            raise Http404
        accidents.reported(of.id, request.POST.get("to", ""), at, request.POST.get("reason", ""),
                           now=timezone.now(), by=by)  # fmt: skip
    except forms.ValidationError as error:
        messages.warning(request, error.messages[0], extra_tags="warn")
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("已保存。"), extra_tags="good")
    return redirect("safety:accident", of.id)


@require_POST
@as_post
def connect(request: HttpRequest, by: Holder, accident: UUID) -> HttpResponse:
    """What an official says of a hazard that was known before."""
    of = accident_kept(by, accident)
    said = request.POST
    try:
        accidents_known.connect(of, said.get("number", ""), said.get("connected") == "yes",
                                said.get("reason", ""), now=timezone.now(), by=by)  # fmt: skip
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("已保存。"), extra_tags="good")
    return redirect("safety:accident", of.id)
