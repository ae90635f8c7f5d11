"""Pages of fallback rules and of limits: what holds here, trying a rule out, changing a period."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gongzhi.cases import fallback, limits
from gongzhi.cases.changes import Refused
from gongzhi.cases.registers import FallbackRule
from gongzhi.declare import Clock, Level, Mechanism, Span, Unit, registry
from gongzhi.people.models import Post
from gongzhi.people.models import Unit as Organisation
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.search import children, name_of
from gongzhi.ui import words

SPANS = [
    (Unit.DAYS.value, _("天")), (Unit.WORKING_DAYS.value, _("个工作日")),
    (Unit.HOURS.value, _("小时")), (Unit.MINUTES.value, _("分钟")),
]  # fmt: skip


class RuleForm(forms.Form):
    """What is left overdue where, how long until the reminder, how long until it goes up."""

    place = forms.ChoiceField(label=_("在哪里"))
    mechanism = forms.ChoiceField(label=_("哪类案件"), required=False)
    clock = forms.ChoiceField(label=_("哪个期限"), required=False)
    level = forms.ChoiceField(label=_("在哪一级手里"), required=False)
    remind_after = forms.IntegerField(
        label=_("逾期几个工作日后催办"), min_value=0, max_value=250, initial=1
    )
    up_after = forms.IntegerField(
        label=_("催办后几个工作日自动上报"), min_value=1, max_value=250, initial=3
    )

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [by.place, *(d.code for d in children(by.place))]
        every = [("", _("全部"))]
        clocks = {c.name: words.label(c) for m in registry.every() for c in m.clocks}
        choices: dict[str, Any] = {
            "place": [(code, name_of(code)) for code in here],
            "mechanism": [*every, *((m.name, words.label(m)) for m in registry.every())],
            "clock": [*every, *clocks.items()],
            "level": [*every, *((x.name.lower(), words.level(x)) for x in Level)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def rule(self) -> FallbackRule:
        return FallbackRule(**self.cleaned_data)


class LimitForm(forms.Form):
    """Another period from a day to come, and what it rests on."""

    n = forms.IntegerField(label=_("期限"), min_value=1, max_value=3650)
    unit = forms.TypedChoiceField(label=_("单位"), choices=SPANS, coerce=Unit)
    since = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("这天以后开始的期限按新的算；已经在走的不变。"),
    )  # fmt: skip
    law = forms.CharField(label=_("依据"), max_length=200, help_text=_("写明文件名称和条款。"))


def _in_words(rule: FallbackRule) -> dict[str, Any]:
    names = {m.name: words.label(m) for m in registry.every()}
    clocks = {c.name: words.label(c) for m in registry.every() for c in m.clocks}
    level = next((words.level(x) for x in Level if x.name.lower() == rule.level), "")
    return {
        "rule": rule, "place": name_of(rule.place), "mechanism": names.get(rule.mechanism, ""),
        "clock": clocks.get(rule.clock, ""), "level": level,
    }  # fmt: skip


def _may(by: Holder) -> bool:
    return may_set(by, Level.COUNTY, by.place)


@as_post
def rules(request: HttpRequest, by: Holder) -> HttpResponse:
    """The rules that hold at one's place, those in force first."""
    here = FallbackRule.objects.filter(place__startswith=by.place)
    above = FallbackRule.objects.filter(place__in=ancestors(by.place))
    found = sorted(here | above, key=lambda r: (r.valid_to is not None, -r.valid_from.timestamp()))
    posts = Post.objects.in_bulk({r.post for r in found})
    rows = [{**_in_words(r), "post": posts.get(r.post), "own": may_set(by, Level.COUNTY, r.place)}
            for r in found]  # fmt: skip
    return render(request, "resolution/rules.html", {"by": by, "rows": rows, "may": _may(by)})


@as_post
def new_rule(request: HttpRequest, by: Holder) -> HttpResponse:
    """First it is tried on the cases as they stand; only then it can be switched on."""
    if not _may(by):
        raise Http404
    form = RuleForm(request.POST or None, by=by)
    context: dict[str, Any] = {"by": by, "form": form}
    if request.method == "POST" and form.is_valid():
        rule, now = form.rule(), timezone.now()
        if "on" in request.POST:
            try:
                fallback.switch_on(rule, now=now, by=by)
            except Refused as error:
                form.add_error(None, str(error.reason))
            else:
                messages.success(request, gettext("已启用。"), extra_tags="good")
                return redirect("networks:fallback")
        found = fallback.tried(rule, now=now, by=by)
        units = Organisation.objects.in_bulk({u for t in found for u in (t.unit, t.upper) if u})
        context |= {"tried": True, "found": found, "units": units, "rule": _in_words(rule),
                    "n": found[0].of if found else 0}  # fmt: skip
    return render(request, "resolution/new_rule.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@require_POST
@as_post
def end_rule(request: HttpRequest, by: Holder, rule: UUID) -> HttpResponse:
    try:
        fallback.switch_off(rule, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("networks:fallback")


def _row(
    m: Mechanism | None, clock: Clock, changed: Mapping[str, Any], today: date
) -> dict[str, Any]:
    now = limits.in_force(m.name if m else "", clock, timezone.now())
    steps = changed.get(clock.name, [])
    return {
        "clock": clock, "span": words.span(now.span), "declared": words.span(clock.span),
        "law": gettext(clock.law),
        "changed": now.span != clock.span,
        "steps": [
            {"since": s.valid_from, "span": words.span(Span(s.n, Unit(s.unit))), "law": s.law,
             "to_come": s.valid_from > today}
            for s in steps
        ],
    }  # fmt: skip


@as_post
def limits_page(request: HttpRequest, by: Holder) -> HttpResponse:
    """Every time limit: its source, what holds today, what comes. None: of all mechanisms."""
    today = timezone.localdate()
    found = []
    for m in (*registry.every(), None):
        changed = limits.history(m)
        found.append((m, [_row(m, c, changed, today) for c in limits.clocks_of(m)]))
    context = {"by": by, "mechanisms": found, "may": may_set(by, Level.CITY)}
    return render(request, "resolution/limits.html", context)


@as_post
def change_limit(request: HttpRequest, by: Holder, clock: str, mechanism: str = "") -> HttpResponse:
    declared = registry.get(mechanism) if mechanism else None
    of = next((c for c in limits.clocks_of(declared) if c.name == clock), None)
    if of is None or not may_set(by, Level.CITY):
        raise Http404
    form = LimitForm(request.POST or None, initial={"n": of.span.n, "unit": of.span.unit.value})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            limits.set_from(declared, of, Span(said["n"], said["unit"]), said["since"], said["law"],
                            now=timezone.now(), by=by)  # fmt: skip
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, gettext("已登记，到那天起生效。"), extra_tags="good")
            return redirect("networks:limits")
    context = {"by": by, "form": form, "mechanism": declared, "clock": of}
    return render(request, "resolution/change_limit.html", context,
                  status=422 if form.errors else 200)  # fmt: skip
