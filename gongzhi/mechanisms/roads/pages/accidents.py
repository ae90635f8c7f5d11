"""The register of accidents 交通事故台账 on pages: list, record, correct, in and out by Excel."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.roads.forms.accidents import AccidentForm
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.pages import accident_sheet
from gongzhi.mechanisms.roads.registers import accidents
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children

FILTERS = ("place", "since", "until", "hurt", "road")


def here(request: HttpRequest, by: Holder) -> str:
    """The place that is asked for, within the post's own; who may not read is turned away."""
    code = request.GET.get("place") or by.place
    if not accidents.may_read(by) or not code.startswith(by.place):
        raise Http404
    if not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def trail(code: str, by: Holder) -> list[str]:
    return [c for c in ancestors(code) if c.startswith(by.place)]


def _wanted(said: QueryDict) -> Q:
    """What the filters ask for; a date that is none asks for nothing."""
    found = Q()
    for name, lookup in (("since", "at__date__gte"), ("until", "at__date__lte")):
        try:
            day = parse_date(said.get(name, ""))
        except ValueError:
            day = None
        if day is not None:
            found &= Q(**{lookup: day})
    if said.get("hurt"):
        found &= Q(deaths__gt=0) | Q(injured__gt=0)
    road = said.get("road", "")
    if road:
        found &= Q(road__code=road.upper())
    return found


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """The newest first."""
    code = here(request, by)
    asked = QueryDict(mutable=True)
    asked.update({n: request.GET[n] for n in FILTERS if request.GET.get(n)})
    wanted, after = _wanted(request.GET), request.GET.get("after", "")
    if request.GET.get("as") == "xlsx":
        rows = accidents.page(code, wanted, size=sheets.MOST_ROWS).rows
        return sent(accident_sheet.written(rows), "accidents")
    page = accidents.page(code, wanted, after=after)
    context = {
        "by": by, "here": code, "trail": trail(code, by), "children": children(code),
        "page": page, "kinds": accidents.KINDS, "asked": request.GET, "after": after,
        "query": asked.urlencode(), "may": accidents.may_record(by),
    }  # fmt: skip
    return render(request, "roads/accidents/list.html", context)


def sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _one(by: Holder, id_: UUID) -> Accident:
    found = Accident.objects.filter(id=id_).select_related("road").first()
    if found is None or not accidents.may_read(by) or not found.place.startswith(by.place):
        raise Http404
    return found


@as_post
def accident(request: HttpRequest, by: Holder, id_: UUID) -> HttpResponse:
    """One accident, what was corrected in it, and the cases it led to."""
    of = _one(by, id_)
    labels = {**accident_sheet.COLUMNS, "road_id": _("道路")}
    changes = [
        (c.at, [(labels.get(n, n), was, value) for n, (was, value) in c.facts.items()])
        for c in of.changes.order_by("-at")
    ]
    context = {
        "by": by, "of": of, "kind": accidents.KINDS.get(of.kind, of.kind), "changes": changes,
        "county": of.place[:6], "may": accidents.may_record(by),
    }  # fmt: skip
    return render(request, "roads/accidents/accident.html", context)


@as_post
def new(request: HttpRequest, by: Holder) -> HttpResponse:
    if not accidents.may_record(by):
        raise Http404
    form = AccidentForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            if accidents.there(facts):
                raise Refused(_("同一时间、同一地点的事故已经登记过。"))
            row = accidents.record(facts, now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已登记。"), extra_tags="good")
            return redirect("roads:accident", row.id)
    context = {"by": by, "form": form, "title": _("登记事故"), "back": "roads:accidents"}
    return render(request, "roads/accidents/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@as_post
def change(request: HttpRequest, by: Holder, id_: UUID) -> HttpResponse:
    of = _one(by, id_)
    if not accidents.may_record(by):
        raise Http404
    form = AccidentForm(request.POST or None, by=by, of=of)
    if request.method == "POST" and form.is_valid():
        try:
            accidents.correct(id_, form.facts(), now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
        else:
            messages.success(request, _("已更正，原来的写法留在记录里。"), extra_tags="good")
            return redirect("roads:accident", id_)
    context = {"by": by, "form": form, "title": _("更正事故"), "back": "roads:accidents"}
    return render(request, "roads/accidents/form.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("从空白表格填起，或者导出现在的台账来改。"),
    )


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    if not accidents.may_record(by):
        raise Http404
    if "blank" in request.GET:
        return sent(accident_sheet.blank(), "blank")
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"by": by, "form": form}
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            done = accident_sheet.take_in(content, now=timezone.now(), by=by)
        except sheets.BadSheet as error:
            form.add_error("file", str(error))
        else:
            if not done.wrong:
                said = _("新登记 %(new)s 起，更正 %(changed)s 起，没有变的 %(same)s 起。")
                counts = {"new": done.new, "changed": done.changed, "same": done.same}
                messages.success(request, said % counts, extra_tags="good")
                return redirect("roads:accidents")
            context["wrong"] = done.wrong
    bad = bool(form.errors or context.get("wrong"))
    return render(request, "roads/accidents/import.html", context, status=422 if bad else 200)
