"""The after-action report 总结: figures as they stood at the end, on a page and as PDF."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.documents.tree import Cell, Letter, Paragraph, Run, Style, Table
from gongzhi.documents.typesetting import pdf
from gongzhi.mechanisms.neighbourhoods.models import Emergency
from gongzhi.mechanisms.neighbourhoods.pages.emergency import showing
from gongzhi.mechanisms.neighbourhoods.pages.emergency.forms import EraseSooner
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, needs
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.ui import words

Section = tuple[str, list[str], list[list[str]]]  # title, head, rows


def _ended(by: Holder, id_: UUID) -> Emergency:
    """Raises Http404."""
    found = showing.emergency_for(by, id_)
    if found.report is None or emergencies.part_of(by, found) is None:
        raise Http404
    return found


def _moment(text: str) -> str:
    at = parse_datetime(text)
    return words.moment(at) if at else text


def _calls(of: dict[str, Any]) -> list[Section]:
    head = [_("时间"), _("楼栋"), *(str(label) for label in showing.PARTS.values())]
    rows = [
        [_moment(c["called_at"]), str(c["buildings"]), *(str(c[name]) for name in showing.PARTS)]
        for c in of["calls"]
    ]
    times = [[_moment(c["called_at"]), *(str(n) for n in c["times"])] for c in of["calls"]]
    labels = [showing.time_label(n) for n in range(6)]
    return [(_("点名"), head, rows), (_("应答用时（次）"), [_("时间"), *labels], times)]


def _communities(of: dict[str, Any]) -> Section:
    head = [
        _("社区"),
        _("楼栋"),
        _("住户"),
        _("已联系"),
        _("需求"),
        _("解决几项"),
        _("任务"),
        _("完成"),
    ]
    names = ("buildings", "households", "registered", "needs", "served", "errands", "errands_done")
    rows = [[name_of(c["community"]), *(str(c[name]) for name in names)] for c in of["communities"]]
    return _("各社区"), head, rows


def sections(of: dict[str, Any]) -> list[Section]:
    """The figures as tables."""
    kinds = [
        [str(needs.kind_label(name)), str(k["n"]), str(k["served"])]
        for name, k in of["kinds"].items()
    ]
    stock = [
        [s["name"], s["measure"], str(s["in"]), str(s["out"]), str(s["left"])]
        for s in of["supplies"]
    ]
    steps = [[_moment(e["at"]), showing.step_said(e)] for e in of["timeline"]]
    found = [
        *_calls(of),
        (_("各类需求"), [_("哪类需求"), _("登记几项"), _("解决几项")], kinds),
        (_("物资"), [_("物资"), _("计量单位"), _("入库数"), _("出库数"), _("结余")], stock),
        _communities(of),
        (_("经过"), [_("时间"), _("事项")], steps),
    ]
    return [one for one in found if one[2]]


def summary(of: Emergency) -> list[str]:
    """What it came to, in a few sentences of numbers."""
    f: dict[str, Any] = of.report or {}
    return [
        _("%(buildings)s 栋楼，%(households)s 户；联系到 %(registered)s 户。") % f,
        _("登记需求 %(needs)s 项，解决 %(served)s 项。") % f,
        _("任务 %(errands)s 项，完成 %(errands_done)s 项。") % f,
        _("代理楼长 %(deputies)s 人次。") % f,
        _("排班 %(n)s 班，%(posts)s 个岗位，共 %(hours)s 小时。") % f["shifts"],
    ]


@as_post
def report(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    of = _ended(by, emergency)
    may = bool(emergencies.may_command(by, of.place)) and of.erased_at is None
    form = EraseSooner(request.POST or None) if may else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                day = form.cleaned_data["erase_on"]
                emergencies.erase_sooner(of.id, day, now=timezone.now(), by=by)
            except Refused as error:
                form.add_error("erase_on", str(error.reason))
            else:
                messages.success(request, _("已提前。"), extra_tags="good")
                return redirect("neighbourhoods:emergency_report", of.id)
    context = {
        "by": by, "of": of, "kind": emergencies.KINDS[of.kind], "summary": summary(of),
        "sections": sections(of.report or {}), "form": form,
    }  # fmt: skip
    return render(request, "neighbourhoods/emergency/report.html", context,
                  status=422 if form is not None and form.errors else 200)  # fmt: skip


def _paragraph(text: str, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Run(text),), style)


def _table(head: list[str], rows: list[list[str]]) -> Table:
    return Table(
        (
            tuple(Cell((Run(text, bold=True),)) for text in head),
            *(tuple(Cell((Run(text),)) for text in row) for row in rows),
        )
    )


def letter(of: Emergency) -> Letter:
    """The report as it is printed."""
    said = {
        "kind": emergencies.KINDS[of.kind], "place": words.short_path(of.place),
        "since": words.moment(of.started_at), "until": words.moment(of.ended_at or of.started_at),
    }  # fmt: skip
    lines = [
        _("%(place)s，%(kind)s，%(since)s 启动，%(until)s 结束。") % said,
        _("启动理由：%(why)s") % {"why": of.reason}, _("结束理由：%(why)s") % {"why": of.ended_why},
        *summary(of),
    ]  # fmt: skip
    body: list[Paragraph | Table] = [_paragraph(text) for text in lines]
    for title, head, rows in sections(of.report or {}):
        body += [_paragraph(title, Style.SECTION), _table(head, rows)]
    note = _("只有数字和岗位，不含住户的情况。住户需求的内容在 %(day)s 删除。")
    body.append(_paragraph(note % {"day": of.erase_on}, Style.NOTE))
    return Letter(
        title=_("%(name)s 总结报告") % {"name": of.name}, number="", unit=name_of(of.place),
        made_at=of.ended_at or of.started_at, body=tuple(body),
    )  # fmt: skip


@as_post
def report_pdf(request: HttpRequest, by: Holder, emergency: UUID) -> HttpResponse:
    made = letter(_ended(by, emergency))
    response = HttpResponse(pdf(made), content_type="application/pdf")
    name = content_disposition_header(False, f"{made.title}.pdf".replace("/", "／"))
    response["Content-Disposition"] = name or ""
    return response
