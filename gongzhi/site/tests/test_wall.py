"""The application's role reads within row-level security and writes through the door alone."""

from dataclasses import replace

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.utils import DataError, ProgrammingError

from gongzhi.site import wall

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BY_DOOR = [m._meta.db_table for m in apps.get_models() if getattr(m, "written_by_door", False)]


def rights(table: str) -> set[str]:
    """What the application's role may do with a table, asked of PostgreSQL itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',"
            " 'TRIGGER', 'REFERENCES']) r WHERE has_table_privilege('gongzhi_app', %s, r)",
            [table],
        )
        return {right for (right,) in cursor.fetchall()}


def asked(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    assert row is not None
    return row[0]


def test_we_connect_as_a_role_that_cannot_pass_the_wall() -> None:
    assert asked("SELECT current_user") == wall.ROLE
    assert asked(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user"
    ) is False  # fmt: skip


def test_the_kernels_tables_can_only_be_read() -> None:
    assert "cases_entry" in BY_DOOR and "cases_case" in BY_DOOR
    assert {table: rights(table) for table in BY_DOOR} == {t: {"SELECT"} for t in BY_DOOR}


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO cases_entry DEFAULT VALUES",
        "UPDATE cases_entry SET act = 'nothing'",
        "DELETE FROM cases_entry",
        "TRUNCATE cases_entry",
        "DROP TABLE cases_entry",
        "ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE public.mine (n int)",
        "SET ROLE gongzhi",
        "UPDATE django_migrations SET name = ''",
    ],
)
def test_the_ledger_and_the_wall_are_out_of_reach(sql: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_every_table_that_carries_cases_is_behind_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT relrowsecurity",
            [[table for table in BY_DOOR if table.startswith("cases_")]],
        )
        assert cursor.fetchall() == []


def test_functions_that_are_not_versioned_doors_cannot_be_called() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p LEFT JOIN pg_depend d"
            " ON d.objid = p.oid AND d.deptype = 'e'"
            " WHERE p.pronamespace = 'public'::regnamespace AND d.objid IS NULL"
            " AND has_function_privilege('gongzhi_app', p.oid, 'EXECUTE')"
        )
        open_to_it = {name for (name,) in cursor.fetchall()}
    doors = {n for n in open_to_it if n.rpartition("_v")[2].isdigit()}
    assert {"report_v1", "act_v1"} <= doors
    assert {n for n in open_to_it - doors if not n.startswith("procrastinate_")} == set()


def test_every_door_sets_its_own_search_path() -> None:
    """Else a caller could put tables of their own before ours and have the owner write them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            " AND NOT coalesce(array_to_string(proconfig, ',') LIKE '%search_path%', false)"
        )
        assert cursor.fetchall() == []


def test_what_an_earlier_version_granted_is_taken_back() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT ALL ON cases_entry TO gongzhi_app")
    wall.apply(settings.CONFIG)
    assert rights("cases_entry") == {"SELECT"}


def test_a_role_that_may_bypass_the_wall_is_refused() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE ROLE too_mighty LOGIN BYPASSRLS")
    above = replace(settings.CONFIG, app_database_url="postgresql://too_mighty@127.0.0.1/x")
    with pytest.raises(wall.WallError, match="too_mighty"):
        wall.apply(above)


def test_the_application_needs_its_password() -> None:
    params = connection.get_connection_params()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=params["host"], port=params["port"], user=params["user"],
            password="guessed", dbname=params["dbname"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT sweep_v1('x', 'x', 'x', now() + interval '1 day', '{}', 1)", "not what time does"),
        ("SELECT sweep_v1('x', 'x', 'x', now(), '{\"case\": {\"unit\": null}}', 1)",
         "not what time does"),
        ("SELECT add_up_v1(now()::date + 2)", "that day is not over"),
    ],
)  # fmt: skip
def test_time_is_not_turned_forward_nor_gives_a_case_away(sql: str, said: str) -> None:
    with connections["owner"].cursor() as cursor:  # as where it is not a test
        cursor.execute(
            "CREATE OR REPLACE FUNCTION gz_latest() RETURNS timestamptz"
            " LANGUAGE sql STABLE AS $$ SELECT now() $$"
        )
    with pytest.raises(DataError, match=said), connections["owner"].cursor() as c:
        c.execute(sql)


def test_only_the_owner_erases() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        asked("SELECT gz_erase('mediation', now(), now(), 1)")
