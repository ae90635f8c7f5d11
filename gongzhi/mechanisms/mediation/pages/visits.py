"""Visit days: what is planned, who is heard when; and for residents, as a calendar feed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import numbers, worklists
from gongzhi.cases.act import act
from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.mediation.mechanism import schedule
from gongzhi.mechanisms.mediation.models import Site, Visit
from gongzhi.mechanisms.mediation.network import feeds, visits
from gongzhi.mechanisms.mediation.network.series import MONTH, series
from gongzhi.mechanisms.mediation.network.series import MOST as MOST_DAYS
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.session import as_post

BEFORE = timedelta(days=60)
MOST = 100  # visits on a page
YEAR = timedelta(days=365)


class ChangeForm(forms.Form):
    """Who comes when, and for how long."""

    judge = forms.TypedChoiceField(label=_("哪位法官"), coerce=UUID)
    begins_at = forms.DateTimeField(
        label=_("什么时候开始"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.TypedChoiceField(
        label=_("多长时间"), coerce=int, initial=120,
        choices=[(60, _("一小时")), (120, _("两小时")), (180, _("三小时")), (420, _("一天"))],
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, points: Iterable[Unit], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["judge"].choices = [  # type: ignore[attr-defined]
            (str(h.post), f"{h.name} · {h.unit_name}") for h in visits.judges_of(points, now)
        ]

    def clean_begins_at(self) -> datetime:
        begins: datetime = self.cleaned_data["begins_at"]
        if begins <= self.now:
            raise forms.ValidationError(_("约定的时间要晚于现在。"))
        return begins


class PlanForm(ChangeForm):
    """One visit day, or a series."""

    unit = forms.TypedChoiceField(label=_("哪个联络点"), coerce=UUID)
    every = forms.ChoiceField(
        label=_("多久一次"), initial="month",
        choices=[
            ("week", _("每周")), ("two_weeks", _("每两周")), ("four_weeks", _("每四周")),
            (MONTH, _("每月同一个星期几")),
        ],
        help_text=_("例如第一次是本月第一个星期三，以后就是每月第一个星期三；遇法定节假日跳过。"),
    )  # fmt: skip
    times = forms.IntegerField(label=_("一共几次"), min_value=1, max_value=MOST_DAYS, initial=1)
    field_order = ("unit", "judge", "begins_at", "minutes", "every", "times", "note")

    def __init__(self, *args: Any, points: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, points=points, **kwargs)
        self.points = {u.id: u for u in points}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), u.name) for u in points
        ]


class BookForm(forms.Form):
    """A dispute for a free half hour of the visit."""

    number = forms.CharField(
        label=_("案件编号"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    slot = forms.TypedChoiceField(label=_("几点"), coerce=datetime.fromisoformat)

    def __init__(self, *args: Any, slots: list[datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            (at.isoformat(), timezone.localtime(at).strftime("%H:%M")) for at in slots
        ]


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("为什么取消"), max_length=200)


def _units(by: Holder, asked: str) -> dict[UUID, Unit]:
    """The points of the post's place, or the one that is asked for."""
    found = {u.id: u for u in visits.points(by.place)}
    return {i: u for i, u in found.items() if not asked or str(i) == asked}


@as_post
def coming(request: HttpRequest, by: Holder) -> HttpResponse:
    """Visit days of the post's place, those to come first; a judge sees their own alone."""
    now, asked = timezone.now(), request.GET.get("unit", "")
    units = _units(by, asked)
    known = visits.visits(units, since=now - BEFORE)
    if by.kind == "judge":
        known = known.filter(judge=by.post)
    ahead = Paginator(known.filter(ends_at__gt=now), MOST).get_page(request.GET.get("page"))
    past = known.filter(ends_at__lte=now).reverse()[:MOST]
    found = [*ahead, *past]
    judges = {p.id: p for p in Post.objects.filter(id__in={v.judge for v in found})}
    names = {h.post: h.name for h in holders_in({p.unit_id for p in judges.values()}, at=now)}
    rows = [(v, units[v.unit], names.get(v.judge, "")) for v in found]
    context = {
        "by": by, "asked": asked, "ahead": ahead,
        "coming": [r for r in rows if r[0].ends_at > now],
        "past": [r for r in rows if r[0].ends_at <= now],
        "may_plan": any(visits.may_plan(by, u.place) for u in units.values()),
        "taught": visits.taught(units.values(), now - YEAR),
    }  # fmt: skip
    return render(request, "mediation/visits/list.html", context)


@as_post
def plan(request: HttpRequest, by: Holder) -> HttpResponse:
    now = timezone.now()
    form = PlanForm(request.POST or None, points=list(visits.points(by.place)), now=now,
                    initial={"unit": request.GET.get("unit", "")})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        days = series(said["begins_at"], said["every"], said["times"], working_calendar())
        try:
            made = visits.plan(
                form.points[said["unit"]], said["judge"], days.begins, now=now, by=by,
                minutes=said["minutes"], note=said["note"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            done = gettext("已安排 %(n)d 个驻点日。") % {"n": len(made)}
            left_out = "、".join(day.isoformat() for day in days.left_out)
            if left_out:
                done += gettext("遇节假日跳过：%(days)s。") % {"days": left_out}
            messages.success(request, done, extra_tags="good")
            return redirect("mediation:visits")
    return in_form(request, by, form, gettext("安排驻点日"), reverse("mediation:visits"))


def in_form(
    request: HttpRequest, by: Holder, form: forms.Form, title: str, back: str
) -> HttpResponse:
    context = {"by": by, "form": form, "title": title, "back": back}
    return render(request, "mediation/visits/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def visit_or_404(by: Holder, id_: UUID) -> tuple[Visit, Unit]:
    found = Visit.objects.filter(id=id_).first()
    point = Unit.objects.filter(id=found.unit).first() if found else None
    if found is None or point is None or not point.place.startswith(by.place):
        raise Http404
    return found, point


@as_post
def visit(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    """One visit day: who is heard when, free half hours, lectures."""
    found, point = visit_or_404(by, visit)
    now = timezone.now()
    slots = [] if found.cancelled_at else visits.free_slots(found, point.place, now)
    form = BookForm(request.POST or None, slots=slots)
    if request.method == "POST" and form.is_valid():
        error = _book(found, form.cleaned_data, request.POST.get("key", ""), now, by)
        if error is None:
            messages.success(request, gettext("已约好。"), extra_tags="good")
            return redirect("mediation:visit", found.id)
        form.add_error(None, error)
    judge = Post.objects.select_related("unit").get(id=found.judge)
    context = {
        "by": by, "visit": found, "point": point, "judge": judge, "form": form, "slots": slots,
        "judge_name": next(
            (h.name for h in holders_in([judge.unit_id], at=now) if h.post == judge.id), ""
        ),
        "appointments": visits.appointments(found, by), "lectures": found.lectures.all(),
        "may_plan": visits.may_plan(by, point.place) and found.ends_at > now,
        "may_teach": visits.may_teach(by, point.place), "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "mediation/visits/visit.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _book(found: Visit, said: dict[str, Any], key: str, now: datetime, by: Holder) -> str | None:
    """Books the dispute; a refusal comes back as a sentence."""
    number = numbers.parse(said["number"])
    case = worklists.by_number(by, number) if number else None
    if case is None:
        return gettext("没有找到这个编号，或者不在您的范围内。")
    judge, point = Post.objects.get(id=found.judge), Unit.objects.get(id=found.unit)
    told = {
        "begins_at": timezone.localtime(said["slot"]), "mode": "site", "visit": found.id,
        "minutes": int(visits.SLOT.total_seconds() // 60),
    }  # fmt: skip
    try:
        act((case.county, case.id), schedule, told, key=key or uuid4().hex, now=now, by=by,
            given={"people": [(judge.id, judge.unit_id)], "where": point.name})  # fmt: skip
    except Refused as error:
        return str(error.reason)
    return None


@as_post
def change(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    """Another time or judge, for a visit that lies ahead."""
    found, point = visit_or_404(by, visit)
    now = timezone.now()
    lasts = int((found.ends_at - found.begins_at).total_seconds() // 60)
    form = ChangeForm(
        request.POST or None, points=[point], now=now,
        initial={"judge": found.judge, "begins_at": timezone.localtime(found.begins_at),
                 "minutes": lasts, "note": found.note},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            visits.change(found, said["judge"], said["begins_at"], minutes=said["minutes"],
                          note=said["note"], now=now, by=by)  # fmt: skip
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, gettext("已修改。"), extra_tags="good")
            return redirect("mediation:visit", found.id)
    back = reverse("mediation:visit", args=[found.id])
    return in_form(request, by, form, gettext("修改驻点日"), back)


@as_post
def cancel(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    found, _point = visit_or_404(by, visit)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            visits.cancel(found, form.cleaned_data["reason"], now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, gettext("已取消。"), extra_tags="good")
            return redirect("mediation:visit", found.id)
    back = reverse("mediation:visit", args=[found.id])
    return in_form(request, by, form, gettext("取消驻点日"), back)


def feed(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Open to all: when a judge comes to this contact point."""
    point = Unit.objects.filter(id=unit, kind="contact_point", valid_to=None).first()
    if point is None:
        raise Http404
    now = timezone.now()
    found = visits.visits([unit], since=now - BEFORE)
    site = Site.objects.filter(unit=unit).first()
    link = request.build_absolute_uri(reverse("mediation:near_site", args=[unit]))
    said = feeds.of_point(point, site.address if site else "", found, link, made_at=now)
    response = HttpResponse(said, content_type=feeds.KIND)
    response["Content-Disposition"] = 'attachment; filename="visits.ics"'
    return response
