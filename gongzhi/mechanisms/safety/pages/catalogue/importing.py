"""Editions as Excel: out, and in again as a new one after it was looked at."""

import json
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
from gongzhi.cases.workbooks import Row
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Edition
from gongzhi.mechanisms.safety.pages.catalogue.browsing import around, edition_or_404
from gongzhi.mechanisms.safety.registers import (
    catalogue_reading,
    catalogue_workbooks,
    contents,
    editions,
)
from gongzhi.mechanisms.safety.registers.catalogue_reading import BOOK
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.places.search import children

Rows = list[Row]


class EditionForm(forms.Form):
    """Which file, for where, from when, and whether it is the whole catalogue."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"), required=False,
        help_text=gettext_lazy("从空白表格填起，或者导出现在的清单来改。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=gettext_lazy("怎样导入"), initial="extend", widget=forms.RadioSelect,
        choices=[
            ("extend", gettext_lazy("增补：编号相同的改成文件里的，其余照旧")),
            ("replace", gettext_lazy("替换：文件就是整份清单，没有写的不再检查")),
        ],
    )  # fmt: skip
    place = forms.ChoiceField(label=gettext_lazy("用于哪里"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80,
                           help_text=gettext_lazy("如：2027 年检查清单"))  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=200,
        help_text=gettext_lazy("写明文件名称，或者哪次会议定的。"),
    )  # fmt: skip
    valid_from = forms.DateField(
        label=gettext_lazy("从哪天起"),
        # Browsers take a day in this form alone, whatever the language.
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, by: Holder, **rest: Any) -> None:
        super().__init__(*args, **rest)
        below = children(by.place) if len(by.place) < Level.COUNTY.digits else []
        codes = [by.place, *(d.code for d in below)]
        choices = [(code, name_of(code)) for code in codes]
        self.fields["place"] = forms.ChoiceField(label=self.fields["place"].label, choices=choices)
        self.order_fields(["file", "way", "place", "name", "source", "valid_from"])

    def clean_valid_from(self) -> Any:
        """The past stays as it was."""
        if self.cleaned_data["valid_from"] < timezone.localdate():
            raise forms.ValidationError(_("请写今天或以后的一天。"))
        return self.cleaned_data["valid_from"]

    def base(self) -> Edition | None:
        """What is extended: what will hold there on that day."""
        said = self.cleaned_data
        return editions.in_force(said["place"], said["valid_from"])

    def edition(self) -> Edition:
        said = self.cleaned_data
        return Edition(**{name: said[name] for name in ("place", "name", "source", "valid_from")})


def _sent(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@as_post
def export(request: HttpRequest, by: Holder, edition: UUID) -> HttpResponse:
    held = editions.of(edition_or_404(edition).id)
    return _sent(catalogue_workbooks.written(held), "catalogue")


@as_post
def take_in(request: HttpRequest, by: Holder) -> HttpResponse:
    """All of it or nothing: read, shown, then entered when it is said.

    Until then the rows travel with the page, so that the file is chosen once.
    """
    if not may_set(by, Level.COUNTY, by.place):
        raise Http404
    if "blank" in request.GET:
        return _sent(catalogue_workbooks.blank(), "blank")
    if request.method == "GET":
        form = EditionForm(by=by, initial={"valid_from": timezone.localdate()})
        return _page(request, by, form)
    form = EditionForm(request.POST, request.FILES, by=by)
    try:
        rows = _rows(request)
    except sheets.BadSheet as error:
        return _page(request, by, form, status=422, fault=str(error))
    if not form.is_valid():
        return _page(request, by, form, status=422, rows=_kept(rows))
    return _looked_at(request, by, form, rows)


def _page(
    request: HttpRequest, by: Holder, form: EditionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = around(by, form=form, holds=editions.in_force(by.place, timezone.localdate()), **more)
    return render(request, "safety/catalogue/import.html", context, status=status)


def _looked_at(
    request: HttpRequest, by: Holder, form: EditionForm, rows: Rows
) -> HttpResponse:  # fmt: skip
    base = form.base()
    before = editions.of(base.id) if base else contents.Contents([], [], [])
    extends = form.cleaned_data["way"] == "extend"
    read = catalogue_reading.read(rows, onto=before if extends else None)
    if "marked" in request.POST:
        return _sent(BOOK.marked(rows, read.wrong), "marked")
    shown: dict[str, Any] = {"rows": _kept(rows), "base": base, "read": read}
    if read.wrong:
        return _page(request, by, form, status=422, **shown)
    found = contents.differences(before, read.contents)
    if "enter" in request.POST and found:
        try:
            edition = editions.enter(form.edition(), read.contents, now=timezone.now(), by=by)
        except Refused as error:
            form.add_error(error.field, str(error.reason))
            return _page(request, by, form, status=422, **shown)
        messages.success(request, _("新的一版已写好，到日子起用。"), extra_tags="good")
        return redirect("safety:edition", edition.id)
    counts = {
        "added": sum(d.old is None for d in found), "gone": sum(d.new is None for d in found),
        "changed": sum(bool(d.columns) for d in found),
    }  # fmt: skip
    return _page(request, by, form, **shown, differs=counts if found else None)


def _rows(request: HttpRequest) -> Rows:
    """Of the file that was chosen, or of the one shown before. Raises BadSheet."""
    file = request.FILES.get("file")
    if file is not None:
        return BOOK.rows(file.read())
    try:
        return [
            Row(sheet, int(n), {str(c): str(v) for c, v in cells.items()})
            for sheet, n, cells in json.loads(request.POST.get("rows", "")) if sheet in BOOK.pages
        ]  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        raise sheets.BadSheet(_("请选一个文件。")) from None


def _kept(rows: Rows) -> str:
    return json.dumps(rows, ensure_ascii=False)
