"""The site serves, is killed, and serves again."""

import subprocess
import sys
import urllib.request

import psutil
import pytest

from gongzhi.site import supervisor
from tests.running import RunningSite

pytestmark = pytest.mark.faults


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own address
        return int(answer.status)


def words_of(process: psutil.Process) -> list[str]:
    """Its command line; none of one that has just ended: what other tests began is there too."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def children() -> list[psutil.Process]:
    """The site's processes; a browser of another test may be running, too."""
    family = psutil.Process().children(recursive=True)
    return [p for p in family if any("granian" in word for word in words_of(p))]


def test_it_serves_and_leaves_nothing_behind(site: RunningSite) -> None:
    assert status(f"{site.url}/healthz") == 200
    started = children()
    assert len(started) >= 2
    site.stop()
    assert [p for p in started if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def test_after_a_kill_it_serves_again_from_the_same_address(site: RunningSite) -> None:
    site.kill()
    with pytest.raises(OSError, match="refused"):
        status(f"{site.url}/healthz")
    site.start()
    assert status(f"{site.url}/readyz") == 200


def test_what_the_public_talks_to_has_no_owners_password(site: RunningSite) -> None:
    web = [p for p in children() if any("granian" in word for word in words_of(p))]
    assert web
    for process in web:
        assert "GONGZHI_DATABASE_URL" not in process.environ()
        assert "gongzhi_app:" in process.environ()["GONGZHI_APP_DATABASE_URL"]


ERASE = """
import django
django.setup()
from django.utils import timezone
from gongzhi.cases.retention import erase_due
erase_due(timezone.now())
"""


@pytest.mark.parametrize(("name", "may"), [("worker", True), ("web", False)])
def test_only_the_worker_may_erase_for_good(site: RunningSite, name: str, may: bool) -> None:
    told = {**supervisor.environment(name), "DJANGO_SETTINGS_MODULE": "gongzhi.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ERASE], env=told, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == may, done.stderr
