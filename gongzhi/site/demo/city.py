"""The demo's organisations, posts and the people in them: all of them invented."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.places.models import Division

PASSWORD = "gongzhi-demo"  # noqa: S105 -- printed at start; demo mode only
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
# Not towns: a prison and a development zone that have town codes (see the city's SOURCES.md).
NO_TOWNS = {"441284400", "441284450"}
DEQING, JIUSHI = "441226", "441226114"
# Kind, title and English title of a post.
Wanted = tuple[str, str, str]

CENTRE: Sequence[Wanted] = (
    ("clerk", "受理专员", "Intake clerk"),
    ("mediator", "专职调解员", "Mediator"),
    ("mediator", "兼职调解员", "Part-time mediator"),
    ("leader", "分管领导", "Leader"),
)
OFFICE: Sequence[Wanted] = (("judicial_officer", "司法助理员", "Judicial officer"),)
COURT: Sequence[Wanted] = (
    ("judge", "法官", "Judge"),
    ("judge", "法官", "Judge"),
    ("leader", "院长", "President"),
)
ARBITRATION: Sequence[Wanted] = (("arbitrator", "仲裁员", "Arbitrator"),)
STATION: Sequence[Wanted] = (("clerk", "诉讼服务专员", "Litigation service clerk"),)
STUDIO: Sequence[Wanted] = (("mediator", "金牌调解员", "Lead mediator"),)
COMMITTEE: Sequence[Wanted] = (("mediator", "村调解员", "Village mediator"),)
PETITIONS: Sequence[Wanted] = (
    ("clerk", "信访专员", "Petition clerk"),
    ("handler", "复查复核专员", "Review officer"),
    ("leader", "局长", "Director"),
)
DEPARTMENT: Sequence[Wanted] = (
    ("handler", "承办人", "Handler"),
    ("leader", "分管领导", "Leader"),
)
GOVERNMENT: Sequence[Wanted] = (("leader", "副区（县）长", "Deputy head"),)
DISCIPLINE: Sequence[Wanted] = (("inspector", "信访室工作人员", "Inspector"),)
DEPARTMENTS = {
    "planning": ("自然资源局", "Natural Resources Bureau"),
    "education": ("教育局", "Education Bureau"),
    "market": ("市场监督管理局", "Market Supervision Bureau"),
    "justice": ("司法局", "Justice Bureau"),
    "urban": ("城市管理局", "Urban Management Bureau"),
}
DUANZHOU = "441202"
NAMES = {
    "petition_office": ("信访局", "Petition Office"),
    "government": ("人民政府", "People's Government"),
    "discipline": ("纪委监委", "Discipline Inspection Commission"),
    "governance_centre": ("综治中心", "Governance Centre"),
    "judicial_office": ("司法所", "Judicial Office"),
    "court": ("人民法院", "People's Court"),
    "arbitration": ("劳动人事争议仲裁委员会", "Labour Arbitration Commission"),
    "station": ("诉讼服务站", "Litigation Service Station"),
    "contact_point": ("法官联络点", "Judge's Contact Point"),
    "studio": ("调解工作室", "Mediation Studio"),
    "mediation_committee": ("人民调解委员会", "Mediation Committee"),
    "road_office": ("路长办公室", "Road Chiefs' Office"),
    "transport": ("交通运输局", "Transport Bureau"),
    "traffic_police": ("公安局交通警察大队", "Traffic Police"),
    "emergency": ("应急管理局", "Emergency Management Bureau"),
    "fire": ("消防救援大队", "Fire and Rescue"),
    "health": ("卫生健康局", "Health Bureau"),
    "agriculture": ("农业农村局", "Agriculture Bureau"),
    "water": ("水利局", "Water Bureau"),
    "ecology": ("生态环境局", "Ecology Bureau"),
    "power": ("供电局", "Power Supply Bureau"),
    "village_committee": ("居民委员会", "Residents' Committee"),
}
# Departments whose kind of unit is known by its duty: responsibility lists name kinds.
BY_DUTY = {"planning": "resources", "urban": "urban"}
# Whose posts see no place, only what comes to their unit.
OWN_CASES_ONLY = {
    "court", "arbitration", "department", "discipline", "resources", "urban", "transport",
    "traffic_police", "emergency", "fire", "health", "agriculture", "water", "ecology", "power",
}  # fmt: skip
SURNAMES = "陈李黄张梁林王吴刘何罗谭莫苏冯邓欧江"
GIVEN = "志明秀英建国丽华伟强桂芳永健小燕国平少芬家豪"
FRIENDLY = {
    (JIUSHI, "governance_centre", 0): "clerk",
    (JIUSHI, "governance_centre", 1): "mediator",
    (JIUSHI, "judicial_office", 0): "officer",
    (JIUSHI, "station", 0): "station",
    (DEQING, "court", 0): "judge",
    (DEQING, "governance_centre", 3): "county",
    ("4412", "governance_centre", 3): "city",
    ("44", "governance_centre", 3): "province",
    ("441223", "studio", 0): "studio",
    (DUANZHOU, "petition_office", 0): "petitions",
    (DUANZHOU, "government", 0): "district",
    (DUANZHOU, "department.planning", 0): "planning",
    ("44", "petition_office", 0): "convenor",
    ("441203103202", "road_office", 0): "chief",
    ("441203103", "road_office", 0): "townchief",
    ("441203", "road_office", 0): "countychief",
    ("441203", "road_office", 1): "roads",
    ("441202001002", "village_committee", 0): "community",
    ("441202001", "governance_centre", 3): "street",
    (DUANZHOU, "governance_centre", 3): "homes",
    ("441203", "transport", 0): "transport",
    ("441203", "traffic_police", 0): "police",
    ("441204115", "governance_centre", 4): "inspector",
    ("441204", "governance_centre", 3): "safety",
    ("4412", "governance_centre", 4): "auditor",
}


def id_of(*parts: str) -> UUID:
    """The same id for the same thing at every making."""
    return uuid5(NAMESPACE_URL, "gongzhi-demo/" + "/".join(parts))


class City:
    """Organisations, posts and the people in them, gathered and written at once."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.units: list[Unit] = []
        self.posts: list[Post] = []
        self.accounts: list[Account] = []
        self.at: dict[tuple[str, str], UUID] = {}  # units by place and kind
        self.holders: dict[tuple[str, str], list[Holder]] = {}
        self.staff: dict[UUID, list[Holder]] = {}
        self.password = make_password(PASSWORD)

    def person(self) -> str:
        given = self.dice.sample(GIVEN, 2)
        return self.dice.choice(SURNAMES) + "".join(given)

    def unit(
        self, place: Division, kind: str, posts: Sequence[Wanted], parent: UUID | None,
        called: str = "",
    ) -> UUID:  # fmt: skip
        """`kind` may say which of several: department.education."""
        plain, _dot, which = kind.partition(".")
        zh, en = DEPARTMENTS[which] if which else NAMES[plain]
        unit = Unit(
            id=id_of(place.code, kind), kind=BY_DUTY.get(which, plain),
            name=called or place.name + zh,
            name_en=f"{place.name_en} {en}", place=place.code, parent=parent, valid_from=SINCE,
        )  # fmt: skip
        self.units.append(unit)
        self.at[place.code, kind] = unit.id
        for n, (post_kind, title, title_en) in enumerate(posts):
            self._post(unit, kind, n, post_kind, (title, title_en))
        return unit.id

    def more(self, place: str, kind: str, posts: Sequence[Wanted]) -> None:
        """Further posts of a unit that is there."""
        unit = next(u for u in reversed(self.units) if u.id == self.at[place, kind])
        for n, (post_kind, title, title_en) in enumerate(posts, len(self.staff[unit.id])):
            self._post(unit, kind, n, post_kind, (title, title_en))

    def _post(self, unit: Unit, which: str, n: int, kind: str, titles: tuple[str, str]) -> None:
        plain = f"{unit.place}.{which}.{n}"
        username = FRIENDLY.get((unit.place, which, n), plain)
        sees = unit.kind not in OWN_CASES_ONLY
        account = Account(
            id=id_of("account", plain), username=username, name=self.person(),
            password=self.password,
        )  # fmt: skip
        post = Post(
            id=id_of("post", plain), unit=unit, kind=kind, title=titles[0], title_en=titles[1],
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
        self.staff.setdefault(unit.id, []).append(holder)

    def of(self, place: str, unit_kind: str, kind: str) -> Holder:
        """The first post of this kind in the unit of that kind."""
        return next(h for h in self.staff[self.at[place, unit_kind]] if h.kind == kind)

    def write(self) -> None:
        """All at once, and none of it twice."""
        with transaction.atomic():
            Unit.objects.bulk_create(self.units)
            Account.objects.bulk_create(self.accounts)
            Post.objects.bulk_create(self.posts)
            Appointment.objects.bulk_create(
                [
                    Appointment(
                        id=id_of("appointment", str(p.id)), post=p, account=a, held_from=SINCE
                    )
                    for p, a in zip(self.posts, self.accounts, strict=True)
                ]
            )


def divisions() -> Mapping[str, Division]:
    """Places of the province down to towns, without those that are none."""
    found = Division.objects.filter(level__lt=5, code__startswith="44")
    return {d.code: d for d in found if d.code not in NO_TOWNS}


# A province has many cities; the demo is of one.
PETITIONED = {"44", "4412", *(f"4412{n}" for n in ("02", "03", "04", "23", "24", "25", "26", "84"))}


def _petitioned(city: City, place: Division, centre: UUID) -> None:
    """Who answers petitions above the town: office, government, discipline and departments."""
    code = place.code
    above = city.at.get((code[: {6: 4, 4: 2}.get(len(code), 0)], "petition_office"))
    city.unit(place, "petition_office", PETITIONS, above or centre)
    if len(code) == 6:
        city.unit(place, "government", GOVERNMENT, centre)
        city.unit(place, "discipline", DISCIPLINE, None)
        for name in DEPARTMENTS:
            city.unit(place, f"department.{name}", DEPARTMENT, centre)


def gathered(dice: random.Random) -> City:
    """A centre at each level; judicial offices in towns; courts and arbitration in counties."""
    city, places = City(dice), divisions()
    centres: dict[str, UUID] = {}
    for code in sorted(places, key=lambda c: (len(c), c)):
        above = next((centres[code[:n]] for n in (6, 4, 2) if n < len(code)
                      and code[:n] in centres), None)  # fmt: skip
        centres[code] = city.unit(places[code], "governance_centre", CENTRE, above)
        if len(code) == 9:
            city.unit(places[code], "judicial_office", OFFICE, centres[code])
        if len(code) == 6:
            city.unit(places[code], "court", COURT, centres[code])
            city.unit(places[code], "arbitration", ARBITRATION, centres[code])
        if len(code) <= 6 and code in PETITIONED:
            _petitioned(city, places[code], centres[code])
    return city


def organise(dice: random.Random) -> City:
    """The offices without the network: enough for a case to be handled."""
    city = gathered(dice)
    city.write()
    return city
