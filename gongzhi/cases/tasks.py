"""What is done in the background, each once however many workers there are."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.cases.chasing import chase_late
from gongzhi.cases.clocks import local
from gongzhi.cases.fallback import fall_back
from gongzhi.cases.retention import erase_due, erase_strays
from gongzhi.cases.rollups import add_up
from gongzhi.cases.sweep import sweep

log = structlog.get_logger("gongzhi.worker")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep", lock="sweep")
def sweep_due_clocks(timestamp: int) -> int:
    """Every minute: what has fallen due, falls due."""
    swept = sweep(timezone.now())
    if swept:
        log.info("swept", clocks=swept)
    return swept


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="chase", lock="sweep")
def chase_who_is_late(timestamp: int) -> int:
    """Every minute: departments that do not come when called."""
    chased = chase_late(timezone.now())
    if chased:
        log.info("chased", cases=chased)
    return chased


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="fallback", lock="sweep")
def fall_back_overdue(timestamp: int) -> int:
    """Every ten minutes: holders are reminded, and what they leave goes up."""
    moved = fall_back(timezone.now())
    if moved:
        log.info("fell back", cases=moved)
    return moved


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="erase", lock="erase")
def erase_old_cases(timestamp: int) -> int:
    """Every hour: personal data whose time is over go."""
    erased = erase_due(timezone.now())
    if erased:
        log.info("erased", cases=erased)
    return erased


@app.periodic(cron="17 16 * * *")
@app.task(queueing_lock="add_up", lock="add_up")
def add_up_months(timestamp: int) -> int:
    """Soon after midnight: the day that is over is added to its month."""
    return add_up(local(timezone.now()).date())


@app.periodic(cron="37 19 * * *")
@app.task(queueing_lock="strays", lock="strays")
def erase_stray_files(timestamp: int) -> int:
    """Every night: files that no case has."""
    erased = erase_strays(timezone.now())
    if erased:
        log.info("erased strays", files=erased)
    return erased
