"""The doctor finds what is wrong with an installation and says what to do."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connections
from django.utils import timezone

from gongzhi.cases.models import Delivery
from gongzhi.cases.testing import LINE, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.site import doctor, wall
from gongzhi.site.cli import main

pytestmark = pytest.mark.usefixtures("collected")
DATABASES = ["default", "owner"]


def found(word: str) -> list[str]:
    return [sentence for sentence in doctor.examine() if word in sentence]


@pytest.mark.usefixtures("fresh_database")
def test_an_application_that_could_change_the_ledger_is_found() -> None:
    assert found("wall") == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT UPDATE ON cases_entry TO gongzhi_app")
    (sentence,) = found("wall")
    assert "gongzhi migrate" in sentence
    wall.apply(settings.CONFIG)
    assert found("wall") == []


@pytest.mark.usefixtures("fresh_database")
def test_a_migration_that_did_not_run_is_found() -> None:
    assert found("migrations") == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    (sentence,) = found("migrations")
    assert "gongzhi migrate" in sentence


@pytest.mark.django_db(databases=DATABASES)
def test_missing_static_files_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("Static files") == []
    monkeypatch.setenv("GONGZHI_HOME", str(tmp_path))
    assert len(found("Static files")) == 1


@pytest.mark.usefixtures("fresh_database")
def test_notices_that_were_given_up_are_found() -> None:
    case, now = begin(m.mediation, by=make_cast()[LINE[-2], "clerk"]), timezone.now()
    county, id_ = case.ref
    assert found("notices") == []
    for n, error in enumerate(("timeout", "http_500")):
        Delivery.objects.using("owner").create(
            county=county, case_id=id_, seq=1, task=0, n=n, outlet=id_, name="custody", unit=id_,
            kind="webhook", shown="…", made_at=now, tries=9, given_up_at=now, error=error,
        )  # fmt: skip
    assert found("notices")[0].startswith("2 notices")


def test_a_fault_is_said_and_the_exit_code_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGZHI_SECRET_KEY", "short")
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert "GONGZHI_SECRET_KEY" in result.output


def test_every_command_explains_itself() -> None:
    for name in main.commands:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0 and len(result.output.splitlines()) > 3, name
