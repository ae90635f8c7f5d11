"""A firm's own pages: checks and orders it has to carry out, its sites and contacts, training,
what it asks to change.

Nothing here, and nothing in the whole product, tells a firm what a worker or neighbour reported.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.mechanisms.safety.pages.audits.listing import told as told_audits
from gongzhi.mechanisms.safety.pages.plans import portal
from gongzhi.mechanisms.safety.pages.register.asking import own_firm
from gongzhi.mechanisms.safety.pages.register.editing import form_page, kept
from gongzhi.mechanisms.safety.pages.register.firms import looks_at, shown_people, shown_sites
from gongzhi.mechanisms.safety.pages.register.forms import ProposeFactsForm, ProposePersonForm
from gongzhi.mechanisms.safety.pages.register.settling import told
from gongzhi.mechanisms.safety.registers import audit_rights, industries, proposals, sites, training
from gongzhi.mechanisms.safety.registers.kinds import SIZES
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

ASKED = 10  # proposals shown


@as_post
def own(request: HttpRequest, by: Holder) -> HttpResponse:
    found, today = own_firm(by), timezone.localdate()
    context = {
        "by": by,
        "firm": found,
        **portal.due_of(by, today),
        "industry": industries.INDUSTRIES.get(found.industry),
        "size": SIZES[found.size],
        "orders": portal.orders(by),
        "training": training.for_firm(found, today),
        "sites": shown_sites(found),
        "people": shown_people(found, masked=True),
        "looks": looks_at(found),
        "proposals": [told(row) for row in proposals.of_firm(found)[:ASKED]],
        "proposes": proposals.may_propose(by, found),
        "audits": told_audits(list(audit_rights.seen(by).order_by("-issued_at")[:ASKED])),
    }
    return render(request, "safety/own/home.html", context)


@as_post
def propose_site(request: HttpRequest, by: Holder, site: UUID) -> HttpResponse:
    """What is done at a site has changed; the register's keepers look at it."""
    of, found = own_firm(by), sites.site(site)
    if found is None or found.enterprise_id != of.id or not proposals.may_propose(by, of):
        raise Http404
    form = ProposeFactsForm(request.POST or None, initial={"facts": found.facts})

    def done(said: dict[str, Any]) -> None:
        proposals.of_site(found, said["facts"], said["note"], by=by, now=timezone.now())

    return _asked(request, by, form, done, f"{found.name} · {_('申请变更')}")


@as_post
def propose_contact(request: HttpRequest, by: Holder) -> HttpResponse:
    of = own_firm(by)
    if not proposals.may_propose(by, of):
        raise Http404
    form = ProposePersonForm(request.POST or None, initial={"duty": request.GET.get("duty", "")})

    def done(said: dict[str, Any]) -> None:
        proposals.of_contact(of, **said, by=by, now=timezone.now())

    return _asked(request, by, form, done, _("申请变更联系人"))


def _asked(request: HttpRequest, by: Holder, form: Any, done: Any, title: str) -> HttpResponse:
    if kept(request, form, done):
        return redirect("safety:own")
    return form_page(request, by, form, title, reverse("safety:own"), button=_("提交申请"))
