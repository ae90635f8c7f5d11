"""How long an act takes that gives many units a task, and how soon open pages hear of one."""

import asyncio
import resource
import time
from statistics import median, quantiles
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from gongzhi.cases import linkage, whistles
from gongzhi.cases.act import act
from gongzhi.cases.changes import Words
from gongzhi.people.models import Appointment, Unit
from gongzhi.people.posts import Holder, as_holder
from gongzhi.site import config as configuration
from gongzhi.site.bench.intake import Browser, reported

UNITS = 20  # that one whistle summons
WHISTLES = 50
PAGES = 5_000
FEW = 100  # pages that open at the same moment
ROUNDS = 5
ENOUGH = 4 * PAGES  # files


def _clerk() -> Holder:
    holding = Appointment.objects.get(account__username="clerk")
    return as_holder(holding.account_id, holding.post_id, at=timezone.now())


def fan_out() -> dict[str, float]:
    """act() that gives tasks to twenty units, with all it tells."""
    clerk, now = _clerk(), timezone.now()
    units = list(
        Unit.objects.exclude(id=clerk.unit).order_by("id").values_list("id", flat=True)[:UNITS]
    )
    took = []
    for done in reported(WHISTLES):
        began = time.perf_counter()
        act((done.county, done.id), whistles.whistle, {"units": units},
            key=uuid4().hex, now=now, by=clerk)  # fmt: skip
        took.append((time.perf_counter() - began) * 1000)
    return {
        "act() to 20 units, ms": round(median(took), 1),
        "act() to 20 units, p99 ms": round(quantiles(took, n=100)[98], 1),
    }


Page = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _open(asked: bytes, few: asyncio.Semaphore) -> Page:
    config = configuration.read()
    async with few:
        reader, writer = await asyncio.open_connection(config.host, config.port)
        writer.write(asked)
        await reader.readuntil(b"retry:")
    return reader, writer


def _note() -> None:
    (done,) = reported(1)
    act((done.county, done.id), linkage.note, {"note": Words("到场了解情况。")},
        key=uuid4().hex, now=timezone.now(), by=_clerk())  # fmt: skip
    connection.close()  # of this thread alone


async def _heard(asked: bytes) -> dict[str, float]:
    few = asyncio.Semaphore(FEW)
    began = time.perf_counter()
    pages = await asyncio.gather(*(_open(asked, few) for _ in range(PAGES)))
    opened = time.perf_counter() - began
    took = []
    for _ in range(ROUNDS):
        # Each reads two events: of the report, and of the act on it.
        hears = [asyncio.create_task(reader.readuntil(b'"act":"note"')) for reader, _ in pages]
        began = time.perf_counter()
        await asyncio.to_thread(_note)
        await asyncio.gather(*hears)
        took.append(time.perf_counter() - began)
    for _, writer in pages:
        writer.close()
    return {
        "pages open": len(pages),
        "pages opened a second": round(PAGES / opened),
        "all pages have heard, s": round(median(took), 2),
    }


def pages() -> dict[str, float]:
    """Thousands of open pages of one unit, and an act that concerns them all."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(ENOUGH, hard), hard))
    cookie = settings.SESSION_COOKIE_NAME
    session = Browser().sign_in("clerk").cookies[cookie]
    asked = f"GET /live/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}={session}\r\n\r\n"
    return asyncio.run(_heard(asked.encode()))
