"""How fast cases come in and are acted on, beside what PostgreSQL alone does with such rows."""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil
from django.db import connections
from django.utils import timezone
from rich.console import Console

from gongzhi.cases.act import Receipt, act, report
from gongzhi.cases.bulk import report_many
from gongzhi.cases.testing import told
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Resident, as_holder
from gongzhi.site import config as configuration
from gongzhi.site import demo, embedded, supervisor

VILLAGE = "441226114202"
FORM = f"/report/mediation/{VILLAGE}/"
PEOPLE = 4
ROUNDS = 5
EACH = 200  # reports and acts of a round
SECONDS = 4  # of pgbench in a round
MANY = 20_000
# The rows of one report, written plainly: what PostgreSQL alone does in that time.
BASELINE = """
BEGIN;
INSERT INTO bench_case SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(),
    'number', left(gen_random_uuid()::text, 20)))).* FROM bench_one c;
INSERT INTO bench_row SELECT gen_random_uuid(), repeat('x', 400) FROM generate_series(1, 8);
COMMIT;
"""


def _rate(do: Callable[[Any], object], of: Iterable[Any], threads: int = 1) -> float:
    """How many a second."""
    given = list(of)
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(do, given))
    return len(given) / (time.perf_counter() - began)


def reported(n: int) -> list[Receipt]:
    now = timezone.now()
    return [report(m.mediation, told(place=VILLAGE), key=uuid4().hex, now=now, by=Resident())
            for _ in range(n)]  # fmt: skip


def kernel() -> dict[str, float]:
    """report() and act() one after another, without pages."""
    now = timezone.now()
    holding = Appointment.objects.get(account__username="clerk")
    clerk = as_holder(holding.account_id, holding.post_id, at=now)
    reported(50)
    began = time.perf_counter()
    done = reported(EACH)
    reports = EACH / (time.perf_counter() - began)
    began = time.perf_counter()
    for r in done:
        act((r.county, r.id), m.accept, {}, key=uuid4().hex, now=now, by=clerk)
    acts = EACH / (time.perf_counter() - began)
    return {
        "report() a second": round(reports),
        "act() a second": round(acts),
        "act() to report()": round(acts / reports, 2),
    }


def bulk() -> dict[str, float]:
    """Many reports at once, in one process."""
    reports = [(uuid4().hex, told(place=VILLAGE)) for _ in range(MANY)]
    began = time.perf_counter()
    report_many(m.mediation, reports, now=timezone.now(), by=Resident())
    return {"bulk intake a second": round(MANY / (time.perf_counter() - began))}


class Browser:
    """A connection that is kept, with cookies and the token of forms."""

    def __init__(self) -> None:
        config = configuration.read()
        self.connection = HTTPConnection(config.host, config.port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, path: str, said: dict[str, str] | None = None) -> int:
        body = urlencode({**said, "csrfmiddlewaretoken": self.token}) if said is not None else None
        head = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("POST" if body else "GET", path, body, head)
        answer = self.connection.getresponse()
        page = answer.read()
        for line in answer.headers.get_all("Set-Cookie", ()):
            self.cookies |= {k: v.value for k, v in SimpleCookie(line).items()}
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        self.token = token.group(1).decode() if token else self.token
        return answer.status

    def sign_in(self, username: str) -> "Browser":
        self.ask("/accounts/login/")
        said = {"login": username, "password": demo.PASSWORD}
        if self.ask("/accounts/login/", said) != 302:
            raise RuntimeError(f"{username} could not sign in")
        self.ask("/desk/")  # signing in changes the token
        return self


def _report(browser: Browser) -> None:
    said = {"key": uuid4().hex, "category": "wages", "text": "拖欠工资。", "respondent": "某合作社",
            "danger": "none", "name": "李工友", "phone": "13800007788"}  # fmt: skip
    # What a phone keeps of the case before would grow into the next request.
    browser.cookies.pop("tracked", None)
    if browser.ask(FORM, said) != 302:
        raise RuntimeError("a report was not taken in")


def _look_and_report(browser: Browser) -> None:
    browser.ask(FORM)
    _report(browser)


def _accept(given: tuple[Browser, Sequence[Receipt]]) -> None:
    browser, cases = given
    for r in cases:
        if browser.ask(f"/desk/cases/{r.county}/{r.id}/do/accept/", {"key": uuid4().hex}) != 302:
            raise RuntimeError("an act was refused")


def _pgbench(home: Path) -> float:
    """Transactions per second of the plain rows."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", dir="/tmp", delete=False) as script:
        script.write(BASELINE)
    Path(script.name).chmod(0o644)
    done = embedded.server(home).run(
        "pgbench", "-n", "-c", str(PEOPLE), "-T", str(SECONDS), "-f", script.name,
        os.environ["GONGZHI_DATABASE_URL"], check=False,
    )  # fmt: skip
    Path(script.name).unlink()
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stderr[-500:])
    return float(found.group(1))


def _round(home: Path, residents: list[Browser], clerks: list[Browser]) -> dict[str, float]:
    def each(do: Callable[[Browser], None], n: int) -> float:
        def all_of(browser: Browser) -> None:
            for _ in range(n // PEOPLE):
                do(browser)

        return _rate(all_of, residents, PEOPLE) * (n // PEOPLE)

    cases = reported(EACH)
    shares = [(clerk, cases[n::PEOPLE]) for n, clerk in enumerate(clerks)]
    return {
        "pgbench": _pgbench(home),
        "reports": each(_report, EACH),
        "looks": each(_look_and_report, EACH // 2),
        "acts": _rate(_accept, shares, PEOPLE) * EACH / PEOPLE,
    }


def over_http(home: Path) -> dict[str, float]:
    """Reports and acts through the site, with everything on and the worker beside it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_case (LIKE cases_case INCLUDING ALL EXCLUDING GENERATED)"
        )
        cursor.execute("CREATE TABLE bench_one AS SELECT * FROM cases_case LIMIT 1")
        cursor.execute("CREATE TABLE bench_row (id uuid PRIMARY KEY, body text)")
    config = configuration.read()
    commands = {"web": supervisor.web_command(config), "worker": ["gongzhi", "worker"]}
    children = supervisor.Children(commands, Console(quiet=True))
    children.start()
    try:
        supervisor.until_ready(config, children)
        residents = [Browser() for _ in range(PEOPLE)]
        clerks = [Browser().sign_in("clerk") for _ in range(PEOPLE)]
        for resident in residents:
            _look_and_report(resident)
        rounds = [_round(home, residents, clerks) for _ in range(ROUNDS)]
        memory = max(
            child.memory_info().rss
            for p in psutil.Process(children.running["web"].pid).children(recursive=True)
            for child in (p, *p.children())
        )
    finally:
        children.stop()

    def mid(of: Callable[[dict[str, float]], float], digits: int | None = None) -> float:
        return round(median(of(r) for r in rounds), digits)

    return {
        "pgbench, the same rows, a second": mid(lambda r: r["pgbench"]),
        "reports over HTTP a second": mid(lambda r: r["reports"]),
        "acts over HTTP a second": mid(lambda r: r["acts"]),
        "form and report a second": mid(lambda r: r["looks"]),
        "reports to pgbench": mid(lambda r: r["reports"] / r["pgbench"], 3),
        "acts to reports": mid(lambda r: r["acts"] / r["reports"], 2),
        "web process MB": round(memory / 2**20),
    }
