"""The demo's checks and hazards: found at invented firms, ranked, ordered away, looked at again.

Each is an inspection by the catalogue in force, and what it finds goes through the acts that
people would do.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from gongzhi.cases import clocks
from gongzhi.cases.act import Receipt
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Case
from gongzhi.declare import Act
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.models import Item, Site
from gongzhi.mechanisms.safety.registers import editions, inspecting, ranks
from gongzhi.mechanisms.safety.registers.kinds import VERDICTS
from gongzhi.mechanisms.safety.registers.reporting import Found
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.site.demo.city import City, id_of
from gongzhi.site.demo.firms import Firms, weighted
from gongzhi.site.demo.living import Deed, Matter

MET, NOT_MET, _NOT_APPLICABLE = VERDICTS
# Likelihood, exposure, consequence for each rank: D = 360, 180, 90 and 21.
LEC: Final = {
    ranks.RED: ("6", "6", "10"), ranks.ORANGE: ("3", "6", "10"), ranks.YELLOW: ("3", "10", "3"),
    ranks.BLUE: ("1", "3", "7"),
}  # fmt: skip
D: Final = {ranks.RED: "630", ranks.ORANGE: "180", ranks.YELLOW: "90", ranks.BLUE: "21"}
CRITERION = "工贸企业重大事故隐患判定标准（演示）"
DAYS: Final = {ranks.RED: 15, ranks.ORANGE: 20, ranks.YELLOW: 30, ranks.BLUE: 30}
SEEN: Final = {"note": Words("现场看过，与清单核对。")}
OFTEN = 20  # every so many checks are of the demo's metal workshop
QUIET_PART = 3  # categories that a small check asks


@lru_cache(maxsize=500)
def _asked(edition: UUID, industry: str, facts: tuple[str, ...]) -> Sequence[Item]:
    return editions.applicable(edition, industry=industry, facts=facts)


def part_of(site: Site, edition: UUID, dice: random.Random) -> tuple[list[str], list[Item]]:
    """A part of what this site is asked: some categories, and their items."""
    asked = _asked(edition, site.enterprise.industry, tuple(site.facts))
    codes = sorted({i.category.code for i in asked})
    some = dice.sample(codes, min(QUIET_PART, len(codes)))
    return some, [i for i in asked if i.category.code in some]


def check(
    site: Site, edition: UUID, categories: Sequence[str], items: Sequence[Item],
    wrong: Sequence[Item], *, key: str, at: datetime, by: Holder,
) -> inspecting.Taken:  # fmt: skip
    """An inspection of these items, in which some are not met."""
    found = {i.code: Found(f"{i.not_met}。（演示）") for i in wrong}
    told = inspecting.Told(
        id=id_of("inspection", key), site=site.id, kind=inspecting.kinds_of(by)[0],
        edition=edition, categories=categories, check=None, packed_at=at - timedelta(hours=2),
        began_at=at - timedelta(minutes=len(items)), finished_at=at, spot=None,
        verdicts={i.code: NOT_MET if i in wrong else MET for i in items}, found=found, noted={},
    )  # fmt: skip
    return inspecting.take(told, mechanism=m.safety, now=at, by=by)


class Checked(Matter):
    """One hazard, from the check that found it to the day it is gone."""

    def __init__(self, firms: Firms, site: Site, *of: Any) -> None:
        super().__init__(*of)
        self.site, self.edition = site, firms.edition
        self.inspector, self.officer = firms.inspector(site), firms.officer(site)
        own = self.officer is not None and self.dice.random() < 0.5
        self.finder = self.officer if own and self.officer else self.inspector

    def begin(self) -> None:
        self.now = by_day(self.now, self.dice)
        categories, items = part_of(self.site, self.edition, self.dice)
        self.item = self.dice.choice(items)
        taken = check(
            self.site, self.edition, categories, items, [self.item],
            key=str(self.number), at=self.now, by=self.finder,
        )  # fmt: skip
        answer = taken.row.answers.get(code=self.item.code)
        self.known = not taken.begun
        with within(self.inspector.scope):
            found = Case.objects.get(number=answer.number, county=self.county)
        self.receipt = Receipt(self.county, found.id, answer.number, found.seq, again=False)

    def plan(self) -> Iterator[Deed]:
        if self.known:  # somebody is at it already
            return
        self.rank = self._rank()
        yield m.rank, self._ranked(), self.inspector, 6
        halts = self.rank == ranks.RED
        yield (m.stop if halts else m.order), {}, self.inspector, 12
        if self.officer is None:
            yield from self._without_account(halts)
            return
        if self.dice.random() < 0.4:
            yield m.progress, {"note": Words("材料已到，正在安装。")}, self.officer, 24 * 4
        yield (m.rectify_stopped if halts else m.rectify), _mended(), self.officer, 24 * 6
        yield from self._looked_at(halts)

    def _without_account(self, halts: bool) -> Iterator[Deed]:
        """The inspector notes what a firm without an account has done; a colleague looks."""
        clerk = self.city.of(self.town, "governance_centre", "clerk")
        if halts:  # red is left to the firm's own report
            return
        yield m.rectify, _mended(), clerk, 24 * 8
        yield from self._looked_at(halts)

    def _looked_at(self, halts: bool) -> Iterator[Deed]:
        upper = self.city.of(self.county, "governance_centre", "safety_inspector")
        leader = self.city.of(self.town, "governance_centre", "leader")
        if halts:
            yield m.pass_stopped, SEEN, upper, 40
            yield m.restart, {"note": Words("复查合格，同意恢复。")}, leader, 20
            return
        if self.officer and self.dice.random() < 0.12:
            yield m.fail, {"note": Words("还有一处没有装好。")}, self.inspector, 30
            yield m.rectify, _mended(), self.officer, 24 * 3
        yield m.pass_, SEEN, self.inspector, 30

    def _rank(self) -> str:
        """Mostly what the catalogue proposes; what may be a major hazard is at least orange."""
        proposed = self.item.rank
        if proposed in D:
            return ranks.ORANGE if proposed == ranks.RED and self.dice.random() < 0.6 else proposed
        return ranks.RED if self.dice.random() < 0.2 else ranks.ORANGE

    def _ranked(self) -> dict[str, Any]:
        major = self.item.rank not in D or self.rank == ranks.RED
        more = {"criterion": Words(CRITERION)} if major else {}
        return {"rank": self.rank, "way": "lec", "d": D[self.rank], "major": major,
                "reason": Words("按清单和现场情况。"), **more}  # fmt: skip

    def ready(self, what: Act, data: dict[str, Any]) -> dict[str, Any]:
        """The day of the order counts from when it is given."""
        if what not in (m.order, m.stop):
            return data
        return {
            "addressee": Words(f"{self.site.enterprise.name} {self.site.name}"),
            "responsible": Words("车间负责人（演示）"), "measures": Words("按清单逐项整改。"),
            "funds_yuan": Words(str(self.dice.choice([500, 2000, 8000, 30_000]))),
            "contingency": Words("停机、断电、疏散。"), "protection": Words("设警戒，专人看守。"),
            "firm": self.officer.unit if self.officer else None,
            "until": self.now + timedelta(days=DAYS[self.rank]),
        }  # fmt: skip


def _mended() -> dict[str, Any]:
    return {"note": Words("已按要求整改。")}


def found_hazards(
    city: City, firms: Firms, begun: Sequence[datetime], dice: random.Random, first: int
) -> list[Checked]:
    """Where the demo's safety officer works there is more to show."""
    at_random = weighted(firms.sites, dice)
    sites = [
        firms.sites[0] if n % OFTEN == OFTEN - 1 else next(at_random) for n in range(len(begun))
    ]
    return [
        Checked(firms, site, city, site.place, at, dice, first + n)
        for n, (site, at) in enumerate(zip(sites, begun, strict=True))
    ]


def by_day(at: datetime, dice: random.Random) -> datetime:
    """The same day between nine and five, where that is not still to come."""
    found = clocks.local(at).replace(hour=dice.randint(9, 16))
    return found if found < timezone.now() else at


def quiet_checks(firms: Firms, begun: Sequence[datetime], dice: random.Random) -> None:
    """Checks that found nothing: most of them, as far as those who made them say."""
    for n, (at, site) in enumerate(zip(begun, weighted(firms.sites, dice), strict=False)):
        officer = firms.officer(site)
        by = officer if officer and dice.random() < 0.7 else firms.inspector(site)
        categories, items = part_of(site, firms.edition, dice)
        if items:
            on = by_day(at, dice)
            check(site, firms.edition, categories, items, [], key=f"quiet-{n}", at=on, by=by)
