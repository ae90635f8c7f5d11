"""Excel sheets: read as plain rows, written without formulas."""

import io
from collections.abc import Iterable, Sequence

import openpyxl
from django.utils.translation import gettext as _

MOST_ROWS = 2_000
LARGEST = 5 * 1024 * 1024  # bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BadSheet(Exception):
    """A file that cannot be read as a sheet; its text says what to do."""


def lines_of(content: bytes) -> list[tuple[int, list[str]]]:
    """The first sheet as text, each line with its number there, empty ones left out.

    Raises BadSheet.
    """
    if len(content) > LARGEST:
        raise BadSheet(_("文件太大，请分成几个文件。"))
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = list(book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2))
    except Exception:
        raise BadSheet(_("打不开这个文件，请存成 .xlsx 后重试。")) from None
    if len(lines) > MOST_ROWS + 1:
        raise BadSheet(_("最多 %(n)s 行，请分成几个文件。") % {"n": MOST_ROWS})
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
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("1")
    page.append(list(head))
    for row in rows:
        page.append([safe(v) for v in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
