"""Pages of pile alerts: which there are, one with its chart, and the numbers behind them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.cases.parameters import Held
from gongzhi.command.alerts import drawn, following, marking, parameters, shown
from gongzhi.command.alerts.watching import WEEK, YEAR, last_week
from gongzhi.command.models import Alert, Watch
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children

CSV = "text/csv; charset=utf-8"
MOST = 200


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out).writerows([head, *([sheets.safe(v) for v in row] for row in rows)])
    # Excel takes a file without this mark for another encoding.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@as_post
def alerts(request: HttpRequest, by: Holder) -> HttpResponse:
    """Of twelve weeks, in a place and below it."""
    place = request.GET.get("place", by.place)
    known = Division.objects.filter(code=place).exists()
    if not by.sees_place or not place.startswith(by.place) or not known:
        raise Http404
    since = last_week(timezone.now()) - marking.KEPT
    found = marking.seen_by(by, place).filter(watch__week__gt=since)
    rows = shown.shown(found[:MOST], by)
    if request.GET.get("as") == "csv":
        return _csv("alerts", shown.head(), map(shown.line, rows))
    context = {
        "by": by, "here": place, "rows": rows, "most": MOST,
        "trail": [c for c in ancestors(place) if c.startswith(by.place)],
        "below": children(place) if len(place) < 6 else [],
        "watch": Watch.objects.filter(city=place[:4]).order_by("-week").first(),
    }  # fmt: skip
    return render(request, "command/alerts/list.html", context)


class MarkForm(forms.Form):
    """What a leader says to an alert, and to those beside it that are of the same pile."""

    words = forms.CharField(
        label=gettext_lazy("做了什么"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("标为已处置的，要写。"),
    )  # fmt: skip
    beside = forms.BooleanField(
        label=gettext_lazy("同一周这里上下级的预警，也这样标"), required=False, initial=True
    )

    def __init__(self, *args: Any, beside: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not beside:
            del self.fields["beside"]


@as_post
def alert(request: HttpRequest, by: Holder, alert: UUID) -> HttpResponse:
    found = marking.seen_by(by).filter(id=alert).first()
    if found is None:
        raise Http404
    beside = list(marking.beside(found, by))
    form = MarkForm(request.POST or None, beside=bool(beside))
    if request.method == "POST" and form.is_valid():
        kind, said = request.POST.get("kind", ""), form.cleaned_data
        try:
            marking.mark([found, *(beside if said.get("beside") else [])], kind, said["words"],
                         now=timezone.now(), by=by)  # fmt: skip
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已记下。"), extra_tags="good")
            return redirect("command:alert", found.id)
    if request.GET.get("as") == "csv":
        return _csv("weeks", *drawn.sheet(found))
    return render(request, "command/alerts/alert.html", {
        **_told(found, by), "chart": drawn.chart(found), "form": form,
        "beside": shown.shown(beside, by),
    }, status=422 if form.errors else 200)  # fmt: skip


def _told(found: Alert, by: Holder) -> dict[str, Any]:
    marks = list(found.marks.order_by("-at"))
    made = following.followed(found, by)
    posts = Post.objects.select_related("unit").in_bulk(
        {*(m.post for m in marks), *(x.post for x in made)}
    )
    (one,) = shown.shown([found], by)
    return {
        "by": by, "one": one, "alert": found, "watch": found.watch,
        "year_ago": found.watch.week - YEAR * WEEK, "p": f"{found.p:.2g}",
        "rate": f"{found.watch.rate:.2g}",
        "marks": [(m, marking.KINDS[m.kind], posts.get(m.post)) for m in marks],
        "made": [(x, posts.get(x.post)) for x in made], "limits": shown.limits(found),
        "links": shown.links(found, by), "may": marking.may_mark(by, found),
    }  # fmt: skip


class ParametersForm(forms.Form):
    """A field for each number; the document it rests on; from which day."""

    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200,
        help_text=gettext_lazy("写明文件名称和条款，或者哪次会议定的。"),
    )  # fmt: skip
    since = forms.DateField(
        label=gettext_lazy("从哪天起"),
        # Browsers take a day in this form alone, whatever the language.
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, holds: dict[str, Held], **rest: Any):
        super().__init__(*args, **rest)
        for name, known in parameters.KNOWN.items():
            self.fields[name] = forms.IntegerField(
                label=known.label, min_value=known.least, max_value=known.most,
                initial=holds[name].n,
            )  # fmt: skip
        self.order_fields([*parameters.KNOWN, "source", "since"])


@as_post
def numbers(request: HttpRequest, by: Holder) -> HttpResponse:
    """What holds here and since when; whoever may change it does so below."""
    today = timezone.localdate()
    holds = parameters.ALERTS.in_force(by.place, today)
    may = parameters.ALERTS.may_change(by, by.place)
    form = ParametersForm(request.POST or None, holds=holds, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        source, since = said.pop("source"), said.pop("since")
        try:
            parameters.set_from(said, since, source, now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已定下。"), extra_tags="good")
            return redirect("command:alert_parameters")
    context = {
        "by": by, "form": form, "may": may,
        "rows": [(known.label, holds[name]) for name, known in parameters.KNOWN.items()],
        "past": [(parameters.KNOWN[p.name].label, p) for p in parameters.ALERTS.history(by.place)],
    }  # fmt: skip
    return render(request, "command/alerts/parameters.html", context,
                  status=422 if form.errors else 200)  # fmt: skip
