"""A row of the responsibility list written by hand: tried on last month's cases, then entered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level, Span, registry
from gongzhi.networks.responsibility import duties, entering, precedents, spans
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.networks.responsibility.pages.who import matters
from gongzhi.networks.responsibility.sheet import LEADS, LONGEST, kind_name
from gongzhi.people.kinds import UNIT_KINDS
from gongzhi.people.models import Unit as Organisation
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import children, name_of
from gongzhi.ui import words

MOST_LINES = 40
MOST_UNITS = 400  # that can be chosen by name; a sheet can name any
NAMED = "unit/"


class RowForm(forms.Form):
    """Which matter where, and from which day."""

    place = forms.ChoiceField(label=_("在哪里"))
    matter = forms.ChoiceField(label=_("什么事"))
    level = forms.TypedChoiceField(label=_("哪一级"), coerce=int)
    valid_from = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [by.place, *(d.code for d in children(by.place))]
        whole = [(f"{m.name}/", words.label(m)) for m in registry.every()]
        offered: dict[str, Any] = {
            "place": [(code, name_of(code)) for code in here],
            "matter": [(_("整个机制"), whole), *matters()],
            "level": [(int(x), words.level(x)) for x in Level],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def duty(self, lines: list[Line]) -> Duty:
        said = self.cleaned_data
        mechanism, category = said["matter"].split("/")
        return Duty(
            mechanism=mechanism, category=category, level=said["level"], place=said["place"],
            valid_from=said["valid_from"], lines=lines,
        )  # fmt: skip


class SpanField(forms.CharField):
    """A limit as it is written."""

    def prepare_value(self, value: Any) -> Any:
        return spans.said(value) if isinstance(value, Span) else value

    def to_python(self, value: Any) -> Any:
        try:
            return spans.read(super().to_python(value) or "")
        except ValueError:
            raise forms.ValidationError(spans.HOW) from None


class LineForm(forms.Form):
    """One department: who, what it does, on which basis, within what time."""

    who = forms.ChoiceField(label=_("哪个单位"), required=False)
    leads = forms.TypedChoiceField(
        label=_("牵头或配合"), coerce=lambda said: said == "True",
        choices=[(True, LEADS[True]), (False, LEADS[False])], initial=False,
    )  # fmt: skip
    does = forms.CharField(
        label=_("职责"), max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("依据"), max_length=LONGEST, required=False, help_text=_("写明文件名称和条款。")
    )
    within = SpanField(
        label=_("处置时限"), required=False,
        help_text=_("如 24小时、7天、2个工作日；空着就是通用时限"),
    )  # fmt: skip
    urgent = SpanField(label=_("紧急时限"), required=False, help_text=_("现场有危险时的，可以空着"))

    def __init__(self, *args: Any, offered: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("who") and not said.get("basis"):
            self.add_error("basis", _("请写明文件名称和条款。"))
        return said

    def line(self, kinds: dict[str, str]) -> Line | None:
        """None where no unit was chosen. `kinds`: of the units that can be named."""
        said, who = self.cleaned_data, self.cleaned_data["who"]
        if not who:
            return None
        unit = UUID(who.removeprefix(NAMED)) if who.startswith(NAMED) else None
        return Line(
            kind=kinds[who] if unit else who, unit=unit,
            leads=said["leads"], does=said["does"], basis=said["basis"],
            within=said["within"], urgent=said["urgent"],
        )  # fmt: skip


class Lines(forms.BaseFormSet):  # type: ignore[type-arg]
    """All departments of one row: one of them leads."""

    def clean(self) -> None:
        chosen = [f.cleaned_data for f in self.forms if f.cleaned_data.get("who")]
        if sum(bool(said.get("leads")) for said in chosen) != 1:
            raise forms.ValidationError(_("每份清单要有一个牵头单位，只能有一个。"))


class Written:
    """The two forms of the page, filled in or begun from a row or a precedent."""

    def __init__(self, request: HttpRequest, by: Holder) -> None:
        row, lines = _begun(request, by)
        units = Organisation.objects.filter(place__startswith=by.place, valid_to=None)
        near = units.exclude(kind="governance_centre").order_by("place", "name")[:MOST_UNITS]
        # Whom the row names already stays, wherever it is.
        own = Organisation.objects.filter(id__in={x.unit for x in lines if x.unit})
        named = {u.id: u for u in (*near, *own)}.values()
        self.kinds = {f"{NAMED}{u.id}": u.kind for u in named}
        offered = [
            ("", _("（不填这一行）")),
            (_("一类单位"), [(k, kind_name(k)) for k in UNIT_KINDS]),
            (_("某个部门"), [(f"{NAMED}{u.id}", words.named(u)) for u in named]),
        ]
        data = request.POST or None
        make = forms.formset_factory(
            LineForm, formset=Lines, extra=2, max_num=MOST_LINES, absolute_max=MOST_LINES
        )
        self.row = RowForm(data, by=by, initial=row)
        self.lines = make(
            data, form_kwargs={"offered": offered}, initial=[_initial(x) for x in lines],
            prefix="line",
        )  # fmt: skip

    def duty(self) -> Duty | None:
        """What was written, where nothing is wrong with it."""
        if not (self.row.is_valid() & self.lines.is_valid()):
            return None
        return self.row.duty([x for f in self.lines.forms if (x := f.line(self.kinds))])


def _begun(request: HttpRequest, by: Holder) -> tuple[dict[str, Any], list[Line]]:
    """What the forms begin with."""
    row: dict[str, Any] = {"valid_from": timezone.localdate(), "place": by.place, "level": by.level}
    if "row" in request.GET:
        found = Duty.objects.filter(id=_id(request.GET["row"])).first()
        if found is None:
            raise Http404
        row |= {"matter": f"{found.mechanism}/{found.category}", "level": found.level}
        if found.place.startswith(by.place):
            row["place"] = found.place
        return row, found.lines
    if "precedent" in request.GET:
        found_row, lines = precedents.begun(request.GET["precedent"], by=by)
        return row | found_row, lines
    return row, []


def _id(text: str) -> UUID:
    """Raises Http404."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _initial(line: Line) -> dict[str, Any]:
    who = f"{NAMED}{line.unit}" if line.unit else line.kind
    said = ("leads", "does", "basis", "within", "urgent")
    return {"who": who, **{name: getattr(line, name) for name in said}}


def trial(rows: Sequence[Duty], now: datetime, by: Holder) -> dict[str, Any]:
    """What rows would have changed in the last thirty days, for a page."""
    found = duties.tried(rows, now=now, by=by)
    units = Organisation.objects.in_bulk({t.case.unit for t in found[: duties.MOST]})
    called = any(not duties.routes(row.mechanism) for row in rows)
    return {"n": len(found), "found": found[: duties.MOST], "units": units, "called": called}


@as_post
def new_duty(request: HttpRequest, by: Holder) -> HttpResponse:
    """Tried on the last thirty days' cases first; entered only when it is said so."""
    if not may_set(by, Level.COUNTY, by.place):
        raise Http404
    now, written = timezone.now(), Written(request, by)
    context: dict[str, Any] = {"by": by, "form": written.row, "lines": written.lines}
    status = 200
    if request.method == "POST":
        duty = written.duty()
        if duty is not None and "enter" in request.POST:
            try:
                entering.enter([duty], now=now, by=by)
            except Refused as error:
                written.row.add_error(error.field, str(error.reason))
            else:
                messages.success(request, gettext("已写进责任清单。"), extra_tags="good")
                return redirect("networks:duties")
        if duty is not None:
            context |= {"tried": True} | trial([duty], now, by)
        status = 422 if duty is None or written.row.errors else 200
    return render(request, "responsibility/new.html", context, status=status)
