"""Patrols for staff: what is due where, how much was covered, one patrol, and how often.

Counted by place and by post over a stretch; persons are neither named nor ranked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongzhi.cases import sheets
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Covered, Patrol, PatrolRule, Section
from gongzhi.mechanisms.roads.pages.ways import Picture, picture
from gongzhi.mechanisms.roads.registers import coverage, patrol_rules, patrols
from gongzhi.mechanisms.roads.registers.patrols import Stretch
from gongzhi.people.models import Post
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors, span
from gongzhi.places.models import Division
from gongzhi.places.search import children, name_of
from gongzhi.ui import words

ROWS = 50
RECENT = 20
GRADES = {
    "": gettext_lazy("各级公路"), "G": gettext_lazy("国道"), "S": gettext_lazy("省道"),
    "X": gettext_lazy("县道"), "Y": gettext_lazy("乡道"), "C": gettext_lazy("村道"),
}  # fmt: skip
PATROLLING = [level for level in Level if level in patrol_rules.USUAL]


@dataclass(frozen=True, slots=True)
class Part:
    """The stretches of one place: how many are due, and what of their length was covered."""

    code: str
    stretches: Sequence[Stretch]
    today: date

    @property
    def overdue(self) -> int:
        return sum(s.is_overdue(self.today) for s in self.stretches)

    @property
    def km(self) -> float:
        return round(sum(s.km for s in self.stretches), 1)

    @property
    def covered(self) -> int | None:
        """Per cent of the length within each stretch's own interval."""
        whole = sum(s.km for s in self.stretches)
        done = sum(s.km * s.share for s in self.stretches)
        return round(100 * done / whole) if whole else None


def _below(here: str, found: Iterable[Stretch], today: date) -> list[Part]:
    digits = {2: 4, 4: 6, 6: 9, 9: 12}.get(len(here))
    if digits is None:
        return []
    parts: dict[str, list[Stretch]] = {}
    for stretch in found:
        parts.setdefault(stretch.section.village[:digits], []).append(stretch)
    return [Part(code, of, today) for code, of in sorted(parts.items())]


def _here(request: HttpRequest, by: Holder) -> str:
    here = request.GET.get("place", by.place)
    if not here.startswith(by.place) or not Division.objects.filter(code=here).exists():
        raise Http404
    return here


def _seen(by: Holder, here: str) -> list[Stretch]:
    """All stretches in the place for those who stand over it; for others, their own."""
    now = timezone.now()
    return patrols.of_place(here, now) if by.sees_place else patrols.of_post(by.post, now)


def _chosen(request: HttpRequest, found: list[Stretch], today: date) -> list[Stretch]:
    level = request.GET.get("level", "")
    late = "overdue" in request.GET
    return [
        s for s in found
        if level in {"", str(int(s.level))} and (not late or s.is_overdue(today))
    ]  # fmt: skip


def _recent(by: Holder, here: str) -> list[tuple[Patrol, Post | None]]:
    low, high = span(here)
    found = Patrol.objects.defer("track").exclude(finished_at=None).order_by("-started_at")
    mine = found.filter(place__gte=low, place__lt=high) if by.sees_place else found.filter(
        post=by.post
    )  # fmt: skip
    rows = list(mine[:RECENT])
    posts = Post.objects.select_related("unit").in_bulk({p.post for p in rows})
    return [(p, posts.get(p.post)) for p in rows]


@as_post
def overview(request: HttpRequest, by: Holder) -> HttpResponse:
    here, today = _here(request, by), timezone.localdate()
    found = _seen(by, here)
    chosen = _chosen(request, found, today)
    if request.GET.get("as") == "xlsx":
        return _sheet(here, chosen, today)
    context = {
        "by": by, "here": here, "today": today, "whole": Part(here, found, today),
        "trail": [c for c in ancestors(here) if c.startswith(by.place)],
        "parts": _below(here, found, today), "level": request.GET.get("level", ""),
        "overdue": "overdue" in request.GET,
        "levels": [(int(x), words.level(x)) for x in PATROLLING],
        "page": Paginator(chosen, ROWS).get_page(request.GET.get("page")),
        "recent": _recent(by, here), "near": round(coverage.NEAR),
        "enough": round(100 * coverage.ENOUGH),
    }  # fmt: skip
    return render(request, "roads/patrols/overview.html", context)


def _sheet(here: str, found: Iterable[Stretch], today: date) -> HttpResponse:
    head = [_("道路"), _("路段"), _("村（社区）"), _("级别"), _("负责岗位"), _("几天一次"),
            _("上次巡查"), _("应在"), _("逾期"), _("覆盖比例")]  # fmt: skip
    rows = [
        [str(s.section.road), s.section.name, name_of(s.section.village), words.level(s.level),
         words.named(s.post), s.every, str(s.last_on or ""), str(s.due_on),
         _("逾期") if s.is_overdue(today) else "", round(s.share, 2)]
        for s in found
    ]  # fmt: skip
    answer = HttpResponse(sheets.made_of(head, rows), content_type=sheets.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="patrols-{here}.xlsx"'
    return answer


@as_post
def patrol(request: HttpRequest, by: Holder, patrol: UUID) -> HttpResponse:
    """One patrol. The way itself is for whoever went it; others see which sections were covered."""
    of = Patrol.objects.filter(id=patrol).first()
    own = of is not None and of.post == by.post
    if of is None or not (own or (by.sees_place and of.place.startswith(by.place))):
        raise Http404
    covered = {c.section: c.share for c in Covered.objects.filter(patrol=of)}
    sections = list(Section.objects.select_related("road").filter(id__in=covered))
    shown: Picture | None = picture(
        [(s.line, covered[s.id] >= coverage.ENOUGH) for s in sections], of.track if own else []
    )
    context = {
        "by": by, "of": of, "own": own, "picture": shown,
        "rows": [(s, round(100 * covered[s.id])) for s in sections],
        "post": Post.objects.select_related("unit").filter(id=of.post).first(),
        "stops": of.stops.order_by("at") if own else [],
    }  # fmt: skip
    return render(request, "roads/patrols/patrol.html", context)


class RuleForm(forms.Form):
    """How often which roads are patrolled from which level, and in which months."""

    place = forms.ChoiceField(label=gettext_lazy("在哪里"))
    grade = forms.ChoiceField(
        label=gettext_lazy("哪类公路"), choices=list(GRADES.items()), required=False
    )
    level = forms.TypedChoiceField(label=gettext_lazy("哪一级路长"), coerce=int)
    from_month = forms.IntegerField(
        label=gettext_lazy("从几月"), min_value=1, max_value=12, initial=1
    )
    to_month = forms.IntegerField(
        label=gettext_lazy("到几月"), min_value=1, max_value=12, initial=12,
        help_text=gettext_lazy("可以跨年，例如十一月到三月。"),
    )  # fmt: skip
    every = forms.IntegerField(label=gettext_lazy("几天一次"), min_value=1, max_value=366)

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [by.place, *(d.code for d in children(by.place))]
        self.fields["place"].choices = [(c, name_of(c)) for c in here]  # type: ignore[attr-defined]
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (int(x), words.level(x)) for x in reversed(PATROLLING)
        ]


def _may(by: Holder, place: str) -> bool:
    return may_set(by, Level.COUNTY, place)


@as_post
def rules(request: HttpRequest, by: Holder) -> HttpResponse:
    """What holds at one's place, what held before, and a new rule for those who set them."""
    may = _may(by, by.place)
    if request.method == "POST" and not may:
        raise Http404
    form = RuleForm(request.POST or None, by=by) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        patrol_rules.set_rule(**form.cleaned_data, by=by)
        messages.success(request, _("已启用。"), extra_tags="good")
        return redirect("roads:patrol_rules")
    found = PatrolRule.objects.filter(place__startswith=by.place) | PatrolRule.objects.filter(
        place__in=ancestors(by.place)
    )
    rows = [
        {"rule": r, "place": name_of(r.place), "grade": GRADES.get(r.grade, r.grade),
         "level": words.level(r.level), "own": may and _may(by, r.place)}
        for r in sorted(found, key=lambda r: (r.valid_to is not None, -r.valid_from.timestamp()))
    ]  # fmt: skip
    usual = [(words.level(level), days) for level, days in patrol_rules.USUAL.items()]
    context = {"by": by, "form": form, "rows": rows, "usual": usual}
    return render(request, "roads/patrols/rules.html", context,
                  status=422 if form is not None and form.errors else 200)  # fmt: skip


@require_POST
@as_post
def end_rule(request: HttpRequest, by: Holder, rule: UUID) -> HttpResponse:
    of = PatrolRule.objects.filter(id=rule).first()
    if of is None or not _may(by, of.place):
        raise Http404
    patrol_rules.end_rule(of, timezone.now())
    return redirect("roads:patrol_rules")
