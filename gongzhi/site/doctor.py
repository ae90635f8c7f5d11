"""Examines an installation and says in sentences what is wrong with it."""

import shutil
from collections.abc import Iterator
from datetime import date

from gongzhi.site import config as configuration
from gongzhi.site import supervisor


def examine() -> list[str]:
    """What is wrong, each with what to do; empty when all is well."""
    try:
        config = configuration.read()
        supervisor.provide(config)
        config = configuration.read()
    except (configuration.ConfigError, supervisor.CannotStart) as error:
        return [str(error)]
    found = configuration.problems(config)
    return found or [
        *_keys(), *_database(), *_calendar(), *_notices(config), *_place(config)
    ]  # fmt: skip


def _keys() -> Iterator[str]:
    import django

    django.setup()
    from gongzhi.cases.stores import check_store
    from gongzhi.people.sealing import check_keys

    yield from check_keys()
    yield from check_store()


def _database() -> Iterator[str]:
    import django
    from django.db import DatabaseError, connections
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, rolsuper OR rolbypassrls,"
                " has_table_privilege('cases_entry', 'UPDATE, DELETE, INSERT')"
                " FROM pg_roles WHERE rolname = current_user"
            )
            version, above_wall, writes = cursor.fetchone()
        executor = MigrationExecutor(connections["owner"])
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield f"The database cannot be used: {error}. Try `gongzhi migrate`."
        return
    if version < 150_000:
        yield "PostgreSQL 15 or newer is needed."
    if above_wall or writes:
        yield "The application's role can pass the wall; run `gongzhi migrate` to set its rights."
    if behind:
        yield f"{len(behind)} migrations are missing; run `gongzhi migrate`."


def _calendar() -> Iterator[str]:
    from gongzhi.cases.calendar import working_calendar

    year = date.today().year + (1 if date.today().month == 12 else 0)  # noqa: DTZ011
    if not working_calendar().knows(date(year, 12, 31)):
        yield f"The working days of {year} are not known; add them (docs/guide/operations.md)."


def _notices(config: configuration.Config) -> Iterator[str]:
    from django.db import DatabaseError

    from gongzhi.site.metrics import undelivered

    try:
        _waiting, retrying, given_up = undelivered()
    except DatabaseError:
        return  # said above
    if given_up:
        yield f"{given_up} notices of the last seven days could not be delivered."
    if retrying:
        yield f"{retrying} notices wait for another try; their receivers do not answer."
    if config.smtp_url and not config.mail_from:
        yield "GONGZHI_MAIL_FROM is missing: mails need a sender."


def _place(config: configuration.Config) -> Iterator[str]:
    home = configuration.home(config)
    if shutil.disk_usage(home).free < supervisor.LEAST_FREE:
        yield f"{home} has less than 500 MB free."
    if not (home / "static").exists():
        yield "Static files are missing; run `make setup` and `gongzhi run`."
