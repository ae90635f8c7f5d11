"""The replay of the article: what it counts is in the database, and its exit code tells."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongzhi.declare import registry
from gongzhi.site import embedded, replay
from gongzhi.site.replay.figures import ARTICLE, at_least, exactly
from gongzhi.site.replay.rows import Told

ROOT = Path(__file__).resolve().parents[3]
CHEAP = ("contact_points", "rainbow_road", "lists", "catalogue", "wages")


def played(*names: str, without: tuple[str, ...] = ()) -> dict[str, Told]:
    rows = [row for row in replay.every() if row.name in names]
    return {one.row.name: one for one in replay.played(rows, without, lambda _said: None)}


def test_every_statement_of_the_article_has_its_row() -> None:
    assert [row.name for row in replay.every()] == list(ARTICLE)
    known = {m.name for m in registry.every()}
    assert {row.mechanism.name for row in replay.every()} == known


@pytest.mark.django_db
def test_rows_are_done_and_their_figures_counted() -> None:
    found = played(*CHEAP)
    assert {name: one.figures for name, one in found.items() if not one.ok} == {}
    assert found["wages"].counted["已兑现工资（元） wages paid, RMB"] == 380_000
    assert found["lists"].counted["责任清单 lists"] == 38


@pytest.mark.django_db
def test_a_mechanism_that_is_off_fails_its_rows_and_no_other() -> None:
    found = played("rainbow_road", "lists", "catalogue", without=("roads",))
    assert {name: one.ok for name, one in found.items()} == {
        "rainbow_road": False, "lists": False, "catalogue": True
    }  # fmt: skip
    assert "roads" in found["lists"].wrong
    assert found["rainbow_road"].counted["村级路长 village road chiefs"] == 0
    assert registry.get("roads").name == "roads"  # only for the time of the replay


@pytest.mark.django_db
def test_no_row_agrees_without_its_mechanism() -> None:
    found = played(*ARTICLE, without=tuple(m.name for m in registry.every()))
    assert all(one.wrong and not one.ok for one in found.values()) and len(found) == len(ARTICLE)


@pytest.mark.django_db
def test_nothing_is_counted_where_nothing_was_done() -> None:
    for row in replay.every():
        assert not Told(row, counted=dict(row.count())).ok, row.name


def test_a_figure_says_whether_it_is_met() -> None:
    assert exactly(52).met_by(52) and not exactly(52).met_by(53)
    assert at_least(7_000).met_by(7_020) and not at_least(7_000).met_by(6_999)


def run(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    """The command, in an environment that names another database."""
    return subprocess.run(
        [sys.executable, "-m", "gongzhi", "replay", *asked], cwd=folder, capture_output=True,
        text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(embedded.server(tmp_path / replay.HOME).data.parent)


def test_the_exit_code_tells(folder: Path) -> None:
    done = run(folder, "--only", "lists", "--without", "roads")
    assert done.returncode == 1, done.stderr
    assert "0/1" in done.stdout
    (row,) = json.loads((folder / replay.HOME / "replay.json").read_text("utf-8"))["rows"]
    assert row["figures"][0] == {
        "what": "责任清单 lists", "article": "38", "counted": 0, "counted_said": "0",
        "ok": False,
    }  # fmt: skip
    assert "责任清单" in (folder / replay.HOME / "replay.html").read_text("utf-8")


def test_an_unknown_row_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "--only", "nothing")
    assert done.returncode == 1 and "nothing" in done.stderr and "lists" in done.stderr
