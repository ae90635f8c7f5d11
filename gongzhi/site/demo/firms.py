"""The demo's firms: 3,000 with their sites, entered through the register as a county would.

All are invented and say so in their names; how many there are of an industry is invented too.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.registers import credit_code, editions, entering, firm_units
from gongzhi.mechanisms.safety.registers.entering import NewContact, NewFirm, NewSite
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder, posts_of
from gongzhi.places.models import Division
from gongzhi.site.demo.city import City, Wanted, id_of

GAOYAO, JINLI = "441204", "441204115"
FIRMS = 3_000
IN_JINLI = 0.2  # of them, where the demo's inspector works
WITH_ACCOUNT = 120  # firms that use the platform themselves, Jinli's workshops first
INSPECTOR: Sequence[Wanted] = (("safety_inspector", "安全检查员", "Safety inspector"),)
AUDITORS: Sequence[Wanted] = (
    ("safety_inspector", "安全审计员", "Safety auditor"),
    ("safety_inspector", "安全审计复核员", "Safety audit reviewer"),
)
# What it is called, its industry, what is done there, and its usual colour.
Trade = tuple[str, str, str, Sequence[str], str]
TRADES: Final[Sequence[Trade]] = (
    ("五金厂", "Hardware workshop", "C33",
     ("stamping", "hot_work", "crane", "forklift"), "orange"),
    ("抛光厂", "Polishing workshop", "C33", ("dust", "temporary_power"), "red"),
    ("陶瓷厂", "Ceramics works", "C30", ("gas_use", "forklift", "confined_space"), "orange"),
    ("家具厂", "Furniture factory", "C21", ("woodworking", "dust", "spray_painting"), "orange"),
    ("铝材厂", "Aluminium works", "C32", ("molten_metal", "crane", "gas_use"), "red"),
    ("电子厂", "Electronics factory", "C39", ("dormitory", "night_shift"), "yellow"),
    ("食品厂", "Food factory", "C13", ("refrigeration", "boiler"), "yellow"),
    ("制衣厂", "Garment factory", "C18", ("dormitory", "storage"), "yellow"),
    ("仓库", "Warehouse", "G59", ("storage", "forklift"), "yellow"),
    ("饭店", "Restaurant", "H62", ("kitchen", "lpg", "public_gathering"), "yellow"),
    ("宾馆", "Hotel", "H61", ("public_gathering", "lift"), "yellow"),
    ("商店", "Shop", "F52", ("storage",), "blue"),
    ("维修店", "Repair shop", "O81", ("hot_work", "electric_bike"), "blue"),
)  # fmt: skip
WEIGHTS: Final = (6, 2, 3, 3, 1, 3, 2, 3, 3, 10, 2, 14, 8)
OF_JINLI: Final = (60, 14, 1, 1, 4, 1, 1, 1, 4, 4, 1, 5, 3)
SIZES: Final = (("small", 0.35), ("micro", 0.55), ("medium", 0.09), ("large", 0.01))


class Firms:
    """Inspectors are gathered beside the city; the firms are entered once it is written."""

    def __init__(
        self, city: City, villages: Mapping[str, Sequence[Division]], many: int = FIRMS
    ) -> None:
        self.city, self.villages, self.many = city, villages, many
        self.sites: list[Site] = []  # the demo's metal workshop first
        # The firm's own: who answers for safety, and its head.
        self.people: dict[str, tuple[Holder, Holder]] = {}

    def gather(self) -> None:
        """An inspector in each town and county, and two auditors of the city."""
        self.city.more("4412", "governance_centre", AUDITORS)
        for code in sorted({*self.villages, *(town[:6] for town in self.villages)}):
            self.city.more(code, "governance_centre", INSPECTOR)

    def enter(self, since: datetime, dice: random.Random) -> None:
        """And the catalogue that they are checked by."""
        by = self.city.of("4412", "governance_centre", "leader")
        self.edition = editions.ship("4412", now=since).id
        rows = list(self._rows(dice))
        people = [
            NewContact(firm.code, "head", self.city.person(), f"1330000{n:04d}")
            for n, (firm, _site) in enumerate(rows[:WITH_ACCOUNT])
        ]
        known = entering.enter_many(
            [firm for firm, _site in rows], [site for _firm, site in rows], people,
            by=by, now=since,
        )  # fmt: skip
        for n, (firm, _site) in enumerate(rows[:WITH_ACCOUNT]):
            self.people[firm.code] = self._accounts(n, known[firm.code], by, since)
        turn = {known[firm.code].id: n for n, (firm, _site) in enumerate(rows)}
        found = Site.objects.filter(enterprise__in=turn).select_related("enterprise")
        self.sites = sorted(found, key=lambda s: turn[s.enterprise_id])

    def _rows(self, dice: random.Random) -> Iterator[tuple[NewFirm, NewSite]]:
        """Those of Jinli first, and of them the demo's metal workshop."""
        elsewhere = [v for town in sorted(self.villages) for v in self.villages[town]]
        for n in range(self.many):
            here = n < self.many * IN_JINLI
            village = dice.choice(self.villages[JINLI] if here else elsewhere)
            weights = OF_JINLI if here else WEIGHTS
            trade = TRADES[0] if n == 0 else dice.choices(TRADES, weights)[0]
            yield self._row(n, village.code, trade, dice)

    def _row(
        self, n: int, village: str, trade: Trade, dice: random.Random
    ) -> tuple[NewFirm, NewSite]:
        called, called_en, industry, facts, colour = trade
        body = f"91{village[:6]}MAD{n:06d}"
        code = body + credit_code.check_sign(body)
        size = dice.choices([s for s, _w in SIZES], [w for _s, w in SIZES])[0]
        overseer = self.city.at[village[:9], "governance_centre"]
        firm = NewFirm(
            code, f"{called}{n + 1:04d}号（演示）", village, industry, size,
            name_en=f"{called_en} no. {n + 1} (demo)", overseer=overseer,
            employees={"micro": 8, "small": 60, "medium": 400, "large": 1200}[size],
        )  # fmt: skip
        some = facts if n == 0 else [f for f in facts if dice.random() < 0.8]
        name = "车间" if industry.startswith("C") else "营业场所"
        site = NewSite(code, name, village, colour, some, address=f"演示路{n + 1}号",
                       name_en="Workshop" if industry.startswith("C") else "Premises")  # fmt: skip
        return firm, site

    def _accounts(
        self, n: int, row: Enterprise, by: Holder, since: datetime
    ) -> tuple[Holder, Holder]:
        """The posts of the firm's own unit, held by invented people."""
        firm_units.make(row, by=by, now=since)
        names = {"safety_officer": "firm", "enterprise_head": "firmhead"}
        found = []
        for kind, name in names.items():
            account = Account.objects.create(
                id=id_of("account", "firm", kind, str(n)),
                username=name if n == 0 else f"{name}{n}", name=self.city.person(),
                password=self.city.password,
            )  # fmt: skip
            firm_units.appoint(row, kind, account, by=by, now=since)
            found += posts_of(account.id, at=since)
        return found[0], found[1]

    def officer(self, site: Site) -> Holder | None:
        """Who answers for safety at a firm that has an account."""
        own = self.people.get(site.enterprise.code)
        return own[0] if own else None

    def inspector(self, site: Site) -> Holder:
        return self.city.of(site.place[:9], "governance_centre", "safety_inspector")


def weighted(sites: Sequence[Site], dice: random.Random) -> Iterator[Site]:
    """Sites at random, graver ones more often; every other one of a firm with an account."""
    grave = {"red": 8, "orange": 5, "yellow": 2, "blue": 1}
    weights = [grave[s.colour] for s in sites]
    own = [s for s in sites if s.enterprise.unit]
    while True:
        yield dice.choice(own) if dice.random() < 0.5 else dice.choices(sites, weights)[0]
