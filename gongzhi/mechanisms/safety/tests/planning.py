"""Plans of checks for tests: on a Monday, with a firm that has an account and one that has none."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gongzhi.cases.clocks import CHINA
from gongzhi.cases.testing import make_post, make_unit
from gongzhi.mechanisms.safety.models import Check, Edition, Enterprise, Inspection, Plan, Site
from gongzhi.mechanisms.safety.registers import checks, firm_units, plans, plans_laying
from gongzhi.mechanisms.safety.tests.register import COUNTY, TOWN, VILLAGE, Register
from gongzhi.people.posts import Holder

MONDAY = date(2026, 1, 12)  # no holiday until the middle of February


def at(day: date) -> datetime:
    """Nine o'clock."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=CHINA)


class Plans(Register):
    """The register's town; its first firm checks itself, and a leader of the county plans."""

    def __init__(self) -> None:
        super().__init__()
        Enterprise.objects.update(valid_from=MONDAY)
        Site.objects.update(valid_from=MONDAY)
        firm_units.make(self.firm, by=self.clerk, now=self.now)
        self.leader = self.cast[COUNTY, "leader"]
        self.inspector = self.cast[TOWN, "safety_inspector"]
        self.now = at(MONDAY)
        self.fire = make_unit(COUNTY, "fire")
        self.edition = Edition.objects.create(
            place=COUNTY, name="一版", source="某", valid_from=MONDAY, entered_at=self.now
        )

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def travel(self, days: int) -> None:
        self.now += timedelta(days=days)

    def many_sites(self, n: int, **facts: Any) -> list[Site]:
        return Site.objects.bulk_create(
            Site(enterprise=self.firm, name=f"{facts.get('colour', 'blue')}{k}",
                 valid_from=MONDAY, **{"place": VILLAGE, "colour": "blue"} | facts)
            for k in range(n)
        )  # fmt: skip

    def row(self, **facts: Any) -> Plan:
        usual = {"place": COUNTY, "name": "自查", "kind": "self", "valid_from": self.today,
                 "every": {"orange": 10, "blue": 30}}  # fmt: skip
        return Plan(**usual | facts)

    def plan(self, *, by: Holder | None = None, **facts: Any) -> Plan:
        row = self.row(**facts)
        plans.make(row, by=by or self.leader, now=self.now)
        return row

    def night(self) -> int:
        """What the worker does."""
        laid = plans_laying.lay(self.now)
        plans_laying.clear(self.now)
        return laid

    def inspect(
        self, site: Site, kind: str = "self", *, check: Check | None = None,
        categories: tuple[str, ...] = (),
    ) -> Inspection:  # fmt: skip
        """One that was made and sent in."""
        row = Inspection(
            id=UUID(int=Inspection.objects.count() + 1), site=site, check_of=check,
            place=site.place, kind=kind, edition=self.edition, categories=list(categories),
            unit=self.fire, post=self.leader.post, account=self.leader.account,
            began_at=self.now, finished_at=self.now, received_at=self.now, asked=1, met=1,
            not_met=0, not_applicable=0,
        )  # fmt: skip
        with transaction.atomic():
            row.save(force_insert=True)
            checks.settle(row)
        return row

    def of_unit(self, unit: UUID, place: str, kind: str = "handler") -> Holder:
        return make_post(unit, place, kind, unit_kind="fire", sees=False)


def left(plan: Plan) -> list[Check]:
    found = Check.objects.filter(plan__line=plan.line, done_at=None)
    return list(found.order_by("due", "site__name"))
