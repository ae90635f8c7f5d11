"""The worker: background jobs by procrastinate, figures folded every second, notices sent."""

import asyncio
import contextlib
import signal

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from procrastinate.contrib.django import app

from gongzhi.cases.rollups import fold
from gongzhi.notices.delivering import deliver_until

FOLD_EVERY = 1.0  # seconds; a job would cost more than folding does
log = structlog.get_logger("gongzhi.worker")


async def _fold_until(stop: asyncio.Event) -> None:
    """Fold, wait, fold again; a database that is away is waited for."""
    while not stop.is_set():
        try:
            await sync_to_async(fold)()
        except DatabaseError as error:
            log.warning("waiting for the database", kind=type(error).__name__)
            await sync_to_async(close_old_connections)()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), FOLD_EVERY)


async def _work() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    async with app.with_connector(connector).open_async() as jobs:
        worker = asyncio.create_task(jobs.run_worker_async(install_signal_handlers=False))
        folder = asyncio.create_task(_fold_until(stop))
        postman = asyncio.create_task(deliver_until(stop))
        # A worker that has lost its database ends with the error, and is started again.
        await asyncio.wait({worker, folder, postman}, return_when=asyncio.FIRST_COMPLETED)
        for one in (worker, postman):
            if one.done():
                one.result()
        if stop.is_set():
            await postman  # what is on its way arrives once
        for one in (worker, folder, postman):
            one.cancel()
        await asyncio.gather(worker, folder, postman, return_exceptions=True)


def work() -> None:
    """Until SIGTERM or Ctrl-C."""
    asyncio.run(_work())
