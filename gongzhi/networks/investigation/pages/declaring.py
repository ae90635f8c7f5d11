"""To declare a round 排查, after seeing how many people it asks; and to end one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gongzhi.cases import catalogue
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level, Mechanism, registry
from gongzhi.networks.investigation import rounds
from gongzhi.networks.investigation.asked import Load, every_kind, kinds_for
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.pages.shown import LEVELS, REPEATS, kind_label
from gongzhi.networks.investigation.turns import MONTH, ONCE, WEEK
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.fields import PlaceField
from gongzhi.places.search import name_of
from gongzhi.ui.words import label

USUAL = ("grid_member", "mediator", "clerk")  # ticked at first
WEEKLONG = timedelta(days=6)
# What an alert that counts limits, not cases, says: no kind of matter came more often.
LATER: Final[Mapping[str, Any]] = {
    "late": _("%(place)s从 %(week)s 起的一周里，“%(mechanism)s”新逾期的期限比平常多。"
              "有没有报了以后很久没人来办的"),
    "share": _("%(place)s从 %(week)s 起的一周里，“%(mechanism)s”办完的期限，逾期的占比比平常高。"
               "有没有报了以后很久没人来办的"),
}  # fmt: skip


class RoundForm(forms.Form):
    """What a leader fills in: what to look for, where, who answers, by when."""

    title = forms.CharField(
        label=_("排查什么"), max_length=60, help_text=_("一句话，如：岁末欠薪排查。"),
        error_messages={"required": _("请写排查什么。")},
    )  # fmt: skip
    wanted = forms.CharField(
        label=_("看哪几点"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "grows"}),
        help_text=_("问事，不问人。一行写一点，写到看了就知道有没有，"
                    "如：有没有工地拖欠工资超过一个月。"),
        error_messages={"required": _("请写看哪几点，一行一点。")},
    )  # fmt: skip
    place = PlaceField(label=_("在哪里"))
    level = forms.TypedChoiceField(
        label=_("由哪一级逐个回报"), choices=LEVELS, coerce=int, widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label=_("请哪些岗位回报"), widget=forms.CheckboxSelectMultiple,
        help_text=_("每个地方回报一次就够，谁先到谁报。村里没有这些岗位的，由镇上的代报。"),
        error_messages={"required": _("请选由哪些岗位回报。")},
    )  # fmt: skip
    matter = forms.ChoiceField(
        label=_("发现了，按什么登记"), help_text=_("发现的情况按这一类立案办理。"),
        error_messages={"invalid_choice": _("没有这一类，或者已经停用，请另选一类。")},
    )  # fmt: skip
    begins_on = forms.DateField(
        label=_("从哪天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("到哪天回报"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这一天过了还没有回报的，列为没有回音。"),
    )  # fmt: skip
    repeats = forms.ChoiceField(label=_("多久一次"), choices=REPEATS, widget=forms.RadioSelect)
    times = forms.IntegerField(
        label=_("一共几次"), required=False, min_value=1,
        help_text=_("每周的最多 52 次，每月的最多 12 次；只排查一次的不用填。"),
    )  # fmt: skip
    alert = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place"].within = by.place  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind, kind_label(kind)) for kind in every_kind()
        ]
        self.fields["matter"].choices = [  # type: ignore[attr-defined]
            (label(m), [(f"{m.name}:{k}", text) for k, text in catalogue.choices(m)])
            for m in registry.every()
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        repeats = said.get("repeats")
        if repeats == ONCE:
            said["times"] = 1
        elif repeats in {WEEK, MONTH} and not said.get("times") and "times" not in self.errors:
            self.add_error("times", gettext("请写一共几次，到了次数自动停止。"))
        return said

    def told(self) -> dict[str, Any]:
        """As rounds.declare asks for it."""
        said = dict(self.cleaned_data)
        said["mechanism"], _colon, said["category"] = said.pop("matter").partition(":")
        return said


def _start(by: Holder, asked: QueryDict) -> dict[str, Any]:
    """As usual, and as the page that led here says: where, what is looked for, under which name."""
    today = timezone.localdate()
    place, level = asked.get("place", ""), LEVELS[0][0]
    mechanism, category = asked.get("mechanism", ""), asked.get("category", "")
    declared = next((m for m in registry.every() if m.name == mechanism), None)
    return {
        "place": place if place.startswith(by.place) else by.place, "level": level,
        "title": asked.get("title", "")[:60], "matter": f"{mechanism}:{category}",
        "wanted": _points(declared, category, asked) if declared else "",
        "kinds": _kinds(declared, level) if declared else USUAL,
        "repeats": ONCE, "begins_on": today, "ends_on": today + WEEKLONG,
        "alert": asked.get("alert", ""),
    }  # fmt: skip


def _kinds(declared: Mechanism, level: int) -> Sequence[str]:
    """Those usually asked, as far as they may register what they find."""
    may = kinds_for(declared, Level(level))
    return [kind for kind in USUAL if kind in may] or sorted(may)


def _points(declared: Mechanism, category: str, asked: QueryDict) -> str:
    """What to look for where more of a kind came in a week than is usual, or more was late; empty
    if neither is said."""
    try:
        week = date.fromisoformat(asked.get("week", ""))
    except ValueError:
        return ""
    where = {"place": name_of(asked.get("place", "")), "week": week}
    later = LATER.get(asked.get("measure", ""))
    if later:
        return "\n".join((
            later % {**where, "mechanism": label(declared)},
            gettext("已经登记的，有没有没人办、越闹越大的"),
            gettext("有没有同一个原因办不下去，如等材料、等别的单位、人手不够"),
        ))  # fmt: skip
    if not category:
        return ""
    kind = catalogue.kind(declared, category)
    return "\n".join((
        gettext("%(place)s从 %(week)s 起的一周里，这类事比平常多：%(kind)s。有没有还没有登记的")
        % {**where, "kind": kind},
        gettext("已经登记的，有没有没人办、越闹越大的"),
        gettext("有没有同一个起因，如同一个工地、同一项政策、同一处地方"),
    ))  # fmt: skip


def _seal(told: dict[str, Any], asks: Load) -> str:
    """Tells whether what is sent asks for what was shown: the same place, posts and people."""
    return f"{told['place']}/{told['level']}/{'+'.join(sorted(told['kinds']))}/{asks.people}"


@as_post
def declare(request: HttpRequest, by: Holder) -> HttpResponse:
    """The form; then the same form with what it asks of the front line; then it is sent."""
    if not rounds.may_declare(by):
        raise Http404
    start = _start(by, request.GET)
    # Whoever comes with all of it filled in sees at once what it asks, and may send it.
    filled = start if start["wanted"] and request.GET.get("category") else None
    form = RoundForm(request.POST or filled, by=by, initial=start)
    context: dict[str, Any] = {"by": by, "form": form}
    if form.is_bound and form.is_valid():
        told, now = form.told(), timezone.now()
        try:
            asks = rounds.checked(told, now=now, by=by)
            seal = _seal(told, asks)
            if request.POST.get("confirm") == seal:
                made = rounds.declare(told, now=now, by=by)
                messages.success(request, gettext("已发出。"), extra_tags="good")
                return redirect("networks:round", made.id)
            beside = rounds.running_beside(told["place"], timezone.localdate(now))
            context |= {"asks": asks, "seal": seal, "beside": beside}
        except Refused as error:
            form.add_error(error.field, str(error.reason))
    status = 422 if form.errors and request.method == "POST" else 200
    return render(request, "investigation/declare.html", context, status=status)


@require_POST
@as_post
def end(request: HttpRequest, by: Holder, round_: UUID) -> HttpResponse:
    of = Round.objects.filter(id=round_).first()
    if of is None or not rounds.may_see(by, of):
        raise Http404
    try:
        rounds.end(of, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
    else:
        messages.success(request, gettext("已结束，不再请人回报。"), extra_tags="good")
    return redirect("networks:round", of.id)
