"""Accidents in from Excel, after the file was looked at."""

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
from gongzhi.cases.workbooks import Row
from gongzhi.mechanisms.safety.pages.register.importing import sent
from gongzhi.mechanisms.safety.registers import accidents, accidents_sheets
from gongzhi.mechanisms.safety.registers.accidents_sheets import BOOK
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

PAGE = "safety/accidents/import.html"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy("Excel（.xlsx）。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    """All of it or nothing: read, shown, then entered when it is said. Until then the rows travel
    with the page, so that the file is chosen once."""
    if not accidents.may_record(by, by.place):
        raise Http404
    if "blank" in request.GET:
        return sent(accidents_sheets.blank(), "blank")
    context: dict[str, Any] = {"by": by, "form": FileForm()}
    if request.method == "GET":
        return render(request, PAGE, context)
    now = timezone.now()
    try:
        rows = _read(request)
    except sheets.BadSheet as error:
        return render(request, PAGE, context | {"fault": str(error)}, status=422)
    plan = accidents_sheets.planned(rows, now=now, by=by)
    if "marked" in request.POST:
        return sent(BOOK.marked(rows, plan.wrong), "marked")
    if "enter" in request.POST and not plan.wrong:
        return _entered(request, rows, by)
    context |= {"plan": plan, "rows": json.dumps(rows, ensure_ascii=False)}
    return render(request, PAGE, context, status=422 if plan.wrong else 200)


def _read(request: HttpRequest) -> list[Row]:
    """Of the file that was chosen, or of the one shown before. Raises BadSheet."""
    file = request.FILES.get("file")
    if file is not None:
        return BOOK.rows(file.read())
    try:
        return [
            Row("accidents", int(n), {str(c): str(v) for c, v in cells.items()})
            for _sheet, n, cells in json.loads(request.POST.get("rows", ""))
        ]
    except (ValueError, TypeError, AttributeError):
        raise sheets.BadSheet(_("请选一个文件。")) from None


def _entered(request: HttpRequest, rows: list[Row], by: Holder) -> HttpResponse:
    """Somebody may have changed the register since it was shown: then it is shown anew."""
    try:
        plan = accidents_sheets.enter(rows, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("safety:import_accidents")
    said = _("新登记 %(new)d 起，已经有的 %(same)d 起。") % {
        "new": len(plan.new),
        "same": plan.same,
    }
    messages.success(request, said, extra_tags="good")
    return redirect("safety:accidents")
