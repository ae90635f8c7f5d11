"""Open pages hear within moments what concerns them: server-sent events, fed by LISTEN.

One connection to the database a process hears what was done (cases/tell.sql). A page is told that
something happened to a case of its unit, by which act, and whether a new task is its own: no words,
no names, and nothing at all to those who are complained about. Pages of figures hear, of any case
in the county they stand over or in, that something was counted: no more. The right to listen is
that of the session; it is asked for again whenever a stream ends, which each does after some
minutes.
"""

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import psycopg
import structlog
from a2wsgi.asgi_typing import HTTPScope, Receive, Send
from django.conf import settings
from django.db import DatabaseError

from gongzhi.people.posts import Holder, NotYourPost
from gongzhi.people.session import holder_by
from gongzhi.site import config as configuration
from gongzhi.site.metrics import PAGES

PATH = "/live/"
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back
]
BEAT = 25.0  # seconds of silence after which a proxy might hang up
MOST = 20  # events that wait for a slow page; more become one word to look anew
AWAY = 2.0  # seconds until a lost database is looked for again
AGAIN_AT_ONCE = b"retry: 200\n\n"
A_SECOND = 50  # pages that may look anew in a second
COUNTED = b"event: counted\ndata: {}\n\n"
PAUSE = 0.5  # seconds between two words to a page of figures, however much is counted
log = structlog.get_logger("gongzhi.live")
# Two connections to the database, however many pages open at once.
checkers = ThreadPoolExecutor(2, thread_name_prefix="live")


class Page:
    """One open page: who looks at it, and what it has not been sent yet."""

    __slots__ = ("ids", "key", "pause", "post", "waiting", "wake")

    def __init__(self, by: Holder, *, figures: bool) -> None:
        """Under its unit, or with `figures` under its place, from the county up."""
        self.key = by.place[:6] if figures else str(by.unit)
        self.pause = PAUSE if figures else 0.0
        self.post = str(by.post)
        self.ids = {str(one) for one in by.ids}
        self.waiting: dict[bytes, None] = {}
        self.wake = asyncio.Event()

    def tell(self, event: bytes) -> None:
        if len(self.waiting) >= MOST:
            self.waiting, event = {}, _refresh(0)
        self.waiting[event] = None
        self.wake.set()

    def take(self) -> bytes:
        told = b"".join(self.waiting)
        self.waiting.clear()
        self.wake.clear()
        return told


def _refresh(within: int) -> bytes:
    """That something may have been missed: look anew, at some moment of these seconds."""
    return b"event: refresh\ndata: " + orjson.dumps({"within": within}) + b"\n\n"


def _event(said: dict[str, Any], *, mine: bool) -> bytes:
    data = orjson.dumps({"case": said["case"], "act": said["act"], "mine": mine})
    return b"event: news\ndata: " + data + b"\n\n"


class Hub:
    """The open pages of this process, by unit; those of figures by place."""

    def __init__(self) -> None:
        self.pages: defaultdict[str, set[Page]] = defaultdict(set)
        self.listener: asyncio.Task[None] | None = None
        self.hears = asyncio.Event()

    @contextlib.contextmanager
    def joined(self, page: Page) -> Iterator[None]:
        if self.listener is None or self.listener.done():
            self.listener = asyncio.create_task(self.listen())
        self.pages[page.key].add(page)
        PAGES.inc()
        try:
            yield
        finally:
            PAGES.dec()
            self.pages[page.key].discard(page)
            if not self.pages[page.key]:
                del self.pages[page.key]

    def refresh(self) -> bytes:
        """What a page is told that may have missed something; not all look anew at one moment."""
        return _refresh(sum(map(len, self.pages.values())) // A_SECOND)

    def refresh_all(self) -> None:
        refresh = self.refresh()
        for pages in self.pages.values():
            for page in pages:
                page.tell(refresh)

    def hear(self, payload: str) -> None:
        said = orjson.loads(payload)
        if not said:
            self.refresh_all()
            return
        hidden, tasks = set(said["hidden"]), {(unit, post) for unit, post in said["tasks"]}
        news, own = _event(said, mine=False), _event(said, mine=True)
        for unit in said["units"]:
            for page in self.pages.get(unit, ()):
                if page.ids.isdisjoint(hidden):
                    mine = (unit, None) in tasks or (unit, page.post) in tasks
                    page.tell(own if mine else news)
        for page in self._over(said["counties"]):
            if page.ids.isdisjoint(hidden):
                page.tell(COUNTED)

    def _over(self, counties: list[str]) -> set[Page]:
        """Pages of figures of these counties, their cities and provinces."""
        places = {county[:n] for county in counties for n in (2, 4, 6)}
        return {page for place in places for page in self.pages.get(place, ())}

    async def _heard(self, *, lost: bool) -> AsyncIterator[str]:
        """What is told; after a loss, all pages look anew first."""
        url = configuration.app_url(settings.CONFIG)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute("LISTEN gongzhi")
            self.hears.set()
            if lost:
                self.refresh_all()
            while True:
                async for told in connection.notifies(timeout=BEAT):
                    yield told.payload
                await connection.execute("SELECT 1")  # or a line that is cut would look like peace

    async def listen(self) -> None:
        """For as long as the process lives; a database that is away is waited for."""
        lost = False
        while True:
            try:
                async for payload in self._heard(lost=lost):
                    self.hear(payload)
            except psycopg.Error as error:
                lost = True
                self.hears.clear()
                log.warning("waiting for the database", kind=type(error).__name__)
                await asyncio.sleep(AWAY)


hub = Hub()


async def _flow(page: Page, send: Send, lives: float) -> None:
    """What the page is told until its time is over."""
    loop = asyncio.get_running_loop()
    until = loop.time() + lives
    while (left := until - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(left, BEAT)):
                await page.wake.wait()
            told = page.take()
        except TimeoutError:
            told = b":\n\n"
        await send({"type": "http.response.body", "body": told, "more_body": True})
        await asyncio.sleep(page.pause)


async def _gone(receive: Receive) -> None:
    """Returns when the browser has closed the page."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(page: Page, receive: Receive, send: Send, first: bytes, *, again: bool) -> None:
    """Open once it hears: nothing that is done after the page was shown is missed."""
    # Pages that opened together, as after a restart, do not all come back together.
    lives = settings.CONFIG.live_seconds * random.uniform(0.8, 1.2)  # noqa: S311 -- no secret
    with hub.joined(page):
        with contextlib.suppress(TimeoutError):  # it will be told to look anew
            await asyncio.wait_for(hub.hears.wait(), BEAT)
        await _start(send, 200)
        await _say(send, first + (hub.refresh() if again else b""), more=True)
        flow = asyncio.create_task(_flow(page, send, lives))
        gone = asyncio.create_task(_gone(receive))
        await asyncio.wait({flow, gone}, return_when=asyncio.FIRST_COMPLETED)
        flow.cancel()
        gone.cancel()
        await asyncio.gather(flow, gone, return_exceptions=True)


async def _start(send: Send, status: int) -> None:
    headers = HEADERS if status == 200 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _say(send: Send, body: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def answer(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """A stream for whoever is signed in and in a post; others are refused, and ask no more.

    Of figures, asked for as /live/?figures, for posts that see their place.
    """
    figures = scope["query_string"] == b"figures"
    cookies = b"; ".join(v for name, v in scope["headers"] if name == b"cookie").decode("latin1")
    loop = asyncio.get_running_loop()
    # With an id, the browser says when it comes back.
    first = f"id: 1\nretry: {random.randint(2000, 6000)}\n\n".encode()  # noqa: S311 -- no secret
    try:
        by = await loop.run_in_executor(checkers, holder_by, cookies)
        if figures and not by.sees_place:
            raise NotYourPost
    except NotYourPost:
        await _start(send, 403)
        await _say(send, b"", more=False)
    except DatabaseError:  # come back later
        await _start(send, 200)
        await _say(send, first, more=False)
    else:
        again = any(name == b"last-event-id" for name, _ in scope["headers"])
        page = Page(by, figures=figures)
        await _stream(page, receive, send, first, again=again)
        await _say(send, AGAIN_AT_ONCE, more=False)
