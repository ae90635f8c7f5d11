"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.mechanisms.safety.registers.accidents_monthly import make_missing

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="47 2 * * *")
@app.task(queueing_lock="safety_monthly", lock="safety_monthly")
def make_monthly_reports(timestamp: int) -> int:
    """Every night, so that none is missed: last month's reports that there are not yet."""
    made = make_missing(timezone.now())
    if made:
        log.info("made monthly reports of work safety", reports=made)
    return made
