"""The worker: background jobs by procrastinate, figures folded every second, notices sent."""

import asyncio
import contextlib
import signal

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from gongzhi.cases.rollups import fold
from gongzhi.notices.delivering import deliver_until

FOLD_EVERY = 1.0  # seconds; a job would cost more than folding does
HEARTBEAT, SILENT = 3.0, 12.0  # seconds between signs of life, and without one until given up
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


async def _free_locks(jobs: App) -> None:
    """What a killed worker had begun is given up, or its lock would hold that task up for ever:
    limits would no longer fall due. Time brings each of our tasks round again, and none minds
    having been begun before."""
    manager = jobs.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT):
        if job.id is not None:
            log.warning("gave up what a worker left", task=job.task_name)
            await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)


async def _free_locks_until(stop: asyncio.Event, jobs: App) -> None:
    while not stop.is_set():
        await _free_locks(jobs)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), HEARTBEAT)


async def _work() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    async with app.with_connector(connector).open_async() as jobs:
        worker = asyncio.create_task(
            jobs.run_worker_async(
                install_signal_handlers=False, update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=SILENT,
            )
        )  # fmt: skip
        freer = asyncio.create_task(_free_locks_until(stop, jobs))
        folder = asyncio.create_task(_fold_until(stop))
        postman = asyncio.create_task(deliver_until(stop))
        # A worker that has lost its database ends with the error, and is started again.
        parts = (worker, folder, postman, freer)
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for one in (worker, postman, freer):
            if one.done():
                one.result()
        if stop.is_set():
            await postman  # what is on its way arrives once
        for one in parts:
            one.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


def work() -> None:
    """Until SIGTERM or Ctrl-C."""
    asyncio.run(_work())
