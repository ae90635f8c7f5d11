"""The responsibility list on pages: what holds, trying a row on last month's cases, ending one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gongzhi.cases import catalogue
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level, registry
from gongzhi.networks.responsibility import duties, entering
from gongzhi.networks.responsibility.models import Duty
from gongzhi.networks.responsibility.pages.who import matters
from gongzhi.networks.responsibility.sheet import kind_name, listed
from gongzhi.people.kinds import UNIT_KINDS
from gongzhi.people.models import Unit
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.search import children, name_of
from gongzhi.ui import words


class DutyForm(forms.Form):
    """Who leads and helps in what, at which level, on which basis, from which day."""

    place = forms.ChoiceField(label=_("在哪里"))
    matter = forms.ChoiceField(label=_("什么事"))
    level = forms.TypedChoiceField(label=_("哪一级"), coerce=int)
    lead = forms.ChoiceField(label=_("谁牵头"))
    helpers = forms.MultipleChoiceField(
        label=_("谁配合"), required=False, widget=forms.CheckboxSelectMultiple
    )
    basis = forms.CharField(label=_("依据"), max_length=300, help_text=_("写明文件名称和条款。"))
    valid_from = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [by.place, *(d.code for d in children(by.place))]
        kinds = [(k, kind_name(k)) for k in UNIT_KINDS]
        units = Unit.objects.filter(place__startswith=by.place, kind="department", valid_to=None)
        named = [(f"unit/{u.id}", words.named(u)) for u in units.order_by("place", "name")[:400]]
        whole = [(f"{m.name}/", words.label(m)) for m in registry.every()]
        offered: dict[str, Any] = {
            "place": [(code, name_of(code)) for code in here],
            "matter": [(_("整个机制"), whole), *matters()],
            "level": [(int(x), words.level(x)) for x in Level],
            "lead": [(_("一类单位"), kinds), (_("某个部门"), named)],
            "helpers": kinds,
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def duty(self) -> Duty:
        said = self.cleaned_data
        mechanism, category = said["matter"].split("/")
        named = said["lead"].removeprefix("unit/") if said["lead"].startswith("unit/") else None
        return Duty(
            mechanism=mechanism, category=category, level=said["level"], place=said["place"],
            lead="department" if named else said["lead"], lead_unit=UUID(named) if named else None,
            helpers=said["helpers"], basis=said["basis"], valid_from=said["valid_from"],
        )  # fmt: skip


def _row(duty: Duty, units: dict[UUID, Unit], by: Holder) -> dict[str, Any]:
    m = registry.get(duty.mechanism)
    named = units.get(duty.lead_unit) if duty.lead_unit else None
    matter = str(catalogue.kind(m, duty.category)) if duty.category else words.label(m)
    return {
        "duty": duty, "place": name_of(duty.place), "matter": matter, "level": duty.level,
        "lead": words.named(named) if named else kind_name(duty.lead),
        "helpers": listed(map(kind_name, duty.helpers)),
        "own": duty.valid_to is None and may_set(by, Level.COUNTY, duty.place),
    }  # fmt: skip


@as_post
def listing(request: HttpRequest, by: Holder) -> HttpResponse:
    """Rows that hold at one's place or below it, and those that held before."""
    mine = Q(place__startswith=by.place) | Q(place__in=ancestors(by.place))
    found = list(Duty.objects.filter(mine).order_by("mechanism", "category", "level", "place",
                                                    "-valid_from")[:500])  # fmt: skip
    units = Unit.objects.in_bulk({d.lead_unit for d in found if d.lead_unit})
    context = {
        "by": by, "rows": [_row(d, units, by) for d in found],
        "may": may_set(by, Level.COUNTY, by.place),
    }  # fmt: skip
    return render(request, "responsibility/list.html", context)


def trial(rows: Sequence[Duty], now: datetime, by: Holder) -> dict[str, Any]:
    """What rows would have changed in the last thirty days, for a page."""
    found = duties.tried(rows, now=now, by=by)
    units = Unit.objects.in_bulk({t.case.unit for t in found[: duties.MOST]})
    return {"n": len(found), "found": found[: duties.MOST], "units": units}


@as_post
def new_duty(request: HttpRequest, by: Holder) -> HttpResponse:
    """Tried on the last thirty days' cases first; entered only when it is said so."""
    if not may_set(by, Level.COUNTY, by.place):
        raise Http404
    now = timezone.now()
    form = DutyForm(request.POST or None, by=by, initial={"valid_from": timezone.localdate(now)})
    context: dict[str, Any] = {"by": by, "form": form}
    if request.method == "POST" and form.is_valid():
        duty = form.duty()
        if "enter" in request.POST:
            try:
                entering.enter([duty], now=now, by=by)
            except Refused as error:
                form.add_error(error.field, str(error.reason))
            else:
                messages.success(request, gettext("已写进责任清单。"), extra_tags="good")
                return redirect("networks:duties")
        context |= {"tried": True} | trial([duty], now, by)
    return render(request, "responsibility/new.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@require_POST
@as_post
def end_duty(request: HttpRequest, by: Holder, duty: UUID) -> HttpResponse:
    try:
        entering.end(duty, on=timezone.localdate(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("networks:duties")
