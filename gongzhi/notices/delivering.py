"""Brings notices to where they are wanted, and tries again until they are there.

What is due is claimed for a while (gz_claim), sent outside of any transaction, and then noted. A
worker that is killed in between loses its claim to the next one, which sends again: at least once,
under the same id. What could not be delivered for days is given up, and shown.
"""

import asyncio
import contextlib
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from gongzhi.cases.models import Delivery
from gongzhi.cases.rows import models_of
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.models import Outlet
from gongzhi.notices.posting import NotDelivered
from gongzhi.notices.wording import Message, message
from gongzhi.people.sealing import SealBroken

EVERY = 0.5  # seconds between looks; one look at an empty outbox costs nothing that can be seen
BATCH = 2_000
HANDS = 8  # notices on their way at once; an outlet that does not answer holds one of them
CLAIM = timedelta(seconds=60)  # longer than anything that is sent may take
FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=1)
log = structlog.get_logger("gongzhi.notices")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to make for a while."""

    delivery: Delivery
    outlet: Outlet
    number: str
    may_hear: bool

    @property
    def message(self) -> Message:
        d = self.delivery
        said = f"{d.case_id}/{d.seq}/{d.task}/{d.n}/{d.outlet}"
        return message(
            sha256(said.encode()).hexdigest()[:32], county=d.county, case=d.case_id,
            number=self.number, task=d.name, due_at=d.due_at, language=self.outlet.language,
        )  # fmt: skip


def expand(now: datetime) -> int:
    """Deliveries of what is in the outbox. Returns how many rows it had."""
    done = 0
    while True:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT gz_expand(%s, %s)", [now, BATCH])
            n: int = cursor.fetchone()[0]
        done += n
        if n < BATCH:
            return done


def _claims(now: datetime, busy: list[UUID], free: int) -> Iterator[Claimed]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT delivery::text, number, outlet::text, may_hear FROM gz_claim(%s, %s, %s, %s)",
            [now, now + CLAIM, busy, free],
        )
        rows = cursor.fetchall()
    for delivery, number, outlet, may_hear in rows:
        (one,) = models_of(Delivery, [orjson.loads(delivery)])
        (of,) = models_of(Outlet, [orjson.loads(outlet)])
        yield Claimed(one, of, number, may_hear)


def claim(now: datetime, *, busy: list[UUID], free: int) -> list[Claimed]:
    """What is due, one of each outlet that is not busy."""
    return list(_claims(now, busy, free))


def send(one: Claimed) -> str:
    """Send it; returns in a word why it did not arrive, or nothing."""
    try:
        address, secret = outlets.opened(one.outlet)
        ADAPTERS[one.outlet.kind].send(address, secret, one.message)
    except NotDelivered as error:
        return str(error)
    except SealBroken:
        return "sealed"
    return ""


def pause_after(tries: int) -> timedelta:
    """Twice as long after each try, and never all of them at the same moment."""
    longest: timedelta = min(FIRST * 2 ** min(tries - 1, 20), LONGEST)
    return longest * random.uniform(0.5, 1.5)  # noqa: S311 -- no secret


def note(one: Claimed, error: str, now: datetime) -> None:
    """What became of a try stands with the case."""
    d = one.delivery
    row = Delivery.objects.using("owner").filter(pk=d.pk)
    if error == "":
        row.update(next_at=None, sent_at=now, error="")
    elif error == "ended" or now - d.made_at >= timedelta(days=settings.CONFIG.notice_days):
        row.update(next_at=None, given_up_at=now, error=error)
        log.warning("given up", kind=d.kind, error=error)
    else:
        row.update(next_at=now + pause_after(d.tries), error=error)


def ready(now: datetime, busy: list[UUID]) -> list[Claimed]:
    """What is to be sent now. What nobody may hear of any more is dropped."""
    close_old_connections()
    expand(now)
    found = []
    for one in claim(now, busy=busy, free=HANDS - len(busy)) if len(busy) < HANDS else ():
        if not one.may_hear:
            Delivery.objects.using("owner").filter(pk=one.delivery.pk).delete()
        elif one.outlet.valid_to is not None:
            note(one, "ended", now)
        else:
            found.append(one)
    return found


class _Postman:
    """Looks in one thread, which has the connection to the database, and sends in others."""

    def __init__(self) -> None:
        self.desk = ThreadPoolExecutor(1, thread_name_prefix="notices")
        self.hands = ThreadPoolExecutor(HANDS, thread_name_prefix="post")
        self.out: dict[asyncio.Task[None], UUID] = {}

    async def deliver(self, one: Claimed) -> None:
        loop = asyncio.get_running_loop()
        error = await loop.run_in_executor(self.hands, send, one)
        with contextlib.suppress(DatabaseError):  # it is sent again when its claim has run out
            await loop.run_in_executor(self.desk, partial(note, one, error, timezone.now()))

    async def look(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self.desk, ready, timezone.now(), list(self.out.values())
            )
        except DatabaseError as error:
            log.warning("waiting for the database", kind=type(error).__name__)
            return
        for one in found:
            task = asyncio.create_task(self.deliver(one))
            self.out[task] = one.outlet.id
            task.add_done_callback(self.out.pop)


async def deliver_until(stop: asyncio.Event) -> None:
    """Look, send, look again; what is on its way at the end is waited for."""
    postman = _Postman()
    stopped = asyncio.create_task(stop.wait())
    while not stop.is_set():
        await postman.look()
        await asyncio.wait(
            {stopped, *postman.out}, timeout=EVERY, return_when=asyncio.FIRST_COMPLETED
        )
    if postman.out:
        await asyncio.wait(postman.out)
