"""The demo's petitions: each acted through the kernel as its people would. All are invented."""

from collections.abc import Iterator
from typing import Any

from gongzhi.cases.act import Report, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.sealed import tail_index
from gongzhi.declare import Act
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.people.posts import Holder, Resident
from gongzhi.site.demo.living import Deed, Matter

STORIES = {
    "construction": ("楼上加建挡了采光，报过几次没有人来看。", "请查处加建。", "planning"),
    "education": ("孩子转学材料交了两个月，没有答复。", "请告知能不能转学。", "education"),
    "market": ("摊位费涨了一倍，说不清依据。", "请公开收费依据，多收的退还。", "market"),
    "land": ("征地补偿款比公示的少，问不到明细。", "请核对并补足。", "planning"),
    "environment": ("门口小作坊夜里排烟，味道很大。", "请检查并限期整改。", "urban"),
    "traffic": ("村口公交站撤了，老人出行不便。", "请恢复站点。", "urban"),
}
LABELS = dict(m.petitions.categories)
NOTE = {"note": Words("已联系信访人，实地看过。"), "served": "online"}


def why(text: str, **more: Any) -> dict[str, Any]:
    return {"reason": Words(text), "served": "online", **more}


def opinion(request: str, decision: str = "support") -> dict[str, Any]:
    said = "不符合规定，已说明理由。" if decision == "no" else "诉求合理，限期办理。"
    return {
        "request": Words(request), "facts": Words("经实地查看和查阅档案，情况属实。"),
        "basis": Words("有关法律法规和本地规定。"), "decision": decision,
        "explanation": Words(said), "served": "online",
    }  # fmt: skip


class Petition(Matter):
    """One petition, of one person."""

    def begin(self) -> None:
        self.category = self.dice.choice(list(STORIES))
        self.story, self.request, self.field = STORIES[self.category]
        phone = f"1390000{self.number % 10_000:04d}"
        web = self.dice.random() < 0.6
        channel = "web" if web else self.dice.choice(["visit", "letter", "phone", "mailbox"])
        told = Report(
            place=self.village, category=self.category, channel=channel,
            title=f"{LABELS[self.category]}：{self.story[:20]}",
            data={"text": Words(self.story), "request": Words(self.request), "purpose": "request",
                  "notice": "online" if web else "post"},
            parties=[NewParty("applicant", name=self.city.person(), phone=phone)],
        )  # fmt: skip
        by = Resident() if web else self.clerk()
        self.receipt = report(m.petitions, told, key=f"demo-p-{self.number}", now=self.now, by=by)
        self.resident = Resident(case=self.receipt.id, tail=tail_index(phone))

    def clerk(self) -> Holder:
        return self.city.of(self.town, "governance_centre", "clerk")

    def leader(self) -> Holder:
        return self.city.of(self.town, "governance_centre", "leader")

    def plan(self) -> Iterator[Deed]:
        lot = self.dice.random()
        if lot < 0.04:
            yield m.divert, why("此事已由法院审理。", way="court"), self.clerk(), 60
            return
        if lot < 0.08:
            said = why("请向市级主管部门提出。", ground="elsewhere", way="procedure")
            yield m.refuse, said, self.clerk(), 60
            return
        if lot < 0.40:
            yield from self.at_department()
            return
        yield m.accept, NOTE, self.clerk(), 50
        yield from self.answered(self.clerk(), self.leader())

    def at_department(self) -> Iterator[Deed]:
        """What belongs to a department of the county is forwarded to it."""
        there = self.city.of(self.county, f"department.{self.field}", "handler")
        boss = self.city.of(self.county, f"department.{self.field}", "leader")
        yield m.forward, why("按职责由主管部门办理。", unit=there.unit), self.clerk(), 70
        yield m.accept, NOTE, there, 40
        yield from self.answered(there, boss)

    def answered(self, handler: Holder, boss: Holder) -> Iterator[Deed]:
        if self.dice.random() < 0.3:
            yield m.rate, {"satisfied": self.dice.random() < 0.9}, self.resident, 20
        if self.dice.random() < 0.08:
            yield m.prolong, why("需要鉴定。"), boss, 24 * 40
        decision = "no" if self.dice.random() < 0.2 else "support"
        yield m.answer, opinion(self.request, decision), handler, 24 * self.dice.uniform(8, 40)
        if self.dice.random() < 0.08:
            yield from self.reviewed()
        else:
            yield m.accept_answer, {}, self.resident, 24 * 6
        ends: Act = m.explain if decision == "no" else m.verify
        yield ends, {"note": Words("已到现场核实。"), "served": "online"}, boss, 24 * 12
        if self.dice.random() < 0.5:
            yield m.rate, {"satisfied": self.dice.random() < 0.85}, self.resident, 30
        if decision == "support" and self.dice.random() < 0.04:
            yield m.reopen, {"reason": Words("又出现了。")}, self.resident, 24 * 20

    def reviewed(self) -> Iterator[Deed]:
        """The level above upholds it; the petitioner lets it rest."""
        reviewer = self.city.of(self.county, "governance_centre", "clerk")
        yield m.review, {"reason": Words("认为事实没有查清。")}, self.resident, 24 * 10
        said = {
            "facts": Words("与原认定一致。"), "basis": Words("同原意见。"), "outcome": "uphold",
            "explanation": Words("原意见正确。"), "served": "online",
        }  # fmt: skip
        yield m.review_opinion, said, reviewer, 24 * 20
        yield m.accept_answer, {}, self.resident, 24 * 8
