"""Workbooks of several sheets: rows of plain text in, what is wrong at its row and column, and out.

Sheets and columns are read by what they are called in either language.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from gongzhi.cases import sheets

LANGUAGES = ("zh-hans", "en")


class Row(NamedTuple):
    """One row: to which sheet it belongs, where it stands, what it says."""

    sheet: str
    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What has to be changed, and where; `of` and `label` as the sheet and column are called."""

    sheet: str
    row: int
    said: str
    of: str
    label: str = ""


def called(things: Mapping[str, Any]) -> dict[str, str]:
    """Names by what they are called, in each language; by themselves too."""
    found = {name.lower(): name for name in things}
    for language in LANGUAGES:
        with override(language):
            found |= {str(label).lower(): name for name, label in things.items()}
    return found


class Workbook:
    """Which sheets there are: name → what it is called, and its columns likewise."""

    def __init__(self, pages: Mapping[str, tuple[Any, Mapping[str, Any]]]) -> None:
        self.pages = pages

    def wrong(self, row: Row, column: str, said: object) -> Wrong:
        title, columns = self.pages[row.sheet]
        return Wrong(row.sheet, row.row, str(said), str(title), str(columns.get(column, "")))

    def rows(self, content: bytes) -> list[Row]:
        """Raises BadSheet."""
        titles = called({name: title for name, (title, _columns) in self.pages.items()})
        found = [(titles.get(name.lower()), lines) for name, lines in sheets.pages_of(content)]
        if not any(name for name, _lines in found):
            names = _("、").join(str(title) for title, _columns in self.pages.values())
            raise sheets.BadSheet(_("文件里没有这些工作表：%(names)s。") % {"names": names})
        return [row for name, lines in found if name and lines for row in self._rows(name, lines)]

    def _rows(self, sheet: str, lines: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
        """Raises BadSheet."""
        title, columns = self.pages[sheet]
        known = called(columns)
        head = [known.get(said.lower()) for said in lines[0][1]]
        lacking = [str(label) for column, label in columns.items() if column not in head]
        if lacking:
            raise sheets.BadSheet(
                _("“%(sheet)s”的表头缺少：%(columns)s。")
                % {"sheet": title, "columns": _("、").join(lacking)}
            )
        padded = ((n, [*line, *[""] * len(head)]) for n, line in lines[1:])
        return [
            Row(sheet, n, {c: v for c, v in zip(head, line, strict=False) if c})
            for n, line in padded
        ]

    def made(self, lines: Mapping[str, Iterable[Mapping[str, object]]]) -> bytes:
        """Every sheet with its headings, and the lines that there are, by column."""
        return sheets.book_of(
            (str(title), [str(label) for label in columns.values()],
             [[line.get(column, "") for column in columns] for line in lines.get(name, ())])
            for name, (title, columns) in self.pages.items()
        )  # fmt: skip

    def marked(self, rows: Sequence[Row], wrong: Sequence[Wrong]) -> bytes:
        """The same rows with what is wrong written beside each."""
        faults: dict[tuple[str, int], list[str]] = {}
        for w in wrong:
            said = f"{w.label}：{w.said}" if w.label else w.said
            faults.setdefault((w.sheet, w.row), []).append(said)
        return sheets.book_of(
            (str(title), [*(str(label) for label in columns.values()), _("要改的地方")],
             [[*(r.cells.get(c, "") for c in columns), "；".join(faults.get((name, r.row), ()))]
              for r in rows if r.sheet == name])
            for name, (title, columns) in self.pages.items()
        )  # fmt: skip
