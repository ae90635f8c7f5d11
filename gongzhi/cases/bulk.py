"""Bulk intake: many reports by the same rules as one, written in sets.

What has been prepared is written while the next reports are being prepared.
"""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection

from gongzhi.cases.act import Receipt, Report, encode, prepare, refusing
from gongzhi.declare import Mechanism
from gongzhi.people.permissions import Actor

CHUNK = 500  # reports in one statement, which is one transaction unless the caller has begun one
AHEAD = 2  # statements on their way at most
SHARED = ("by", "entry", "routed_to")  # the same in every payload of one intake


@dataclass
class _Chunk:
    """Payloads of one county, and where their reports stand in the order given."""

    county: str
    places: list[int] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    drawn: set[str] = field(default_factory=set)

    def add(self, n: int, payload: dict[str, Any]) -> None:
        # The database sees which numbers are taken, but not which are about to be.
        payload["numbers"] = [d for d in payload["numbers"] if d not in self.drawn]
        self.drawn.update(payload["numbers"])
        self.places.append(n)
        self.payloads.append(payload)


def _write(chunk: _Chunk, raw: "psycopg.Connection[tuple[str]]") -> list[dict[str, Any]]:
    common = {name: chunk.payloads[0][name] for name in SHARED}
    many = [{k: v for k, v in p.items() if k not in SHARED} for p in chunk.payloads]
    # Bound by the server: Django's own cursors would quote megabytes in this process.
    with refusing(), psycopg.Cursor(raw) as cursor:
        cursor.execute(
            "SELECT report_many_v1(%s, %s::jsonb, %s::jsonb)::text",
            [chunk.county, encode(common), encode(many)],
        )
        found = cursor.fetchone()
    rows: list[dict[str, Any]] = orjson.loads(found[0]) if found else []
    return rows


class _Writer:
    """Writes chunks behind the back of whoever prepares them; one connection, so in order."""

    def __init__(self, executor: Executor) -> None:
        connection.ensure_connection()
        self.executor = executor
        self.sent: deque[tuple[_Chunk, Future[list[dict[str, Any]]]]] = deque()
        self.receipts: dict[int, Receipt] = {}

    def send(self, chunk: _Chunk) -> None:
        self.sent.append((chunk, self.executor.submit(_write, chunk, connection.connection)))
        if len(self.sent) > AHEAD:
            self.collect()

    def collect(self) -> None:
        chunk, done = self.sent.popleft()
        for n, row in zip(chunk.places, done.result(), strict=True):
            self.receipts[n] = Receipt(
                chunk.county, UUID(row["id"]), row["number"], 1, row["again"]
            )


def report_many(
    mechanism: Mechanism,
    told: Iterable[tuple[str, Report]],
    *,
    now: datetime,
    by: Actor,
    progress: Callable[[int], None] | None = None,
) -> list[Receipt]:
    """Begin many cases, each told with its key; receipts in the same order.

    Broken off in the middle, it can be sent again: each key acts once. Within a transaction it is
    all or nothing. `progress` hears how many have been prepared.
    Raises Refused, NobodyTakesIt, PlaceUnknown, NotYourPost.
    """
    open_: dict[str, _Chunk] = {}
    with ThreadPoolExecutor(max_workers=1) as executor:
        writer = _Writer(executor)
        for n, (key, one) in enumerate(told):
            county, _, payload = prepare(mechanism, one, key=key, now=now, by=by)
            chunk = open_.setdefault(county, _Chunk(county))
            chunk.add(n, payload)
            if len(chunk.places) == CHUNK:
                writer.send(open_.pop(county))
                if progress:
                    progress(n)
        for chunk in open_.values():
            writer.send(chunk)
        while writer.sent:
            writer.collect()
    return [writer.receipts[n] for n in sorted(writer.receipts)]
