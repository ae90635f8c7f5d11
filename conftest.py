"""Databases for tests: a migrated template, and copies of it."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from psycopg import sql

from gongzhi.cases import catalogue, limits
from gongzhi.networks.responsibility import routing
from gongzhi.places.load import load_city
from gongzhi.site import config as configuration
from gongzhi.site import embedded, wall
from tests.running import RunningSite

ROOT = Path(__file__).parent
ADMIN = os.environ["GONGZHI_DATABASE_URL"]


def _fingerprint() -> str:
    """Changes when anything does that the template is made from."""
    made_from = sorted(
        p for p in (ROOT / "gongzhi").rglob("*")
        if p.suffix == ".sql" or "migrations" in p.parts or p.name in {"wall.py", "load.py"}
        or p.suffix == ".csv"
    )  # fmt: skip
    said = b"".join(p.read_bytes() for p in made_from if p.is_file() and p.suffix != ".pyc")
    return hashlib.sha256(said + settings.SECRET_KEY.encode()).hexdigest()[:12]


def _use(name: str) -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _create(name: str, template: str) -> None:
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def _drop(name: str) -> None:
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _template() -> str:
    """A migrated database with Zhaoqing in it, made once for each state of the schema."""
    # White noise warns where there is no folder to serve from, and warnings are errors here.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    name = f"gongzhi_template_{_fingerprint()}"
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        # xdist workers come at the same time; one makes it, the others wait.
        admin.execute("SELECT pg_advisory_lock(20261123)")
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        for (old,) in admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'gongzhi_template_%'"
        ).fetchall():
            _drop(old)
        _create(f"{name}_new", "template0")
        _use(f"{name}_new")
        call_command("migrate", database="owner", verbosity=0)
        wall.apply(settings.CONFIG)
        load_city("zhaoqing")
        with connections["owner"].cursor() as owner:  # in tests, time may be any
            owner.execute(
                "CREATE OR REPLACE FUNCTION gz_latest() RETURNS timestamptz"
                " LANGUAGE sql STABLE AS $$ SELECT 'infinity'::timestamptz $$"
            )
            # Which index is taken must not hang on when a table was last looked through.
            owner.execute("ALTER TABLE cases_case SET (autovacuum_enabled = false)")
        _use("postgres")
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(f"{name}_new"), sql.Identifier(name)
            )
        )
    return name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long test at the end is one that a single worker plays while the others wait."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def speak_chinese() -> Iterator[None]:
    """A request made by one test must not leave its language to the next."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def usual_categories_limits_and_lists() -> Iterator[None]:
    """As declared, and known without asking; what one test changes is rolled back, not kept."""
    catalogue.keep({})
    limits.keep({})
    routing.keep(None)
    yield
    catalogue.forget()
    limits.forget()
    routing.forget()


@pytest.fixture(scope="session")
def template(django_db_blocker: pytest.FixtureRequest) -> str:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return _template()


@pytest.fixture(scope="session")
def django_db_setup(template: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """One database a worker, in which each test is rolled back."""
    name = f"gongzhi_test_{os.getpid()}"
    _drop(name)
    _create(name, template)
    _use(name)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _use("postgres")
    _drop(name)


@pytest.fixture
def fresh_database(
    django_db_setup: None, template: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of its own, for tests that commit, tamper or start other processes."""
    before = connections["default"].settings_dict["NAME"]
    name = f"gongzhi_fresh_{os.getpid()}"
    _drop(name)
    _create(name, template)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _use(name)
        yield name
        _use(before)
    _drop(name)


@pytest.fixture(scope="session")
def collected() -> None:
    """Static files where the real server looks for them."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def site(
    fresh_database: str, collected: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningSite]:
    """The real web server, for tests that come by HTTP, and for those that kill it."""
    url = urlsplit(ADMIN)
    monkeypatch.setenv("GONGZHI_DATABASE_URL", urlunsplit(url._replace(path=f"/{fresh_database}")))
    monkeypatch.setenv("GONGZHI_PORT", str(embedded.free_port()))
    running = RunningSite(configuration.read())
    try:
        running.start()
        yield running
    finally:
        running.stop()
