"""Bulk load: copies of lived cases all over the nation, with all that lists and figures read.

Ledger, words and parties are left out: lists and figures do not read them, and they would not fit
the disks this is run on (docs/scale.md). A copy has the figures of the case that was lived, on its
own place and days, summed as `fold_v1` sums them; `agree` checks that cases and figures agree.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections
from django.db.backends.utils import CursorWrapper
from rich.console import Console
from rich.progress import track

from gongzhi.site.bench.filling import columns_of
from gongzhi.site.bench.national.lives import Life

ROOM = ("SET maintenance_work_mem = '1GB'", "SET work_mem = '256MB'")  # for this load alone

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
SELECT l.life, d.mechanism, d.day, f.key COLLATE "C" AS figure, sum(f.value::bigint) AS n
FROM (SELECT DISTINCT life, county, case_id FROM bench_life) l
JOIN cases_delta d ON (d.county, d.case_id) = (l.county, l.case_id),
    jsonb_each_text(d.figures) f
GROUP BY 1, 2, 3, 4
"""
# Level upon level: a town is added up from the counters of its villages, not from cases again.
OF_A_COUNTY = """
WITH villages AS (
    SELECT c.place, f.mechanism, f.figure,
        CASE WHEN starts_with(f.figure, 'now.') THEN '' ELSE (f.day - c.shift)::text END AS day,
        sum(c.times * f.n) AS n
    FROM (SELECT place, life, shift, count(*) AS times FROM bench_copy WHERE county = %s
          GROUP BY 1, 2, 3) c
    JOIN bench_figure f USING (life)
    GROUP BY 1, 2, 3, 4
), towns AS (
    SELECT left(place, 9) AS place, mechanism, figure, day, sum(n) AS n FROM villages
    GROUP BY 1, 2, 3, 4
), part AS (
    SELECT * FROM villages WHERE n <> 0
    UNION ALL SELECT * FROM towns WHERE n <> 0
    UNION ALL SELECT left(place, 6), mechanism, figure, day, sum(n) FROM towns GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0
), days AS (
    INSERT INTO cases_counter (place, mechanism, figure, day, n)
    SELECT * FROM part ORDER BY place, figure, day
), months AS (
    INSERT INTO cases_monthly (place, mechanism, figure, month, n)
    SELECT place, mechanism, figure, left(day, 7) AS month, sum(n) FROM part WHERE day <> ''
    GROUP BY 1, 2, 3, 4 ORDER BY place, figure, month
)
INSERT INTO bench_county SELECT * FROM part WHERE length(place) = 6
"""
ABOVE = """
WITH part AS (
    SELECT left(place, s.digits) AS place, mechanism, figure, day, sum(n) AS n
    FROM bench_county CROSS JOIN (VALUES (2), (4)) s (digits) GROUP BY 1, 2, 3, 4
), days AS (
    INSERT INTO cases_counter (place, mechanism, figure, day, n) SELECT * FROM part
)
INSERT INTO cases_monthly (place, mechanism, figure, month, n)
SELECT place, mechanism, figure, left(day, 7), sum(n) FROM part WHERE day <> ''
GROUP BY 1, 2, 3, 4
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
LEFT JOIN (SELECT place, sum(n) AS n FROM cases_counter
    WHERE length(place) = 2 AND day = '' AND starts_with(figure, 'now.open.') GROUP BY 1) c
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


def _counters(run: CursorWrapper, console: Console) -> None:
    run.execute("CREATE UNLOGGED TABLE bench_county (LIKE cases_counter)")
    run.execute("SELECT DISTINCT county FROM bench_copy ORDER BY 1")
    for (county,) in track(run.fetchall(), "各县的数 figures of counties", console=console):
        run.execute(OF_A_COUNTY, [county])
    run.execute(ABOVE)


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
        with _bare(run, "cases_counter"), _bare(run, "cases_monthly"):
            _counters(run, console)
        run.execute("DROP TABLE bench_copy, bench_life, bench_figure, bench_county")
        console.print("· VACUUM ANALYZE")
        run.execute("VACUUM ANALYZE cases_case, cases_clockrun, cases_counter, cases_monthly")


def agree() -> None:
    """Raises Disagree unless each province has as many open cases as its counters say."""
    with connections["owner"].cursor() as run:
        run.execute(WRONG)
        wrong = run.fetchall()
    if wrong:
        raise Disagree(wrong)
