"""Measures the kernel on a database of its own: every figure beside a baseline of the same run.

`gongzhi bench` makes a city with N open cases and prints a table and JSON. Cases beyond the first
are copies of real ones, made in SQL: they are there to be listed, not to be replayed.
"""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from gongzhi.site import embedded

ROUNDS = 100
REPORTS = 300
PEOPLE = 4
VILLAGE, TOWN, COUNTY, CITY = "441226114202", "441226114", "441226", "4412"
# The rows of one report, written plainly: what PostgreSQL alone does in that time.
BASELINE = """
\\set n random(1, 1000000000)
BEGIN;
INSERT INTO bench_case SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(),
    'number', left(gen_random_uuid()::text, 20)))).* FROM bench_one c;
INSERT INTO bench_row SELECT gen_random_uuid(), repeat('x', 400) FROM generate_series(1, 8);
COMMIT;
"""


def _start(home: Path) -> None:
    from gongzhi.site.config import new_key

    os.environ.update(
        GONGZHI_DATABASE_URL=embedded.start(home), GONGZHI_HOME=str(home), GONGZHI_DEMO="1",
        GONGZHI_SECRET_KEY=new_key(), GONGZHI_FIELD_KEYS=f"k1:{new_key()}",
        GONGZHI_INDEX_KEY=new_key(), GONGZHI_PORT=str(embedded.free_port()),
        GONGZHI_REPORTS_PER_HOUR="1000000", GONGZHI_LOG_LEVEL="WARNING",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    from gongzhi.places.load import load_city
    from gongzhi.site import demo, supervisor

    supervisor.migrate()
    load_city("zhaoqing")
    call_command("collectstatic", interactive=False, verbosity=0)
    demo.organise(random.Random(1))  # noqa: S311 -- names for a benchmark


def _p99(act: Callable[[], object]) -> dict[str, float]:
    act()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return {
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(sorted(times)[int(ROUNDS * 0.99) - 1], 2),
    }


def _pgbench(home: Path) -> float:
    """Transactions per second of the plain rows."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_case (LIKE cases_case INCLUDING ALL EXCLUDING GENERATED)"
        )
        cursor.execute("CREATE TABLE bench_one AS SELECT * FROM cases_case LIMIT 1")
        cursor.execute("CREATE TABLE bench_row (id uuid PRIMARY KEY, body text)")
    of = embedded.server(home)
    with tempfile.NamedTemporaryFile("w", suffix=".sql", dir="/tmp", delete=False) as script:
        script.write(BASELINE)
    Path(script.name).chmod(0o644)
    done = of.run(
        "pgbench", "-n", "-c", str(PEOPLE), "-T", "8", "-f", script.name,
        os.environ["GONGZHI_DATABASE_URL"], check=False,
    )  # fmt: skip
    Path(script.name).unlink()
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stderr[-500:])
    return float(found.group(1))


def _report(url: str) -> None:
    # Without certificates: reading them would cost more than the report.
    with httpx.Client(base_url=url, timeout=30, verify=False) as client:  # noqa: S501 -- loopback
        form = client.get(f"/report/mediation/{VILLAGE}/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
        told = {
            "csrfmiddlewaretoken": token.group(1) if token else "", "key": uuid4().hex,
            "category": "wages", "text": "拖欠工资。", "respondent": "某合作社",
            "name": "李工友", "phone": "13800007788",
        }  # fmt: skip
        answer = client.post(f"/report/mediation/{VILLAGE}/", data=told)
    if answer.status_code != 302:
        raise RuntimeError(f"a report was answered with {answer.status_code}")


def _over_http() -> tuple[float, float]:
    """Reports per second (a form fetched for each), and the web process's memory in MB."""
    from gongzhi.site import config as configuration
    from gongzhi.site import supervisor

    config = configuration.read()
    children = supervisor.Children({"web": supervisor.web_command(config)}, Console(quiet=True))
    children.start()
    try:
        supervisor.until_ready(config, children)
        url = f"http://{config.host}:{config.port}"
        _report(url)
        began = time.perf_counter()
        with ThreadPoolExecutor(PEOPLE) as pool:
            list(pool.map(_report, [url] * REPORTS))
        rate = REPORTS / (time.perf_counter() - began)
        sizes = [
            child.memory_info().rss / 2**20
            for p in psutil.Process().children()
            for child in (p, *p.children(recursive=True))
            if "granian" in " ".join(child.cmdline())
        ]
        return rate, max(sizes, default=0.0)
    finally:
        children.stop()


def _kernel() -> tuple[float, float]:
    """Reports and acts per second through report() and act(), one after another."""
    from django.utils import timezone

    from gongzhi.cases.act import act, report
    from gongzhi.cases.testing import told
    from gongzhi.mechanisms.mediation import mechanism as m
    from gongzhi.people.models import Appointment
    from gongzhi.people.posts import Resident, as_holder

    now = timezone.now()
    holding = Appointment.objects.get(account__username="clerk")
    clerk = as_holder(holding.account_id, holding.post_id, at=now)
    began = time.perf_counter()
    done = [report(m.mediation, told(place=VILLAGE), key=uuid4().hex, now=now, by=Resident())
            for _ in range(REPORTS)]  # fmt: skip
    reports = REPORTS / (time.perf_counter() - began)
    began = time.perf_counter()
    for r in done:
        act((r.county, r.id), m.accept, {}, key=uuid4().hex, now=now, by=clerk)
    return reports, REPORTS / (time.perf_counter() - began)


def _multiply(cases: int) -> None:
    """Copies of the open cases with their clocks and figures, spread over all villages."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
            " WHERE attrelid = 'cases_case'::regclass AND attnum > 0 AND attgenerated = ''"
        )
        (columns,) = cursor.fetchone()
        cursor.execute(
            f"""
            WITH villages AS (
                SELECT code, row_number() OVER () AS n, count(*) OVER () AS all_
                FROM places_division WHERE level = 5
            ), copies AS (
                SELECT (jsonb_populate_record(one.c, jsonb_build_object(
                    'id', gen_random_uuid(), 'number', left(md5(g::text), 20), 'place', v.code,
                    'county', left(v.code, 6),
                    'due_at', (one.c).due_at + (g %% 90) * interval '1 day'))).*
                FROM generate_series(1, %s) g
                JOIN villages v ON v.n = g %% v.all_ + 1
                CROSS JOIN (SELECT x AS c FROM cases_case x WHERE is_open LIMIT 1) one
            ), made AS (
                INSERT INTO cases_case ({columns}) SELECT {columns} FROM copies RETURNING *
            ),
            clocks AS (
                INSERT INTO cases_clockrun (county, case_id, seq, name, mechanism, status,
                    started_at, due_at, provisional, extended)
                SELECT county, id, 1, 'accept', mechanism, 'running', reported_at, due_at, false,
                    false FROM made)
            INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
            SELECT county, id, 1, place, mechanism, current_date,
                '{{"now.open.register": 1, "reported": 1}}' FROM made
            """,  # noqa: S608 -- the columns are the catalog's
            [cases],
        )
        cursor.execute("VACUUM ANALYZE cases_case, cases_clockrun, cases_delta")


def _lists(figures: dict[str, Any], how: str) -> None:
    """A leader's worklist and drill-down at every level."""
    from django.utils import timezone

    from gongzhi.cases import rollups, worklists
    from gongzhi.people.models import Appointment
    from gongzhi.people.posts import as_holder
    from gongzhi.people.scope import Scope, within
    from gongzhi.places.search import children

    for name, username in (("province", "province"), ("city", "city"), ("county", "county"),
                           ("town", "clerk")):  # fmt: skip
        holding = Appointment.objects.get(account__username=username)
        by = as_holder(holding.account_id, holding.post_id, at=timezone.now())
        figures[f"worklist {name}, {how}"] = _p99(partial(worklists.page, "place", by))
    for place in (CITY, COUNTY, TOWN):
        codes = [place, *(d.code for d in children(place))]

        def drill(codes: list[str] = codes, place: str = place) -> None:
            with within(Scope(place=place)):
                rollups.stocks(codes)

        figures[f"drill-down {place}, {how}"] = _p99(drill)


def _sweep() -> tuple[int, float]:
    from django.db import connections
    from django.utils import timezone

    from gongzhi.cases.sweep import sweep

    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE cases_clockrun SET due_at = now() - interval '1 hour'"
                       " WHERE status = 'running' AND name = 'accept'")  # fmt: skip
    began = time.perf_counter()
    swept = sweep(timezone.now() + timedelta(minutes=1))
    return swept, time.perf_counter() - began


def measure(cases: int, console: Console) -> None:
    """Run all of it; the table for people, the JSON for comparison, both under .gongzhi/bench."""
    home = Path(".gongzhi/bench").resolve()
    embedded.stop(home)
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(embedded.server(home).data, ignore_errors=True)
    figures: dict[str, Any] = {"cases": cases, "python": sys.version.split()[0]}
    try:
        _start(home)
        from gongzhi.cases.rollups import fold

        reports, acts = _kernel()
        figures["report() a second"] = round(reports)
        figures["act() a second"] = round(acts)
        figures["act() to report()"] = round(acts / reports, 2)
        base = _pgbench(home)
        rate, memory = _over_http()
        figures["pgbench, the same rows, a second"] = round(base)
        figures["reports over HTTP a second"] = round(rate)
        figures["HTTP to pgbench"] = round(rate / base, 3)
        figures["web process MB"] = round(memory)
        _multiply(cases)
        _lists(figures, "not folded")
        began = time.perf_counter()
        folded = fold()
        figures["deltas folded a second"] = round(folded / (time.perf_counter() - began))
        _lists(figures, "folded")
        swept, seconds = _sweep()
        figures["clocks swept"], figures["sweep seconds"] = swept, round(seconds, 1)
    finally:
        embedded.stop(home)
    _show(figures, home, console)


def _show(figures: dict[str, Any], home: Path, console: Console) -> None:
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, json.dumps(value))
    console.print(table)
    (home / "bench.json").write_text(json.dumps(figures, indent=2))
    subprocess.run(["uptime"], check=False)
