"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.mechanisms.roads.registers.patrols import forget_ways

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="27 19 * * *")
@app.task(queueing_lock="patrol_ways", lock="patrol_ways")
def forget_patrol_ways(timestamp: int) -> int:
    """Every night: the ways of patrols whose time is over; what they covered stays."""
    forgotten = forget_ways(timezone.now())
    if forgotten:
        log.info("forgot ways of patrols", patrols=forgotten)
    return forgotten
