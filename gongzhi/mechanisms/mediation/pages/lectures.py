"""Law lectures 普法讲座: held on a visit day or by themselves, with how many came and pictures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import files
from gongzhi.cases.changes import NotFound, Refused
from gongzhi.cases.fields import FilesField, Several
from gongzhi.mechanisms.mediation.models import Lecture, Visit
from gongzhi.mechanisms.mediation.network import visits
from gongzhi.mechanisms.mediation.pages.visits import in_form, visit_or_404
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import named

SIDE = 640  # pixels of a shown photo
MOST = 30  # lectures on a page


class LectureForm(forms.Form):
    """A law lecture that was held: where, what about, how many came, pictures."""

    unit = forms.TypedChoiceField(label=_("哪个联络点"), coerce=UUID)

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

    def __init__(self, *args: Any, points: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {u.id: u for u in points}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (str(u.id), named(u)) for u in points
        ]
        if len(points) == 1:
            del self.fields["unit"]

    def point(self) -> Unit:
        """The chosen one; where there is one alone, it is not asked for."""
        only = next(iter(self.points))
        return self.points[self.cleaned_data.get("unit", only)]


@as_post
def lectures(request: HttpRequest, by: Holder) -> HttpResponse:
    """Those of the post's place, the latest first."""
    points = {u.id: u for u in visits.points(by.place)}
    held = Lecture.objects.filter(unit__in=points).order_by("-held_at", "id")
    page = Paginator(held, MOST).get_page(request.GET.get("page"))
    context = {
        "by": by, "page": page, "rows": [(lecture, points[lecture.unit]) for lecture in page],
        "may_teach": visits.may_teach(by, by.place) and points,
    }  # fmt: skip
    return render(request, "mediation/visits/lectures.html", context)


@as_post
def new_lecture(request: HttpRequest, by: Holder) -> HttpResponse:
    """A lecture by itself, at any contact point of the post's place."""
    points = list(visits.points(by.place))
    if not points:
        raise Http404
    return _teach(request, by, points, None, reverse("mediation:lectures"))


@as_post
def lecture(request: HttpRequest, by: Holder, visit: UUID) -> HttpResponse:
    """A lecture on a visit day."""
    found, point = visit_or_404(by, visit)
    return _teach(request, by, [point], found, reverse("mediation:visit", args=[found.id]))


def _teach(
    request: HttpRequest, by: Holder, points: list[Unit], visit: Visit | None, back: str
) -> HttpResponse:
    form = LectureForm(request.POST or None, request.FILES or None, points=points)
    if request.method == "POST" and form.is_valid():
        said = {n: v for n, v in form.cleaned_data.items() if n not in {"unit", "photos"}}
        try:
            stored = [files.accept(f.file) for f in form.cleaned_data["photos"]]
            visits.teach(form.point(), visit, said, stored, by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, gettext("已登记讲座。"), extra_tags="good")
            return redirect(back)
    return in_form(request, by, form, gettext("登记普法讲座"), back)


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
