"""What waits for the register's keepers: entries that may be one, and what firms ask for."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Proposal
from gongzhi.mechanisms.safety.pages.register.asking import place_asked, places_near
from gongzhi.mechanisms.safety.registers import contacts, duplicates, enterprises, proposals
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import DUTIES
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

MOST = 100


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """Firms and sites that may be one: one of them is ended, or they are told apart."""
    place = place_asked(request, by)
    context = {
        "by": by,
        "tab": "duplicates",
        "groups": duplicates.listed(place),
        "most": duplicates.MOST,
        "keeps": bool(enterprises.keeps(by, place)),
        **places_near(place, by),
    }
    return render(request, "safety/register/duplicates.html", context)


@require_POST
@as_post
def tell_apart(request: HttpRequest, by: Holder) -> HttpResponse:
    try:
        ids = [UUID(said) for said in request.POST.getlist("row")]
    except ValueError:
        raise Http404 from None
    reason = forms.CharField(max_length=200, strip=True, required=False)
    try:
        said = reason.clean(request.POST.get("reason", ""))
        if not said:
            raise Refused(_("请写为什么不是重复。"))
        duplicates.tell_apart(ids, said, by=by, now=timezone.now())
        messages.success(request, _("已记下：不是重复。"), extra_tags="good")
    except (Refused, forms.ValidationError) as error:
        why = error.reason if isinstance(error, Refused) else "；".join(error.messages)
        messages.warning(request, str(why), extra_tags="warn")
    return redirect("safety:duplicates")


@as_post
def asked(request: HttpRequest, by: Holder) -> HttpResponse:
    """What heads of firms ask to have changed, the oldest first. A phone stays masked."""
    place = place_asked(request, by)
    if not enterprises.keeps(by, place):
        raise Http404
    rows = list(proposals.waiting(place)[:MOST])
    context = {
        "by": by,
        "tab": "proposals",
        "rows": [told(row) for row in rows],
        **places_near(place, by),
    }
    return render(request, "safety/register/proposals.html", context)


def told(row: Proposal) -> dict[str, object]:
    """What would change, before and after."""
    if row.site is None:
        person = contacts.opened(row).masked if row.taken is None else None
        return {"row": row, "label": DUTIES[row.duty], "person": person}
    before = row.site.facts
    return {
        "row": row, "label": row.site.name,
        "more": [FACTS[n] for n in row.facts if n not in before],
        "less": [FACTS[n] for n in before if n not in row.facts],
    }  # fmt: skip


@require_POST
@as_post
def decide(request: HttpRequest, by: Holder, proposal: UUID) -> HttpResponse:
    row = Proposal.objects.filter(id=proposal).select_related("enterprise").first()
    if row is None or not enterprises.keeps(by, row.enterprise.place):
        raise Http404
    try:
        proposals.decide(
            row, take="take" in request.POST, why=request.POST.get("why", "").strip(),
            by=by, now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("已处理，企业能看到结果。"), extra_tags="good")
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("safety:proposals")
