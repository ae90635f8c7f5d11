"""Invariant 8: everything keyed by county stays in its shard, so that Citus can take it over.

What Citus asks of tables is asked here of PostgreSQL's catalogue; no Citus is needed. That it is
enough was tried outside this test only (see docs/architecture.md).
"""

import pytest
from django.db import connections
from django.db.backends.utils import CursorWrapper

RULES = {
    "a table of cases has the county": """
        SELECT c.relname FROM tables c
        WHERE (EXISTS (SELECT 1 FROM columns a WHERE a.relid = c.oid AND a.attname = 'case_id')
            OR c.relname = 'cases_case') AND c.oid NOT IN (SELECT oid FROM sharded)
    """,
    "a primary key begins with the county": """
        SELECT s.relname FROM sharded s
        WHERE NOT EXISTS (
            SELECT 1 FROM pg_constraint k
            JOIN columns a ON a.relid = s.oid AND a.attnum = k.conkey[1]
            WHERE k.conrelid = s.oid AND k.contype = 'p' AND a.attname = 'county')
    """,
    "what is unique is unique in its county": """
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN sharded s ON s.oid = i.indrelid
        WHERE i.indisunique AND NOT EXISTS (
            SELECT 1 FROM columns a
            WHERE a.relid = s.oid AND a.attname = 'county'
              AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
    """,
    "a foreign key between cases carries the county": """
        SELECT k.conname FROM pg_constraint k
        JOIN sharded s ON s.oid = k.conrelid JOIN sharded t ON t.oid = k.confrelid
        WHERE k.contype = 'f' AND NOT EXISTS (
            SELECT 1 FROM generate_subscripts(k.conkey, 1) n
            JOIN columns a ON a.relid = s.oid AND a.attnum = k.conkey[n]
            JOIN columns b ON b.relid = t.oid AND b.attnum = k.confkey[n]
            WHERE a.attname = 'county' AND b.attname = 'county')
    """,
    "nothing outside refers to a case": """
        SELECT k.conname FROM pg_constraint k JOIN sharded t ON t.oid = k.confrelid
        WHERE k.contype = 'f' AND k.conrelid NOT IN (SELECT oid FROM sharded)
    """,
    "no foreign key sets null": """
        SELECT k.conname FROM pg_constraint k JOIN sharded s ON s.oid = k.conrelid
        WHERE k.contype = 'f' AND (k.confdeltype = 'n' OR k.confupdtype = 'n')
    """,
    "nothing counts on from a sequence": """
        SELECT s.relname FROM sharded s JOIN columns a ON a.relid = s.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = s.oid AND d.adnum = a.attnum
        WHERE a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%'
    """,
    "no trigger but those of foreign keys": """
        SELECT g.tgname FROM pg_trigger g JOIN sharded s ON s.oid = g.tgrelid
        WHERE NOT g.tgisinternal
    """,
    "a door to cases takes the county first": """
        SELECT p.proname FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname ~ '_v[0-9]+$'
          AND p.prosrc ~ 'cases_' AND p.proargnames[1] IS DISTINCT FROM '_county'
          AND p.proname NOT IN ('sweep_v1', 'fold_v1', 'add_up_v1')
    """,
}
# Of those left out above two run through all counties, and lock with SKIP LOCKED, which Citus
# allows within one county only: a sharded installation must call them county by county. The third
# reads and writes counters alone, which are of all five levels and in no shard.
CATALOGUE = """
    WITH tables AS (
        SELECT oid, relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    ), columns AS (
        SELECT attrelid AS relid, attname::text, attnum, attidentity FROM pg_attribute
        WHERE attnum > 0 AND NOT attisdropped
    ), sharded AS (
        SELECT c.oid, c.relname FROM tables c JOIN columns a ON a.relid = c.oid
        WHERE a.attname = 'county'
    )
"""
PLANTED = {
    "a table of cases has the county": "CREATE TABLE planted (case_id uuid PRIMARY KEY)",
    "a primary key begins with the county":
        "CREATE TABLE planted (id uuid, county varchar(6), PRIMARY KEY (id, county))",
    "what is unique is unique in its county":
        "CREATE UNIQUE INDEX planted ON cases_case (number)",
    "a foreign key between cases carries the county":
        "CREATE UNIQUE INDEX planted_key ON cases_case (id);"
        " ALTER TABLE cases_task ADD CONSTRAINT planted FOREIGN KEY (case_id)"
        " REFERENCES cases_case (id)",
    "nothing outside refers to a case":
        "CREATE TABLE other (of varchar(6), id uuid,"
        " CONSTRAINT planted FOREIGN KEY (of, id) REFERENCES cases_case (county, id))",
    "no foreign key sets null":
        "ALTER TABLE cases_task ADD CONSTRAINT planted FOREIGN KEY (county, case_id)"
        " REFERENCES cases_case (county, id) ON DELETE SET NULL",
    "nothing counts on from a sequence":
        "ALTER TABLE cases_task ADD COLUMN planted int GENERATED ALWAYS AS IDENTITY",
    "no trigger but those of foreign keys":
        "CREATE TRIGGER planted BEFORE UPDATE ON cases_case FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a door to cases takes the county first":
        "CREATE FUNCTION planted_v1(_id uuid) RETURNS void LANGUAGE sql AS"
        " 'UPDATE cases_case SET seq = 0 WHERE id = _id'",
}  # fmt: skip


def broken(cursor: CursorWrapper) -> dict[str, list[str]]:
    """What breaks a rule, by rule."""
    found = {}
    for rule, sql in RULES.items():
        cursor.execute(CATALOGUE + sql)
        if names := [str(name) for (name,) in cursor.fetchall()]:
            found[rule] = names
    return found


@pytest.mark.django_db(databases=["owner"])
def test_everything_keyed_by_county_stays_in_its_shard() -> None:
    with connections["owner"].cursor() as cursor:
        assert broken(cursor) == {}


@pytest.mark.django_db(databases=["owner"])
@pytest.mark.parametrize("rule", RULES)
def test_what_would_leave_its_shard_is_found(rule: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(PLANTED[rule])
        assert rule in broken(cursor)
