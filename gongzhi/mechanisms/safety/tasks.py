"""What is done in the background, each once however many workers there are."""

from datetime import datetime

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.cases.act import act
from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import local
from gongzhi.mechanisms.safety.mechanism import list_by_rule
from gongzhi.mechanisms.safety.models import ListingRule
from gongzhi.mechanisms.safety.registers import exhibits, plans_laying, ranked_rules
from gongzhi.mechanisms.safety.registers.accidents_monthly import make_missing
from gongzhi.people.posts import Timer

log = structlog.get_logger("gongzhi.worker")

MOST = 1_000  # of one rule at one time; the next time is soon


@app.periodic(cron="47 18 * * *")
@app.task(queueing_lock="safety_monthly", lock="safety_monthly")
def make_monthly_reports(timestamp: int) -> int:
    """Every night, so that none is missed: last month's reports that there are not yet."""
    made = make_missing(timezone.now())
    if made:
        log.info("made monthly reports of work safety", reports=made)
    return made


def _list(rule: ListingRule, of: ranked_rules.Reached, now: datetime) -> bool:
    """Whether it was; what somebody acts on meanwhile waits for the next time."""
    said = {"rule": str(rule.id), "unit": str(of.lister), "level": rule.level}
    try:
        act((of.county, of.id), list_by_rule, said, key=f"{rule.id}/{now.isoformat()}", now=now,
            by=Timer())  # fmt: skip
    except Refused:
        return False
    return True


def list_by_rules(now: datetime) -> int:
    """Needs the owner's connection: time acts in nobody's name. Returns how many."""
    listed = 0
    for rule in ranked_rules.in_force(local(now).date()):
        _n, found = ranked_rules.reached(rule, list_by_rule, now=now, most=MOST)
        listed += sum(_list(rule, one, now) for one in found)
    return listed


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="list_hazards", lock="sweep")
def list_hazards(timestamp: int) -> int:
    """Every ten minutes: major hazards that the rules of a level say are to be listed."""
    listed = list_by_rules(timezone.now())
    if listed:
        log.info("listed by rule", hazards=listed)
    return listed


# Twenty past midnight in China: before anybody asks what is due today.
@app.periodic(cron="20 16 * * *")
@app.task(queueing_lock="safety_checks", lock="safety_checks")
def lay_checks(timestamp: int) -> int:
    """Every night: checks that plans ask for, and those that nobody asks for any more."""
    now = timezone.now()
    laid, cleared = plans_laying.lay(now), plans_laying.clear(now)
    log.info("laid checks", laid=laid, cleared=cleared)
    return laid


@app.periodic(cron="37 18 * * *")
@app.task(queueing_lock="exhibits", lock="exhibits")
def forget_exhibits(timestamp: int) -> int:
    """Every night: photos, voice notes and signatures of inspections whose time is over."""
    forgotten = exhibits.forget(timezone.now())
    if forgotten:
        log.info("forgot exhibits", exhibits=forgotten)
    return forgotten
