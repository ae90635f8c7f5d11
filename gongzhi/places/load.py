"""Loads divisions: a whole list or nothing, repeatable, with every fault named by its line."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from gongzhi.places import city as cities
from gongzhi.places import lists
from gongzhi.places.changes import Changes, Known, Recoded, compare, recoded
from gongzhi.places.levels import level_of, parent_of
from gongzhi.places.lists import Row
from gongzhi.places.names import forget_names, pairs
from gongzhi.places.readings import english, reading

Progress = Callable[[str, float], None]
STEP = 10_000  # rows between two signs of progress


@dataclass
class Report:
    """What an import did, or why it did nothing."""

    added: int = 0
    renamed: int = 0
    retired: int = 0
    unchanged: int = 0
    # A place whose code changed is among the added and the retired too.
    moved: list[Recoded] = field(default_factory=list)
    # Code, name before, name after; equal names: its English changed, or it came back.
    renames: list[tuple[str, str, str]] = field(default_factory=list)
    retirements: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors


def _silent(step: str, share: float) -> None:
    """Nobody watches."""


def import_divisions(path: Path, progress: Progress | None = None) -> Report:
    """Take in a list (see places.lists): all of it, or nothing with the reasons.

    What it leaves out below its roots (places.changes) is retired, never deleted.
    """
    show = progress or _silent
    try:
        show(_("读取名单"), 0.0)
        rows = lists.read(Path(path))
    except (lists.Unreadable, OSError) as error:
        return Report(errors=[str(error)])
    show(_("读取名单"), 1.0)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        # Readers go on; a second import waits.
        cursor.execute("LOCK TABLE places_division IN SHARE ROW EXCLUSIVE MODE")
        known = _known(cursor, rows)
        show(_("核对名单"), 0.0)
        errors = lists.faults(rows, (code for code, d in known.items() if not d.retired))
        if errors:
            return Report(errors=errors)
        show(_("核对名单"), 1.0)
        report = _write(cursor, compare(rows, known), known, len(rows), show)
    forget_names()
    return report


def _known(cursor: CursorWrapper, rows: list[Row]) -> dict[str, Known]:
    """What is there of the provinces that the list touches."""
    cursor.execute(
        "SELECT code, name, name_en, valid_to IS NOT NULL FROM places_division"
        " WHERE left(code, 2) = ANY(%s)",
        [sorted({row.code[:2] for row in rows})],
    )
    return {code: Known(*rest) for code, *rest in cursor.fetchall()}


def _write(
    cursor: CursorWrapper, changes: Changes, known: dict[str, Known], total: int, show: Progress
) -> Report:
    today = datetime.now(UTC).date()
    _add(cursor, changes.added, known, today, show)
    _change(cursor, changes.changed, known)
    cursor.execute(
        "UPDATE places_division SET valid_to = %s WHERE code = ANY(%s)", [today, changes.retired]
    )
    if changes.added:
        cursor.execute("ANALYZE places_division")
    return Report(
        added=len(changes.added),
        renamed=len(changes.changed),
        retired=len(changes.retired),
        unchanged=total - len(changes.added) - len(changes.changed),
        moved=recoded(changes, known),
        renames=[(r.code, known[r.code].name, r.name) for r in changes.changed],
        retirements=[(code, known[code].name) for code in changes.retired],
    )


def _columns(row: Row) -> tuple[str, str, str, str, str]:
    """Name, English name, pinyin, initials, and the pairs as PostgreSQL writes an array."""
    spelled = row.name_en or english(row.name, level_of(row.code))
    quoted = [p.replace("\\", r"\\").replace('"', r"\"") for p in pairs(row.name)]
    written = '{"' + '","'.join(quoted) + '"}' if quoted else "{}"
    return (row.name, spelled, *reading(row.name), written)


def _add(
    cursor: CursorWrapper, rows: list[Row], known: dict[str, Known], today: object, show: Progress
) -> None:
    # What a first list of a city names has been there before; what a later one adds is new.
    cities_known = {code[:4] for code in known if len(code) > 4}
    # Gathered and sorted in at once: three times as fast as pair by pair.
    cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")
    with cursor.copy(
        "COPY places_division (code, level, parent, valid_from,"
        " name, name_en, pinyin, initials, pairs) FROM STDIN"
    ) as copy:
        for n, row in enumerate(rows):
            since = today if row.code[:4] in cities_known else None
            copy.write_row(
                (row.code, int(level_of(row.code)), parent_of(row.code), since, *_columns(row))
            )
            if n % STEP == 0:
                show(_("写入名单"), n / len(rows))
    for index in ("division_pairs_above", "division_pairs_village"):
        cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
    show(_("写入名单"), 1.0)


def _change(cursor: CursorWrapper, rows: list[Row], known: dict[str, Known]) -> None:
    def kept(row: Row) -> Row:
        """An English name stays as long as the name does."""
        before = known[row.code]
        same = row.name == before.name and not row.name_en
        return row._replace(name_en=before.name_en) if same else row

    cursor.executemany(
        "UPDATE places_division SET name = %s, name_en = %s, pinyin = %s, initials = %s,"
        " pairs = %s, valid_to = NULL WHERE code = %s",
        [(*_columns(kept(row)), row.code) for row in rows],
    )


def _dicts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _figures(cursor: CursorWrapper, folder: Path) -> None:
    """Seats of towns and population; rows that have them already are left alone."""
    cursor.executemany(
        "UPDATE places_division SET longitude = %s, latitude = %s"
        " WHERE code = %s AND (longitude, latitude) IS DISTINCT FROM (%s, %s)",
        [
            (lon, lat, p["code"], lon, lat)
            for p in _dicts(folder / "town_points.csv")
            for lon, lat in [(float(p["lng"]), float(p["lat"]))]
        ],
    )
    cursor.executemany(
        "UPDATE places_division SET population = %s"
        " WHERE code = %s AND population IS DISTINCT FROM %s",
        [
            (n, p["code"], n)
            for p in _dicts(folder / "population_2020.csv")
            for n in [round(float(p["population_10k_2020"]) * 10_000)]
        ],
    )


def load_city(name: str) -> Report:
    """The data of one city that ships with us: divisions, seats of towns, population.

    Raises UnknownCity.
    """
    folder = cities.folder(name)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        report = import_divisions(folder / "divisions.csv")
        if report.ok:
            _figures(cursor, folder)
    return report
