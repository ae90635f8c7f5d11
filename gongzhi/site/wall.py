"""What the application's database role may do; made anew after every migration.

It reads cases within row-level security and writes them through versioned functions only.
"""

from urllib.parse import urlsplit

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from gongzhi.site.config import Config, app_password

ROLE = "gongzhi_app"


class WallError(Exception):
    """The application's role is not one that row-level security holds."""


def role_of(config: Config) -> str:
    """The role the application connects as: ours, or the one its operator has named."""
    return urlsplit(config.app_database_url).username or ROLE


def _role(config: Config) -> list[sql.Composable]:
    """Make the role. Attributes it has by default are not named: only a superuser may name them."""
    role = sql.Identifier(ROLE)
    return [
        sql.SQL(
            "DO $$ BEGIN CREATE ROLE {} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ).format(role),
        sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(app_password(config))),
    ]


def _grants(
    name_of_role: str, tables: list[tuple[str, bool]], functions: list[str]
) -> list[sql.Composable]:
    role = sql.Identifier(name_of_role)
    statements: list[sql.Composable] = [
        # Databases that come from before PostgreSQL 15 let everybody make tables here.
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {}").format(role),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
    ]
    for table, read_only in tables:
        rights = "SELECT" if read_only else "SELECT, INSERT, UPDATE, DELETE"
        statements.append(
            sql.SQL("GRANT " + rights + " ON {} TO {}").format(sql.Identifier(table), role)
        )
    for function in functions:
        name = sql.SQL(function)  # a regprocedure, quoted by PostgreSQL itself
        statements.append(sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(name))
        if function.partition("(")[0].strip('"').rpartition("_v")[2].isdigit():
            statements.append(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(name, role))
    return statements


def apply(config: Config, *, alias: str = "owner") -> None:
    """Create the role and grant exactly what it needs, in one transaction. Safe to repeat."""
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    tables = [(m._meta.db_table, bool(getattr(m, "written_by_door", False))) for m in models]
    role = role_of(config)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        # Roles belong to the whole server: two migrations at once would trip over each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gongzhi.site.wall'))")
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate_%'")
        tables += [(name, False) for (name,) in cursor.fetchall()]
        tables += [("django_migrations", True)]
        # Functions of extensions stay as they are; ours are those whose owner is the database's.
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'"
            " WHERE p.pronamespace = 'public'::regnamespace AND d.objid IS NULL"
        )
        functions = [name for (name,) in cursor.fetchall()]
        made = [] if config.app_database_url else _role(config)
        statements = [*made, *_grants(role, sorted(set(tables)), functions)]
        cursor.execute(sql.SQL("; ").join(statements).as_string())
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() != (False,):
            raise WallError(
                f"The role {role} is missing, or may bypass row-level security: "
                "make it with NOSUPERUSER and NOBYPASSRLS."
            )
