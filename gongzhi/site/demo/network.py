"""The demo's network: stations, contact points, studios, committees, visits and lectures.

How many there are and how many villages they serve is what the article tells of Zhaoqing (46
points, 324 villages; a station in each town; studios in every county); where they stand, who
works there and what they teach is invented.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.utils import timezone

from gongzhi.cases.clocks import CHINA
from gongzhi.mechanisms.mediation import models
from gongzhi.places.models import Division
from gongzhi.site.demo.city import (
    COMMITTEE,
    DEQING,
    JIUSHI,
    NO_TOWNS,
    STATION,
    STUDIO,
    City,
    id_of,
)

POINTS, SERVED = 46, 324
OPENED = date(2020, 6, 1)
WEEK = [[day, "08:30", "12:00"] for day in range(1, 6)] + [
    [day, "14:30", "17:30"] for day in range(1, 6)
]
TOPICS = (
    "民法典里的邻里关系",
    "农民工工资怎样讨",
    "婚姻家庭和反家庭暴力",
    "土地承包与宅基地",
    "怎样申请司法确认",
)
LANGUAGES = (["普通话", "粤语"], ["普通话", "粤语", "客家话"], ["粤语"])
FRIDAY = 4
VISITS_BEFORE, VISITS_AFTER = 6, 4  # monthly, of each point


def villages_by_town() -> Mapping[str, Sequence[Division]]:
    found: dict[str, list[Division]] = {}
    for village in Division.objects.filter(level=5, code__startswith="4412").order_by("code"):
        if village.code[:9] not in NO_TOWNS:
            found.setdefault(village.code[:9], []).append(village)
    return found


def _in_turn(towns: Mapping[str, Sequence[Division]]) -> Iterator[str]:
    """The towns with most villages of each county, county by county, Jiushi among the first."""
    counties: dict[str, list[str]] = {}
    for town in sorted(towns, key=lambda t: (t != JIUSHI, -len(towns[t]), t)):
        counties.setdefault(town[:6], []).append(town)
    while any(counties.values()):
        for county in sorted(counties):
            if counties[county]:
                yield counties[county].pop(0)


def _site(city: City, place: Division, kind: str, town: Division) -> models.Site:
    return models.Site(
        unit=city.at[place.code, kind], address=f"{place.name}（演示地址）",
        longitude=town.longitude, latitude=town.latitude, located="town",
        hours=WEEK, opened_on=OPENED, services=SERVICES[kind],
    )  # fmt: skip


SERVICES = {
    "station": ["法律咨询", "网上立案帮助", "诉前调解"],
    "contact_point": ["法官咨询", "巡回审判", "普法"],
    "studio": ["调解"],
    "mediation_committee": ["调解"],
}


class Network:
    """Gathered beside the city, and written after it."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.towns = {d.code: d for d in Division.objects.filter(level=4, code__startswith="4412")}
        self.villages = villages_by_town()
        self.sites: list[models.Site] = []
        self.served: list[models.Served] = []
        self.points: list[Division] = []

    def gather(self) -> None:
        self.stations()
        self.contact_points()
        self.studios()
        self.committees()

    def stations(self) -> None:
        for town in self.villages:
            place = self.towns[town]
            self.city.unit(place, "station", STATION, self.city.at[town[:6], "court"])
            self.sites.append(_site(self.city, place, "station", place))

    def contact_points(self) -> None:
        """46 points that serve 324 villages: seven each, and two of them one more."""
        each, more = divmod(SERVED, POINTS)
        chosen = (t for t in _in_turn(self.villages) if len(self.villages[t]) > each)
        for n, town in enumerate(islice(chosen, POINTS)):
            here = self.villages[town]
            self.points.append(here[0])
            unit = self.city.unit(here[0], "contact_point", (), self.city.at[town[:6], "court"])
            self.sites.append(_site(self.city, here[0], "contact_point", self.towns[town]))
            self.served += [
                models.Served(
                    id=id_of("served", v.code), unit=unit, village=v.code, served_from=OPENED
                )
                for v in here[: each + (n < more)]
            ]

    def studios(self) -> None:
        """One in each county, named after its mediator, who is invented."""
        for code in sorted({town[:6] for town in self.villages}):
            place = Division.objects.get(code=code)
            seat = next(self.towns[t] for t in self.villages if t.startswith(code))
            above = self.city.at[code, "governance_centre"]
            self.city.unit(place, "studio", STUDIO, above)
            (mediator,) = self.city.staff[self.city.at[code, "studio"]]
            self.city.units[-1].name = f"{mediator.name}调解工作室（演示）"
            site = _site(self.city, place, "studio", seat)
            site.named_after = mediator.post
            self.sites.append(site)

    def committees(self) -> None:
        """In the villages of Deqing, but for Jiushi, whose disputes the town takes in."""
        for town, villages in self.villages.items():
            if town.startswith(DEQING) and town != JIUSHI:
                above = self.city.at[town, "governance_centre"]
                for village in villages:
                    self.city.unit(village, "mediation_committee", COMMITTEE, above)
                    self.sites.append(
                        _site(self.city, village, "mediation_committee", self.towns[town])
                    )

    def write(self) -> None:
        models.Site.objects.bulk_create(self.sites)
        models.Served.objects.bulk_create(self.served)
        models.Room.objects.bulk_create(self._rooms())
        models.Mediator.objects.bulk_create(self._mediators())
        models.Visit.objects.bulk_create(self._visits())
        models.Lecture.objects.bulk_create(self._lectures())

    def _rooms(self) -> Iterator[models.Room]:
        for (place, kind), unit in self.city.at.items():
            if kind in {"governance_centre", "studio"} and len(place) > 4:
                yield models.Room(id=id_of("room", str(unit)), unit=unit, name="调解室")

    def _mediators(self) -> Iterator[models.Mediator]:
        dice = self.city.dice
        skills = [name for name in STORIED]
        for post in self.city.posts:
            if post.kind == "mediator":
                yield models.Mediator(
                    post=post.id, skills=dice.sample(skills, 3), languages=dice.choice(LANGUAGES),
                    since=dice.randint(1990, 2019), about="演示人物",
                )  # fmt: skip

    def _days(self) -> Iterator[tuple[Division, int, datetime]]:
        """One morning a month for each point, no judge at two at once."""
        today = timezone.localdate()
        for n, point in enumerate(self.points):
            for month in range(-VISITS_BEFORE, VISITS_AFTER):
                day = today + timedelta(days=28 * month + n // 2)
                if day.weekday() > FRIDAY:
                    day += timedelta(days=7 - day.weekday())
                begins = datetime.combine(day, time(9 if n % 2 else 15), CHINA)
                yield point, n, begins

    def _visits(self) -> Iterator[models.Visit]:
        taken = set()
        for point, n, wished in self._days():
            judges = self.city.holders[point.code[:6], "judge"]
            judge, begins = judges[n % len(judges)].post, wished
            while (judge, begins) in taken:
                begins += timedelta(days=7)
            taken.add((judge, begins))
            yield models.Visit(
                id=id_of("visit", point.code, begins.isoformat()),
                unit=self.city.at[point.code, "contact_point"], judge=judge, begins_at=begins,
                ends_at=begins + timedelta(hours=2),
            )  # fmt: skip

    def _lectures(self) -> Iterator[models.Lecture]:
        dice, now = self.city.dice, timezone.now()
        for visit in models.Visit.objects.filter(ends_at__lt=now).order_by("id"):
            if dice.random() < 0.4:
                yield models.Lecture(
                    id=id_of("lecture", str(visit.id)), unit=visit.unit, visit=visit,
                    topic=dice.choice(TOPICS), held_at=visit.begins_at,
                    attendance=dice.randint(12, 80), by=visit.judge,
                )  # fmt: skip


STORIED = ("wages", "neighbours", "family", "land", "property", "damages", "contract", "housing")
