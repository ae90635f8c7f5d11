"""Excel sheets: read as plain rows, written without formulas."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.chart import BarChart, Reference, Series

MOST_ROWS = 2_000  # of one sheet
MOST_PAGES = 10
LARGEST = 5 * 1024 * 1024  # bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BadSheet(Exception):
    """A file that cannot be read as a sheet; its text says what to do."""


def lines_of(content: bytes) -> list[tuple[int, list[str]]]:
    """The first sheet as text, each line with its number there, empty ones left out.

    Raises BadSheet.
    """
    return _said(_read(content, 1)[0][1])


def pages_of(
    content: bytes, *, most_rows: int = MOST_ROWS, largest: int = LARGEST
) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """Every sheet by its name, read likewise. Raises BadSheet."""
    found = _read(content, MOST_PAGES, most_rows=most_rows, largest=largest)
    return [(name, _said(lines)) for name, lines in found]


def _read(
    content: bytes, most: int, *, most_rows: int = MOST_ROWS, largest: int = LARGEST
) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Raises BadSheet."""
    if len(content) > largest:
        raise BadSheet(_("文件太大，请分成几个文件。"))
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found = [
            (page.title, list(page.iter_rows(values_only=True, max_row=most_rows + 2)))
            for page in book.worksheets[:most]
        ]
    except Exception:
        raise BadSheet(_("打不开这个文件，请存成 .xlsx 后重试。")) from None
    if any(len(lines) > most_rows + 1 for _name, lines in found):
        raise BadSheet(_("最多 %(n)s 行，请分成几个文件。") % {"n": most_rows})
    return found


def _said(lines: list[tuple[Any, ...]]) -> list[tuple[int, list[str]]]:
    return [
        (n, ["" if v is None else _plain(str(v).strip()) for v in line])
        for n, line in enumerate(lines, 1)
        if any(v is not None for v in line)
    ]


def rows_of(content: bytes) -> list[list[str]]:
    """The same without the numbers. Raises BadSheet."""
    return [line for _n, line in lines_of(content)]


def _plain(text: str) -> str:
    """What safe() made of a cell comes back as it was."""
    return text[1:] if text[:1] == "'" and safe(text[1:]) == text else text


def safe(value: object) -> object:
    """No cell may become a formula in somebody's spreadsheet."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value


def made_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A sheet with a line of headings."""
    return book_of([("1", head, rows)])


def _chart(page: Any, columns: Sequence[int], last: int) -> BarChart:
    """Some columns, side by side for each row."""
    chart = BarChart()
    for column in columns:
        values = Reference(page, min_col=column, min_row=1, max_row=last)
        chart.series.append(Series(values, title_from_data=True))
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=last))
    # Without these, newer programs draw no axes.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.width, chart.height = 24, 12  # cm
    return chart


def book_of(
    pages: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]],
    charts: Mapping[str, Sequence[int]] = {},
) -> bytes:
    """Sheets by name, each with a line of headings; `charts`: which columns of a sheet are drawn
    beside its rows, the first is 1."""
    book = openpyxl.Workbook(write_only=True)
    for name, head, rows in pages:
        page, last = book.create_sheet(name), 1
        page.append(list(head))
        for row in rows:
            page.append([safe(v) for v in row])
            last += 1
        if name in charts:
            page.add_chart(_chart(page, charts[name], last), f"A{last + 3}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
