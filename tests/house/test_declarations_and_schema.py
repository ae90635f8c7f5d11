"""What Django, our declarations and the migrations are asked before anything else runs."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django_migration_linter import MigrationLinter

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["places", "people", "cases"]


def test_settings_and_declarations_pass_every_system_check() -> None:
    call_command("check", fail_level="WARNING", verbosity=0)


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("part", PARTS)
def test_the_migrations_of_a_part_can_run_while_the_site_serves(part: str) -> None:
    linter = MigrationLinter(str(ROOT), include_apps=[part], database="owner", no_cache=True)
    linter.lint_all_migrations()
    assert linter.nb_total > 0
    assert linter.nb_erroneous == 0
