"""Replays the ledger and compares it with all that was made from it: `gongzhi verify`.

The ledger is the truth. What it does not say must not stand in the tables, and what it says must.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections

COLUMNS = (
    "mechanism", "version", "category", "phase", "state", "is_open", "place", "unit", "post",
    "offered", "units", "hidden", "confined", "channel", "urgent", "weight", "due_at",
    "overdue", "reported_at", "closed_at", "facts", "number",
)  # fmt: skip
CLOCK = ("status", "started_at", "due_at", "provisional", "paused_at", "ended_at", "extended")
TASK = ("name", "unit", "post", "due_at", "done_at", "data")
TIMES = {"due_at", "reported_at", "closed_at", "started_at", "paused_at", "ended_at", "done_at"}
PAGE = 500
Progress = Callable[[str, float], None]


@dataclass
class Replayed:
    """A case as the ledger tells it."""

    columns: dict[str, Any] = field(default_factory=dict)
    clocks: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    tasks: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    figures: Counter[tuple[str, str]] = field(default_factory=Counter)
    seq: int = 0
    head: bytes = b""


def _same(name: str, one: Any, other: Any) -> bool:
    if name in TIMES and one and other:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    return bool(one == other)


def entry_hash(row: dict[str, Any]) -> bytes:
    """The hash of an entry, made independently of the SQL function that wrote it."""
    said = "\x1f".join(
        str(row[name])
        for name in ("county", "case_id", "seq", "act", "at_us", "account", "post", "unit",
                     "place", "before", "after", "data", "changes", "previous")
    )  # fmt: skip
    return hashlib.sha256(said.encode()).digest()


ENTRIES = """
SELECT county, case_id::text, seq, act, (extract(epoch FROM at) * 1000000)::bigint AS at_us,
    coalesce(account::text, '') AS account, coalesce(post::text, '') AS post,
    coalesce(unit::text, '') AS unit, place, before, after, data::text, changes::text,
    encode(previous, 'hex') AS previous, encode(hash, 'hex') AS hash,
    (at AT TIME ZONE 'Asia/Shanghai')::date::text AS day
FROM cases_entry WHERE (county, case_id) = ANY(
    SELECT county, id FROM unnest(%s::text[], %s::uuid[]) k (county, id))
ORDER BY county, case_id, seq
"""
CASES = """
SELECT c.county, c.id, to_jsonb(c) - 'head' AS row, encode(c.head, 'hex') AS head,
    (SELECT coalesce(jsonb_agg(to_jsonb(k)), '[]') FROM cases_clockrun k
     WHERE k.county = c.county AND k.case_id = c.id) AS clocks,
    (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM cases_task t
     WHERE t.county = c.county AND t.case_id = c.id) AS tasks
FROM cases_case c WHERE (c.county, c.id) > (%s, %s) ORDER BY c.county, c.id LIMIT %s
"""


def _fold(case: Replayed, row: dict[str, Any]) -> Iterator[str]:
    """Take one entry in; yields what is wrong with it."""
    where = f"case {row['case_id']} entry {row['seq']}"
    if row["seq"] != case.seq + 1:
        yield f"{where}: an entry is missing before it"
    if row["previous"] != case.head.hex() or entry_hash(row).hex() != row["hash"]:
        yield f"{where}: the hash chain is broken"
    changes = json.loads(row["changes"])
    case.columns.update(changes.get("case", {}))
    for clock in changes.get("clocks", []):
        case.clocks[clock["seq"], clock["name"]] = clock
    for task in changes.get("tasks", []):
        case.tasks[task["seq"], task["n"]] = task
    for figure, n in changes.get("figures", {}).items():
        day = "" if figure.startswith("now.") else row["day"]
        case.figures[figure, day] += n
    case.seq, case.head = row["seq"], bytes.fromhex(row["hash"])


def _differences(row: dict[str, Any], head: str, told: Replayed) -> Iterator[str]:
    where = f"case {row['number']}"
    if row["seq"] != told.seq or head != told.head.hex():
        yield f"{where}: the ledger ends at entry {told.seq}, the case at {row['seq']}"
    for name in COLUMNS:
        if not _same(name, row[name], told.columns.get(name)):
            yield f"{where}: {name} is {row[name]!r}, the ledger says {told.columns.get(name)!r}"


def _row_differences(
    what: str, fields: tuple[str, ...], found: dict[Any, dict[str, Any]],
    told: dict[Any, dict[str, Any]],
) -> Iterator[str]:  # fmt: skip
    for key in found.keys() ^ told.keys():
        yield f"{what} {key} stands in only one of ledger and table"
    for key in found.keys() & told.keys():
        for name in fields:
            if not _same(name, found[key][name], told[key].get(name)):
                yield f"{what} {key}: {name} is {found[key][name]!r}, not {told[key].get(name)!r}"


def _pages() -> Iterator[list[dict[str, Any]]]:
    after = ("", "00000000-0000-0000-0000-000000000000")
    while True:
        with connections["owner"].cursor() as cursor:
            cursor.execute(CASES, [*after, PAGE])
            names = [c.name for c in cursor.description]
            page = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        if not page:
            return
        yield page
        after = (page[-1]["county"], str(page[-1]["id"]))


def _replay_page(page: list[dict[str, Any]], errors: list[str]) -> dict[str, Replayed]:
    told: dict[str, Replayed] = {str(c["id"]): Replayed() for c in page}
    with connections["owner"].cursor() as cursor:
        cursor.execute(ENTRIES, [[c["county"] for c in page], [c["id"] for c in page]])
        names = [c.name for c in cursor.description]
        for row in cursor:
            entry = dict(zip(names, row, strict=True))
            errors.extend(_fold(told[entry["case_id"]], entry))
    return told


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _compare(case: dict[str, Any], told: Replayed) -> Iterator[str]:
    row = _loaded(case["row"])
    yield from _differences(row, case["head"], told)
    clocks = {(k["seq"], k["name"]): k for k in _loaded(case["clocks"])}
    tasks = {(t["seq"], t["n"]): t for t in _loaded(case["tasks"])}
    yield from _row_differences(f"case {row['number']} clock", CLOCK, clocks, told.clocks)
    yield from _row_differences(f"case {row['number']} task", TASK, tasks, told.tasks)
    if row["is_open"] and not (
        any(k["ended_at"] is None and k["status"] != "paused" for k in clocks.values())
        or any(t["done_at"] is None for t in tasks.values())
    ):
        yield f"case {row['number']}: open, but no clock runs and no task is open"


COUNTED = """
SELECT place, mechanism, figure, coalesce(day::text, ''), sum(n)::bigint FROM (
    SELECT place, mechanism, figure, NULL::date AS day, n FROM cases_stock
    UNION ALL
    SELECT place, mechanism, figure, day, n FROM cases_daily
    UNION ALL
    SELECT left(d.place, l.n), d.mechanism, f.key,
        CASE WHEN NOT starts_with(f.key, 'now.') THEN d.day END, f.value::bigint
    FROM cases_delta d, jsonb_each_text(d.figures) f, (VALUES (2), (4), (6), (9), (12)) l (n)
    WHERE length(d.place) >= l.n
) u GROUP BY 1, 2, 3, day HAVING sum(n) <> 0
"""


MONTHS = """
SELECT place, mechanism, figure, month, coalesce(m.n, 0), coalesce(d.n, 0) FROM cases_monthly m
FULL JOIN (
    SELECT place, mechanism, figure, to_char(day, 'YYYY-MM') AS month, sum(n)::bigint AS n
    FROM cases_daily WHERE day < gz_added_up() GROUP BY 1, 2, 3, 4
) d USING (place, mechanism, figure, month)
WHERE coalesce(m.n, 0) <> coalesce(d.n, 0)
UNION ALL
SELECT place, mechanism, figure, month, n, 0 FROM cases_daily
WHERE month <> to_char(day, 'YYYY-MM')
"""


def _counter_differences(recount: Counter[tuple[str, str, str, str]]) -> Iterator[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(COUNTED)
        stands = {(p, m, f, d): n for p, m, f, d, n in cursor.fetchall()}
    expected = {key: n for key, n in recount.items() if n}
    for key in sorted(stands.keys() | expected.keys()):
        if stands.get(key, 0) != expected.get(key, 0):
            yield f"counter {key}: {stands.get(key, 0)}, recounted {expected.get(key, 0)}"
    with connections["owner"].cursor() as cursor:
        cursor.execute(MONTHS)
        for *of, n, of_days in cursor.fetchall():
            yield f"month {tuple(of)}: {n}, its days {of_days}"


def verify(progress: Progress | None = None) -> list[str]:
    """Every difference between the ledger and what was made from it; empty when all is well."""
    errors: list[str] = []
    recount: Counter[tuple[str, str, str, str]] = Counter()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        (total,) = cursor.fetchone()
    done = 0
    for page in _pages():
        told = _replay_page(page, errors)
        for case in page:
            of = told[str(case["id"])]
            errors.extend(_compare(case, of))
            row = _loaded(case["row"])
            counted = row["place"][:6] if row["confined"] else row["place"]
            for (figure, day), n in of.figures.items():
                for length in (2, 4, 6, 9, 12):
                    if len(counted) >= length:
                        key = (counted[:length], row["mechanism"], figure, day)
                        recount[key] += n
        done += len(page)
        if progress:
            progress("verify", done / max(total, 1))
    return [*errors, *_counter_differences(recount)]
