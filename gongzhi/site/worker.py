"""The worker: figures are folded every second, due clocks swept twice a minute, jobs done."""

import asyncio
import contextlib
import signal

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.cases.retention import erase_due
from gongzhi.cases.rollups import fold
from gongzhi.cases.sweep import sweep

FOLD_EVERY = 1.0  # seconds
SWEEP_EVERY = 30.0
ERASE_EVERY = 3600.0
log = structlog.get_logger("gongzhi.worker")


def _fold() -> None:
    fold()


def _sweep() -> None:
    swept = sweep(timezone.now())
    if swept:
        log.info("swept", clocks=swept)


def _erase() -> None:
    erased = erase_due(timezone.now())
    if erased:
        log.info("erased", cases=erased)


async def _every(seconds: float, what: str, stop: asyncio.Event) -> None:
    """Do it, wait, do it again; a database that is away is waited for."""
    work_ = {"fold": _fold, "sweep": _sweep, "erase": _erase}[what]
    while not stop.is_set():
        try:
            await sync_to_async(work_)()
        except DatabaseError as error:
            log.warning("waiting for the database", kind=type(error).__name__)
            await sync_to_async(close_old_connections)()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def _work() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    jobs = app.with_connector(connector)
    async with jobs.open_async():
        worker = asyncio.create_task(jobs.run_worker_async(install_signal_handlers=False))
        await asyncio.gather(
            _every(FOLD_EVERY, "fold", stop),
            _every(SWEEP_EVERY, "sweep", stop),
            _every(ERASE_EVERY, "erase", stop),
        )
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


def work() -> None:
    """Until SIGTERM or Ctrl-C."""
    asyncio.run(_work())
