"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_closing

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
