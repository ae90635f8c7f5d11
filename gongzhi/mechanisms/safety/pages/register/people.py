"""Contacts of a firm, seen masked or with a reason; and who acts for the firm here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.pages.register.asking import firm_kept, firm_read
from gongzhi.mechanisms.safety.pages.register.editing import form_page, kept
from gongzhi.mechanisms.safety.pages.register.forms import AppointForm, PersonForm, ReasonForm
from gongzhi.mechanisms.safety.registers import contacts, firm_units
from gongzhi.mechanisms.safety.registers.kinds import DUTIES
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post, reveal
from gongzhi.ui.words import named


@as_post
def look(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    """Says why first; then names and phones stay open for some minutes."""
    found = firm_read(by, firm)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contacts.look(found, form.cleaned_data["reason"], by=by, now=timezone.now())
        reveal(request, found.id)
        return redirect(reverse("safety:firm", args=[found.id]) + "#people")
    back = reverse("safety:firm", args=[found.id])
    title = f"{named(found)} · {_('查看联系人')}"
    return form_page(request, by, form, title, back, button=_("记下并查看"))


@as_post
def put(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    found = firm_kept(by, firm)
    form = PersonForm(request.POST or None, initial={"duty": request.GET.get("duty", "")})

    def done(said: dict[str, Any]) -> None:
        contacts.put(found, **said, by=by, now=timezone.now())

    back = reverse("safety:firm", args=[found.id]) + "#people"
    if kept(request, form, done):
        return redirect(back)
    return form_page(request, by, form, f"{named(found)} · {_('联系人')}", back)


@require_POST
@as_post
def end(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    found, duty = firm_kept(by, firm), request.POST.get("duty", "")
    if duty not in DUTIES:
        raise Http404
    contacts.end(found, duty, by=by, now=timezone.now())
    messages.success(request, _("已删除。"), extra_tags="good")
    return redirect(reverse("safety:firm", args=[found.id]) + "#people")


@require_POST
@as_post
def make_unit(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    found = firm_kept(by, firm)
    try:
        firm_units.make(found, by=by, now=timezone.now())
        messages.success(request, _("企业的账号单位和岗位已设好，请任命。"), extra_tags="good")
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect(reverse("safety:firm", args=[found.id]) + "#unit")


@as_post
def appoint(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    found = firm_kept(by, firm)
    if found.unit is None:
        raise Http404
    form = AppointForm(request.POST or None, firm=found)

    def done(said: dict[str, Any]) -> None:
        firm_units.appoint(found, said["kind"], said["username"], by=by, now=timezone.now())

    back = reverse("safety:firm", args=[found.id]) + "#unit"
    if kept(request, form, done):
        return redirect(back)
    return form_page(request, by, form, f"{named(found)} · {_('任命')}", back)
