"""The command line says in a sentence what is wrong, and leaves with an exit code."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connections
from django.db.utils import OperationalError

from gongzhi.cases.testing import BEGAN, LINE, make_unit
from gongzhi.mechanisms.safety.models import Edition
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.posts import as_holder
from gongzhi.site import cli


@pytest.fixture(autouse=True)
def own_database(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find Django set up, on the database of the test."""
    monkeypatch.setattr(cli, "ready", lambda: None)


def said(*args: str) -> Result:
    return CliRunner().invoke(cli.main, list(args))


def test_every_command_has_help() -> None:
    for name, command in cli.main.commands.items():
        assert command.help, name
        assert said(name, "--help").exit_code == 0


def test_a_city_that_does_not_ship_with_us_is_named() -> None:
    answer = said("city", "load", "atlantis")
    assert answer.exit_code == 1 and "atlantis" in answer.stderr


def test_drafts_of_lists_are_laid_before_a_city_once() -> None:
    assert "38" in said("lists", "load", LINE[1]).stdout
    assert "drafts 0" in said("lists", "load", LINE[1]).stdout
    assert said("lists", "load", "99").exit_code == 1


def test_the_catalogue_of_checks_that_ships_is_laid_once() -> None:
    for _n in range(2):
        assert "890" in said("catalogue", "load", LINE[1]).stdout
    assert Edition.objects.count() == 1
    assert said("catalogue", "load", "99").exit_code == 1


def test_what_an_import_changed_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("code,name\n91,甲省\n9101,乙市\n", "utf-8")
    assert "added 2" in said("divisions", "import", str(file)).stdout
    file.write_text("code,name\n91,甲省\n9101,丙市\n", "utf-8")
    assert "9101 乙市 → 丙市" in said("divisions", "import", str(file)).stdout
    file.write_text("code,name\n91,甲省\n91x,坏\n", "utf-8")
    answer = said("divisions", "import", str(file))
    assert answer.exit_code == 1 and "91x" in answer.stderr


def test_a_post_is_named_by_place_and_kind() -> None:
    unit = make_unit(LINE[-2])
    for kind in ("clerk", "leader"):
        Post.objects.create(unit_id=unit, kind=kind, title=kind, place=LINE[-2], valid_from=BEGAN)
    word = ("--name", "李", "--password", "a-long-password-1")
    answer = said("user", "add", "li", *word, "--post", f"{LINE[-2]}/mayor")
    assert answer.exit_code == 1 and f"{LINE[-2]}/leader" in answer.stderr
    assert not Account.objects.exists()
    assert said("user", "add", "li", *word, "--post", f"{LINE[-2]}/clerk").exit_code == 0
    held = Appointment.objects.get()
    assert as_holder(held.account_id, held.post_id, at=held.held_from).kind == "clerk"


def test_a_database_that_cannot_be_reached_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(cli, "ready", gone)
    answer = said("verify")
    assert answer.exit_code == 1 and "GONGZHI_DATABASE_URL" in answer.stderr


def test_a_database_of_another_version_is_a_sentence() -> None:
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE cases_case RENAME TO cases_of_another_version")
    answer = said("verify")
    assert answer.exit_code == 1 and "gongzhi migrate" in answer.stderr
