"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.command.alerts.watching import watch_missing
from gongzhi.command.reports.making import make_missing

log = structlog.get_logger("gongzhi.worker")


# Schedules are in UTC: seventeen past four in the morning in China, before offices open.
@app.periodic(cron="17 20 * * *")
@app.task(queueing_lock="watch_piles", lock="watch_piles")
def watch_piles(timestamp: int) -> int:
    """Every night, so that no week is missed: the last week of cities not yet watched."""
    alerts = watch_missing(timezone.now())
    if alerts:
        log.info("watched for piles", alerts=alerts)
    return alerts


@app.periodic(cron="43 20 * * *")
@app.task(queueing_lock="make_reports", lock="make_reports")
def make_reports(timestamp: int) -> int:
    """Every night, after piles were watched: the reports of weeks and months that are over."""
    made = make_missing(timezone.now())
    if made:
        log.info("made reports", made=made)
    return made
