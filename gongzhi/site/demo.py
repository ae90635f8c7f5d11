"""The demo: a city in use, made by real acts, seeded and the same each time.

All persons and matters are invented and every page says so.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from gongzhi.cases import linkage
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.rollups import fold
from gongzhi.cases.sealed import tail_index
from gongzhi.cases.sweep import sweep
from gongzhi.declare import Act
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.signin import DemoSignIn
from gongzhi.places.models import Division

PASSWORD = "gongzhi-demo"  # noqa: S105 -- printed at start; demo mode only
CASES = 320
DAYS = 150  # over which the cases are spread
LIE = 0.04  # chance, at each act, that it is left undone
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
# Not towns: a prison and a development zone that have town codes (see the city's SOURCES.md).
NO_TOWNS = {"441284400", "441284450"}
Progress = Callable[[str, float], None]
# An act, its data, by whom, and after how many hours.
Deed = tuple[Act, dict[str, Any], Holder | Resident, float]

CENTRE = (
    ("clerk", "受理专员", "Intake clerk"),
    ("mediator", "专职调解员", "Mediator"),
    ("mediator", "兼职调解员", "Part-time mediator"),
    ("leader", "分管领导", "Leader"),
)
NAMES = {
    "governance_centre": ("综治中心", "Governance Centre"),
    "judicial_office": ("司法所", "Judicial Office"),
    "court": ("人民法院", "People's Court"),
}
SURNAMES = "陈李黄张梁林王吴刘何罗谭莫苏冯邓欧江"
GIVEN = "志明秀英建国丽华伟强桂芳永健小燕国平少芬家豪"
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


def _id(*parts: str) -> UUID:
    """The same id for the same thing at every making."""
    return uuid5(NAMESPACE_URL, "gongzhi-demo/" + "/".join(parts))


def exists() -> bool:
    return Unit.objects.exists()


SIGN_INS = (
    ("clerk", "德庆县九市镇综治中心 受理专员", "Intake clerk, Jiushi town"),
    ("mediator", "德庆县九市镇综治中心 专职调解员", "Mediator, Jiushi town"),
    ("officer", "德庆县九市镇司法所 工作人员", "Judicial officer, Jiushi town"),
    ("judge", "德庆县人民法院 法官", "Judge, Deqing county"),
    ("county", "德庆县综治中心 分管领导", "Leader, Deqing county"),
    ("city", "肇庆市综治中心 分管领导", "Leader, Zhaoqing city"),
    ("province", "广东省综治中心 分管领导", "Leader, Guangdong province"),
)


def sign_ins() -> list[tuple[str, str]]:
    """One demo account for each role, as (user name, who it is) in both languages."""
    return [(username, f"{chinese}  {english}") for username, chinese, english in SIGN_INS]


def offered() -> list[DemoSignIn]:
    """For the sign-in page, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return [DemoSignIn(en if english else zh, name, PASSWORD) for name, zh, en in SIGN_INS]


FRIENDLY = {
    ("441226114", "governance_centre", 0): "clerk",
    ("441226114", "governance_centre", 1): "mediator",
    ("441226114", "judicial_office", 0): "officer",
    ("441226", "court", 0): "judge",
    ("441226", "governance_centre", 3): "county",
    ("4412", "governance_centre", 3): "city",
    ("44", "governance_centre", 3): "province",
}


class _City:
    """Organisations, posts and the people in them, gathered and written at once."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.units: list[Unit] = []
        self.posts: list[Post] = []
        self.accounts: list[Account] = []
        self.holders: dict[tuple[str, str], list[Holder]] = {}
        self.password = make_password(PASSWORD)

    def person(self) -> str:
        given = self.dice.sample(GIVEN, 2)
        return self.dice.choice(SURNAMES) + "".join(given)

    def unit(self, place: Division, kind: str, posts: Any, parent: UUID | None) -> UUID:
        zh, en = NAMES[kind]
        unit = Unit(
            id=_id(place.code, kind), kind=kind, name=place.name + zh,
            name_en=f"{place.name_en} {en}", place=place.code, parent=parent, valid_from=SINCE,
        )  # fmt: skip
        self.units.append(unit)
        for n, (post_kind, title, title_en) in enumerate(posts):
            self._post(unit, n, post_kind, (title, title_en), sees=kind != "court")
        return unit.id

    def _post(self, unit: Unit, n: int, kind: str, titles: tuple[str, str], *, sees: bool) -> None:
        plain = f"{unit.place}.{unit.kind}.{n}"
        username = FRIENDLY.get((unit.place, unit.kind, n), plain)
        account = Account(
            id=_id("account", plain), username=username, name=self.person(),
            password=self.password,
        )  # fmt: skip
        post = Post(
            id=_id("post", plain), unit=unit, kind=kind, title=titles[0], title_en=titles[1],
            place=unit.place, sees_place=sees, valid_from=SINCE,
        )  # fmt: skip
        self.accounts.append(account)
        self.posts.append(post)
        holder = Holder(
            account=account.id, post=post.id, unit=unit.id, kind=kind, unit_kind=unit.kind,
            place=unit.place, sees_place=sees, name=account.name, title=titles[0],
            title_en=titles[1], unit_name=unit.name, unit_name_en=unit.name_en,
        )  # fmt: skip
        self.holders.setdefault((unit.place, kind), []).append(holder)

    def write(self) -> None:
        with transaction.atomic():
            Unit.objects.bulk_create(self.units)
            Account.objects.bulk_create(self.accounts)
            Post.objects.bulk_create(self.posts)
            Appointment.objects.bulk_create(
                [
                    Appointment(
                        id=_id("appointment", str(p.id)), post=p, account=a, held_from=SINCE
                    )
                    for p, a in zip(self.posts, self.accounts, strict=True)
                ]
            )


def organise(dice: random.Random) -> _City:
    """A centre at each level; judicial offices in towns; courts in counties."""
    city = _City(dice)
    places = {d.code: d for d in Division.objects.filter(level__lt=5, code__startswith="44")}
    centres: dict[str, UUID] = {}
    for code in sorted(places, key=lambda c: (len(c), c)):
        if code in NO_TOWNS:
            continue
        above = next((centres[code[:n]] for n in (6, 4, 2) if n < len(code)
                      and code[:n] in centres), None)  # fmt: skip
        centres[code] = city.unit(places[code], "governance_centre", CENTRE, above)
        if len(code) == 9:
            officer = (("judicial_officer", "司法助理员", "Judicial officer"),)
            city.unit(places[code], "judicial_office", officer, centres[code])
        if len(code) == 6:
            judge = (("judge", "法官", "Judge"),)
            city.unit(places[code], "court", judge, centres[code])
    city.write()
    return city


class _Story:
    """One dispute, acted through the kernel as its people would."""

    def __init__(
        self, city: _City, village: str, began: datetime, dice: random.Random, number: int
    ) -> None:
        self.city, self.village, self.now = city, village, began
        # Dice of its own, so that one story does not depend on how others go.
        self.dice = random.Random(dice.random())  # noqa: S311
        self.town, self.number, self.n = village[:9], number, 0

    def holder(self, kind: str, place: str = "") -> Holder:
        return self.city.holders[place or self.town, kind][0]

    def begin(self) -> None:
        category = self.dice.choice(list(STORIES))
        phone = f"1380000{self.number % 10_000:04d}"
        told = Report(
            place=self.village,
            category=category,
            title=f"{SPOKEN[category]}：{STORIES[category][:20]}",
            data={"text": Words(STORIES[category])},
            parties=[
                NewParty("applicant", name=self.city.person(), phone=phone),
                NewParty("respondent", name=self.city.person()),
            ],
            channel=self.dice.choice(["web", "visit", "phone"]),
            urgent=self.dice.random() < 0.05,
        )
        by = Resident() if told.channel == "web" else self.holder("clerk")
        self.receipt: Receipt = report(
            m.mediation, told, key=f"demo-{self.number}", now=self.now, by=by
        )
        self.resident = Resident(case=self.receipt.id, tail=tail_index(phone))

    def live(self) -> Iterator[None]:
        """Begin, and do each act when its time has come; between them, others live."""
        self.begin()
        for n, (what, data, by, hours) in enumerate(self.plan()):
            self.now += timedelta(hours=hours * self.dice.uniform(0.5, 1.5))
            # Now and then somebody lets a case lie: that is what the clocks are for.
            if self.now > timezone.now() or self.dice.random() < LIE:
                return
            yield
            key = f"demo-{self.receipt.id}-{n}"
            act((self.receipt.county, self.receipt.id), what, data, key=key, now=self.now, by=by)

    def plan(self) -> Iterator[Deed]:
        """What would be done, by whom, after how many hours: most are settled, some fail."""
        clerk, mediator = self.holder("clerk"), self.holder("mediator")
        fate = self.dice.random()
        if fate < 0.06:
            yield m.refuse, {"way": "court", "reason": Words("此事已由法院立案审理。")}, clerk, 20
            return
        yield m.accept, {}, clerk, 14
        if fate < 0.10:
            yield m.withdraw, {"reason": Words("双方已自行和好。")}, self.resident, 30
            return
        yield m.assign, {"mediator": mediator.post, "no_conflict": True}, clerk, 12
        if fate < 0.22:
            court = self.city.holders[self.village[:6], "judge"][0]
            yield linkage.join, {"units": [court.unit], "reason": Words("请法官到场。")}, clerk, 6
            yield linkage.assist, {"note": Words("已到场释法。")}, court, 40
        for _ in range(self.dice.randint(1, 2)):
            record = Words("双方各自说明情况，调解员分别听取意见。")
            present = ["applicant", "respondent"]
            held = {"held_on": self.now, "present": present, "record": record}
            yield m.hold, held, mediator, 60
        if fate < 0.32:
            yield m.fail, {"way": "court", "reason": Words("双方分歧较大。")}, mediator, 48
            return
        yield from self.settle(clerk, mediator)

    def settle(self, clerk: Holder, mediator: Holder) -> Iterator[Deed]:
        day = (self.now + timedelta(days=14)).date()
        agreed = {
            "facts": Words("双方确认以上事实。"),
            "terms": Words("对方一次付清，双方不再追究。"),
            "method": Words("银行转账"),
            "instalments": [{"on": day, "amount": self.dice.randint(5, 80) * 100}],
        }
        yield m.agree, agreed, mediator, 30
        yield m.perform, {"n": 1, "note": Words("已收到款项。")}, mediator, 24 * 10
        yield m.close, {"note": Words("已电话核实。")}, clerk, 24
        if self.dice.random() < 0.6:
            yield m.rate, {"satisfied": self.dice.random() < 0.88}, self.resident, 30


def _villages(dice: random.Random) -> Iterator[str]:
    """Villages at random, as often as their county has people; Jiushi now and then."""
    villages: dict[str, list[str]] = {}
    for code in Division.objects.filter(level=5, code__startswith="4412").values_list(
        "code", flat=True
    ):
        if code[:9] not in NO_TOWNS:
            villages.setdefault(code[:6], []).append(code)
    people = dict(
        Division.objects.filter(level=3, code__in=villages).values_list("code", "population")
    )
    counties = sorted(villages)
    weights = [people.get(c) or 1 for c in counties]
    while True:
        if dice.random() < 0.08:
            yield dice.choice([v for v in villages["441226"] if v.startswith("441226114")])
        else:
            yield dice.choice(villages[dice.choices(counties, weights)[0]])


def make(progress: Progress | None = None) -> str:
    """Organisations in all counties and towns, and some hundred disputes in all states."""
    dice = random.Random(20220804)  # noqa: S311 -- the article's day; a demo, not a secret
    city = organise(dice)
    villages = _villages(dice)
    start = timezone.now() - timedelta(days=DAYS)
    # In the order of time, as they would have happened, with the clocks swept day by day.
    stories = [
        # More of them lately, so that much is under way.
        _Story(city, next(villages), start + timedelta(days=DAYS) * (n / CASES) ** 0.6, dice, n)
        for n in range(CASES)
    ]
    waiting = [(s.now, s.number, s, s.live()) for s in stories]
    heapq.heapify(waiting)
    swept, done = start, 0
    while waiting:
        at, number, story, life = heapq.heappop(waiting)
        if at - swept > timedelta(days=1):
            swept = at
            sweep(swept)
        try:
            next(life)
            heapq.heappush(waiting, (story.now, number, story, life))
        except StopIteration:
            done += 1
            if progress and done % 10 == 0:
                progress("演示数据 demo", done / CASES)
    sweep(timezone.now())
    fold()
    if progress:
        progress("演示数据 demo", 1.0)
    return f"{len(city.units)} units, {len(city.posts)} posts, {CASES} disputes"
