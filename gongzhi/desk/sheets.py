"""Excel in and out: a worklist as a sheet, and many cases from one."""

import hashlib
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import catalogue, sheets, worklists
from gongzhi.cases.changes import NotFound, Refused
from gongzhi.cases.intake import ReportForm, report_from
from gongzhi.cases.numbers import spaced
from gongzhi.declare import Mechanism, registry
from gongzhi.desk.templatetags import casepage
from gongzhi.desk.views import FILTERS
from gongzhi.networks.responsibility import routing
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import path_of, search


@as_post
def export(request: HttpRequest, by: Holder) -> HttpResponse:
    """The present list, filters and all; no names or phones leave with it."""
    kind = request.GET.get("kind", "unit")
    wanted = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    order = request.GET.get("sort", worklists.ORDERS[0])
    if kind not in worklists.KINDS or order not in worklists.ORDERS:
        raise Http404
    page = worklists.page(kind, by, wanted, size=sheets.MOST_ROWS, order=order)
    head = [
        _("编号"),
        _("事项"),
        _("类别"),
        _("地点"),
        _("状态"),
        _("期限"),
        _("逾期"),
        _("登记时间"),
    ]
    rows: list[list[object]] = [
        [
            spaced(c.number),
            mask_text(casepage.titled(c)),
            casepage.kind(c),
            path_of(c.place),
            _(registry.get(c.mechanism).state(c.state).label),
            _local(c.due_at),
            _("是") if c.overdue else "",
            _local(c.reported_at),
        ]
        for c in page.rows
    ]
    if page.after:
        rows.append([_("这里只有前 %(n)s 件，请筛选后分次导出。") % {"n": sheets.MOST_ROWS}])
    response = HttpResponse(sheets.made_of(head, rows), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="cases.xlsx"'
    return response


def _local(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("第一行是表头：地点、类别、事情、姓名、电话、对方。"),
    )


COLUMNS = {
    "地点": "place", "类别": "category", "事情": "text", "姓名": "name", "电话": "phone",
    "对方": "respondent",
}  # fmt: skip


def read_rows(content: bytes) -> list[dict[str, str]]:
    """Rows by field name. Raises BadSheet with what is wrong with the file."""
    lines = sheets.rows_of(content)
    head = [COLUMNS.get(h) for h in (lines[0] if lines else ())]
    lacking = [zh for zh, field in COLUMNS.items() if field not in head]
    if lacking:
        raise sheets.BadSheet(_("表头缺少：%(columns)s。") % {"columns": "、".join(lacking)})
    return [{f: v for f, v in zip(head, line, strict=False) if f and v} for line in lines[1:]]


def _form_of(row: dict[str, str], mechanism: Mechanism, place: str) -> ReportForm:
    """A sheet asks less than the form: what has a usual answer gets it, who has no phone a code."""
    offered = catalogue.offered(mechanism)
    labels = {label: kind.name for kind in offered for label in (kind.label, str(kind))}
    asked = mechanism.starts.form().fields if mechanism.starts.form else {}
    usual = {name: field.initial for name, field in asked.items() if field.initial is not None}
    said = row.get("category", "")
    category = labels.get(said, said)
    return ReportForm(
        {**usual, "no_phone": "phone" not in row, **row, "category": category},
        mechanism=mechanism, place=place,
    )  # fmt: skip


def _place_of(row: dict[str, str], by: Holder) -> str | None:
    """A code, or a name that only one place in the post's scope bears."""
    said = row.get("place", "")
    if said.isdigit() and said.startswith(by.place):
        return said
    found = [f for f in search(said, within=by.place) if f.name == said]
    return found[0].code if len(found) == 1 else None


@as_post
def take_in(request: HttpRequest, by: Holder, mechanism: str) -> HttpResponse:
    """All rows or none: first every row is checked, then every row is registered."""
    declared = registry.get(mechanism)
    if "blank" in request.GET:
        return _blank(declared)
    form = SheetForm(request.POST or None, request.FILES or None)
    errors: list[str] = []
    done = 0
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            done, errors = _register_all(read_rows(content), content, declared, by)
        except sheets.BadSheet as error:
            errors = [str(error)]
        except Refused as error:
            errors = [str(error.reason)]
    context = {"by": by, "form": form, "mechanism": declared, "errors": errors, "done": done}
    return render(request, "desk/import.html", context, status=422 if errors else 200)


def _blank(mechanism: Mechanism) -> HttpResponse:
    """A sheet to fill in: its headings, and below them the kinds that can be written."""
    kinds = "／".join(kind.label for kind in catalogue.offered(mechanism))
    example = [_("村、社区名或 12 位代码"), kinds, "", "", "", ""]
    response = HttpResponse(sheets.made_of(list(COLUMNS), [example]), content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="blank.xlsx"'
    return response


def _register_all(
    rows: list[dict[str, str]], content: bytes, mechanism: Mechanism, by: Holder
) -> tuple[int, list[str]]:
    checked, errors = [], []
    for n, row in enumerate(rows, 2):
        place = _place_of(row, by)
        form = _form_of(row, mechanism, place or by.place)
        if place is None:
            errors.append(
                _("第 %(n)s 行：地点“%(place)s”找不到或不唯一，请写 12 位代码。")
                % {"n": n, "place": row.get("place", "")}
            )
        for name, said in form.errors.items():
            field = form.fields[name].label if name in form.fields else ""
            errors.append(_("第 %(n)s 行：%(field)s，%(error)s")
                          % {"n": n, "field": field, "error": said[0]})  # fmt: skip
        checked.append((n, form, place))
    if errors:
        return 0, errors
    # The same file sent twice registers nothing twice.
    fingerprint = hashlib.sha256(content).hexdigest()
    for n, form, place in checked:
        if place is None:
            raise NotFound
        key = f"{fingerprint}/{n}"
        told = report_from(form, place, [], key=key, channel="sheet")
        routing.begin(mechanism, told, key=key, now=timezone.now(), by=by)
    return len(checked), []
