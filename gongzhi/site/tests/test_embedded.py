"""The embedded database survives what happens to a desktop machine."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from gongzhi.site import embedded

pytestmark = pytest.mark.faults


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not tmp_path: that one is closed to the user whom root lets run the server."""
    path = Path(tempfile.mkdtemp(prefix="gongzhi-"))
    path.chmod(0o755)
    yield path
    embedded.stop(path)
    shutil.rmtree(path)


def postmaster(folder: Path) -> psutil.Process:
    of = embedded.server(folder)
    return psutil.Process(int((of.data / "postmaster.pid").read_text().splitlines()[0]))


def answer(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def keep_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")


def test_it_starts_and_is_found_running_and_stops(folder: Path) -> None:
    assert not embedded.is_running(folder)
    url = embedded.start(folder, fast=True)
    assert embedded.is_running(folder)
    assert embedded.start(folder, fast=True) == url
    embedded.stop(folder)
    assert not embedded.is_running(folder)
    embedded.stop(folder)


def test_a_killed_server_starts_again_on_its_port_with_its_data(folder: Path) -> None:
    url = embedded.start(folder)
    keep_a_row(url)
    postmaster(folder).kill()
    assert embedded.start(folder) == url
    assert answer(url) == 1


def test_a_pid_that_belongs_to_somebody_else_after_a_reboot_does_not_stop_it(
    folder: Path,
) -> None:
    url = embedded.start(folder)
    keep_a_row(url)
    killed = postmaster(folder)
    killed.kill()
    psutil.wait_procs([killed], timeout=10)
    of = embedded.server(folder)
    with subprocess.Popen(
        ["/bin/cat"],
        stdin=subprocess.PIPE,
        user=of.user,
        group=of.user,
    ) as stranger:
        pid_file = of.data / "postmaster.pid"
        rest = pid_file.read_text().splitlines()[1:]
        pid_file.write_text("\n".join([str(stranger.pid), *rest, ""]))
        assert not embedded.is_running(folder)
        assert answer(embedded.start(folder)) == 1
        assert stranger.poll() is None
        stranger.communicate()


def test_a_first_start_killed_half_way_does_not_spoil_the_next(folder: Path) -> None:
    def kill_in_the_middle() -> None:
        while True:
            for process in psutil.Process().children(recursive=True):
                begun = any(folder.glob(".postgres-*/PG_VERSION"))
                if begun and process.name() == "initdb":
                    process.kill()
                    return

    killer = threading.Thread(target=kill_in_the_middle, daemon=True)
    killer.start()
    with pytest.raises(embedded.EmbeddedError):
        embedded.start(folder, fast=True)
    killer.join()
    embedded.start(folder, fast=True)
    assert embedded.is_running(folder)
    assert [p for p in folder.iterdir() if p.name.startswith(".")] == []


def test_two_starts_at_once_give_one_server(folder: Path) -> None:
    urls: list[str] = []
    starts = [
        threading.Thread(target=lambda: urls.append(embedded.start(folder, fast=True)))
        for _ in range(2)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(urls) == 2 and len(set(urls)) == 1


def test_nobody_comes_in_without_the_password(folder: Path) -> None:
    url = embedded.start(folder, fast=True)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(psycopg.conninfo.make_conninfo(url, password="guessed"))
    assert (folder / "postgres.password").stat().st_mode & 0o077 == 0


def test_the_server_never_gets_our_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGZHI_SECRET_KEY", "for the web server alone")
    embedded.start(folder, fast=True)
    assert "GONGZHI_SECRET_KEY" not in postmaster(folder).environ()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_runs_it_as_somebody_without_rights(folder: Path) -> None:
    embedded.start(folder, fast=True)
    assert postmaster(folder).uids().effective == embedded.NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps data apart from its folder")
def test_under_a_closed_folder_the_data_is_kept_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(embedded, "ROOT_HOME", elsewhere)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    url = embedded.start(closed, fast=True)
    assert embedded.server(closed).data.is_relative_to(elsewhere)
    embedded.stop(closed)
    shutil.rmtree(closed)
    closed.mkdir(mode=0o700)
    assert embedded.start(closed, fast=True) != url
    assert len(list(elsewhere.glob("*/postgres-left-*"))) == 1
    embedded.stop(closed)
