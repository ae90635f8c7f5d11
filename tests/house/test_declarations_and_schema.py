"""What Django, our declarations and the migrations are asked before anything else runs."""

from io import StringIO

import pytest
from django.core.management import call_command

PARTS = ["places", "people", "cases"]


def test_settings_and_declarations_pass_every_system_check() -> None:
    call_command("check", fail_level="WARNING", verbosity=0)


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("part", PARTS)
def test_the_migrations_of_a_part_can_run_while_the_site_serves(part: str) -> None:
    out = StringIO()
    call_command(
        "lintmigrations", part, database="owner", no_cache=True, stdout=out,
        project_root_path=".",
    )  # fmt: skip
    assert "Erroneous migrations: 0/" in out.getvalue() or "ERR" not in out.getvalue()
