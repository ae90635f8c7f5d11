"""A report as a file: PDF to print and to send, Excel and CSV to go on working with."""

from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.command import tables
from gongzhi.command.comparing import MEASURES
from gongzhi.command.models import Report
from gongzhi.command.reports import reading, wording
from gongzhi.documents.sending import sent
from gongzhi.documents.tree import Bars, Cell, Letter, Node, Paragraph, Run, Style, Table

BESIDE: Final = {"times": (2, 3, 4), "below": (2, 5, 6)}  # columns that are drawn in a sheet
MANY: Final = 12  # rows that stand closer


def _paragraph(text: str, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Run(text),), style)


def _table(of: wording.Part) -> Table:
    return Table((
        tuple(Cell((Run(text, bold=True),)) for text in of.head),
        *(tuple(Cell((Run(str(cell)),)) for cell in row) for row in of.rows),
    ), small=len(of.rows) > MANY)  # fmt: skip


def _bars(of: wording.Part) -> Bars:
    keys = tuple(map(str, MEASURES.values()))
    standing = of.name == "times"
    rows = tuple((name[5:] if standing else name, tuple(n)) for name, n in of.drawn)
    return Bars(keys, rows, standing=standing)


def letter(report: Report, unit: str) -> Letter:
    body: list[Node] = []
    for part in wording.parts(report):
        body += [_paragraph(part.title, Style.SECTION), *map(_paragraph, part.lines)]
        if part.name in BESIDE and part.drawn:
            body.append(_bars(part))
        if part.rows:
            body.append(_table(part))
        if part.note:
            body.append(_paragraph(part.note, Style.NOTE))
    remarks = reading.remarks(report)
    if remarks:
        body.append(_paragraph(_("领导批注"), Style.SECTION))
    for remark, who in remarks:
        body += [_paragraph(remark.words), _paragraph(who, Style.NOTE)]
    return Letter(
        title=_("%(title)s（%(days)s）")
        % {"title": wording.title(report), "days": wording.days(report)},
        number="", unit=unit, made_at=report.made_at, body=tuple(body),
    )  # fmt: skip


def pdf(report: Report, unit: str) -> HttpResponse:
    return sent(letter(report, unit))


def csv(report: Report, name: str) -> HttpResponse | None:
    """One of its tables, or None if there is none of this name."""
    for part in wording.parts(report):
        if part.name == name and part.rows:
            return tables.as_csv(name, (part.head, [list(row) for row in part.rows]))
    return None


def excel(report: Report) -> HttpResponse:
    """All that is said on the first sheet, then a sheet for each table with its chart."""
    parts = wording.parts(report)
    lines = [[part.title, text] for part in parts for text in (*part.lines, part.note) if text]
    added = [[who, remark.words] for remark, who in reading.remarks(report)]
    name = wording.title(report)
    book = sheets.book_of([
        (_("文字"), [name, wording.days(report)], [*lines, *added]),
        *((part.title, part.head, part.rows) for part in parts if part.rows),
    ], {part.title: BESIDE[part.name] for part in parts if part.name in BESIDE})  # fmt: skip
    response = HttpResponse(book, content_type=sheets.XLSX)
    file = f"{name} {report.since:%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, file) or ""
    return response
