"""A report as a file: PDF to print, Excel to go on working with."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.command.models import Remark, Report
from gongzhi.command.reports import wording
from gongzhi.documents.sending import sent
from gongzhi.documents.tree import Cell, Letter, Node, Paragraph, Run, Style, Table

Said = tuple[Remark, str]  # words, and who added them when


def _paragraph(text: str, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Run(text),), style)


def _table(of: wording.Part) -> Table:
    return Table((
        tuple(Cell((Run(text, bold=True),)) for text in of.head),
        *(tuple(Cell((Run(str(cell)),)) for cell in row) for row in of.rows),
    ))  # fmt: skip


def letter(report: Report, remarks: Sequence[Said], unit: str) -> Letter:
    body: list[Node] = [_paragraph(wording.days(report))]
    for part in wording.parts(report):
        body += [_paragraph(part.title, Style.SECTION), *map(_paragraph, part.lines)]
        if part.rows:
            body.append(_table(part))
        if part.note:
            body.append(_paragraph(part.note, Style.NOTE))
    if remarks:
        body.append(_paragraph(_("领导批注"), Style.SECTION))
    for remark, who in remarks:
        body += [_paragraph(remark.words), _paragraph(who, Style.NOTE)]
    return Letter(
        title=wording.title(report), number=f"{report.since:%Y%m%d}", unit=unit,
        made_at=report.made_at, body=tuple(body),
    )  # fmt: skip


def pdf(report: Report, remarks: Sequence[Said], unit: str) -> HttpResponse:
    return sent(letter(report, remarks, unit))


def excel(report: Report, remarks: Sequence[Said]) -> HttpResponse:
    """All that is said on the first sheet, then a sheet for each table."""
    parts = wording.parts(report)
    lines = [[part.title, text] for part in parts for text in (*part.lines, part.note) if text]
    added = [[who, remark.words] for remark, who in remarks]
    name = wording.title(report)
    book = sheets.book_of([
        (_("文字"), [name, wording.days(report)], [*lines, *added]),
        *((part.title, part.head, part.rows) for part in parts if part.rows),
    ])  # fmt: skip
    response = HttpResponse(book, content_type=sheets.XLSX)
    file = f"{name} {report.since:%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, file) or ""
    return response
