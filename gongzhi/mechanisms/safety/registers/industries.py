"""Industries 行业 by GB/T 4754-2017: a section's letter, with a division's two digits after it.

What is for a whole section is for all of its divisions.
"""

import csv
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from gongzhi.ui.words import named


class Industry(NamedTuple):
    """A section 门类 or a division 大类 with its names."""

    code: str
    name: str
    name_en: str

    def __str__(self) -> str:
        return f"{self.code} {named(self)}"


def _read() -> dict[str, Industry]:
    with (Path(__file__).parent / "industries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Industry(**row) for row in csv.DictReader(file)}


INDUSTRIES: Final = _read()
SECTIONS: Final = tuple(code for code in INDUSTRIES if len(code) == 1)
DIVISIONS: Final = {
    section: tuple(code for code in INDUSTRIES if code[0] == section and len(code) == 3)
    for section in SECTIONS
}
KNOWN: Final = frozenset(INDUSTRIES)


def covers(said: Collection[str], industry: str) -> bool:
    """Whether what is said of some industries holds for this one; nothing said is all of them."""
    return not said or industry in said or industry[:1] in said


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """Divisions under their sections, for a choice."""
    return [
        (str(INDUSTRIES[section]), [(code, str(INDUSTRIES[code])) for code in divisions])
        for section, divisions in DIVISIONS.items()
    ]


def read(text: str) -> str | None:
    """The division that a cell names: C33, 33, its name, or code and name."""
    first = text.split(maxsplit=1)[0].upper() if text.split() else ""
    for code in INDUSTRIES:
        if len(code) == 3 and first in {code, code[1:]}:
            return code
    said = text.strip().lower()
    found = [i.code for i in INDUSTRIES.values()
             if len(i.code) == 3 and said in {i.name, i.name_en.lower()}]  # fmt: skip
    return found[0] if len(found) == 1 else None
