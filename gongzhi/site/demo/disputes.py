"""The demo's disputes: each acted through the kernel as its people would, in the order of time."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from gongzhi.cases import linkage
from gongzhi.cases.act import Receipt, Report, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.sealed import tail_index
from gongzhi.declare import Act
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.posts import Holder, Resident
from gongzhi.site.demo.city import City
from gongzhi.site.demo.living import Deed, Matter

STORIES = {
    "wages": "在工地干了四个月，工钱一直没有结清，多次催要都说等等。",
    "neighbours": "隔壁加建把水排到我家墙根，下雨就渗水，说了几次没有结果。",
    "family": "兄弟之间为赡养老人怎么分担争执，希望有人来主持公道。",
    "land": "两家对山林地界说法不一，都有旧凭证，砍树时起了争执。",
    "property": "小区路灯坏了两个月，物业收了费却不修，业主意见很大。",
    "damages": "骑车被门口堆放的建材绊倒受伤，医药费没有人承担。",
    "contract": "订了果苗，成活率和约定差很多，要求退一部分货款。",
    "housing": "宅基地建房，邻居认为占了共用通道，工程停了下来。",
}
SPOKEN = {name: label for name, label in m.mediation.categories}
DEAL = linkage.act_named


class Story(Matter):
    """One dispute, of any kind if none is named."""

    kind = ""

    def __init__(
        self, city: City, village: str, began: datetime, dice: random.Random, number: int
    ) -> None:
        super().__init__(city, village, began, dice, number)
        self.amount = self.dice.randint(5, 80) * 100
        local = (village, "mediation_committee") in city.at
        self.first = self.dice.random() if local else 1.0  # below 0.72: the village settles it

    def judge(self) -> Holder:
        return self.city.of(self.county, "court", "judge")

    def clerk(self) -> Holder:
        return self.city.of(self.town, "governance_centre", "clerk")

    def begin(self) -> None:
        category = self.kind or self.dice.choice(list(STORIES))
        phone = f"1380000{self.number % 10_000:04d}"
        channel, by, unit = self.entrance()
        danger = "threat" if self.dice.random() < 0.03 else "none"
        told = Report(
            place=self.village, category=category, channel=channel, unit=unit,
            title=f"{SPOKEN[category]}：{STORIES[category][:20]}",
            data={"text": Words(STORIES[category]), "danger": danger},
            parties=[
                NewParty("applicant", name=self.city.person(), phone=phone),
                NewParty("respondent", name=self.city.person()),
            ],
        )  # fmt: skip
        self.danger = danger != "none"
        self.receipt: Receipt = report(
            m.mediation, told, key=f"demo-{self.number}", now=self.now, by=by
        )
        self.resident = Resident(case=self.receipt.id, tail=tail_index(phone))
        self.category, self.channel = category, channel

    def entrance(self) -> tuple[str, Holder | Resident, Any]:
        """How it comes: most through a station or the village, some from the court itself."""
        lot = self.dice.random()
        if lot < 0.05:
            way = "court_before" if lot < 0.04 else "court_suit"
            return way, self.judge(), self.city.at[self.town, "governance_centre"]
        if lot < 0.40 and (self.town, "station") in self.city.at:
            return "station", self.city.of(self.town, "station", "clerk"), None
        if lot < 0.55 and self.first < 1:
            return "village", self.city.of(self.village, "mediation_committee", "mediator"), None
        if lot < 0.75:
            return "web", Resident(), None
        return self.dice.choice(["visit", "phone", "hotline", "police"]), self.clerk(), None

    def ready(self, what: Act, data: dict[str, Any]) -> dict[str, Any]:
        """What is said of a time, now that it has come."""
        if what is m.schedule:
            return {**data, "begins_at": self.now + timedelta(hours=24)}
        return {**data, "held_on": self.now} if what is m.hold else data

    def plan(self) -> Iterator[Deed]:
        """What would be done, by whom, after how many hours: most are settled, some fail."""
        here = self.channel not in {"court_before", "court_suit"} and self.first < 1
        desk = self.city.of(self.village, "mediation_committee", "mediator") if here else (
            self.clerk())  # fmt: skip
        if self.danger:
            told = {"police": "called", "note": Words("民警到场，双方已分开。"), "safe": True}
            yield m.call_out, told, desk, 1
        if self.dice.random() < 0.05:
            why = {"way": "court", "reason": Words("此事已由法院立案审理。")}
            yield m.refuse, why, desk, 20
            return
        yield m.accept, {}, desk, 14
        if self.dice.random() < 0.03:
            yield m.withdraw, {"reason": Words("双方已自行和好。")}, self.resident, 30
            return
        if here and self.first < 0.72:
            yield from self.talk(desk, desk, self.clerk())
            return
        if here:
            yield from self.village_fails(desk)
        yield from self.at_town()

    def village_fails(self, desk: Holder) -> Iterator[Deed]:
        """What the village cannot settle goes up to the town, which takes it in."""
        yield m.assign, {"mediator": desk.post}, desk, 8
        yield m.hold, self.session(), desk, 40
        yield m.fail, {"way": "department", "reason": Words("双方分歧较大。")}, desk, 30
        up = {"reason": Words("村里调解不成，请镇综治中心办理。")}
        yield DEAL(m.mediation, "escalate"), up, desk, 12
        yield DEAL(m.mediation, "take_in"), {}, self.clerk(), 10

    def at_town(self) -> Iterator[Deed]:
        clerk = self.clerk()
        lot = self.dice.random()
        if lot < 0.12:
            studio = self.city.of(self.county, "studio", "mediator")
            data = {"mediator": studio.post, "unit": studio.unit, "chosen_by": "parties"}
            yield m.assign, data, clerk, 12
            yield DEAL(m.mediation, "take_in"), {}, studio, 10
            yield from self.sessions(studio, fails=0.12, closer=clerk)
            return
        mediator = self.city.of(self.town, "governance_centre", "mediator")
        yield m.assign, {"mediator": mediator.post, "chosen_by": "rule"}, clerk, 12
        if lot < 0.24:
            court = self.judge()
            asked = {"units": [court.unit], "reason": Words("请法官到场。")}
            yield DEAL(m.mediation, "join"), asked, clerk, 6
            yield DEAL(m.mediation, "assist"), {"note": Words("已到场释法。")}, court, 40
        yield from self.sessions(mediator, fails=0.16, closer=clerk)

    def talk(self, mediator: Holder, desk: Holder, closer: Holder) -> Iterator[Deed]:
        yield m.assign, {"mediator": mediator.post, "chosen_by": "rule"}, desk, 8
        yield from self.sessions(mediator, fails=0.0, closer=closer)

    def session(self) -> dict[str, Any]:
        record = Words("双方各自说明情况，调解员分别听取意见。")
        return {"setting": "together", "present": ["applicant", "respondent"], "record": record}

    def sessions(self, mediator: Holder, *, fails: float, closer: Holder) -> Iterator[Deed]:
        for _ in range(self.dice.randint(1, 2)):
            if self.dice.random() < 0.4:
                yield m.schedule, {"minutes": 90, "mode": "site"}, mediator, 20
            yield m.hold, self.session(), mediator, 50
        if self.dice.random() < 0.03:
            yield m.prolong, {"reason": Words("双方都愿意再谈。")}, mediator, 20
        if self.dice.random() < 0.02:
            gone = {"why": "absent", "reason": Words("一方多次联系不上。")}
            yield m.stop, gone, mediator, 200
            return
        if self.dice.random() < fails:
            yield from self.no_agreement(mediator)
            return
        yield from self.agree(mediator, closer)

    def no_agreement(self, mediator: Holder) -> Iterator[Deed]:
        way = "arbitration" if self.category == "wages" else "court"
        yield m.fail, {"way": way, "reason": Words("双方分歧较大。")}, mediator, 48
        if self.dice.random() < 0.25:
            yield m.end, {"reason": Words("当事人表示再考虑。")}, mediator, 40
            return
        kind, post = ("arbitration", "arbitrator") if way == "arbitration" else ("court", "judge")
        there = self.city.of(self.county, kind, post)
        yield m.refer, {"unit": there.unit, "note": Words("争议要点见笔录。")}, mediator, 40
        takes = m.take_up if way == "arbitration" else m.file
        yield takes, {"court_number": f"演示〔{self.now.year}〕{self.number}号"}, there, 90
        result = self.dice.choice(["mediated", "dropped", "judgment"])
        result = "award" if way == "arbitration" else result
        yield m.conclude, {"result": result}, there, 24 * 35

    def agree(self, mediator: Holder, closer: Holder) -> Iterator[Deed]:
        oral = self.dice.random() < 0.3
        first = (self.now + timedelta(days=16)).date()
        days = [first] if self.dice.random() < 0.7 else [first, first + timedelta(days=30)]
        money = [] if oral else [{"on": d, "amount": self.amount} for d in days]
        agreed = {
            "kind": "oral" if oral else "written", "whole": "all",
            "facts": Words("双方确认以上事实。"), "terms": Words("按约定付清，双方不再追究。"),
            "method": Words("银行转账"), "instalments": money,
        }  # fmt: skip
        yield m.agree, agreed, mediator, 30
        if self.channel in {"court_before", "court_suit"}:
            yield m.take_result, {"outcome": "dropped"}, self.judge(), 40
        if not oral and self.dice.random() < 0.2:
            judge = self.judge()
            yield m.apply_confirmation, {"unit": judge.unit, "judge": judge.post}, mediator, 48
            if self.missed is m.apply_confirmation:
                yield from self.performance(mediator, closer, len(money))
                return
            number = {"court_number": f"演示〔{self.now.year}〕民特{self.number}号"}
            yield m.confirm, number, judge, 24 * 9
        yield from self.performance(mediator, closer, len(money))

    def performance(self, mediator: Holder, closer: Holder, parts: int) -> Iterator[Deed]:
        if parts > 1 and self.dice.random() < 0.15:
            yield m.perform, {"n": 1, "note": Words("已收到款项。")}, mediator, 24 * 12
            broke = {"reason": Words("第二期没有付。")}
            yield m.default, broke, mediator, 24 * 40
            yield m.hold, self.session(), mediator, 50
            yield from self.agree(mediator, closer)
            return
        for n in range(1, parts + 1):
            yield (
                m.perform,
                {"n": n, "note": Words("已收到款项。")},
                mediator,
                24 * (8 if n == 1 else 24),
            )
        how = {"how": "phone", "quiet": "good", "note": Words("双方都说已经过去了。")}
        yield m.follow_up, how, mediator, 24 * 6
        yield m.close, {"note": Words("已电话核实。")}, closer, 24
        if self.dice.random() < 0.55:
            yield m.rate, {"satisfied": self.dice.random() < 0.9}, self.resident, 30
        elif self.dice.random() < 0.03:
            yield m.reopen, {"reason": Words("又起了争执。")}, self.resident, 24 * 30
