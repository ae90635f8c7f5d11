"""What happens in the demo's work safety besides hazards: plans, a rule of listing, accidents, an
audit, training material. All invented; fewer accidents in the second year is the demo's choice,
as the article tells it of Zhaoqing, and no claim about any place.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone

from gongzhi.mechanisms.safety.models import Answer, Framed, ListingRule, Plan, Site, Training
from gongzhi.mechanisms.safety.registers import (
    accidents,
    accidents_law,
    audit_findings,
    audit_papers,
    audits,
    plans,
    ranked_rules,
    ranks,
    training,
)
from gongzhi.mechanisms.safety.registers.audit_papers import Paper
from gongzhi.mechanisms.safety.registers.kinds import VERDICTS
from gongzhi.site.demo.city import City, id_of
from gongzhi.site.demo.firms import GAOYAO, Firms

MET, NOT_MET, _NOT_APPLICABLE = VERDICTS
ACCIDENTS: Final = (46, 31)  # in the year before the last twelve months, and in these
DEADLY, INJURED = 0.12, 0.5  # of them
OF_TRADE: Final = {
    "C33": ("machine", "machinery"), "C32": ("burn", "machinery"), "C30": ("lifting", "machinery"),
    "C21": ("fire", "fire"), "G59": ("struck", "storage"), "H62": ("fire", "fire"),
    "O81": ("electric", "electricity"), "C26": ("poisoning", "chemicals"),
}  # fmt: skip
SAMPLE = 5
PASSED_OVER = 0.06  # of the items that were met, an audit finds otherwise
EVERY: Final = {"red": 30, "orange": 60, "yellow": 90, "blue": 180}


def _plans(city: City, now: datetime) -> None:
    """Firms check themselves; the town's inspectors look at what is red or orange."""
    leader = city.of("4412", "governance_centre", "leader")
    county = city.of(GAOYAO, "governance_centre", "leader")
    today = timezone.localdate(now)
    own = Plan(
        place="4412", name="企业季度自查（演示）", kind="self", every=EVERY, valid_from=today
    )
    plans.make(own, by=leader, now=now)
    checked = Plan(
        place=GAOYAO, name="高要区红橙色场所检查（演示）", kind="department", valid_from=today,
        unit=city.at[GAOYAO, "governance_centre"], every={"red": 60, "orange": 120},
    )  # fmt: skip
    plans.make(checked, by=county, now=now)


def _rule(city: City, now: datetime) -> None:
    """A red hazard that is not gone after ten days is listed by the county."""
    rule = ListingRule(
        place=GAOYAO, level="county", rank=ranks.RED, after_days=10,
        valid_from=timezone.localdate(now),
    )  # fmt: skip
    ranked_rules.switch_on(rule, now=now, by=city.of(GAOYAO, "governance_centre", "leader"))


def _accidents(city: City, firms: Firms, now: datetime, dice: random.Random) -> None:
    able = [s for s in firms.sites if s.enterprise.industry in OF_TRADE]
    for year, many in enumerate(ACCIDENTS):
        for _n in range(many):
            days = 365 * (1 - year) + dice.uniform(2, 364)
            _accident(city, dice.choice(able), now - timedelta(days=days), dice)


def _accident(city: City, site: Site, at: datetime, dice: random.Random) -> None:
    kind, group = OF_TRADE[site.enterprise.industry]
    by = city.of(site.place[:6], "governance_centre", "safety_inspector")
    entered = at + timedelta(hours=dice.uniform(1, 6))
    row = accidents.record(
        {
            "place": site.place, "site": site, "enterprise": site.enterprise,
            "industry": site.enterprise.industry, "kind": kind, "group": group, "at": at,
            "known_at": at + timedelta(minutes=dice.randint(5, 40)),
            "deaths": int(dice.random() < DEADLY), "injured": int(dice.random() < INJURED),
            "loss_yuan": Decimal(dice.randint(2, 90)) * 10_000, "how": "演示：经过从略。",
        }, now=entered, by=by,
    )  # fmt: skip
    told = row.known_at or at
    for level in list(accidents_law.LEVELS)[:2]:
        told += timedelta(minutes=dice.randint(20, 130))
        accidents.reported(row.id, level, told, "", now=max(told, entered), by=by)


def audit(city: City, firms: Firms, now: datetime, dice: random.Random) -> None:
    """Of the town whose inspector the demo has: drawn, looked at, issued by another person."""
    first, second = [h for h in city.holders["4412", "safety_inspector"]][:2]
    town = firms.inspector(firms.sites[0]).unit
    unit = next(u for u in city.units if u.id == town)
    opened = now - timedelta(days=20)
    asked = audits.Asked(
        unit, timezone.localdate(now - timedelta(days=200)), timezone.localdate(opened),
        "看红橙色场所的自查和检查是否属实（演示）", SAMPLE,
    )  # fmt: skip
    of = audits.open_(asked, by=first, now=opened)
    for n, row in enumerate(audits.sample(of), 1):
        at = opened + timedelta(days=n)
        audit_papers.record(of, row, _paper(row, at, dice), by=first, now=at)
    audits.draw_up(of, "多数场所的检查与现场一致；有几项检查时写符合、审计时不符合。",
                   by=first, now=opened + timedelta(days=9))  # fmt: skip
    for finding in of.findings.filter(measure=""):
        due = timezone.localdate(now + timedelta(days=20))
        audit_findings.follow(finding, "查明原因，补做检查。", unit.id, due)
    audits.issue(of, by=second, now=opened + timedelta(days=11))


def _paper(row: Framed, at: datetime, dice: random.Random) -> Paper:
    """What was checked before is looked at again, and some of it is otherwise."""
    _edition, left = audit_papers.left(row.audit, row, at)
    said = dict(
        Answer.objects.filter(inspection__site=row.site).order_by("inspection__finished_at")
        .values_list("code", "verdict")
    )  # fmt: skip
    looked = [i for i in left if i.code in said] or left[:12]
    wrong = [
        i for i in looked
        if dice.random() < (0.5 if said.get(i.code) == NOT_MET else PASSED_OVER)
    ]  # fmt: skip
    return Paper(
        id=id_of("paper", str(row.site_id)), began_at=at - timedelta(hours=2), finished_at=at,
        verdicts={i.code: NOT_MET if i in wrong else MET for i in looked},
        notes={i.code: f"{i.not_met}。（演示）" for i in wrong},
    )  # fmt: skip


def _training(city: City, now: datetime) -> None:
    row = Training(
        place="4412", title="应急管理部网站", url="https://www.mem.gov.cn/",
        valid_from=timezone.localdate(now),
    )  # fmt: skip
    training.add(row, by=city.of("4412", "governance_centre", "leader"), now=now)


def work_safety(city: City, firms: Firms, dice: random.Random) -> None:
    """After the hazards of two years have lived."""
    now = timezone.now()
    _accidents(city, firms, now, dice)
    audit(city, firms, now, dice)
    _plans(city, now)
    _rule(city, now)
    _training(city, now)
