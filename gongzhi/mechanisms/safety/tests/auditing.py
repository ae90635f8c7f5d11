"""An audit's surroundings for tests: checks that were made, by whom, with which answers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from gongzhi.cases.testing import OUTSIDE, make_post, make_unit
from gongzhi.mechanisms.safety.models import (
    Answer,
    Audit,
    Category,
    Check,
    Edition,
    Enterprise,
    Inspection,
    Item,
    Plan,
    Site,
)
from gongzhi.mechanisms.safety.registers import audit_papers, audits, editions
from gongzhi.mechanisms.safety.registers.contents import Contents
from gongzhi.mechanisms.safety.tests.register import COUNTY, Register
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder

YEAR = timedelta(days=365)
FOLLOW: dict[str, Any] = {"measure": "补查并报告", "due": date(2027, 1, 1)}


def few_items(now: datetime) -> Edition:
    """A catalogue of twelve items for all sites, which is laid faster than the one that ships."""
    edition = Edition(
        place=COUNTY, name="十二项", source="测试", valid_from=timezone.localdate(now) - YEAR
    )
    category = Category(edition=edition, code="B01", name="机械", group="machinery", way="lec")
    items = [
        Item(category=category, code=f"B01-{n:02}", what=f"第{n}道护罩齐全", how="看现场",
             not_met=f"缺第{n}道护罩", rank="yellow")
        for n in range(1, 13)
    ]  # fmt: skip
    return editions.enter(edition, Contents([category], items, []), now=now)


class Auditing(Register):
    """A county's audit office of two, its bureau, the town's centre, and a firm with two sites."""

    def __init__(self) -> None:
        super().__init__()
        self.edition = few_items(self.now)
        office = make_unit(COUNTY, "government", parent=self.cast.units[COUNTY])
        self.first, self.second = (
            make_post(office, COUNTY, kind, unit_kind="government")
            for kind in ("safety_inspector", "leader")
        )
        self.department = Unit.objects.get(id=self.bureau.unit)
        self.elsewhere = self.cast[OUTSIDE, "safety_inspector"]
        self.today = timezone.localdate(self.now)
        self.codes = [i.code for i in editions.items_for(self.workshop, on=self.today)]

    def asked(self, of: Enterprise | Unit | None = None, **other: Any) -> audits.Asked:
        usual: dict[str, Any] = {"since": self.today - timedelta(days=180), "until": self.today,
                 "purpose": "年度审计", "size": 2}  # fmt: skip
        return audits.Asked(of=of or self.firm, **usual | other)

    def open(self, of: Enterprise | Unit | None = None, **other: Any) -> Audit:
        return audits.open_(self.asked(of, **other), by=self.first, now=self.now)

    def checked(
        self, site: Site, kind: str, by: Holder, answers: Mapping[str, str], *, days: int = 10
    ) -> Inspection:
        """A check that was made so many days ago."""
        at = self.now - timedelta(days=days)
        verdicts = list(answers.values())
        made = Inspection.objects.create(
            id=uuid4(), site=site, place=site.place, kind=kind, edition=self.edition,
            unit=by.unit, post=by.post, account=by.account, began_at=at, finished_at=at,
            received_at=at, asked=len(answers), met=verdicts.count("met"),
            not_met=verdicts.count("not_met"), not_applicable=verdicts.count("not_applicable"),
        )  # fmt: skip
        Answer.objects.bulk_create(
            Answer(inspection=made, code=code, verdict=said) for code, said in answers.items()
        )
        return made

    def due(self, site: Site, unit: Any, *, days: int, done: int | None, kind: str) -> Check:
        """A check that fell due so many days ago, and when it was done."""
        plan = Plan.objects.create(
            place=site.place, name="计划", kind=kind, every={}, valid_from=self.today,
            account=self.first.account, post=self.first.post, entered_at=self.now,
        )  # fmt: skip
        return Check.objects.create(
            plan=plan, site=site, place=site.place, unit=unit,
            from_day=self.today - timedelta(days=days + 5), due=self.today - timedelta(days=days),
            done_at=None if done is None else self.now - timedelta(days=done),
        )  # fmt: skip

    def form(self, answers: Mapping[str, str]) -> audit_papers.Paper:
        """As the desk sends it."""
        notes = {code: "防护罩被拆下" for code, said in answers.items() if said == "not_met"}
        at = self.now + timedelta(minutes=1)
        return audit_papers.Paper(uuid4(), at, at, answers, notes)

    def record(self, of: Audit, site: Site, paper: audit_papers.Paper, by: Holder) -> Inspection:
        row = of.frame.select_related("site__enterprise").get(site=site)
        return audit_papers.record(of, row, paper, by=by, now=paper.finished_at)

    def paper(
        self, of: Audit, site: Site, answers: Mapping[str, str], *, by: Holder | None = None
    ) -> Inspection:
        return self.record(of, site, self.form(answers), by or self.first)

    def seen(self, of: Audit, answers: Mapping[str, str]) -> None:
        """The workshop was looked at, the store was locked."""
        self.paper(of, self.workshop, answers)
        audits.not_seen(of, self.store.id, "停用待拆", by=self.first, now=self.now)

    def drawn_up(self, answers: Mapping[str, str], of: Enterprise | Unit | None = None) -> Audit:
        made = self.open(of)
        self.seen(made, answers)
        audits.draw_up(made, "总体可控", by=self.first, now=self.now)
        made.findings.filter(measure="").update(**FOLLOW)
        made.refresh_from_db()
        return made

    def issued(self, answers: Mapping[str, str], of: Enterprise | Unit | None = None) -> Audit:
        made = self.drawn_up(answers, of)
        audits.issue(made, by=self.second, now=self.now)
        made.refresh_from_db()
        return made


def answers(codes: list[str], said: str) -> dict[str, str]:
    """One letter an item: m met, n not met, x not applicable."""
    words = {"m": "met", "n": "not_met", "x": "not_applicable"}
    return {code: words[letter] for code, letter in zip(codes, said, strict=False)}


def later(at: datetime, **span: float) -> datetime:
    return at + timedelta(**span)
