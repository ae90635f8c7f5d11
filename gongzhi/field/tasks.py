"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.field.syncing import forget

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="47 19 * * *")
@app.task(queueing_lock="received", lock="received")
def forget_old_keys(timestamp: int) -> int:
    """Every night: keys of operations that no phone will send again."""
    forgotten = forget(timezone.now())
    if forgotten:
        log.info("forgot keys of operations", keys=forgotten)
    return forgotten
