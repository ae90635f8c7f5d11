"""The register out as Excel, and in again after it was looked at."""

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
from gongzhi.mechanisms.neighbourhoods.pages.register.filling import place_asked
from gongzhi.mechanisms.neighbourhoods.registers import (
    bringing,
    buildings,
    importing,
    kept_files,
    workbooks,
)
from gongzhi.mechanisms.neighbourhoods.registers.sheets import Item
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

PAGE = "neighbourhoods/register/import.html"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy("Excel（.xlsx）。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip


def sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


@as_post
def export(request: HttpRequest, by: Holder) -> HttpResponse:
    return sent(workbooks.written(place_asked(request, by)), "buildings")


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    """All of it or nothing: read, shown, then entered when it is said; chosen once."""
    if not buildings.keeps(by, by.place):
        raise Http404
    if "blank" in request.GET:
        return sent(workbooks.blank(), "blank")
    context: dict[str, Any] = {"by": by, "form": FileForm()}
    if request.method == "GET":
        return render(request, PAGE, context)
    try:
        kept, items = _items(request, by)
    except sheets.BadSheet as error:
        return render(request, PAGE, context | {"fault": str(error)}, status=422)
    if kept and "enter" in request.POST:
        return _entered(request, items, kept, by)
    plan = importing.planned(items, by=by)
    if "marked" in request.POST:
        return sent(workbooks.marked(items, plan.wrong), "marked")
    kept = kept or kept_files.keep(items, by=by, now=timezone.now())
    context |= {"plan": plan, "kept": kept}
    return render(request, PAGE, context, status=422 if plan.wrong else 200)


def _items(request: HttpRequest, by: Holder) -> tuple[UUID | None, list[Item]]:
    """Of the file that was chosen, or of the one shown before. Raises BadSheet."""
    file = request.FILES.get("file")
    if file is not None:
        return None, workbooks.items(file.read())
    try:
        kept = UUID(request.POST.get("kept", ""))
    except ValueError:
        raise sheets.BadSheet(_("请选一个文件。")) from None
    found = kept_files.items_of(kept, by=by)
    if found is None:
        raise sheets.BadSheet(_("请选一个文件。"))
    return kept, found


def _entered(request: HttpRequest, items: list[Item], kept: UUID, by: Holder) -> HttpResponse:
    """Somebody may have changed the register since it was shown: then it is shown anew."""
    try:
        plan = bringing.enter(items, by=by, now=timezone.now())
    except Refused as error:
        messages.warning(request, str(error.reason), extra_tags="warn")
        return redirect("neighbourhoods:import")
    kept_files.forget(kept, by=by)
    said = _("已写进台账：新增 %(new)s 项，修改 %(changed)s 项，没有变的 %(same)s 项。") % {
        "new": plan.new, "changed": plan.otherwise, "same": plan.same,
    }  # fmt: skip
    messages.success(request, said, extra_tags="good")
    return redirect("neighbourhoods:register")
