"""Listing rules 挂牌规则: which hold, trying one on the hazards as they stand, ending one."""

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

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.mechanism import list_by_rule
from gongzhi.mechanisms.safety.models import ListingRule
from gongzhi.mechanisms.safety.registers import enterprises, ranked_rules
from gongzhi.mechanisms.safety.registers.ranks import RANKS
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.session import as_post
from gongzhi.places.search import children, name_of
from gongzhi.ui import words

SHOWN = 50


def day_input() -> forms.DateInput:
    """As browsers want it, in any language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RuleForm(forms.Form):
    """Which major hazards, and after how many days; it lists at the level of whoever enters it."""

    place = forms.ChoiceField(label=_("在哪里"))
    rank = forms.ChoiceField(
        label=_("哪种颜色"), required=False, choices=[("", _("全部")), *RANKS.items()],
        help_text=_("只管符合判定标准的重大事故隐患。"),
    )  # fmt: skip
    criterion = forms.CharField(
        label=_("判定标准含有"), required=False, max_length=60,
        help_text=_("定级时写的标准名称或条款里的字，空着就是全部。"),
    )  # fmt: skip
    after_days = forms.IntegerField(
        label=_("发现后几天没有消除"), min_value=0, max_value=365, initial=30
    )
    valid_from = forms.DateField(label=_("从哪天起"), widget=day_input())
    valid_to = forms.DateField(
        label=_("到哪天停用"), required=False, widget=day_input(),
        help_text=_("这一天起不再挂；空着就一直有效。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [by.place, *(d.code for d in children(by.place))]
        self.fields["place"].choices = [(code, name_of(code)) for code in here]  # type: ignore[attr-defined]

    def rule(self, by: Holder) -> ListingRule:
        return ListingRule(**self.cleaned_data, level=by.level.name.lower())


def _in_words(rule: ListingRule) -> dict[str, Any]:
    return {
        "rule": rule, "place": name_of(rule.place), "rank": RANKS.get(rule.rank, ""),
        "level": words.level(Level[rule.level.upper()]),
    }  # fmt: skip


def _must_read(by: Holder) -> None:
    if not enterprises.reads(by, by.place):
        raise Http404


@as_post
def rules(request: HttpRequest, by: Holder) -> HttpResponse:
    """Those that hold at one's place or below it, those in force first."""
    _must_read(by)
    found = ranked_rules.here(by.place)
    posts = Post.objects.in_bulk({r.post for r in found})
    sets, today = ranked_rules.may_set_rules(by), timezone.localdate()
    rows = [
        {**_in_words(r), "post": posts.get(r.post), "over": r.valid_to and r.valid_to <= today,
         "own": sets and r.level == by.level.name.lower() and r.place.startswith(by.place)}
        for r in found
    ]  # fmt: skip
    context = {"by": by, "tab": "rules", "here": by.place, "rows": rows, "sets": sets}
    return render(request, "safety/ranked/rules.html", context)


@as_post
def new_rule(request: HttpRequest, by: Holder) -> HttpResponse:
    """First it is tried on the hazards as they stand; only then it can be switched on."""
    if not ranked_rules.may_set_rules(by):
        raise Http404
    form = RuleForm(request.POST or None, by=by, initial={"valid_from": timezone.localdate()})
    context: dict[str, Any] = {"by": by, "tab": "rules", "here": by.place, "form": form}
    if request.method == "POST" and form.is_valid():
        rule, now = form.rule(by), timezone.now()
        if "on" in request.POST and _switched_on(request, form, rule, by):
            return redirect("safety:listing_rules")
        with within(by.scope):
            n, found = ranked_rules.reached(rule, list_by_rule, now=now, most=SHOWN)
        units = Unit.objects.in_bulk({u for t in found for u in (t.unit, t.lister)})
        context |= {"tried": True, "n": n, "found": found, "units": units}
    return render(request, "safety/ranked/new_rule.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _switched_on(request: HttpRequest, form: RuleForm, rule: ListingRule, by: Holder) -> bool:
    try:
        ranked_rules.switch_on(rule, now=timezone.now(), by=by)
    except Refused as error:
        form.add_error(error.field, str(error.reason))
        return False
    messages.success(request, gettext("已启用。"), extra_tags="good")
    return True


@require_POST
@as_post
def end_rule(request: HttpRequest, by: Holder, rule: UUID) -> HttpResponse:
    try:
        ranked_rules.switch_off(rule, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    return redirect("safety:listing_rules")
