"""The responsibility list by Excel: out, and in again after it was tried on last month's cases."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.networks.responsibility import entering, sheet
from gongzhi.networks.responsibility.models import Duty
from gongzhi.networks.responsibility.pages.writing import trial
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors


class SheetForm(forms.Form):
    """Which sheet."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("从空白表格填起，或者导出现在的清单来改。"),
    )


def _sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@as_post
def export(request: HttpRequest, by: Holder) -> HttpResponse:
    """What holds or will hold at one's place, above and below it."""
    mine = Q(place__startswith=by.place) | Q(place__in=ancestors(by.place))
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=timezone.localdate())
    rows = Duty.objects.filter(mine, still).order_by("mechanism", "category", "level", "place",
                                                     "valid_from")  # fmt: skip
    return _sent(sheet.written(list(rows)), "responsibility")


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    """All rows or none: read, tried on the last thirty days' cases, then entered when it is said.

    Until then the lines travel with the page, so that the file is chosen once.
    """
    if not may_set(by, Level.COUNTY, by.place):
        raise Http404
    if "blank" in request.GET:
        return _sent(sheet.blank(), "blank")
    context: dict[str, Any] = {"by": by, "form": SheetForm()}
    if request.method == "GET":
        return render(request, "responsibility/import.html", context)
    try:
        lines = _lines(request)
        read = sheet.read(lines, by=by)
    except sheets.BadSheet as error:
        context["fault"] = str(error)
        return render(request, "responsibility/import.html", context, status=422)
    if "marked" in request.POST:
        return _sent(sheet.marked(lines, read.wrong), "marked")
    if "enter" in request.POST and not read.wrong:
        return _entered(request, read, by)
    context |= {"read": read, "lines": json.dumps(lines)}
    if not read.wrong:
        context |= trial(read.plan.new, timezone.now(), by)
    return render(request, "responsibility/import.html", context,
                  status=422 if read.wrong else 200)  # fmt: skip


def _lines(request: HttpRequest) -> sheet.Lines:
    """Of the file that was chosen, or of the one that was shown before. Raises BadSheet."""
    file = request.FILES.get("file")
    if file is not None:
        return sheets.lines_of(file.read())
    try:
        kept = json.loads(request.POST.get("lines", ""))
        return [(int(n), [str(v) for v in line]) for n, line in kept]
    except (TypeError, ValueError):
        raise sheets.BadSheet(_("请选一个文件。")) from None


def _entered(request: HttpRequest, read: sheet.Read, by: Holder) -> HttpResponse:
    """Somebody may have changed the list since it was shown: then it is shown anew."""
    try:
        plan = entering.enter(read.rows, now=timezone.now(), by=by)
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("networks:import_duties")
    said = _("已写进责任清单：新写 %(new)s 条，停用 %(ended)s 条，没有变的 %(same)s 条。") % {
        "new": len(plan.new), "ended": len(plan.ended), "same": plan.same,
    }  # fmt: skip
    messages.success(request, said, extra_tags="good")
    return redirect("networks:duties")
