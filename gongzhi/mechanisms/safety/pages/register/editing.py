"""Firms and sites are added, changed and ended here; what looks like another is shown first."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.pages.register.asking import firm_kept, site_kept
from gongzhi.mechanisms.safety.pages.register.forms import FirmForm, NewFirmForm, SiteForm
from gongzhi.mechanisms.safety.registers import duplicates, enterprises, sites
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import named

ENDS_FIRM = gettext_lazy(
    "从今天起不再使用；场所和账号一并停用，联系人的姓名和电话随即删除。历史和已有的案件不变。"
)
ENDS_SITE = gettext_lazy("从今天起不再使用；门口的二维码不再能用。历史和已有的案件不变。")


def form_page(
    request: HttpRequest, by: Holder, form: forms.Form, title: str, back: str, **more: Any
) -> HttpResponse:
    context = {"by": by, "form": form, "title": title, "back": back, **more}
    wrong = form.errors or more.get("likes")
    return render(request, "safety/register/form.html", context, status=422 if wrong else 200)


def kept(request: HttpRequest, form: forms.Form, done: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether it was done; a refusal is shown at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        done(form.cleaned_data)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.reason))
        return False
    messages.success(request, _("已保存。"), extra_tags="good")
    return True


def _likes(
    request: HttpRequest, form: forms.Form, find: Callable[[dict[str, Any]], Sequence[Any]]
) -> Sequence[Any]:
    """What looks like what is about to be saved, until it was said that it is another."""
    if request.method != "POST" or "sure" in request.POST or not form.is_valid():
        return ()
    return find(form.cleaned_data)


@as_post
def add_firm(request: HttpRequest, by: Holder) -> HttpResponse:
    if not enterprises.keeps(by, by.place):
        raise Http404
    form, new = NewFirmForm(request.POST or None, by=by), Enterprise()

    def like(said: dict[str, Any]) -> list[Enterprise]:
        same = duplicates.of_code(said["code"])
        return same or duplicates.firms_like(said["name"], said["place"])

    def done(said: dict[str, Any]) -> None:
        for name in ("code", *enterprises.FACTS):
            setattr(new, name, said[name])
        enterprises.add(new, by=by, now=timezone.now())

    likes = _likes(request, form, like)
    if not likes and kept(request, form, done):
        return redirect("safety:firm", new.id)
    back = reverse("safety:register")
    return form_page(request, by, form, _("登记企业"), back, likes=likes, kind="firm")


@as_post
def change_firm(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    found = firm_kept(by, firm)
    initial = {name: getattr(found, name) for name in enterprises.FACTS}
    form = FirmForm(request.POST or None, by=by, initial=initial)
    if kept(request, form, lambda said: enterprises.change(found, said, by=by, now=timezone.now())):
        return redirect("safety:firm", found.id)
    back = reverse("safety:firm", args=[found.id])
    return form_page(request, by, form, f"{named(found)} · {_('修改')}", back)


@as_post
def end_firm(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    """Asks once more, and says what ends with it."""
    found = firm_kept(by, firm)
    if request.method == "POST":
        enterprises.end(found, by=by, now=timezone.now())
        messages.success(request, _("已停用，历史保留。"), extra_tags="good")
        return redirect("safety:register")
    context = {"by": by, "row": found, "back": reverse("safety:firm", args=[found.id]),
               "says": ENDS_FIRM}  # fmt: skip
    return render(request, "safety/register/end.html", context)


def _like_site(of: Enterprise, but: UUID | None = None) -> Callable[[dict[str, Any]], list[Site]]:
    return lambda said: duplicates.sites_like(said["address"], said["place"], of=of.id, but=but)


@as_post
def add_site(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    of = firm_kept(by, firm)
    initial = {"place": of.place, "colour": "blue"}
    form, new = SiteForm(request.POST or None, by=by, initial=initial), Site(enterprise=of)

    def done(said: dict[str, Any]) -> None:
        for name in sites.FACTS:
            setattr(new, name, said[name])
        enterprises.must_keep(by, new.place)
        sites.add(new, by=by, now=timezone.now())

    likes = _likes(request, form, _like_site(of))
    if not likes and kept(request, form, done):
        return redirect("safety:site", new.id)
    back = reverse("safety:firm", args=[of.id])
    title = f"{named(of)} · {_('添加场所')}"
    return form_page(request, by, form, title, back, likes=likes, kind="site")


@as_post
def change_site(request: HttpRequest, by: Holder, site: UUID) -> HttpResponse:
    found = site_kept(by, site)
    initial = {name: getattr(found, name) for name in sites.FACTS}
    form = SiteForm(request.POST or None, by=by, initial=initial)

    def done(said: dict[str, Any]) -> None:
        enterprises.must_keep(by, said["place"])
        sites.change(found, said, by=by, now=timezone.now())

    likes = _likes(request, form, _like_site(found.enterprise, but=found.id))
    if not likes and kept(request, form, done):
        return redirect("safety:site", found.id)
    back = reverse("safety:site", args=[found.id])
    title = f"{named(found)} · {_('修改')}"
    return form_page(request, by, form, title, back, likes=likes, kind="site")


@as_post
def end_site(request: HttpRequest, by: Holder, site: UUID) -> HttpResponse:
    found = site_kept(by, site)
    if request.method == "POST":
        sites.end(found, by=by, now=timezone.now())
        messages.success(request, _("已停用，历史保留。"), extra_tags="good")
        return redirect("safety:firm", found.enterprise_id)
    context = {"by": by, "row": found, "back": reverse("safety:site", args=[found.id]),
               "says": ENDS_SITE}  # fmt: skip
    return render(request, "safety/register/end.html", context)
