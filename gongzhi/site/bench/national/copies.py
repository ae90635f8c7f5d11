"""Bulk load: copies of lived cases all over the nation, with all that lists and figures read.

Ledger, words and parties are left out: lists and figures do not read them, and they would not fit
the disks this is run on (docs/scale.md). A copy has the figures of the case that was lived, on its
own place and days, summed as `fold_v1` sums them; `agree` checks that cases and figures agree.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta

from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.utils.timezone import localdate
from rich.console import Console
from rich.progress import track

from gongzhi.site.bench.filling import columns_of
from gongzhi.site.bench.national.lives import Life

ROOM = ("SET maintenance_work_mem = '1GB'", "SET work_mem = '256MB'")  # for this load alone
COUNTERS = ("cases_stock", "cases_daily", "cases_monthly")

LIVES = """
CREATE UNLOGGED TABLE bench_life AS
SELECT row_number() OVER () - 1 AS slot, l.*
FROM (SELECT * FROM unnest(%s::text[], %s::uuid[], %s::int[], %s::int[])
    WITH ORDINALITY l (county, case_id, spread, weight, life)) l, generate_series(1, weight)
"""
# Half of them in one city, half all over the nation, as in the smaller benchmark.
COPIES = """
CREATE UNLOGGED TABLE bench_copy AS
WITH villages AS (
    SELECT code, code LIKE '4412%%' AS here,
        row_number() OVER (PARTITION BY code LIKE '4412%%' ORDER BY code) - 1 AS n
    FROM places_division WHERE level = 5
), sizes AS (
    SELECT count(*) FILTER (WHERE here) AS home, count(*) FILTER (WHERE NOT here) AS away
    FROM villages
), slots AS (SELECT count(*) AS slots FROM bench_life)
SELECT left(v.code, 6) AS county, v.code AS place, l.life,
    (hashint8(g) & 2147483647) %% l.spread AS shift
FROM generate_series(1, %s::bigint) g
CROSS JOIN sizes CROSS JOIN slots
JOIN villages v ON v.here = (g %% 2 = 0)
    AND v.n = (g / 2) %% nullif(CASE WHEN g %% 2 = 0 THEN home ELSE away END, 0)
JOIN bench_life l ON l.slot = (hashint8(-g) & 2147483647) %% slots
ORDER BY 1, 2
"""
FIGURES = """
CREATE UNLOGGED TABLE bench_figure AS
SELECT l.life, d.mechanism, CASE WHEN NOT starts_with(f.key, 'now.') THEN d.day END AS day,
    f.key COLLATE "C" AS figure, sum(f.value::bigint) AS n
FROM (SELECT DISTINCT life, county, case_id FROM bench_life) l
JOIN cases_delta d ON (d.county, d.case_id) = (l.county, l.case_id),
    jsonb_each_text(d.figures) f
GROUP BY 1, 2, 3, 4 HAVING sum(f.value::bigint) <> 0
"""
BEGAN = """
SELECT min(f.day - c.shift), max(f.day - c.shift) FROM bench_figure f
JOIN (SELECT DISTINCT life, shift FROM bench_copy) c USING (life)
"""
# Level upon level: a town is added up from the counters of its villages, not from cases again.
LEVELS = """
), towns AS (
    SELECT left(place, 9) AS place, mechanism, figure, day, sum(n) AS n FROM villages
    GROUP BY 1, 2, 3, 4
), counties AS (
    SELECT left(place, 6) AS place, mechanism, figure, day, sum(n) AS n FROM towns
    GROUP BY 1, 2, 3, 4
), part AS (
    SELECT * FROM villages UNION ALL SELECT * FROM towns UNION ALL SELECT * FROM counties
    UNION ALL
    SELECT left(place, s.digits), mechanism, figure, day, sum(n)
    FROM counties CROSS JOIN (VALUES (2), (4)) s (digits) GROUP BY 1, 2, 3, 4
)
"""
STOCKS = """
WITH villages AS (
    SELECT c.place, f.mechanism, f.figure, NULL::date AS day, sum(f.n) AS n
    FROM bench_copy c JOIN bench_figure f USING (life) WHERE f.day IS NULL GROUP BY 1, 2, 3
{levels}
INSERT INTO cases_stock (place, mechanism, figure, n)
SELECT place, mechanism, figure, n FROM part WHERE n <> 0 ORDER BY place, figure
"""
# Month by month and day by day, as folding would have written them: what is of one time stands
# together. The last day that is over is left for the benchmark to add to its month.
FLOWS = """
WITH villages AS (
    SELECT c.place, f.mechanism, f.figure, f.day - c.shift AS day, sum(f.n) AS n
    FROM bench_copy c JOIN bench_figure f USING (life)
    WHERE f.day - c.shift >= %(since)s::date AND f.day - c.shift < %(until)s::date
    GROUP BY 1, 2, 3, 4
{levels}
, days AS (
    INSERT INTO cases_daily (month, place, mechanism, figure, day, n)
    SELECT to_char(day, 'YYYY-MM'), place, mechanism, figure, day, n FROM part
    ORDER BY day, place, figure
)
INSERT INTO cases_monthly (month, place, mechanism, figure, n)
SELECT to_char(day, 'YYYY-MM') AS month, place, mechanism, figure, sum(n) FROM part
WHERE day < %(added_up)s GROUP BY 1, 2, 3, 4 ORDER BY month, place, figure
"""
CASES = """
INSERT INTO cases_case ({columns})
SELECT {copied} FROM (SELECT *, row_number() OVER () AS n FROM bench_copy) b
JOIN (SELECT DISTINCT life, county, case_id FROM bench_life) l USING (life)
JOIN cases_case c ON (c.county, c.id) = (l.county, l.case_id)
"""
# A copy keeps the way to its life only while its clocks are made.
CLOCKS = """
INSERT INTO cases_clockrun ({columns})
SELECT {copied} FROM cases_case b
JOIN (SELECT DISTINCT life, county, case_id FROM bench_life) l
    ON b.number LIKE 'B%%' AND l.life = split_part(b.number, '-', 2)::int
JOIN cases_case was ON (was.county, was.id) = (l.county, l.case_id)
JOIN cases_clockrun c ON (c.county, c.case_id) = (l.county, l.case_id)
WHERE b.is_open
"""
WRONG = """
SELECT p.place, p.cases, c.n FROM (
    SELECT left(county, 2) AS place, count(*) AS cases FROM cases_case WHERE is_open GROUP BY 1) p
LEFT JOIN (SELECT place, sum(n) AS n FROM cases_stock
    WHERE length(place) = 2 AND starts_with(figure, 'now.open.') GROUP BY 1) c
    USING (place)
WHERE c.n IS DISTINCT FROM p.cases
"""


class Disagree(Exception):
    """Copied figures are not those of the copied cases: what was measured would say nothing."""


@contextmanager
def _bare(run: CursorWrapper, table: str, kept: Sequence[str] = ()) -> Iterator[None]:
    """A table without indexes, which are made afterwards in one pass each; but those of `kept`."""
    run.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname,"
        " pg_get_constraintdef(c.oid) FROM pg_index i"
        " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')"
        " WHERE i.indrelid = %s::regclass",
        [table],
    )
    gone = [one for one in run.fetchall() if one[2] not in kept]
    for index, _, constraint, _ in gone:
        run.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint
                    else f"DROP INDEX {index}")  # fmt: skip
    run.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
    yield
    run.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")
    for _, made, constraint, said in gone:
        run.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {said}" if constraint else made
        )


def _copied(table: str, **changed: str) -> dict[str, str]:
    columns = columns_of(table)
    return {
        "columns": columns,
        "copied": ", ".join(changed.get(c, f"c.{c}") for c in columns.split(", ")),
    }


def _earlier(days: str, *columns: str) -> dict[str, str]:
    return {column: f"c.{column} - {days} * interval '1 day'" for column in columns}


def _months(since: date, until: date) -> Iterator[tuple[date, date]]:
    first = since.replace(day=1)
    while first <= until:
        after = (first + timedelta(days=31)).replace(day=1)
        yield first, after
        first = after


def _counters(run: CursorWrapper, console: Console) -> None:
    yesterday = localdate() - timedelta(days=1)
    run.execute(STOCKS.format(levels=LEVELS))
    run.execute(BEGAN)
    months = list(_months(*run.fetchone()))
    for since, until in track(months, "各月的数 figures of months", console=console):
        run.execute(
            FLOWS.format(levels=LEVELS), {"since": since, "until": until, "added_up": yesterday}
        )
    run.execute("INSERT INTO cases_addedup (until) VALUES (%s)", [yesterday])


def load(lives: Sequence[Life], cases: int, console: Console) -> None:
    """As many copies of these lives, which have not been folded yet. Raises Disagree."""
    with connections["owner"].cursor() as run:
        for room in ROOM:
            run.execute(room)
        run.execute(LIVES, [list(column) for column in zip(*lives, strict=True)])
        run.execute("ANALYZE bench_life")
        run.execute(COPIES, [cases])
        run.execute("CREATE INDEX ON bench_copy (county)")
        run.execute(FIGURES)
        run.execute("ANALYZE bench_copy")
        console.print("· 案件 cases")
        days = _earlier("b.shift", "reported_at", "due_at", "closed_at")
        said = _copied(
            "cases_case", id="gen_random_uuid()", county="b.county", place="b.place",
            number="'B' || b.n || '-' || b.life", **days,
        )  # fmt: skip
        with _bare(run, "cases_case", kept=("cases_case_pkey",)):
            run.execute(CASES.format(**said))
        days = _earlier("(was.reported_at::date - b.reported_at::date)", "started_at", "due_at",
                        "ended_at")  # fmt: skip
        run.execute(
            CLOCKS.format(**_copied("cases_clockrun", county="b.county", case_id="b.id", **days))
        )
        with ExitStack() as bare:
            for table in COUNTERS:
                bare.enter_context(_bare(run, table))
            _counters(run, console)
        run.execute("DROP TABLE bench_copy, bench_life, bench_figure")
        console.print("· VACUUM ANALYZE")
        run.execute(f"VACUUM ANALYZE cases_case, cases_clockrun, {', '.join(COUNTERS)}")


def agree() -> None:
    """Raises Disagree unless each province has as many open cases as its counters say."""
    with connections["owner"].cursor() as run:
        run.execute(WRONG)
        wrong = run.fetchall()
    if wrong:
        raise Disagree(wrong)
