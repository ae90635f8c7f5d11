"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.command.alerts.watching import watch_missing

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="17 4 * * *")
@app.task(queueing_lock="watch_piles", lock="watch_piles")
def watch_piles(timestamp: int) -> int:
    """Every night, so that no week is missed: the last week of cities not yet watched."""
    alerts = watch_missing(timezone.now())
    if alerts:
        log.info("watched for piles", alerts=alerts)
    return alerts
