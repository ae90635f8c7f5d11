"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.portal.account.publishing import publish_due

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="23 21 4-30 * *")
@app.task(queueing_lock="account", lock="account")
def publish_the_account(timestamp: int) -> list[str]:
    """On the fifth, or the next day that a worker runs: the month before, once."""
    months = publish_due(timezone.now())
    if months:
        log.info("published", months=months)
    return months
