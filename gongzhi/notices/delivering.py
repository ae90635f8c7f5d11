"""Brings notices to where they are wanted, and tries again until they are there.

What is due is claimed for a while (gz_claim), sent outside of any transaction, and then noted. A
worker that is killed in between loses its claim to the next one, which sends again: at least once,
under the same id. What could not be delivered for days is given up, and shown.

What mechanisms send of their own goes by the same post, from outboxes beside that of cases. Each
has hands of its own, so that a notice to a whole city holds up no task.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Protocol
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


class Parcel(Protocol):
    """Something that is ours to send for a while; `to` is who is not sent two at once."""

    @property
    def to(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where something waits to be sent, and how many at once.

    `ready(now, busy, free)` claims at most so many, for nobody who is busy; `send` says in a word
    why one did not arrive, or nothing; `note` keeps what became of it.
    """

    ready: Callable[[datetime, list[UUID], int], list[Any]]
    send: Callable[[Any], str]
    note: Callable[[Any, str, datetime], None]
    hands: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to make for a while."""

    delivery: Delivery
    outlet: Outlet
    number: str
    may_hear: bool

    @property
    def to(self) -> UUID:
        return self.outlet.id

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


def after(error: str, tries: int, made_at: datetime, now: datetime) -> Mapping[str, Any]:
    """What a try changes in a row: it arrived, it is given up, or it is tried again later."""
    if error == "":
        return {"next_at": None, "sent_at": now, "error": ""}
    if error == "ended" or now - made_at >= timedelta(days=settings.CONFIG.notice_days):
        return {"next_at": None, "given_up_at": now, "error": error}
    return {"next_at": now + pause_after(tries), "error": error}


def note(one: Claimed, error: str, now: datetime) -> None:
    """What became of a try stands with the case."""
    d = one.delivery
    changes = after(error, d.tries, d.made_at, now)
    Delivery.objects.using("owner").filter(pk=d.pk).update(**changes)
    if "given_up_at" in changes:
        log.warning("given up", kind=d.kind, error=error)


def ready(now: datetime, busy: list[UUID], free: int = HANDS) -> list[Claimed]:
    """What is to be sent now. What nobody may hear of any more is dropped."""
    close_old_connections()
    expand(now)
    found = []
    for one in claim(now, busy=busy, free=free) if free else ():
        if not one.may_hear:
            Delivery.objects.using("owner").filter(pk=one.delivery.pk).delete()
        elif one.outlet.valid_to is not None:
            note(one, "ended", now)
        else:
            found.append(one)
    return found


outboxes = [Outbox(ready, send, note, HANDS)]


def add(outbox: Outbox) -> None:
    outboxes.append(outbox)


class _Postman:
    """Looks in one thread, which has the connection to the database, and sends in others."""

    def __init__(self) -> None:
        self.desk = ThreadPoolExecutor(1, thread_name_prefix="notices")
        hands = sum(outbox.hands for outbox in outboxes)
        self.hands = ThreadPoolExecutor(hands, thread_name_prefix="post")
        self.out: dict[asyncio.Task[None], tuple[Outbox, UUID]] = {}

    async def deliver(self, outbox: Outbox, one: Parcel) -> None:
        loop = asyncio.get_running_loop()
        error = await loop.run_in_executor(self.hands, outbox.send, one)
        with contextlib.suppress(DatabaseError):  # it is sent again when its claim has run out
            await loop.run_in_executor(self.desk, partial(outbox.note, one, error, timezone.now()))

    async def look(self) -> None:
        try:
            for outbox in outboxes:
                await self._look_into(outbox)
        except DatabaseError as error:
            log.warning("waiting for the database", kind=type(error).__name__)

    async def _look_into(self, outbox: Outbox) -> None:
        busy = [to for of, to in self.out.values() if of is outbox]
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self.desk, outbox.ready, timezone.now(), busy, outbox.hands - len(busy)
        )
        for one in found:
            task = asyncio.create_task(self.deliver(outbox, one))
            self.out[task] = outbox, one.to
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
