"""The article's case, replayed: 52 merchant households on land taken for a school.

Facts: report of 4 August 2022 on Zhaoqing (docs: shared facts of the field). Names are invented.
They petition at district, city and province; the three are joined; the province's joint meeting
gives guidance; a leader of the district answers; paid by household, torn down, the land is free.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gongzhi.cases import informing, linkage, plans, steps
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.models import Party, Task
from gongzhi.cases.sealed import tail_index
from gongzhi.declare import Act
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.networks.resolution import meetings
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within
from gongzhi.places.models import Division
from gongzhi.site.demo.city import DUANZHOU, City
from gongzhi.site.demo.petitions import NOTE, opinion, why

HOUSEHOLDS = 52
STORY = (
    "我们五十二户商户租用的商铺是出租人未经许可建在学校用地上的，现在要拆，装修和预付租金没有人赔。"
)
STEPS = (
    ("planning", "认定违法建设，下达限期拆除决定", 10),
    ("market", "登记商户经营情况，协助迁址变更", 15),
    ("justice", "组织商户与出租人协商补偿，出具调解意见", 20),
    ("education", "接收学校用地，制定建设安排", 40),
)


class Merchants:
    """One matter, three petitions."""

    number = -1

    def __init__(self, city: City, began: datetime, dice: random.Random) -> None:
        self.city, self.now, self.dice = city, began, dice
        here = Division.objects.filter(level=5, code__startswith=DUANZHOU).order_by("code")
        self.place = here.values_list("code", flat=True)[0]
        self.town = self.place[:9]
        self.n = 0

    def of(self, unit: str, kind: str, place: str = DUANZHOU) -> Holder:
        return self.city.of(place, unit, kind)

    def told(self, at: str, phone: str) -> Receipt:
        """Five representatives come; each office registers what it is told."""
        office = self.of("petition_office", "clerk", at)
        said = Report(
            place=self.place, category="construction", channel="visit", unit=office.unit,
            title="城乡建设与违法建设：商铺建在学校用地上，补偿没有着落",
            data={"text": Words(STORY), "request": Words("赔偿损失，依法处理。"),
                  "purpose": "request", "notice": "handed", "people": HOUSEHOLDS,
                  "representatives": 5},
            parties=[NewParty("applicant", name=self.city.person(), phone=phone),
                     NewParty("respondent", name="某商业管理公司（演示）")],
        )  # fmt: skip
        return report(m.petitions, said, key=f"demo-merchants-{at}", now=self.now, by=office)

    def act(self, what: Act, data: dict[str, Any], by: Holder | Resident, *, days: float = 1,
            case: Receipt | None = None, given: dict[str, Any] | None = None) -> None:  # fmt: skip
        self.now += timedelta(days=days)
        self.n += 1
        of = case or self.receipt
        act((of.county, of.id), what, data, key=f"demo-merchants-act-{self.n}", now=self.now,
            by=by, given=given)  # fmt: skip

    def step(self, unit: UUID) -> tuple[int, int]:
        with within(Scope(case=self.receipt.id)):
            task = Task.objects.filter(name=steps.STEP, unit=unit, done_at=None).earliest("due_at")
        return task.seq, task.n

    def live(self) -> Iterator[None]:
        yield from self.petitions()
        yield from self.linkage()
        yield from self.settlement()

    def petitions(self) -> Iterator[None]:
        """At the district, then the city, then the province; joined to the first."""
        district = self.of("petition_office", "clerk")
        self.receipt = self.told(DUANZHOU, "13800520001")
        self.resident = Resident(case=self.receipt.id, tail=tail_index("13800520001"))
        self.act(m.accept, NOTE, district, days=4)
        people = [NewParty("applicant", name=self.city.person(), phone=f"138005200{n:02d}")
                  for n in range(2, HOUSEHOLDS + 1)]  # fmt: skip
        self.act(linkage.add_parties, {"count": len(people)}, district, given={"people": people})
        self.told_at_the_door(district)
        yield
        for at, phone, days in (("4412", "13800520002", 12), ("44", "13800520003", 9)):
            self.now += timedelta(days=days)
            again = self.told(at, phone)
            other = (self.receipt.county, self.receipt.id)
            said = why("与端州区已受理的是同一事项。", other=other, closed=False)
            office = self.of("petition_office", "clerk", at)
            self.act(m.merge, said, office, days=2, case=again)
            yield

    def told_at_the_door(self, district: Holder) -> None:
        """All but a few of the households are told that it was accepted."""
        with within(Scope(case=self.receipt.id)):
            known = Party.objects.filter(side="applicant", seq__gt=1).order_by("id")
            members = [str(id_) for id_ in known.values_list("id", flat=True)]
        said = {"notice": 2, "members": members[5:], "way": "handed", "on": self.now.date()}
        self.act(informing.tell_members, said, district, days=0)

    def linkage(self) -> Iterator[None]:
        """The province's meeting, a leader in charge, a plan through the green channel."""
        district, province = (self.of("petition_office", "clerk"),
                              self.of("petition_office", "clerk", "44"))  # fmt: skip
        asked = {
            "unit": province.unit,
            "reason": Words("请省联席会议指导：涉及土地、教育、市场多个部门。"),
        }
        self.act(plans.table, asked, district, days=2)
        members = [self.of("petition_office", "clerk", "4412").unit, district.unit,
                   self.of("government", "leader").unit]  # fmt: skip
        case = (self.receipt.county, self.receipt.id)
        meeting = meetings.convene(
            "省信访工作联席会议", self.now + timedelta(days=3), "省信访局会议室（演示）",
            units=members, cases=[case], now=self.now, by=province,
        )  # fmt: skip
        self.now += timedelta(days=4)
        guided = {
            "outcome": "decided",
            "resolution": Words("属地负责，区领导包案，各部门并行办理。"),
            **steps.told([steps.Step(members[0], "每周督促进展，月底报告", self.due(40))]),
        }  # fmt: skip
        meetings.decide(
            meeting, case, guided, key="demo-merchants-meeting", now=self.now, by=province
        )
        meetings.hold(meeting, members, now=self.now, by=province)
        yield
        leader = self.of("government", "leader")
        named = {
            "post": leader.post, "unit": leader.unit,
            "reason": Words("省联席会议议定由区领导包案。"),
            "meet_by": self.due(5), "plan_by": self.due(10),
        }  # fmt: skip
        self.act(plans.name_leader, named, district)
        said = {
            "met_at": self.now + timedelta(days=2),
            "note": Words("与五名代表面谈，答应一个月内给出补偿方案。"),
        }
        self.act(plans.meet, said, leader, days=3)
        rows = [steps.Step(self.of(f"department.{name}", "handler").unit, what, self.due(days))
                for name, what, days in STEPS]  # fmt: skip
        town = self.city.of(self.town, "governance_centre", "clerk")
        rows.append(steps.Step(town.unit, "组织拆除，维护现场秩序", self.due(35)))
        community = self.city.of(self.place, "village_committee", "clerk")
        rows.append(steps.Step(community.unit, "逐户走访，陪同签收补偿", self.due(30)))
        drawn = {
            "aim": Words("先协商补偿，再依法拆除，土地移交学校。"),
            "green": True,
            **steps.told(rows),
        }
        self.act(plans.plan, drawn, leader, days=2)
        yield

    def due(self, days: int) -> Any:
        return (self.now + timedelta(days=days)).date()

    def settlement(self) -> Iterator[None]:
        district, leader = self.of("petition_office", "clerk"), self.of("government", "leader")
        with within(district.scope):
            tasks = list(
                Task.objects.filter(case_id=self.receipt.id, name=steps.STEP).order_by("due_at")
            )
        shares = self.shares()
        self.act(m.share, {"members": shares, "due": self.due(25)}, district, days=6)
        self.act(m.answer, opinion("赔偿损失，依法处理违法建设。"), district, days=3)
        self.act(m.accept_answer, {}, self.resident, days=4)
        yield
        staff = {h.unit: h for holders in self.city.staff.values() for h in holders
                 if h.kind in {"handler", "clerk"}}  # fmt: skip
        for task in tasks:
            done = {"step": (task.seq, task.n), "note": Words("已按方案办结，材料附后。")}
            self.act(plans.carry_out, done, staff[task.unit], days=3)
        yield
        self.act(
            m.pay,
            {"members": self.members(), "note": Words("补偿款已到账，商户签收。")},
            district,
            days=2,
        )
        self.act(plans.approve, {"note": Words("同意办结。")}, leader, days=3)
        verified = {
            "note": Words("现场已拆除，学校用地已移交，抽查十户均已收款。"),
            "served": "handed",
        }
        self.act(m.verify, verified, self.of("petition_office", "handler"), days=2)
        yield
        self.act(m.rate, {"satisfied": True, "words": Words("说到做到。")}, self.resident, days=1)
        self.act(m.thank, {"kind": "banner", "note": Words("为民解忧，情系商户")}, district, days=6)

    def shares(self) -> list[dict[str, Any]]:
        """So much for each household, by what it had paid in advance and built in."""
        with within(self.of("petition_office", "clerk").scope):
            of_case = Party.objects.filter(case_id=self.receipt.id, side="applicant")
            found = list(of_case.order_by("id").values_list("id", flat=True))
        return [{"party": p, "amount": str(self.dice.randint(20, 90) * 1000)} for p in found]

    def members(self) -> list[tuple[int, int]]:
        with within(Scope(case=self.receipt.id)):
            open_ = Task.objects.filter(name="member", done_at=None)
            return list(open_.values_list("seq", "n"))
