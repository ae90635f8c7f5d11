"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_closing
from gongzhi.mechanisms.neighbourhoods.registers.residents_erasing import erase_due

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="43 3 * * *")
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


@app.periodic(cron="7 3 * * *")
@app.task(queueing_lock="residents", lock="residents")
def erase_registrations(timestamp: int) -> int:
    """Every night: residents' registrations whose time is over."""
    erased = erase_due(timezone.now())
    if erased:
        log.info("erased registrations", registrations=erased)
    return erased
