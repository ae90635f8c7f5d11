"""What was answered with success survives kill -9 of web, worker and database, exactly once.

Residents report and staff act over HTTP, and a process acts through the kernel, all at once. The
database of this test writes through to disk as in production (no `fast`).
"""

import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import psycopg
import pytest

from gongzhi.site import config as configuration
from gongzhi.site import demo, embedded
from tests.running import RunningSite

pytestmark = [pytest.mark.faults, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]
VILLAGE = "441226114202"
PEOPLE = 4
EACH = 8
ACTS = 30  # over HTTP in each of two waves, and as many through the kernel
SETUP = "import django; django.setup(); "
ORGANISE = SETUP + ("import random; from gongzhi.site import demo; demo.organise(random.Random(1))")
BEGIN = SETUP + f"from tests.faults import direct; direct.begin('{VILLAGE}', 8)"
GO_ON = SETUP + "from tests.faults import direct; direct.go_on('mediator')"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


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
                token = TOKEN.search(form.text)
                if token is None:
                    return
                told = {
                    "csrfmiddlewaretoken": token.group(1), "key": key, "category": "wages",
                    "text": "拖欠工资。", "respondent": "某合作社", "name": "李工友",
                    "danger": "none", "phone": "13800007788",
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


@dataclass
class Staff:
    """A clerk who notes something in cases, over HTTP in two windows and through the kernel."""

    url: str
    cases: list[tuple[str, str]]
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    token: str = ""
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    written: list[tuple[str, int]] = field(default_factory=list)
    half_way: threading.Event = field(default_factory=threading.Event)
    wanted: int = 0
    lost: int = 0
    back: threading.Event = field(default_factory=threading.Event)

    def sign_in(self) -> None:
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=20) as client:
            form = TOKEN.search(client.get("/accounts/login/").text)
            assert form, "no form to sign in"
            said = {"login": "clerk", "password": demo.PASSWORD}
            client.post("/accounts/login/", data={**said, "csrfmiddlewaretoken": form.group(1)})
            form = TOKEN.search(client.get("/desk/").text)
            assert form, "no form on the desk"
            self.token, self.cookies = form.group(1), client.cookies

    def act(self, key: str) -> None:
        """One act; whatever goes wrong on the way, it stays unacknowledged."""
        county, id_ = self.keys[key]
        case = f"/desk/cases/{county}/{id_}/"
        said = {"csrfmiddlewaretoken": self.token, "key": key, "note": "电话回访。"}
        try:
            answer = httpx.post(f"{self.url}{case}do/note/", data=said, cookies=self.cookies,
                                timeout=20)  # fmt: skip
        except httpx.HTTPError:
            return
        if answer.status_code == 302 and answer.headers["Location"] == case:
            self.acknowledged.add(key)
            if len(self.acknowledged) >= self.wanted:
                self.half_way.set()

    def over_http(self) -> ThreadPoolExecutor:
        """The cases are few, so that acts meet on them."""
        wave = {uuid4().hex: self.cases[n % len(self.cases)] for n in range(ACTS)}
        self.keys |= wave
        self.wanted = len(self.acknowledged) + ACTS // 3
        self.half_way.clear()
        pool = ThreadPoolExecutor(2)
        for key in wave:
            pool.submit(self.act, key)
        return pool

    def again_what_was_not_acknowledged(self) -> None:
        for key in self.keys.keys() - self.acknowledged:
            self.act(key)

    def through_the_kernel(self, process: "subprocess.Popen[str]") -> None:
        """Without a pause until the database has gone, and some more when it is back."""
        assert process.stdin and process.stdout
        left, cases = ACTS, cycle(self.cases)
        while left:
            county, id_ = next(cases)
            process.stdin.write(f"{county} {id_} {uuid4().hex}\n")
            process.stdin.flush()
            while (said := process.stdout.readline().strip()) == "lost":
                self.lost += 1
                self.back.wait()
                process.stdin.write("\n")
                process.stdin.flush()
            self.written.append((id_, int(said)))
            left -= self.back.is_set()
        process.stdin.close()

    def notes(self) -> Counter[str]:
        """How many entries each case must have of what was asked for."""
        return Counter(id_ for _, id_ in self.keys.values()) + Counter(
            id_ for id_, _ in self.written
        )


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
    # As root it does not lie in the test's own folder, which pytest would clear.
    shutil.rmtree(embedded.server(folder).data)


def kill_database(folder: Path) -> None:
    """kill -9 of the postmaster and all its processes."""
    data = embedded.server(folder).data
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=20)


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return done.stdout


@pytest.fixture
def kernel(lasting: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that acts on cases as it is told."""
    process = subprocess.Popen(
        [sys.executable, "-c", GO_ON], text=True, cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        yield process
        process.kill()


def test_what_was_acknowledged_is_there_exactly_once(
    lasting: Path, kernel: "subprocess.Popen[str]"
) -> None:
    cases = [(c, i) for c, i in (line.split() for line in run(BEGIN).splitlines())]
    running = RunningSite(configuration.read())
    running.start()
    running.start_worker()
    reporters, staff = Reporters(running.url), Staff(running.url, cases)
    try:
        staff.sign_in()
        direct = ThreadPoolExecutor(1)
        acting = direct.submit(staff.through_the_kernel, kernel)
        pools = [reporters.all_at_once(), staff.over_http()]
        assert reporters.half_way.wait(60), "the site takes no reports"
        assert staff.half_way.wait(60), "the site lets nobody act"
        running.kill_worker()
        running.kill()
        running.start()
        # Whoever came while it was away was refused at once; others come now.
        pools += [reporters.all_at_once(), staff.over_http()]
        assert staff.half_way.wait(60), "the site lets nobody act after it was killed"
        kill_database(lasting)
        url = embedded.start(lasting)
        staff.back.set()
        for pool in (*pools, direct):
            pool.shutdown(wait=True)
        acting.result()
        assert staff.lost, "nobody was acting when the database went"
        assert url == configuration.read().database_url, "the database came back elsewhere"
        running.start_worker()
        reporters.again_what_was_not_acknowledged()
        staff.again_what_was_not_acknowledged()
    finally:
        running.stop()
    assert reporters.asked == reporters.numbers.keys()
    assert staff.acknowledged == staff.keys.keys()
    with psycopg.connect(url) as owner:
        kept = [n for (n,) in owner.execute(
            "SELECT number FROM cases_case WHERE id <> ALL (%s::uuid[])", [[i for _, i in cases]]
        )]  # fmt: skip
        noted = owner.execute("SELECT case_id::text, seq FROM cases_entry WHERE act = 'note'")
        notes = noted.fetchall()
    assert sorted(kept) == sorted(reporters.numbers.values())
    assert Counter(id_ for id_, _ in notes) == staff.notes()
    assert set(staff.written) <= set(notes) and len(set(staff.written)) == len(staff.written)
    done = subprocess.run(
        [sys.executable, "-m", "gongzhi", "verify"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
