"""Pages of joint meetings: what waits, plan one, enter what was decided, minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gongzhi.cases import plans, steps
from gongzhi.cases.changes import Refused
from gongzhi.cases.forms import UnitsField, unit_label
from gongzhi.cases.models import Case
from gongzhi.cases.numbers import spaced
from gongzhi.cases.plan_forms import OUTCOMES, Resolve
from gongzhi.cases.reading import CaseView, case_for, seen_by
from gongzhi.documents import texts
from gongzhi.documents.composing import compose
from gongzhi.documents.figures import chinese_date
from gongzhi.documents.sending import sent
from gongzhi.networks.resolution import meetings as rules
from gongzhi.networks.resolution.meetings import Agenda
from gongzhi.networks.resolution.models import Meeting
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import paths
from gongzhi.ui.words import day, named, short_path, unit_of


class MeetingForm(forms.Form):
    """When and where, on which cases, with whom."""

    title = forms.CharField(label=_("会议名称"), max_length=120, initial=_("信访工作联席会议"))
    begins_at = forms.DateTimeField(
        label=_("什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    where = forms.CharField(label=_("在哪里"), max_length=120)
    cases = forms.MultipleChoiceField(
        label=_("议题"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一件。")},
    )  # fmt: skip
    units = UnitsField(
        label=_("请哪些单位参加"),
        help_text=_("各单位只看本地和自己承办的议题，都没有的看全部；被投诉的看不到投诉它的。"),
    )
    alert = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, by: Holder, cases: Mapping[Case, Meeting | None], now: datetime,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.now = now
        held_by = Unit.objects.in_bulk({case.unit for case in cases})
        paths(case.place for case in cases)  # all names at once
        self.fields["cases"].choices = [  # type: ignore[attr-defined]
            (_ref(case), _told(case, held_by[case.unit], on)) for case, on in cases.items()
        ]
        self.fields["units"].choices = [  # type: ignore[attr-defined]
            (str(u.id), unit_label(u)) for u in rules.askable(by)
        ]

    def clean_begins_at(self) -> datetime:
        begins: datetime = self.cleaned_data["begins_at"]
        if begins <= self.now:
            raise forms.ValidationError(_("约定的时间要晚于现在。"))
        return begins

    def clean_cases(self) -> list[tuple[str, UUID]]:
        pairs = [c.split("/") for c in self.cleaned_data["cases"]]
        return [(county, UUID(id_)) for county, id_ in pairs]


@as_post
def meetings(request: HttpRequest, by: Holder) -> HttpResponse:
    found = rules.meetings_of(by)
    units = Unit.objects.in_bulk({m.unit for m in found})
    may = rules.may_convene(by)
    waiting = rules.waiting(by) if may else []
    context = {
        "by": by, "may": may, "waiting": waiting, "left": sum(w.on is None for w in waiting),
        "meetings": [(m, units.get(m.unit)) for m in found],
    }  # fmt: skip
    return render(request, "resolution/meetings.html", context)


def _ref(case: Case) -> str:
    return f"{case.county}/{case.id}"


def _told(case: Case, held_by: Unit, on: Meeting | None) -> SafeString:
    """What tells one case from another of its kind: where, since when, and who has it."""
    parts = [short_path(case.place), gettext("%(day)s登记") % {"day": day(case.reported_at)},
             named(held_by)]  # fmt: skip
    if on:
        parts.append(gettext("已列入%(day)s的会议") % {"day": day(on.begins_at)})
    return format_html(
        '{} {} <span class="soft small">{}</span>', spaced(case.number), case.title,
        " · ".join(parts),
    )  # fmt: skip


def _wanted(asked: QueryDict) -> dict[str, str]:
    """Of which place and kind the cases are, and whether late, as the page that led here says."""
    names = ("place", "mechanism", "category", "overdue") if asked.get("place") else ()
    return {name: said for name in names if (said := asked.get(name))}


def _of(case: Case, wanted: Mapping[str, str]) -> bool:
    return (
        str(case.place).startswith(wanted["place"])
        and (case.overdue or "overdue" not in wanted)
        and all(getattr(case, name) == wanted.get(name, getattr(case, name))
                for name in ("mechanism", "category"))
    )  # fmt: skip


def _start(by: Holder, cases: Sequence[Case], asked: QueryDict, now: datetime) -> dict[str, Any]:
    """When and where as usual; cases, guests and name as the page that led here says."""
    told = {name: asked[name][:120] for name in ("title", "alert") if asked.get(name)}
    return {
        "begins_at": rules.soon(now), "where": gettext("%(unit)s会议室") % {"unit": unit_of(by)},
        "cases": [_ref(case) for case in cases],
        "units": [str(u.id) for u in rules.concerned(cases, by)] if cases else [], **told,
    }  # fmt: skip


@as_post
def new_meeting(request: HttpRequest, by: Holder) -> HttpResponse:
    if not rules.may_convene(by):
        raise Http404
    now, wanted = timezone.now(), _wanted(request.GET)
    offered = {w.case: w.on for w in rules.waiting(by)}
    raised = rules.raisable(by, wanted) if wanted else []
    # What a meeting to come is to decide on is not put on another unless somebody ticks it.
    ticked = [*(c for c, on in offered.items() if wanted and not on and _of(c, wanted)), *raised]
    offered |= dict.fromkeys(raised)
    form = MeetingForm(request.POST or None, by=by, cases=offered, now=now,
                       initial=_start(by, ticked, request.GET, now))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = rules.convene(
                said["title"], said["begins_at"], said["where"], units=said["units"],
                cases=said["cases"], alert=said["alert"], now=now, by=by,
            )  # fmt: skip
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(
                request, gettext("已安排，参会单位现在能看到议题。"), extra_tags="good"
            )
            return redirect("networks:meeting", made.id)
    context = {
        "by": by, "form": form, "any": bool(offered), "unasked": len(raised),
        "most": rules.RAISED,
    }  # fmt: skip
    return render(request, "resolution/new_meeting.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _meeting(by: Holder, id_: UUID) -> Meeting:
    found = rules.meeting_for(by, id_)
    if found is None:
        raise Http404
    return found


@as_post
def meeting(request: HttpRequest, by: Holder, meeting: UUID) -> HttpResponse:
    """The agenda with what was decided and what is still to be done."""
    found, now = _meeting(by, meeting), timezone.now()
    lines, seats = rules.agenda(found, by), list(found.seats.all())
    all_steps = [t for x in lines for t in x.steps]
    units = Unit.objects.in_bulk({found.unit, *(s.unit for s in seats),
                                  *(t.unit for t in all_steps)})  # fmt: skip
    names = {id_: named(unit) for id_, unit in units.items()}
    context = {
        "by": by, "meeting": found, "units": units,
        "lines": [(x, _line(case_for(by, x.case.county, x.case.id), x, found, names))
                  for x in lines],
        "seats": [(s, units.get(s.unit)) for s in seats], "outcomes": dict(OUTCOMES),
        "own": found.unit == by.unit and rules.may_convene(by), "begun": found.begins_at <= now,
        "steps": len(all_steps), "done": sum(t.done_at is not None for t in all_steps),
    }  # fmt: skip
    return render(request, "resolution/meeting.html", context)


@as_post
def decide(request: HttpRequest, by: Holder, meeting: UUID, county: str, id_: UUID) -> HttpResponse:
    """What the meeting decided on one case."""
    found = _meeting(by, meeting)
    seen = seen_by(by, county, id_)
    view = case_for(by, county, id_)
    form = Resolve(request.POST or None, case=seen, by=by, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("key") or uuid4().hex
        try:
            rules.decide(found, (county, id_), form.told(), key=key, now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            return redirect("networks:meeting", found.id)
    context = {"by": by, "meeting": found, "view": view, "form": form,
               "key": request.POST.get("key") or uuid4().hex}  # fmt: skip
    return render(request, "resolution/decide.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@require_POST
@as_post
def hold(request: HttpRequest, by: Holder, meeting: UUID) -> HttpResponse:
    found = _meeting(by, meeting)
    asked = {str(s.unit): s.unit for s in found.seats.all()}
    came = [asked[u] for u in request.POST.getlist("came") if u in asked]
    try:
        if "cancel" in request.POST:
            rules.cancel(found, now=timezone.now(), by=by)
        else:
            rules.hold(found, came, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("networks:meeting", found.id)


def _line(view: CaseView, line: Agenda, meeting: Meeting, names: dict[UUID, str]) -> dict[str, Any]:
    said = next((x for x in reversed(view.lines) if x.entry.act == plans.resolve.name
                 and x.entry.data.get("meeting") == str(meeting.id)), None)  # fmt: skip
    words = said.words if said else {}
    return {
        "number": spaced(view.case.number), "title": view.case.title,
        "outcome": str(dict(OUTCOMES).get(line.outcome, gettext("未议"))),
        "resolution": words.get("resolution", ""),
        "steps": [
            {"n": n, "unit": names.get(t.unit, ""),
             "what": words.get(steps.field_of(t.data["n"]), ""),
             "due": chinese_date(timezone.localtime(t.due_at).date()) if t.due_at else "",
             "task": t}
            for n, t in enumerate(line.steps, 1)
        ],
    }  # fmt: skip


@as_post
def minutes(request: HttpRequest, by: Holder, meeting: UUID) -> HttpResponse:
    """As PDF or Word: the lines that its reader may see, and no others."""
    found = _meeting(by, meeting)
    lines, seats = rules.agenda(found, by), list(found.seats.all())
    told = {t.unit for x in lines for t in x.steps} | {s.unit for s in seats} | {found.unit}
    names = {u.id: u.name for u in Unit.objects.filter(id__in=told)}
    at = timezone.localtime(found.begins_at)
    with translation.override("zh-hans"):
        said = {
            "title": found.title, "number": f"{at:%Y%m%d}", "unit": names[found.unit],
            "where": found.where, "when": f"{chinese_date(at.date())} {at:%H:%M}",
            "date": chinese_date(timezone.localtime(found.held_at or found.begins_at).date()),
            "members": "、".join(names[s.unit] for s in seats if s.came is not False),
            "absent": "、".join(names[s.unit] for s in seats if s.came is False),
            "lines": [_line(case_for(by, x.case.county, x.case.id), x, found, names)
                      for x in lines],
        }  # fmt: skip
    text = texts.shipped("resolution", "minutes").text
    made = compose(text, said, made_at=found.held_at or found.begins_at)
    return sent(made, as_word=request.GET.get("as") == "docx")
