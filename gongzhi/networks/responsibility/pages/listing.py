"""The responsibility list on pages: what holds, what is a draft; confirming and ending."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases import catalogue
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level, registry
from gongzhi.networks.responsibility import entering, sheet
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Post, Unit
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.search import name_of, paths
from gongzhi.ui import words

MOST = 500


def _row(duty: Duty, units: dict[UUID, Unit], by: Holder) -> dict[str, Any]:
    m = registry.get(duty.mechanism)
    return {
        "duty": duty, "place": name_of(duty.place), "mechanism": m,
        "matter": str(catalogue.kind(m, duty.category)) if duty.category else words.label(m),
        "lines": [(line, sheet.who(line, units)) for line in duty.lines],
        "lead": sheet.who(duty.lead, units),
        "own": duty.valid_to is None and may_set(by, Level.COUNTY, duty.place),
    }  # fmt: skip


@as_post
def listing(request: HttpRequest, by: Holder) -> HttpResponse:
    """Rows that hold at one's place or below it; what held before, when it is asked for."""
    mine = Q(place__startswith=by.place) | Q(place__in=ancestors(by.place))
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=timezone.localdate())
    past = "past" in request.GET
    asked = Duty.objects.filter(mine, ~still if past else still)
    found = list(asked.order_by("mechanism", "category", "level", "place", "-valid_from")[:MOST])
    units = sheet.named_in(found)
    paths(d.place for d in found)  # their names at once
    order = {
        (m.name, k): n
        for m in registry.every() for n, k in enumerate(("", *catalogue.every(m)))
    }  # fmt: skip
    # As the kinds of matter are listed everywhere else.
    found.sort(key=lambda d: (d.mechanism, order[d.mechanism, d.category]))
    rows = [_row(d, units, by) for d in found]
    context = {
        "by": by, "rows": rows, "past": past,
        "posts": Post.objects.in_bulk({d.post for d in found if d.post}),
        "drafts": [r for r in rows if r["duty"].draft and r["own"]],
        "may": may_set(by, Level.COUNTY, by.place),
    }  # fmt: skip
    return render(request, "responsibility/list.html", context)


@require_POST
@as_post
def confirm(request: HttpRequest, by: Holder) -> HttpResponse:
    """Drafts become the list of this place: those that are named."""
    try:
        ids = [UUID(said) for said in request.POST.getlist("duty")]
        n = entering.confirm(ids, now=timezone.now(), by=by)
    except ValueError:
        return redirect("networks:duties")
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, _("已确认 %(n)s 份清单。") % {"n": n}, extra_tags="good")
    return redirect("networks:duties")


@require_POST
@as_post
def end_duty(request: HttpRequest, by: Holder, duty: UUID) -> HttpResponse:
    try:
        entering.end(duty, on=timezone.localdate(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("networks:duties")
