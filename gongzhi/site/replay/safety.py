"""Work safety: the catalogue, an audit, and accidents of two years side by side."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Audit, Category, Inspection, Item
from gongzhi.mechanisms.safety.registers import accidents, declines, editions
from gongzhi.site.demo.hazards import quiet_checks
from gongzhi.site.demo.safety import audit
from gongzhi.site.replay.rows import Row
from gongzhi.site.replay.stage import CITY, YEARS, Stage, per_day

YEAR = timedelta(days=365)
CHECKS = 120
# Invented (deaths, injured) of each accident: in the year before the last, and in the last.
ACCIDENTS: Sequence[Sequence[tuple[int, int]]] = (
    [(1, 0)] * 4 + [(0, 1)] * 12 + [(0, 0)] * 10,
    [(1, 0)] * 2 + [(0, 1)] * 7 + [(0, 0)] * 6,
)


class Catalogue(Row):
    name = "catalogue"
    mechanism = m.safety
    did = (
        "全市启用随系统附带的检查清单",
        "the catalogue that ships with the system is put in force in the city",
    )

    def run(self, stage: Stage) -> None:
        editions.ship(CITY, now=stage.now - YEARS)

    def count(self) -> Mapping[str, int]:
        edition = editions.in_force(CITY, timezone.localdate())
        return {
            "类 categories": Category.objects.filter(edition=edition).count() if edition else 0,
            "项 items": Item.objects.filter(category__edition=edition).count() if edition else 0,
        }


class SafetyAudit(Row):
    name = "audit"
    mechanism = m.safety
    rooms = ("firms",)
    did = (
        "企业自查、镇里检查；市里按风险抽样审计一个镇，工作底稿、审计意见，由另一人出具报告",
        "firms check themselves, towns inspect; the city draws a sample by risk and audits a town;"
        " working papers, an opinion, a report that another person issues",
    )

    def run(self, stage: Stage) -> None:
        firms = stage.at_work
        quiet_checks(firms, list(per_day(stage.now - timedelta(days=190), 160, CHECKS)), stage.dice)
        audit(stage.city, firms, stage.now, stage.dice)

    def count(self) -> Mapping[str, int]:
        issued = Audit.objects.filter(issued_at__isnull=False, withdrawn_at=None)
        papers = Inspection.objects.filter(audit__in=issued.values("id"))
        return {
            "已出具的审计报告 audits issued": issued.count(),
            "审计看过的场所 sites that the audit looked at": papers.values("site")
            .distinct()
            .count(),
        }


class Declines(Row):
    name = "declines"
    mechanism = m.safety
    rooms = ("firms",)
    did = (
        "县里登记两年的生产安全事故（虚构），与上年同期逐项相比；系统不说原因",
        "counties record the accidents of two years (invented), which are compared measure by"
        " measure; the system names no cause",
    )

    def run(self, stage: Stage) -> None:
        for year, happened in enumerate(ACCIDENTS):
            since = stage.now - YEAR * (2 - year) + timedelta(days=2)
            for at, (deaths, injured) in zip(per_day(since, 360, len(happened)), happened,
                                             strict=True):  # fmt: skip
                self._record(stage, at, deaths, injured)

    @staticmethod
    def _record(stage: Stage, at: datetime, deaths: int, injured: int) -> None:
        site = stage.dice.choice(stage.at_work.sites)
        by = stage.city.of(site.place[:6], "governance_centre", "safety_inspector")
        accidents.record(
            {
                "place": site.place, "site": site, "enterprise": site.enterprise,
                "industry": site.enterprise.industry, "kind": "machine", "group": "machinery",
                "at": at, "known_at": at + timedelta(minutes=20), "deaths": deaths,
                "injured": injured, "loss_yuan": Decimal(100_000), "how": "演示：经过从略。",
            }, now=at + timedelta(hours=2), by=by,
        )  # fmt: skip

    def count(self) -> Mapping[str, int]:
        """The last twelve months against those before."""
        until = timezone.localdate() + timedelta(days=1)
        since, before = until - YEAR, until - 2 * YEAR
        of = declines.Period(since, until, before, since, whole=True)
        fewer = {one.name: one.before - one.after for one in declines.of(CITY, of).total}
        return {
            "事故少了（起） fewer accidents": fewer["accidents"],
            "死亡少了（人） fewer deaths": fewer["deaths"],
            "受伤少了（人） fewer injuries": fewer["injured"],
        }
