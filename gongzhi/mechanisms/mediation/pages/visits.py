"""Visit days for staff: what is planned, who is heard when, which lectures were held; and for
residents, as a calendar feed."""

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

from gongzhi.cases import files, numbers, worklists
from gongzhi.cases.act import act
from gongzhi.cases.changes import NotFound, Refused
from gongzhi.cases.fields import FilesField, Several
from gongzhi.mechanisms.mediation.mechanism import schedule
from gongzhi.mechanisms.mediation.models import Lecture, Site, Visit
from gongzhi.mechanisms.mediation.network import feeds, visits
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.session import as_post

BEFORE = timedelta(days=60)
MOST = 100  # visits on a page
YEAR = timedelta(days=365)
SIDE = 640  # pixels of a shown photo


class PlanForm(forms.Form):
    """One visit day, or one every so many weeks."""

    unit = forms.TypedChoiceField(label=_("哪个联络点"), coerce=UUID)
    judge = forms.TypedChoiceField(label=_("哪位法官"), coerce=UUID)
    begins_at = forms.DateTimeField(
        label=_("什么时候开始"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    minutes = forms.TypedChoiceField(
        label=_("多长时间"), coerce=int, initial=120,
        choices=[(60, _("一小时")), (120, _("两小时")), (180, _("三小时")), (420, _("一天"))],
    )  # fmt: skip
    weeks = forms.TypedChoiceField(
        label=_("多久一次"), coerce=int, initial=4,
        choices=[(1, _("每周")), (2, _("每两周")), (4, _("每四周"))],
    )  # fmt: skip
    times = forms.IntegerField(
        label=_("一共几次"), min_value=1, max_value=visits.MOST_TOGETHER, initial=1
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, by: Holder, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.points = {u.id: u for u in visits.points(by.place)}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), u.name) for u in self.points.values()
        ]
        self.fields["judge"].choices = [  # type: ignore[attr-defined]
            (str(h.post), f"{h.name} · {h.unit_name}")
            for h in visits.judges_of(self.points.values(), now)
        ]

    def clean_begins_at(self) -> datetime:
        begins: datetime = self.cleaned_data["begins_at"]
        if begins <= self.now:
            raise forms.ValidationError(_("约定的时间要晚于现在。"))
        return begins


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


class LectureForm(forms.Form):
    """A law lecture that was held: what about, how many came, pictures."""

    topic = forms.CharField(label=_("讲什么"), max_length=120)
    held_at = forms.DateTimeField(
        label=_("什么时候"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    attendance = forms.IntegerField(label=_("多少人参加"), min_value=0, max_value=10_000)
    photos = FilesField(
        label=_("照片"), required=False, help_text=_("不要拍清群众的脸。"),
        widget=Several(attrs={"accept": "image/*", "multiple": True}),
    )  # fmt: skip

    def clean_held_at(self) -> datetime:
        held: datetime = self.cleaned_data["held_at"]
        if held > timezone.now():
            raise forms.ValidationError(_("讲座时间不能晚于现在。"))
        return held


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
    form = PlanForm(request.POST or None, by=by, now=now,
                    initial={"unit": request.GET.get("unit", "")})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = visits.plan(
                form.points[said["unit"]], said["judge"], said["begins_at"], now=now, by=by,
                minutes=said["minutes"], weeks=said["weeks"], times=said["times"],
                note=said["note"],
            )  # fmt: skip
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(
                request, gettext("已安排 %(n)d 个驻点日。") % {"n": len(made)}, extra_tags="good"
            )
            return redirect("mediation:visits")
    return _form(request, by, form, gettext("安排驻点日"), reverse("mediation:visits"))


def _form(
    request: HttpRequest, by: Holder, form: forms.Form, title: str, back: str
) -> HttpResponse:
    context = {"by": by, "form": form, "title": title, "back": back}
    return render(request, "mediation/visits/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _visit(by: Holder, id_: UUID) -> tuple[Visit, Unit]:
    found = Visit.objects.filter(id=id_).first()
    point = Unit.objects.filter(id=found.unit).first() if found else None
    if found is None or point is None or not point.place.startswith(by.place):
        raise Http404
    return found, point


@as_post
def visit(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    """One visit day: who is heard when, free half hours, lectures."""
    found, point = _visit(by, visit)
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
def cancel(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    found, _point = _visit(by, visit)
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
    return _form(request, by, form, gettext("取消驻点日"), back)


@as_post
def lecture(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    found, point = _visit(by, visit)
    form = LectureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            stored = [files.accept(f.file) for f in said.pop("photos")]
            visits.teach(point, found, said, stored, by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, gettext("已登记讲座。"), extra_tags="good")
            return redirect("mediation:visit", found.id)
    back = reverse("mediation:visit", args=[found.id])
    return _form(request, by, form, gettext("登记普法讲座"), back)


@as_post
def photo(request: HttpRequest, by: Holder, lecture: UUID, n: int) -> HttpResponse:
    """A photo of a lecture, small, for those who see its place."""
    found = Lecture.objects.filter(id=lecture).first()
    place = Unit.objects.values_list("place", flat=True).get(id=found.unit) if found else ""
    if found is None or not place.startswith(by.place) or n >= len(found.photos):
        raise Http404
    try:
        return HttpResponse(files.thumbnail(found.photos[n], SIDE), content_type="image/jpeg")
    except (FileNotFoundError, NotFound):
        raise Http404 from None


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
