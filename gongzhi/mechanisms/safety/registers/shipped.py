"""The catalogue that ships with us, for a place to begin with: catalogue/*.csv."""

import csv
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_noop as _

from gongzhi.cases.workbooks import Row
from gongzhi.mechanisms.safety.registers import catalogue_reading
from gongzhi.mechanisms.safety.registers.contents import Contents

FOLDER: Final = Path(__file__).parents[1] / "catalogue"
# Shown in the reader's language; what a city writes itself is shown as it is.
NAME: Final = _("平台自带清单")
SOURCE: Final = _("依据公开的法律、法规、规章和标准编写；引用待核对")


def rows() -> list[Row]:
    """The parts of it, one after the other; a basis that two parts rest on stands once."""
    found: list[Row] = []
    keys: set[str] = set()
    for sheet in catalogue_reading.BOOK.pages:
        for path in sorted(FOLDER.glob(f"{sheet}_*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                for n, cells in enumerate(csv.DictReader(file, strict=True), 2):
                    key = cells.get("key", "")
                    if not key or key not in keys:
                        found.append(Row(sheet, n, {"what": cells.pop("check", ""), **cells}))
                    keys.add(key)
    return found


def contents() -> Contents:
    read = catalogue_reading.read(rows())
    if read.wrong:
        raise ValueError(read.wrong)
    return read.contents
