"""Fills the benchmark's city and nation: there to be listed, not to be replayed."""

import random

from django.db import connections
from django.utils import timezone

from gongzhi.site import demo

COPIES = 402  # of Zhaoqing's 1,654 divisions, which make the nation's 665,000
OPEN = 5  # one case in so many is open
DUE = 10  # one open case in so many is late
DAYS = 365  # over which the figures are spread


def organise() -> None:
    """Units and posts of the demo city."""
    demo.organise(random.Random(1))  # noqa: S311 -- names for a benchmark


def columns_of(table: str) -> str:
    """Those of a table that are written, not made by the database itself."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
            " AND NOT attisdropped",
            [table],
        )
        columns: str = cursor.fetchone()[0]
    return columns


def nation() -> int:
    """As many divisions as the nation has, in the shape of Zhaoqing: 31 provinces, 13 cities each.

    Returns how many there are.
    """
    columns = columns_of("places_division")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"""
            WITH cities AS (
                SELECT (11 + n %% 31)::text || (21 + n / 31)::text AS city
                FROM generate_series(0, %s) n
            )
            INSERT INTO places_division ({columns})
            SELECT (jsonb_populate_record(d, jsonb_build_object(
                'code', city || substr(d.code, 5),
                'parent', left(city, length(d.parent)) || substr(d.parent, 5)))).*
            FROM cities, places_division d
            WHERE d.code LIKE '4412%%' AND city <> '4412'
            """,  # noqa: S608 -- the columns are the catalog's
            [COPIES],
        )
        cursor.execute(
            f"INSERT INTO places_division ({columns})"  # noqa: S608 -- the catalog's
            " SELECT DISTINCT ON (left(c.code, 2)) (jsonb_populate_record(p,"
            " jsonb_build_object('code', left(c.code, 2)))).*"
            " FROM places_division c, places_division p"
            " WHERE c.level = 2 AND p.code = '44' AND left(c.code, 2) <> '44'"
        )
        cursor.execute("VACUUM ANALYZE places_division")
        cursor.execute("SELECT count(*) FROM places_division")
        (count,) = cursor.fetchone()
    return int(count)


def multiply(cases: int) -> None:
    """Copies of one case with clock and figures: half all over the nation, half in Zhaoqing."""
    columns = columns_of("cases_case")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"""
            WITH villages AS (
                SELECT code, code LIKE '4412%%' AS here,
                    row_number() OVER (PARTITION BY code LIKE '4412%%' ORDER BY code) AS n
                FROM places_division WHERE level = 5
            ), sizes AS (
                SELECT count(*) FILTER (WHERE here) AS home,
                    count(*) FILTER (WHERE NOT here) AS away
                FROM villages
            ), copies AS (
                SELECT (jsonb_populate_record(one.c, jsonb_build_object(
                    'id', gen_random_uuid(), 'number', left(md5(random()::text), 20),
                    'place', v.code, 'county', left(v.code, 6), 'is_open', g %% {OPEN} = 0,
                    'overdue', g %% {OPEN * DUE} = 0,
                    'due_at', (one.c).due_at + (g %% 90 - CASE WHEN g %% {OPEN * DUE} = 0
                        THEN 91 ELSE 0 END) * interval '1 day'))).*
                FROM generate_series(1, %s) g
                CROSS JOIN sizes
                JOIN villages v ON v.here = (g %% 2 = 0)
                    AND v.n = (g / 2) %% (CASE WHEN g %% 2 = 0 THEN home ELSE away END) + 1
                CROSS JOIN (SELECT x AS c FROM cases_case x WHERE is_open LIMIT 1) one
            ), made AS (
                INSERT INTO cases_case ({columns}) SELECT {columns} FROM copies RETURNING *
            ), clocks AS (
                INSERT INTO cases_clockrun (county, case_id, seq, name, mechanism, status,
                    started_at, due_at, provisional, extended)
                SELECT county, id, 1, 'accept', mechanism, 'running', reported_at, due_at, false,
                    false FROM made WHERE is_open)
            INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
            SELECT county, id, 1, place, mechanism,
                current_date - (hashtext(id::text) & 2147483647) %% {DAYS}, figures
            FROM made
            CROSS JOIN LATERAL (SELECT (ARRAY['family', 'wages', 'land', 'neighbours'])[
                1 + (hashtext(number) & 2147483647) %% 4] AS kind) k
            CROSS JOIN LATERAL (SELECT jsonb_build_object('reported', 1, 'category.' || kind, 1,
                'entered.town.' || kind, 1) || CASE WHEN is_open
                THEN '{{"now.open.register": 1}}'::jsonb
                ELSE jsonb_build_object('closed.settled', 1, 'settled.town.' || kind, 1,
                    'ended.settled.' || kind, 1) END AS figures) f
            """,  # noqa: S608 -- the columns are the catalog's
            [cases],
        )
        cursor.execute("VACUUM ANALYZE cases_case, cases_clockrun, cases_delta")


def without_buildings() -> None:
    """Buildings and grids of what was measured before are ended, so that each has its own."""
    from gongzhi.mechanisms.neighbourhoods.models import Building, Grid

    for model in (Building, Grid):
        model.objects.filter(valid_to=None).update(valid_to=timezone.localdate())
