"""The demo: a city in use, made by real acts, seeded and the same each time.

All persons and matters are invented and every page says so.
"""

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.utils import timezone
from django.utils.translation import get_language

from gongzhi.cases.chasing import chase_late
from gongzhi.cases.fallback import fall_back, switch_on
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.rollups import add_up, fold
from gongzhi.cases.sweep import sweep
from gongzhi.command.alerts.watching import watch_missing
from gongzhi.command.reports import making
from gongzhi.people.models import Unit
from gongzhi.people.signin import DemoSignIn
from gongzhi.places.models import Division
from gongzhi.portal.account.publishing import publish_due
from gongzhi.site.demo.city import DEQING, DUANZHOU, JIUSHI, PASSWORD, City, gathered, organise
from gongzhi.site.demo.disputes import Story
from gongzhi.site.demo.duties import demo_duties, demo_road_lists
from gongzhi.site.demo.firms import Firms
from gongzhi.site.demo.hazards import found_hazards, quiet_checks
from gongzhi.site.demo.homelife import homelife
from gongzhi.site.demo.homes import Homes, wishes
from gongzhi.site.demo.merchants import Merchants
from gongzhi.site.demo.network import Network, villages_by_town
from gongzhi.site.demo.petitions import Petition
from gongzhi.site.demo.pile import pile
from gongzhi.site.demo.roads import Roads, hazards
from gongzhi.site.demo.roadside import roadside
from gongzhi.site.demo.rounds import demo_rounds
from gongzhi.site.demo.safety import work_safety

__all__ = ["PASSWORD", "exists", "furnished", "make", "offered", "organise", "sign_ins"]

CASES, DAYS = 320, 150  # over the whole city, and over how many days
PETITIONS = 160
HAZARDS = 180
WISHES = 240
DANGERS, QUIET = 260, 1_000  # checks of firms that found a hazard, and that found none
RULED = 30  # days since which the city's rule of fallback holds
LINKED, YEARS = 1261, 730  # Deqing's, as the article tells, over two years
DAY = timedelta(days=1)
Progress = Callable[[str, float], None]


class Life(Protocol):
    """Something that goes on in the demo: a matter with a time of its own."""

    now: datetime
    number: int

    def live(self) -> Iterator[None]: ...


SIGN_INS = (
    ("clerk", "德庆县九市镇综治中心 受理专员", "Intake clerk, Jiushi town"),
    ("mediator", "德庆县九市镇综治中心 专职调解员", "Mediator, Jiushi town"),
    ("officer", "德庆县九市镇司法所 工作人员", "Judicial officer, Jiushi town"),
    ("station", "德庆县九市镇诉讼服务站 专员", "Litigation service clerk, Jiushi town"),
    ("studio", "广宁县调解工作室 金牌调解员", "Lead mediator, studio in Guangning county"),
    ("judge", "德庆县人民法院 法官", "Judge, Deqing county"),
    ("county", "德庆县综治中心 分管领导", "Leader, Deqing county"),
    ("city", "肇庆市综治中心 分管领导", "Leader, Zhaoqing city"),
    ("petitions", "端州区信访局 信访专员", "Petition clerk, Duanzhou district"),
    ("planning", "端州区自然资源局 承办人", "Handler, natural resources, Duanzhou district"),
    ("chief", "鼎湖区凤凰镇高鹤村 村级路长", "Road chief, Gaohe village, Dinghu district"),
    ("townchief", "鼎湖区凤凰镇 镇级路长", "Road chief, Fenghuang town, Dinghu district"),
    ("countychief", "鼎湖区 县级路长", "Road chief, Dinghu district"),
    ("roads", "鼎湖区路长办公室 专员", "Road chiefs' office, Dinghu district"),
    ("transport", "鼎湖区交通运输局 承办人", "Handler, transport, Dinghu district"),
    ("police", "鼎湖区交警大队 承办人", "Handler, traffic police, Dinghu district"),
    ("buildingchief", "端州区杏花社区 楼长", "Building chief, Xinghua community, Duanzhou"),
    ("community", "端州区杏花社区 社区党委书记", "Secretary, Xinghua community, Duanzhou"),
    ("street", "端州区城东街道综治中心 分管领导", "Leader, Chengdong sub-district, Duanzhou"),
    ("homes", "端州区综治中心 分管领导", "Leader, governance centre, Duanzhou district"),
    ("district", "端州区人民政府 副区长", "Deputy head, Duanzhou district"),
    ("inspector", "高要区金利镇综治中心 安全检查员", "Safety inspector, Jinli town, Gaoyao"),
    ("safety", "高要区综治中心 分管领导", "Leader, Gaoyao district"),
    ("auditor", "肇庆市综治中心 安全审计员", "Safety auditor, Zhaoqing city"),
    ("firm", "五金厂0001号（演示）安全管理员", "Safety officer, hardware workshop no. 1 (demo)"),
    ("firmhead", "五金厂0001号（演示）主要负责人", "Head, hardware workshop no. 1 (demo)"),
    ("convenor", "广东省信访局 信访专员", "Petition clerk, Guangdong province"),
    ("province", "广东省综治中心 分管领导", "Leader, Guangdong province"),
)


def exists() -> bool:
    return Unit.objects.exists()


def sign_ins() -> list[tuple[str, str]]:
    """One demo account for each role, as (user name, who it is) in both languages."""
    return [(username, f"{chinese}  {english}") for username, chinese, english in SIGN_INS]


def offered() -> list[DemoSignIn]:
    """For the sign-in page, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return [DemoSignIn(en if english else zh, name, PASSWORD) for name, zh, en in SIGN_INS]


def _elsewhere(dice: random.Random) -> Iterator[str]:
    """Villages of the other counties at random, as often as their county has people."""
    villages: dict[str, list[str]] = {}
    for town, found in villages_by_town().items():
        if town[:6] != DEQING:
            villages.setdefault(town[:6], []).extend(v.code for v in found)
    people = dict(
        Division.objects.filter(level=3, code__in=villages).values_list("code", "population")
    )
    counties = sorted(villages)
    weights = [people.get(c) or 1 for c in counties]
    while True:
        yield dice.choice(villages[dice.choices(counties, weights)[0]])


def _begun(n: int, of: int, days: int) -> datetime:
    """More of them lately, so that much is under way."""
    return timezone.now() - timedelta(days=days * (1.0 - float(n / of) ** 0.8))


def _stories(
    city: City, roads: Roads, homes: Homes, firms: Firms, dice: random.Random
) -> Sequence[Life]:
    now, elsewhere = timezone.now(), _elsewhere(dice)
    in_deqing = [
        v.code for town, villages in villages_by_town().items() if town[:6] == DEQING
        # Jiushi, where the demo's clerk works, has more to show.
        for v in villages for _ in range(3 if town == JIUSHI else 1)
    ]  # fmt: skip

    linked = [
        Story(city, dice.choice(in_deqing), _begun(n, LINKED, YEARS), dice, n)
        for n in range(LINKED)
    ]
    rest = [
        Story(city, next(elsewhere), _begun(n, CASES, DAYS), dice, LINKED + n) for n in range(CASES)
    ]
    villages = [v.code for town, found in villages_by_town().items() for v in found
                if town[:6] in {DEQING, DUANZHOU}]  # fmt: skip
    petitions = [
        Petition(city, dice.choice(villages), _begun(n, PETITIONS, DAYS), dice, LINKED + CASES + n)
        for n in range(PETITIONS)
    ]
    begun_at = [_begun(n, HAZARDS, DAYS) for n in range(HAZARDS)]
    on_roads = hazards(city, roads, begun_at, dice, LINKED + CASES + PETITIONS + 1)
    wished = [_begun(n, WISHES, DAYS) for n in range(WISHES)]
    at_home = wishes(homes, wished, dice, LINKED + CASES + PETITIONS + HAZARDS + 1)
    merchants = Merchants(city, now - timedelta(days=DAYS), dice)
    dangers = [_begun(n, DANGERS, YEARS) for n in range(DANGERS)]
    first = LINKED + CASES + PETITIONS + HAZARDS + WISHES + 2
    at_work = found_hazards(city, firms, dangers, dice, first)
    piled = pile(city, first + DANGERS)
    return [*linked, *rest, *petitions, *on_roads, *at_home, merchants, *at_work, *piled]


def live(
    stories: Sequence[Life], progress: Progress | None, *, swept_after: timedelta = DAY
) -> None:
    """In the order of time, as they would have happened, with the clocks swept in between."""
    waiting = [(s.now, s.number, s, s.live()) for s in stories]
    heapq.heapify(waiting)
    swept, done = waiting[0][0], 0
    while waiting:
        at, number, story, life = heapq.heappop(waiting)
        if at - swept > swept_after:
            swept = at
            _pass(swept)
        try:
            next(life)
            heapq.heappush(waiting, (story.now, number, story, life))
        except StopIteration:
            done += 1
            if progress and done % 10 == 0:
                progress("演示数据 demo", done / len(stories))
    _pass(timezone.now())


def _pass(at: datetime) -> None:
    """What time does in a day."""
    sweep(at)
    fall_back(at)
    chase_late(at)


def _rule(city: City) -> None:
    """The demo city's own rule of fallback; a city decides how many days."""
    begun = timezone.now() - timedelta(days=RULED)
    rule = FallbackRule(place="4412", remind_after=5, up_after=10)
    switch_on(rule, now=begun, by=city.of("4412", "governance_centre", "leader"))


def furnished(dice: random.Random) -> tuple[City, Roads, Homes, Firms]:
    """Organisations, the network in all counties and towns, the roads, committees whose buildings
    and inspectors whose firms are still to be entered."""
    city = gathered(dice)
    network, roads = Network(city), Roads(city, villages_by_town())
    homes, firms = Homes(city, villages_by_town()), Firms(city, villages_by_town())
    network.gather()
    roads.gather()
    homes.gather()
    firms.gather()
    city.write()
    network.write()
    roads.write()
    return city, roads, homes, firms


def make(progress: Progress | None = None) -> str:
    """A city with its network, and disputes in all states."""
    dice = random.Random(20220804)  # noqa: S311 -- the article's day; a demo, not a secret
    city, roads, homes, firms = furnished(dice)
    homes.enter(timezone.now() - timedelta(days=DAYS + 1))
    firms.enter(timezone.now() - timedelta(days=YEARS + 1), dice)
    stories = _stories(city, roads, homes, firms, dice)
    _rule(city)
    demo_duties(city)
    demo_road_lists(DEQING[:4])
    quiet_checks(firms, [_begun(n, QUIET, YEARS) for n in range(QUIET)], dice)
    live(stories, progress)
    demo_rounds(city, timezone.now())
    roadside(city, roads, dice)
    homelife(city, homes, dice)
    work_safety(city, firms, dice)
    fold()
    add_up(timezone.localdate())
    watch_missing(timezone.now())
    publish_due(timezone.now(), since=f"{timezone.now() - timedelta(DAYS):%Y-%m}")
    making.make_missing(timezone.now())
    if progress:
        progress("演示数据 demo", 1.0)
    return f"{len(city.units)} units, {len(city.posts)} posts, {len(stories)} cases"
