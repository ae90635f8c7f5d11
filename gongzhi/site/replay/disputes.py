"""Disputes: wages won back, a divorce withdrawn, 1,261 linked through stations; and the network."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from gongzhi.cases.act import Report, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import Case, Entry, Task
from gongzhi.cases.sealed import tail_index
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Lecture, Served, Site, Visit
from gongzhi.mechanisms.mediation.tasks import INSTALMENT
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder, Resident
from gongzhi.places.models import Division
from gongzhi.site.demo.city import DEQING, NO_TOWNS
from gongzhi.site.demo.disputes import Story
from gongzhi.site.demo.living import Deed, Matter
from gongzhi.site.replay.rows import Row
from gongzhi.site.replay.stage import (
    CITY,
    NOWHERE,
    Prompt,
    Stage,
    entries,
    lived,
    per_day,
    together,
)

JIUSHI_VILLAGE, GUANGNING = "441226114202", "441223"
INSTALMENTS = (126_667, 126_667, 126_666)
LINKED, OVER, BEFORE = 1_261, 640, timedelta(days=725)  # begun over so many days, since then
BOTH = ["applicant", "respondent"]


class _Wages(Prompt, Matter):
    """Told by phone; judge and judicial office come to the talks; paid in three instalments."""

    def begin(self) -> None:
        clerk = self.city.of(self.town, "governance_centre", "clerk")
        told = Report(
            place=self.village, category="wages", channel="phone", unit=None,
            title="拖欠农民工工资纠纷：果蔬合作社拖欠工资",
            data={"text": Words("果蔬合作社拖欠工资三十八万元。"), "danger": "none"},
            parties=[NewParty("applicant", name=self.city.person(), phone="13800007788"),
                     NewParty("respondent", name="某果蔬专业合作社（演示）")],
        )  # fmt: skip
        self.receipt = report(m.mediation, told, key="replay-wages", now=self.now, by=clerk)
        self.resident = Resident(case=self.receipt.id, tail=tail_index("13800007788"))

    def plan(self) -> Iterator[Deed]:
        clerk = self.city.of(self.town, "governance_centre", "clerk")
        mediator = self.city.of(self.town, "governance_centre", "mediator")
        judge = self.city.of(self.county, "court", "judge")
        officer = self.city.of(self.town, "judicial_office", "judicial_officer")
        called = {"units": [judge.unit, officer.unit], "reason": Words("请到场联合调解。")}
        came = {"note": Words("已到场释法明理。")}
        yield m.accept, {}, clerk, 3
        yield m.assign, {"mediator": mediator.post, "chosen_by": "rule"}, clerk, 5
        yield act_named(m.mediation, "join"), called, clerk, 4
        yield act_named(m.mediation, "assist"), came, judge, 20
        yield act_named(m.mediation, "assist"), came, officer, 2
        record = Words("双方对欠薪三十八万元没有异议，合作社提出分三期付清。")
        talked = {"setting": "together", "present": [*BOTH, "judge"], "record": record}
        yield m.hold, talked, mediator, 20
        yield m.agree, self._agreement(), mediator, 10
        for n, days in enumerate((14, 28, 28), 1):
            yield m.perform, {"n": n, "note": Words("款项已到账。")}, mediator, 24 * days
        yield m.close, {"note": Words("已向双方电话核实。")}, clerk, 24
        yield m.rate, {"satisfied": True}, self.resident, 24

    def _agreement(self) -> dict[str, Any]:
        days = [(self.now + timedelta(days=45 * n)).date() for n in range(1, 4)]
        return {
            "kind": "written", "whole": "all", "facts": Words("拖欠工资共三十八万元。"),
            "terms": Words("分三期付清。"), "method": Words("银行转账"),
            "instalments": [{"on": on, "amount": n} for on, n in zip(days, INSTALMENTS,
                                                                     strict=True)],
        }  # fmt: skip

    def ready(self, what: Any, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "held_on": self.now} if what is m.hold else data


class Wages(Row):
    name = "wages"
    mechanism = m.mediation
    did = (
        "电话登记、受理、指派，邀请法官和司法所到场，达成分三期付清的协议，逐期登记履行，核实办结",
        "taken by phone, accepted, judge and judicial office called in, an agreement in three"
        " instalments, each performed, closed",
    )
    case = NOWHERE

    def run(self, stage: Stage) -> None:
        began = stage.now - timedelta(days=150)
        self.case = lived(_Wages(stage.city, JIUSHI_VILLAGE, began, stage.dice, 1))

    def count(self) -> Mapping[str, int]:
        paid = Task.objects.filter(case_id=self.case, name=INSTALMENT, done_at__isnull=False)
        amounts = paid.values_list("data__amount", flat=True)
        came = Entry.objects.filter(
            case_id=self.case, act=act_named(m.mediation, "assist").name
        ).values("unit")
        joined = Unit.objects.filter(id__in=came, kind__in=("court", "judicial_office"))
        return {
            "已兑现工资（元） wages paid, RMB": int(sum(Decimal(a) for a in amounts)),
            "法院和司法所 court and judicial office": joined.count(),
        }


class _Linked(Prompt, Story):
    """As in the demo, but told at the town's litigation service station."""

    def entrance(self) -> tuple[str, Holder | Resident, Any]:
        return "station", self.city.of(self.town, "station", "clerk"), None


class Linked(Row):
    name = "linked"
    mechanism = m.mediation
    rooms = ("network",)
    did = (
        "1261件由各镇服务站登记，转综治中心、村调委会、工作室、法院办理，推进两年，逾期的逐周清查",
        "each is registered at a town's station and handled by centre, village committee, studio"
        " or court, over two years, with clocks swept week by week",
    )

    def run(self, stage: Stage) -> None:
        villages = [v.code for town, found in stage.network.villages.items() for v in found
                    if town.startswith(DEQING)]  # fmt: skip
        begun = per_day(stage.now - BEFORE, OVER, LINKED)
        stories = [
            _Linked(stage.city, stage.dice.choice(villages), at, stage.dice, 100 + n)
            for n, at in enumerate(begun)
        ]
        together(stories, stage.say)

    def count(self) -> Mapping[str, int]:
        """A dispute is linked if its ledger starts at a station and other units act in it."""
        stations = Unit.objects.filter(kind="station", valid_to=None)
        first = Entry.objects.filter(
            seq=1, county=DEQING, act=m.register.name, unit__in=stations.values("id")
        )
        acted = Entry.objects.filter(county=DEQING, case_id__in=first.values("case_id"))
        units = acted.values("case_id").annotate(n=Count("unit", distinct=True))
        here = stations.filter(place__startswith=DEQING).values("place")
        towns = Division.objects.filter(level=4, code__startswith=DEQING, valid_to=None)
        return {
            "联动的纠纷 linked disputes": units.filter(n__gt=1).count(),
            "没有服务站的镇 towns without a station": towns.exclude(code__in=here).count(),
        }


class _Divorce(Prompt, Matter):
    """Filed in court, which entrusts the county's studio; the couple is reconciled."""

    def begin(self) -> None:
        judge = self.city.of(self.county, "court", "judge")
        studio = self.city.of(self.county, "studio", "mediator")
        told = Report(
            place=self.village, category="family", channel="court_suit", unit=studio.unit,
            title="婚姻家庭纠纷：离婚案，法院委托调解",
            data={"text": Words("夫妻长期争吵，一方起诉离婚。"), "danger": "none"},
            parties=[NewParty("applicant", name=self.city.person(), phone="13800001223"),
                     NewParty("respondent", name=self.city.person())],
        )  # fmt: skip
        self.receipt = report(m.mediation, told, key="replay-divorce", now=self.now, by=judge)

    def plan(self) -> Iterator[Deed]:
        judge = self.city.of(self.county, "court", "judge")
        studio = self.city.of(self.county, "studio", "mediator")
        clerk = self.city.of(self.county, "governance_centre", "clerk")
        yield m.accept, {}, studio, 10
        yield m.assign, {"mediator": studio.post, "chosen_by": "parties"}, studio, 10
        for setting in ("apart", "together"):
            record = Words("分别听取，再一起谈；双方都舍不得孩子。")
            yield m.hold, {"setting": setting, "present": BOTH, "record": record}, studio, 60
        agreed = {
            "kind": "oral", "whole": "all", "facts": Words("双方愿意和好。"),
            "terms": Words("和好，撤回起诉。"), "method": Words("口头"), "instalments": [],
        }  # fmt: skip
        yield m.agree, agreed, studio, 40
        yield m.take_result, {"outcome": "dropped"}, judge, 30
        quiet = {"how": "visit", "quiet": "good", "note": Words("一家人过得平静。")}
        yield m.follow_up, quiet, studio, 24 * 20
        yield m.close, {"note": Words("回访属实。")}, clerk, 24

    def ready(self, what: Any, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "held_on": self.now} if what is m.hold else data


class Divorce(Row):
    name = "divorce"
    mechanism = m.mediation
    rooms = ("network",)
    did = (
        "法官委托县里的工作室，两次调解，双方和好，法院登记撤诉，回访后办结",
        "the judge entrusts the county's studio; after two talks they are reconciled, the court"
        " notes the withdrawal, closed after a visit",
    )

    def run(self, stage: Stage) -> None:
        village = next(v[0].code for town, v in stage.network.villages.items()
                       if town.startswith(GUANGNING))  # fmt: skip
        began = stage.now - timedelta(days=90)
        lived(_Divorce(stage.city, village, began, stage.dice, 2))

    def count(self) -> Mapping[str, int]:
        filed = Case.objects.filter(
            county=GUANGNING, mechanism=self.mechanism.name, category="family",
            channel="court_suit", state=m.settled.name,
        )  # fmt: skip
        dropped = entries(m.take_result, filed).filter(data__outcome="dropped")
        return {"和好并撤诉的案件 reconciled and withdrawn from court": dropped.count()}


class _OfNetwork(Row):
    """Units with their sites, entered when the stage was set."""

    mechanism = m.mediation
    rooms = ("network",)

    def run(self, stage: Stage) -> None:
        """Nothing more is to be done: the register is what the article speaks of."""

    @staticmethod
    def open_sites(kind: str) -> QuerySet[Unit]:
        sites = Site.objects.filter(closed_on=None).values("unit")
        return Unit.objects.filter(kind=kind, valid_to=None, id__in=sites)


class ContactPoints(_OfNetwork):
    name = "contact_points"
    did = (
        "登记联络点、服务的村、每月驻点日和讲座",
        "points, the villages they serve, monthly visits and lectures are registered",
    )

    def count(self) -> Mapping[str, int]:
        points = self.open_sites("contact_point")
        over = Visit.objects.filter(ends_at__lt=timezone.now(), cancelled_at=None)
        served = Served.objects.filter(unit__in=points.values("id"), served_to=None)
        return {
            "联络点 contact points": points.count(),
            "服务的村（社区） villages served": served.values("village").distinct().count(),
            "没有驻点日的联络点 points without a visit":
                points.exclude(id__in=over.values("unit")).count(),
            "普法讲座 lectures": Lecture.objects.filter(unit__in=points.values("id")).count(),
        }  # fmt: skip


class Studios(_OfNetwork):
    name = "studios"
    did = (
        "每个县（市、区）登记一家以调解员命名的工作室",
        "a studio named after its mediator is registered in each county",
    )

    def count(self) -> Mapping[str, int]:
        studios = self.open_sites("studio")
        towns = Division.objects.filter(level=4, code__startswith=CITY).exclude(code__in=NO_TOWNS)
        counties = {code[:6] for code in towns.values_list("code", flat=True)}
        there = set(studios.values_list("place", flat=True))
        return {
            "工作室 studios": studios.count(),
            "没有工作室的县（市、区） counties without a studio": len(counties - there),
        }
