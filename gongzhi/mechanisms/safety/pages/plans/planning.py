"""Plans of checks: which there are and how far they are; made, changed and ended.

Before one is kept, the page says how many sites it is for and how many checks it asks.
"""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Plan
from gongzhi.mechanisms.safety.pages.plans.forms import PlanForm, tomorrow
from gongzhi.mechanisms.safety.registers import editions, enterprises, industries, plans
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS
from gongzhi.mechanisms.safety.registers.plans_laying import Preview, preview
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import paths
from gongzhi.ui.words import named

OVER = 30  # ended plans that are listed


def reads(by: Holder) -> bool:
    """Whoever stands over a place and reads its firms."""
    return by.sees_place and enterprises.reads(by, by.place)


def must_read(by: Holder) -> None:
    if not reads(by):
        raise Http404


def _plan(by: Holder, id_: UUID) -> Plan:
    must_read(by)
    found = plans.seen_by(by).filter(id=id_).first()
    if found is None:
        raise Http404
    return found


def _rows(found: list[Plan], by: Holder) -> list[dict[str, Any]]:
    now = timezone.now()
    units = plans.units_of(found)
    paths(p.place for p in found)  # all names at once
    how = plans.progress([p.line for p in found], by.place, now)
    return [
        {"plan": p, "kind": plans.KINDS[p.kind], "unit": units.get(p.unit) if p.unit else None,
         "progress": how.get(p.line, plans.Progress()), "every": every_of(p)}
        for p in found
    ]  # fmt: skip


def every_of(row: Plan) -> list[tuple[str, Any, int]]:
    """Each colour, its name, and after how many days."""
    return [(c, label, row.every[c]) for c, label in COLOURS.items() if c in row.every]


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    must_read(by)
    today = timezone.localdate()
    context = {
        "by": by,
        "tab": "plans",
        "today": today,
        "rows": _rows(plans.going(by, today), by),
        "over": list(plans.over(by, today)[:OVER]),
        "may_plan": bool(plans.plans_for(by, by.place)),
    }
    return render(request, "safety/plans/list.html", context)


@as_post
def plan(request: HttpRequest, by: Holder, plan: UUID) -> HttpResponse:
    """What it asks of whom, and what it was before."""
    found = _plan(by, plan)
    versions = plans.seen_by(by).filter(line=found.line).order_by("-valid_from")
    allowed = plans.plans_for(by, found.place)
    (row,) = _rows([found], by)
    today = timezone.localdate()
    context = {
        **row, "by": by, "tab": "plans", "today": today, "versions": list(versions),
        "industries": [industries.INDUSTRIES[code] for code in found.industries],
        "facts": [FACTS[name] for name in found.facts],
        "categories": _categories(found),
        "is_over": found.valid_to is not None and found.valid_to <= today,
        "changes": bool(allowed) and found.valid_to is None,
        "ends": bool(allowed) and (found.valid_to is None or found.valid_to > today),
        "why_not": allowed.reason if isinstance(allowed, No) else "",
    }  # fmt: skip
    return render(request, "safety/plans/plan.html", context)


def _categories(of: Plan) -> list[str]:
    """By the edition that holds today; a code it has no more, as it stands."""
    edition = editions.in_force(of.place, timezone.localdate())
    known = {c.code: named(c) for c in editions.of(edition.id).categories} if edition else {}
    return [f"{code} {known.get(code, '')}".strip() for code in of.categories]


def _seal(row: Plan) -> str:
    """Of what a plan says: what was looked at is what is kept."""
    said = {name: str(getattr(row, name)) for name in (*plans.FACTS, "valid_from")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _looked_at(request: HttpRequest, form: PlanForm, by: Holder) -> tuple[Plan, Preview] | None:
    """What the form would ask; a refusal is shown at its field."""
    if request.method != "POST" or not form.is_valid():
        return None
    row = form.row()
    try:
        plans.must_be_whole(row, by=by)
    except Refused as error:
        _wrong(form, error)
        return None
    return row, preview(row, timezone.now())


def _wrong(form: PlanForm, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.reason))


def _laid(n: int) -> str:
    return ngettext("已保存；现在排了 %(n)d 次检查。", "已保存；现在排了 %(n)d 次检查。", n) % {
        "n": n
    }


def _page(
    request: HttpRequest, by: Holder, form: PlanForm, told: tuple[Plan, Preview] | None, **more: Any
) -> HttpResponse:
    row, what = told or (None, None)
    context = {
        "by": by, "form": form, "row": row, "preview": what, "seal": _seal(row) if row else "",
        "colours": COLOURS, "tab": "plans", **more,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "safety/plans/form.html", context, status=status)


def _kept(request: HttpRequest, form: PlanForm, row: Plan, keep: Any) -> bool:
    """Only what was just shown is kept."""
    if request.POST.get("keep") != _seal(row):
        return False
    try:
        messages.success(request, _laid(keep()), extra_tags="good")
    except Refused as error:
        _wrong(form, error)
        return False
    return True


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    if not plans.plans_for(by, by.place):
        raise Http404
    form = PlanForm(request.POST or None, by=by, initial=PlanForm.fresh(by))
    told = _looked_at(request, form, by)
    if told is not None:
        row = told[0]
        if _kept(request, form, row, lambda: plans.make(row, by=by, now=timezone.now())):
            return redirect("safety:plan", row.id)
    return _page(request, by, form, told, title=_("新的检查计划"), back=reverse("safety:plans"))


@as_post
def change(request: HttpRequest, by: Holder, plan: UUID) -> HttpResponse:
    """From a day on it asks something else."""
    of = _plan(by, plan)
    if not plans.plans_for(by, of.place) or of.valid_to is not None:
        raise Http404
    initial = {**PlanForm.of(of), "valid_from": max(tomorrow(), of.valid_from)}
    form = PlanForm(request.POST or None, by=by, initial=initial)
    told = _looked_at(request, form, by)
    if told is not None:
        row = told[0]
        if _kept(request, form, row, lambda: plans.change(of, row, by=by, now=timezone.now())):
            return redirect("safety:plan", row.id)
    back = reverse("safety:plan", args=[of.id])
    return _page(request, by, form, told, title=f"{of.name} · {_('修改')}", back=back, changes=of)


@as_post
def end(request: HttpRequest, by: Holder, plan: UUID) -> HttpResponse:
    """Asks once more, and says what goes and what stays."""
    of = _plan(by, plan)
    if not plans.plans_for(by, of.place):
        raise Http404
    if request.method == "POST":
        try:
            plans.end(of, by=by, now=timezone.now())
            messages.success(request, _("计划已结束。"), extra_tags="good")
        except Refused as error:
            messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("safety:plans")
    (row,) = _rows([of], by)
    return render(request, "safety/plans/end.html", {**row, "by": by, "tab": "plans"})
