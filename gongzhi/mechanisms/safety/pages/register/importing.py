"""The register out as Excel, and in again after it was looked at."""

import json
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
from gongzhi.mechanisms.safety.pages.register.asking import place_asked
from gongzhi.mechanisms.safety.pages.register.forms import system_field
from gongzhi.mechanisms.safety.registers import enterprises, importing, workbooks
from gongzhi.mechanisms.safety.registers.sheets import SHEETS, Item
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.coordinates import SYSTEMS

PAGE = "safety/register/import.html"


class FileForm(forms.Form):
    """Which file, and by which system its coordinates are."""

    file = forms.FileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy("Excel（.xlsx）。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip
    system = system_field()


def sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


@as_post
def export(request: HttpRequest, by: Holder) -> HttpResponse:
    """For whoever keeps the place, since it is a list of contacts too, masked as they are."""
    place = place_asked(request, by)
    if not enterprises.keeps(by, place):
        raise Http404
    return sent(workbooks.written(place), "firms")


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    """All of it or nothing: read, shown, then entered when it is said.

    Until then the rows travel with the page, so that the file is chosen once and no name of a
    contact lies about.
    """
    if not enterprises.keeps(by, by.place):
        raise Http404
    if "blank" in request.GET:
        return sent(workbooks.blank(), "blank")
    context: dict[str, Any] = {"by": by, "form": FileForm()}
    if request.method == "GET":
        return render(request, PAGE, context)
    system = request.POST.get("system", "")
    system = system if system in SYSTEMS else "wgs84"
    context["form"] = FileForm(initial={"system": system})
    try:
        items = _read(request)
    except sheets.BadSheet as error:
        return render(request, PAGE, context | {"fault": str(error)}, status=422)
    plan = importing.planned(items, system=system, by=by)
    if "marked" in request.POST:
        return sent(workbooks.marked(items, plan.wrong), "marked")
    if "enter" in request.POST and not plan.wrong:
        return _entered(request, items, system, by)
    kept = json.dumps(items, ensure_ascii=False)
    context |= {"plan": plan, "items": kept, "system": system, "system_name": SYSTEMS[system][0]}
    response = render(request, PAGE, context, status=422 if plan.wrong else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _read(request: HttpRequest) -> list[Item]:
    """Of the file that was chosen, or of the one shown before. Raises BadSheet."""
    file = request.FILES.get("file")
    if file is not None:
        return workbooks.items(file.read())
    try:
        return [
            Item(sheet, int(n), {str(c): str(v) for c, v in cells.items()})
            for sheet, n, cells in json.loads(request.POST.get("items", ""))
            if sheet in SHEETS
        ]
    except (ValueError, TypeError, AttributeError):
        raise sheets.BadSheet(_("请选一个文件。")) from None


def _entered(request: HttpRequest, items: list[Item], system: str, by: Holder) -> HttpResponse:
    """Somebody may have changed the register since it was shown: then it is shown anew."""
    try:
        plan = importing.enter(items, system=system, by=by, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("safety:import")
    said = _("已写进台账：新增 %(new)s 项，修改 %(changed)s 项，没有变的 %(same)s 项。") % {
        "new": plan.new, "changed": plan.otherwise, "same": plan.same,
    }  # fmt: skip
    messages.success(request, said, extra_tags="good")
    return redirect("safety:register")
