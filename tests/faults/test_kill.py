"""What was answered with success survives kill -9 of web, worker and database, exactly once.

The database of this test writes through to disk as in production (no `fast`).
"""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from gongzhi.site import config as configuration
from gongzhi.site import embedded
from tests.running import RunningSite

pytestmark = pytest.mark.faults
VILLAGE = "441226114202"
PEOPLE = 4
EACH = 12
ORGANISE = (
    "import django; django.setup(); import random;"
    "from gongzhi.site import demo; demo.organise(random.Random(1))"
)


@dataclass
class Reporters:
    """Residents who report at once, and know what was acknowledged to them."""

    url: str
    numbers: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    half_way: threading.Event = field(default_factory=threading.Event)

    def report(self, key: str) -> None:
        """One report; whatever goes wrong on the way, it stays unacknowledged."""
        self.asked.add(key)
        try:
            with httpx.Client(base_url=self.url, follow_redirects=True, timeout=20) as client:
                form = client.get(f"/report/mediation/{VILLAGE}/")
                token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
                if token is None:
                    return
                told = {
                    "csrfmiddlewaretoken": token.group(1), "key": key, "category": "wages",
                    "text": "拖欠工资。", "respondent": "某合作社", "name": "李工友",
                    "phone": "13800007788",
                }  # fmt: skip
                answer = client.post(f"/report/mediation/{VILLAGE}/", data=told)
        except httpx.HTTPError:
            return
        number = re.search(r"\d{6}-\d{2}-\d{7}-\d", answer.text)
        if answer.status_code == 200 and number:
            self.numbers[key] = number.group().replace("-", "")
            if len(self.numbers) >= PEOPLE * EACH // 3:
                self.half_way.set()

    def all_at_once(self) -> ThreadPoolExecutor:
        pool = ThreadPoolExecutor(PEOPLE)
        for _ in range(PEOPLE * EACH):
            pool.submit(self.report, uuid4().hex)
        return pool

    def again_what_was_not_acknowledged(self) -> None:
        for key in self.asked - self.numbers.keys():
            self.report(key)


@pytest.fixture
def lasting(tmp_path: Path, collected: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database of its own that keeps what it says it keeps."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GONGZHI_DATABASE_URL", embedded.start(folder))
    monkeypatch.setenv("GONGZHI_PORT", str(embedded.free_port()))
    monkeypatch.setenv("GONGZHI_REPORTS_PER_HOUR", "100000")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
    for command in (["-m", "gongzhi", "migrate"], ["-m", "gongzhi", "city", "load"],
                    ["-c", ORGANISE]):  # fmt: skip
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
    yield folder
    embedded.stop(folder)


def kill_database(folder: Path) -> None:
    """kill -9 of the postmaster and all its processes."""
    data = embedded.server(folder).data
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=20)


def test_what_was_acknowledged_is_there_exactly_once(lasting: Path) -> None:
    running = RunningSite(configuration.read())
    running.start()
    running.start_worker()
    reporters = Reporters(running.url)
    try:
        pool = reporters.all_at_once()
        assert reporters.half_way.wait(60), "the site takes no reports"
        running.kill_worker()
        running.kill()
        running.start()
        kill_database(lasting)
        url = embedded.start(lasting)
        pool.shutdown(wait=True)
        assert url == configuration.read().database_url, "the database came back elsewhere"
        running.start_worker()
        reporters.again_what_was_not_acknowledged()
    finally:
        running.stop()
    assert reporters.asked == reporters.numbers.keys()
    with psycopg.connect(url) as owner:
        kept = [n for (n,) in owner.execute("SELECT number FROM cases_case")]
    assert sorted(kept) == sorted(reporters.numbers.values())
    done = subprocess.run(
        [sys.executable, "-m", "gongzhi", "verify"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
