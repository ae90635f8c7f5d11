"""Numbers by which the registers count: seen by all, tried and set by leaders."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.cases.parameters import Held, Known
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.registers import accidents, black_spots, parameters
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


def _field(name: str) -> str:
    """Under which the page asks for it."""
    return name.replace(".", "_")


def _asked(known: Known, n: int) -> forms.Field:
    if known.yes_or_no:
        return forms.BooleanField(label=known.label, required=False, initial=bool(n))
    return forms.IntegerField(
        label=known.label, min_value=known.least, max_value=known.most, initial=n
    )


def rows(group: str, holds: Mapping[str, Held]) -> list[tuple[Any, Any, Held]]:
    """The numbers of a group: what each is called, as people read it, and since when."""
    return [
        (known.label, known.said(holds[name].n), holds[name])
        for name, known in parameters.KNOWN.items() if known.group == group
    ]  # fmt: skip


class ParametersForm(forms.Form):
    """A field for each number of a group; the document it rests on; from which day."""

    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200,
        help_text=gettext_lazy("写明文件名称和条款，或者哪次会议定的。"),
    )  # fmt: skip
    since = forms.DateField(
        label=gettext_lazy("从哪天起"),
        # Browsers take a day in this form alone, whatever the language.
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, group: str, holds: dict[str, Held], **rest: Any):
        super().__init__(*args, **rest)
        self.names = [n for n, known in parameters.KNOWN.items() if known.group == group]
        for name in self.names:
            self.fields[_field(name)] = _asked(parameters.KNOWN[name], holds[name].n)
        self.order_fields([*map(_field, self.names), "source", "since"])

    def numbers(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[_field(name)]) for name in self.names}


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """What holds here, and what held before."""
    holds = parameters.ROADS.in_force(by.place, timezone.localdate())
    groups = [(group, label, rows(group, holds)) for group, label in parameters.GROUPS.items()]
    past = [(parameters.KNOWN[p.name].label, parameters.KNOWN[p.name].said(p.n), p)
            for p in parameters.ROADS.history(by.place)]  # fmt: skip
    context = {
        "by": by, "groups": groups, "past": past, "may": may_set(by, Level.COUNTY, by.place),
        "reads": accidents.may_read(by),
    }  # fmt: skip
    return render(request, "roads/spots/parameters.html", context)


@as_post
def change(request: HttpRequest, by: Holder, group: str) -> HttpResponse:
    """Black spots are tried first: which places would be ones; entered only when it is said so."""
    if not may_set(by, Level.COUNTY, by.place) or group not in parameters.GROUPS:
        raise Http404
    now = timezone.now()
    today = timezone.localdate(now)
    holds = parameters.ROADS.in_force(by.place, today)
    form = ParametersForm(request.POST or None, group=group, holds=holds,
                          initial={"since": today})  # fmt: skip
    tried = None
    if request.method == "POST" and form.is_valid():
        if "enter" in request.POST or group != "spots":
            if _entered(form, by):
                messages.success(request, _("已定下。"), extra_tags="good")
                return redirect("roads:parameters")
        else:
            tried = black_spots.found(by.place, form.numbers(), now=now)
    before = parameters.ROADS.numbers(by.place, today)
    context = {
        "by": by, "form": form, "group": group, "label": parameters.GROUPS[group], "tried": tried,
        "now": None if tried is None else len(black_spots.found(by.place, before, now=now)),
    }  # fmt: skip
    return render(request, "roads/spots/change.html", context, status=422 if form.errors else 200)


def _entered(form: ParametersForm, by: Holder) -> bool:
    said = form.cleaned_data
    try:
        parameters.ROADS.set_from(
            by.place, form.numbers(), said["since"], said["source"], now=timezone.now(), by=by
        )
    except Refused as error:
        form.add_error(error.field, str(error.reason))
        return False
    return True
