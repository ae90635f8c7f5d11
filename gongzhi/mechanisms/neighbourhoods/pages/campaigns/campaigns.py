"""Campaigns for staff and chiefs: which there are, one of them, and making, changing, closing."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Campaign, Purpose
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.asked import campaign_for, led_by, tabs
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.forms import CampaignForm, CloseForm
from gongzhi.mechanisms.neighbourhoods.registers import (
    buildings,
    campaigns,
    campaigns_closing,
    campaigns_progress,
)
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import named

SHOWN = 20


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """Those that run, all of them; those that are over, the last ones first."""
    found = campaigns.seen_by(by)
    running = list(found.filter(closed_at=None).order_by("starts_on", "name")[:100])
    over = found.exclude(closed_at=None).order_by("-closed_at", "-id")
    after = request.GET.get("after", "")
    if after:
        last = found.filter(id=_id(after)).exclude(closed_at=None).first()
        if last is None:
            raise Http404
        over = over.filter(
            Q(closed_at__lt=last.closed_at) | Q(closed_at=last.closed_at, id__lt=last.id)
        )
    rows = list(over[: SHOWN + 1])
    context = {
        "by": by, "after": after, "kinds": campaigns.KINDS, "over": rows[:SHOWN],
        "more": rows[SHOWN - 1].id if len(rows) > SHOWN else None, "running": running,
        "parts": campaigns_progress.so_far(c.id for c in running),
        "keeps": buildings.keeps(by, by.place) is True, "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/list.html", context)


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Http404 from None


@as_post
def campaign(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """What it is, when and where; for a chief the way to the doors."""
    of = campaign_for(by, campaign)
    context = {
        "by": by, "of": of, "tabs": tabs(of, "campaign"), "kind": campaigns.KINDS.get(of.kind),
        "keeps": buildings.keeps(by, of.place) is True and of.closed_at is None,
        "purposes": Purpose.objects.filter(campaign=of.id).order_by("name"),
        "own": [] if by.sees_place else campaigns_progress.own(of, by),
        "at_home": of.kind in campaigns.AT_HOME,
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/campaign.html", context)


def _form(request: HttpRequest, by: Holder, form: forms.Form, **context: Any) -> HttpResponse:
    """A form on a page of its own."""
    context |= {"by": by, "form": form}
    status = 422 if form.errors else 200
    return render(request, "neighbourhoods/campaigns/form.html", context, status=status)


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    if buildings.keeps(by, by.place) is not True:
        raise Http404
    form = CampaignForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            made = campaigns.make(Campaign(**form.facts()), by=by, now=timezone.now())
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已建立，接下来安排时段。"), extra_tags="good")
            return redirect("neighbourhoods:campaign_schedule", made.id)
    return _form(request, by, form, title=_("新的集中行动"), button=_("建立"),
                 back=reverse("neighbourhoods:campaigns"))  # fmt: skip


@as_post
def change(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    of = led_by(by, campaign)
    form = CampaignForm(request.POST or None, by=by, of=of)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.change(of, form.facts(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已改好。"), extra_tags="good")
            return redirect("neighbourhoods:campaign", of.id)
    title = _("修改：%(name)s") % {"name": named(of)}
    back = reverse("neighbourhoods:campaign", args=[of.id])
    return _form(request, by, form, title=title, button=_("保存"), back=back)


@as_post
def close(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    of = led_by(by, campaign)
    if of.closed_at is not None:
        return redirect("neighbourhoods:campaign_report", of.id)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns_closing.close(of.id, form.cleaned_data["note"], by=by, now=timezone.now())
        except Refused as error:
            messages.warning(request, str(error.reason), extra_tags="warn")
        else:
            messages.success(request, _("已结束，总结在这里。"), extra_tags="good")
        return redirect("neighbourhoods:campaign_report", of.id)
    return _form(
        request, by, form, title=_("结束：%(name)s") % {"name": named(of)}, button=_("结束行动"),
        back=reverse("neighbourhoods:campaign", args=[of.id]),
        hint=_("结束以后不能再签到、改时段；为这次行动收集的登记也到今天为止。"),
    )  # fmt: skip
