"""The register out as Excel, and in again from Excel, GeoJSON or GPX after it was looked at."""

import json
from dataclasses import astuple
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.cases.workbooks import Row, Wrong
from gongzhi.mechanisms.roads.pages.road_forms import system_field
from gongzhi.mechanisms.roads.pages.roads import place_asked
from gongzhi.mechanisms.roads.registers import features, importing, roads, workbooks
from gongzhi.mechanisms.roads.registers.geometry import Unreadable
from gongzhi.mechanisms.roads.registers.importing import BOOK
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.coordinates import SYSTEMS


class FileForm(forms.Form):
    """Which file, and by which system its coordinates are."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("Excel（.xlsx）、GeoJSON（.geojson）或 GPX 轨迹（.gpx）。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.geojson,.json,.gpx"}),
    )
    system = system_field()


def sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@as_post
def export(request: HttpRequest, by: Holder) -> HttpResponse:
    return sent(workbooks.written(place_asked(request, by)), "roads")


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    """All of it or nothing: read, shown, then entered when it is said.

    Until then the rows travel with the page, so that the file is chosen once.
    """
    if not roads.keeps(by, by.place):
        raise Http404
    if "blank" in request.GET:
        return sent(workbooks.blank(), "blank")
    context: dict[str, Any] = {"by": by, "form": FileForm()}
    if request.method == "GET":
        return render(request, "roads/import.html", context)
    system = request.POST.get("system", "")
    system = system if system in SYSTEMS else "wgs84"
    context["form"] = FileForm(initial={"system": system})
    try:
        items, wrong = _read(request)
    except (sheets.BadSheet, Unreadable) as error:
        context["fault"] = str(error)
        return render(request, "roads/import.html", context, status=422)
    plan = importing.planned(items, system=system, by=by)
    plan.wrong[:0] = wrong
    if "marked" in request.POST:
        return sent(BOOK.marked(items, plan.wrong), "marked")
    if "enter" in request.POST and not plan.wrong:
        return _entered(request, items, system, by)
    kept = json.dumps({"items": items, "wrong": [astuple(w) for w in wrong]})
    context |= {"plan": plan, "items": kept, "system": system, "system_name": SYSTEMS[system][0]}
    return render(request, "roads/import.html", context, status=422 if plan.wrong else 200)


def _read(request: HttpRequest) -> tuple[list[Row], list[Wrong]]:
    """Of the file that was chosen, or of the one shown before. Raises BadSheet, Unreadable."""
    file = request.FILES.get("file")
    if file is None:
        return _kept(request.POST.get("items", ""))
    name, content = (file.name or "").lower(), file.read()
    if name.endswith((".geojson", ".json")):
        return features.from_geojson(content)
    if name.endswith(".gpx"):
        return features.from_gpx(content)
    return BOOK.rows(content), []


def _kept(said: str) -> tuple[list[Row], list[Wrong]]:
    """Raises Unreadable."""
    try:
        kept = json.loads(said)
        items = [
            Row(sheet, int(n), {str(c): str(v) for c, v in cells.items()})
            for sheet, n, cells in kept["items"] if sheet in BOOK.pages
        ]  # fmt: skip
        return items, [Wrong(sheet, int(n), *rest) for sheet, n, *rest in kept["wrong"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unreadable(_("请选一个文件。")) from None


def _entered(request: HttpRequest, items: list[Row], system: str, by: Holder) -> HttpResponse:
    """Somebody may have changed the register since it was shown: then it is shown anew."""
    try:
        plan = importing.enter(items, system=system, by=by, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("roads:import")
    said = _("已写进台账：新增 %(new)s 项，修改 %(changed)s 项，没有变的 %(same)s 项。") % {
        "new": len(plan.new), "changed": len(plan.changed), "same": plan.same,
    }  # fmt: skip
    messages.success(request, said, extra_tags="good")
    return redirect("roads:register")
