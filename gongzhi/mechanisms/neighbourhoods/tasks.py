"""What is done in the background, each once however many workers there are."""

from contextlib import suppress

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from gongzhi.mechanisms.neighbourhoods.registers import (
    campaigns,
    campaigns_closing,
    emergencies,
    roll_calls,
    summons,
)
from gongzhi.mechanisms.neighbourhoods.registers.announcing import queue_all
from gongzhi.mechanisms.neighbourhoods.registers.dispatching import lay_all
from gongzhi.mechanisms.neighbourhoods.registers.residents_erasing import erase_due

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="43 19 * * *")
@app.task(queueing_lock="campaigns", lock="campaigns")
def keep_campaigns(timestamp: int) -> int:
    """Every night: who came to campaigns is forgotten on their date; households are counted anew.

    Returns how many campaigns forgot who came.
    """
    now = timezone.now()
    forgotten = campaigns_closing.forget(now)
    campaigns.recount(now)
    if forgotten:
        log.info("forgot who came", campaigns=forgotten)
    return forgotten


@app.periodic(cron="7 19 * * *")
@app.task(queueing_lock="residents", lock="residents")
def erase_registrations(timestamp: int) -> int:
    """Every night: residents' registrations whose time is over."""
    erased = erase_due(timezone.now())
    if erased:
        log.info("erased registrations", registrations=erased)
    return erased


# No lock: who is killed in the middle would keep it. The notice itself is locked, step by step.
@app.periodic(cron="* * * * *")
@app.task
def send_announcements(timestamp: int) -> int:
    """When a notice is published, and every minute: households have it, and it is on its way."""
    now = timezone.now()
    queued, laid = queue_all(now), lay_all(now)
    if queued or laid:
        log.info("announced", notices=queued, mailings=laid)
    return queued


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="roll_calls", lock="roll_calls")
def pass_calls_on(timestamp: int) -> int:
    """Every minute: who is silent is missed, and who follows is called."""
    missed = roll_calls.pass_on(timezone.now())
    if missed:
        log.info("passed calls on", calls=missed)
        send_soon()
    return missed


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="summons", lock="summons")
def send_summons(timestamp: int = 0) -> int:
    """Every minute, and as soon as a roll is called: calls to outlets."""
    return summons.send_due(timezone.now())


def send_soon() -> None:
    """Without waiting for the minute."""
    with suppress(AlreadyEnqueued):
        send_summons.defer()


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="emergencies", lock="emergencies")
def end_emergencies(timestamp: int) -> int:
    """Every hour: those whose last day is over."""
    ended = emergencies.end_overdue(timezone.now())
    if ended:
        log.info("ended emergencies", emergencies=ended)
    return ended


@app.periodic(cron="43 18 * * *")
@app.task(queueing_lock="erase_emergencies", lock="emergencies")
def erase_emergencies(timestamp: int) -> int:
    """Every night: who needed what is forgotten on its date."""
    erased = emergencies.erase_due(timezone.now())
    if erased:
        log.info("erased emergencies", emergencies=erased)
    return erased
