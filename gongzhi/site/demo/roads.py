"""The demo's roads: offices of road chiefs, departments, roads, and hazards that live.

X413 in Fenghuang town with its nine villages is the article's "Rainbow Road" 彩虹路; its line on
the map, all other roads, the people and every hazard are invented.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gongzhi.cases import whistles
from gongzhi.cases.act import Report, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.models import Task
from gongzhi.cases.sealed import tail_index
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Charge, Point, Road, Section
from gongzhi.mechanisms.roads.registers.geometry import bounds
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within
from gongzhi.places.models import Division
from gongzhi.site.demo.city import DEPARTMENT, NO_TOWNS, City, Wanted, id_of
from gongzhi.site.demo.living import Deed, Matter

FENGHUANG, GAOHE = "441203103", "441203103202"
SINCE = date(2020, 5, 1)  # the article: the rural pilot began in May 2020
SECTIONS, STEP = 9, 0.012  # degrees of longitude from one section to the next, about 1.2 km
CITY_OFFICE: Sequence[Wanted] = (
    ("road_chief", "市级路长", "Road chief of the city"),
    ("clerk", "路长办专员", "Clerk of the road chiefs' office"),
    ("leader", "总路长（副市长）", "General road chief (deputy mayor)"),
)
COUNTY_OFFICE: Sequence[Wanted] = (
    ("road_chief", "县级路长", "Road chief of the county"),
    ("clerk", "路长办专员", "Clerk of the road chiefs' office"),
    ("leader", "总路长（副区县长）", "General road chief (deputy head)"),
)
TOWN_OFFICE: Sequence[Wanted] = (
    ("road_chief", "镇级路长", "Road chief of the town"),
    ("clerk", "路长办专员", "Clerk of the road chiefs' office"),
)
VILLAGE_OFFICE: Sequence[Wanted] = (
    ("road_chief", "村级路长（村党支部书记）", "Road chief of the village (branch secretary)"),
)
CALLED = ("transport", "traffic_police", "emergency", "fire", "health", "agriculture", "water",
          "ecology", "power")  # fmt: skip
STORIES: Mapping[str, tuple[str, Sequence[str]]] = {
    "guard_rail": ("弯道护栏断了一截，外面是水塘。", ("transport",)),
    "sight": ("路口的树挡住视线，看不见来车。", ("agriculture", "transport")),
    "surface": ("路面有坑，下雨积水看不见。", ("transport",)),
    "sign": ("限速标志倒在路边。", ("traffic_police", "transport")),
    "lamp": ("一段路灯不亮，晚上很黑。", ("power",)),
    "parking": ("货车长期停在弯道上。", ("traffic_police",)),
    "drainage": ("边沟堵了，水漫到路上。", ("water", "transport")),
    "drying": ("路上晒谷，占了半幅路。", ()),
    "weeds": ("路肩杂草太高。", ()),
    "debris": ("路上掉了石头。", ()),
}
LABELS = dict(m.roads.categories)


class Roads:
    """One road in each county, with its sections, points and chiefs; gathered, then written."""

    def __init__(self, city: City, villages: Mapping[str, Sequence[Division]]) -> None:
        self.city, self.villages = city, villages
        self.places = {d.code: d for d in Division.objects.filter(
            code__startswith="4412", level__lte=5)}  # fmt: skip
        self.roads: list[Road] = []
        self.sections: list[Section] = []
        self.points: list[Point] = []
        self.charges: list[Charge] = []

    def gather(self) -> None:
        self._offices()
        for n, town in enumerate(self._towns()):
            self._road(n, town, self._rural(town)[:SECTIONS])

    def _rural(self, town: str) -> list[Division]:
        """Villages proper; communities of a town have streets rather than rural roads."""
        return [v for v in self.villages[town] if v.code[9:] >= "200"]

    def _offices(self) -> None:
        """Of city and counties, and the departments that a chief may call."""
        at = self.city.at
        above = self.city.unit(
            self.places["4412"], "road_office", CITY_OFFICE, at["44", "governance_centre"]
        )
        for code in sorted(c for c in self.places if len(c) == 6):
            self.city.unit(self.places[code], "road_office", COUNTY_OFFICE, above)
            for kind in CALLED:
                self.city.unit(self.places[code], kind, DEPARTMENT, at[code, "governance_centre"])

    def _towns(self) -> list[str]:
        """Fenghuang, and in each other county that has villages the town with most of them."""
        best: dict[str, str] = {FENGHUANG[:6]: FENGHUANG}
        for town in sorted(self.villages, key=lambda t: (-len(self._rural(t)), t)):
            if town not in NO_TOWNS and self._rural(town) and self.places[town].longitude:
                best.setdefault(town[:6], town)
        return [best[county] for county in sorted(best)]

    def _road(self, n: int, town: str, along: Sequence[Division]) -> None:
        rainbow = town == FENGHUANG
        code = "X413" if rainbow else f"X90{n}"
        name = "彩虹路" if rainbow else f"演示县道{n}号"
        road = Road(
            id=id_of("road", code), code=code, name=name, place=town[:6], valid_from=SINCE,
            name_en="Rainbow Road" if rainbow else f"Demo county road {n}",
            about="演示：线形为示意，不是实测。",
        )  # fmt: skip
        self.roads.append(road)
        place = self.places[town]
        office = self.city.at[town[:6], "road_office"]
        above = self.city.unit(place, "road_office", TOWN_OFFICE, office)
        self._charge(road, self.city.of(town[:6], "road_office", "road_chief"))
        self._charge(road, self.city.of(town, "road_office", "road_chief"))
        for k, village in enumerate(along):
            self._section(road, k, village, (place.longitude or 0.0, place.latitude or 0.0), above)

    def _section(
        self, road: Road, k: int, village: Division, seat: tuple[float, float], above: UUID
    ) -> None:
        line = [
            [round(seat[0] + (k + i / 4) * STEP, 5),
             round(seat[1] + 0.006 * math.sin((k + i / 4) * 1.3), 5)]
            for i in range(5)
        ]  # fmt: skip
        section = Section(
            id=id_of("section", road.code, str(k)), road=road, name=f"{village.name}段",
            village=village.code, from_km=k * 1.3, to_km=(k + 1) * 1.3, line=line,
            valid_from=SINCE, **bounds(line),
        )  # fmt: skip
        self.sections.append(section)
        self.city.unit(village, "road_office", VILLAGE_OFFICE, above, f"{village.name}路长")
        self._charge(road, self.city.of(village.code, "road_office", "road_chief"), section)
        for i, (kind, what, name) in enumerate((
            ("junction", "平交路口", "村口平交路口"), ("facility", "护栏", "临水护栏"),
            ("risk", "急弯", "村尾急弯"),
        )):  # fmt: skip
            x, y = line[i + 1]
            self.points.append(Point(
                id=id_of("point", road.code, str(k), kind), road=road, section=section.id,
                kind=kind, what=what, name=f"{village.name}{name}", longitude=x, latitude=y,
                valid_from=SINCE,
            ))  # fmt: skip

    def _charge(self, road: Road, chief: Holder, section: Section | None = None) -> None:
        self.charges.append(Charge(
            id=id_of("charge", str(chief.post), road.code), post=chief.post, road=road,
            section=section.id if section else None, held_from=SINCE,
        ))  # fmt: skip

    def write(self) -> None:
        Road.objects.bulk_create(self.roads)
        Section.objects.bulk_create(self.sections)
        Point.objects.bulk_create(self.points)
        Charge.objects.bulk_create(self.charges)


class Hazard(Matter):
    """One hazard at a road, found by its chief or told by somebody who passes."""

    def __init__(self, section: Section, *of: Any) -> None:
        super().__init__(*of)
        self.section = section

    def begin(self) -> None:
        self.category = self.dice.choice(list(STORIES))
        story, self.called = STORIES[self.category]
        passing = self.dice.random() < 0.35
        phone = f"1370000{self.number % 10_000:04d}"
        x, y = self.dice.choice(self.section.line)
        told = Report(
            place=self.village, category=self.category,
            title=f"{LABELS[self.category]}：{story[:20]}",
            data={"text": Words(story), "danger": self.dice.random() < 0.1,
                  "road": self.section.road_id, "section": self.section.id},
            parties=[NewParty("applicant", name=self.city.person(), phone=phone)][:passing],
            longitude=x, latitude=y, unit=self.chief().unit, channel="web" if passing else "patrol",
        )  # fmt: skip
        by = Resident() if passing else self.chief()
        self.receipt = report(m.roads, told, key=f"demo-r-{self.number}", now=self.now, by=by)
        self.resident = Resident(case=self.receipt.id, tail=tail_index(phone))

    def chief(self) -> Holder:
        return self.city.of(self.village, "road_office", "road_chief")

    def upper(self) -> Holder:
        return self.city.of(self.town, "road_office", "road_chief")

    def plan(self) -> Iterator[Deed]:
        lot = self.dice.random()
        if lot < 0.05:
            yield m.dismiss, {"reason": Words("沿线看过，没有发现。")}, self.chief(), 8
            return
        if not self.called:
            yield m.mend, {"note": Words("当场清理。")}, self.chief(), 5
            yield m.check, {"note": Words("已清干净。")}, self.upper(), 40
            return
        yield from self._whistled()
        if self.dice.random() < 0.05:
            yield m.recur, {"reason": Words("又坏了。")}, self.chief(), 24 * 30

    def _whistled(self) -> Iterator[Deed]:
        there = [self.city.of(self.county, kind, "handler") for kind in self.called]
        ground = "several" if len(there) > 1 else "beyond"
        said = {"ground": ground, "units": [h.unit for h in there], "reason": Words("请到场处置。")}
        yield m.whistle, said, self.chief(), 3
        for n, who in enumerate(there):
            wait = 30 if self.dice.random() < 0.15 else 6
            if n and self.dice.random() < 0.1:
                yield from self._disputed(who)
                continue
            yield whistles.report_in, {"way": "site", "duty": "accept"}, who, wait
            yield whistles.feed_back, {"note": Words("已处置。")}, who, 24 * self.dice.uniform(1, 4)
            yield whistles.inspect, self._seen(), self.chief(), 20
        yield m.verify, {"note": Words("到现场看过，已经消除。")}, self.chief(), 10

    def _seen(self) -> dict[str, Any]:
        stars = self.dice.choices([3, 2, 1], [7, 2, 1])[0]
        return {"of": "inspect", "outcome": "done", "stars": stars}

    def _disputed(self, who: Holder) -> Iterator[Deed]:
        said = {"way": "remote", "why": Words("先核职责。"), "duty": "dispute",
                "reason": Words("不在本单位职责内。")}  # fmt: skip
        yield whistles.report_in, said, who, 10
        verdict = {"of": "decide_duty", "verdict": "none", "reason": Words("另一部门已办。")}
        yield whistles.decide_duty, verdict, self.upper(), 12

    def ready(self, what: Any, data: dict[str, Any]) -> dict[str, Any]:
        """Which of the open tasks an act is about, is known only when its time has come."""
        if "of" not in data:
            return data
        with within(Scope(case=self.receipt.id)):
            task = Task.objects.filter(name=data["of"], done_at=None).order_by("seq").first()
        rest = {k: v for k, v in data.items() if k != "of"}
        return rest | {"task": (task.seq, task.n) if task else (0, 0)}


def hazards(
    city: City, roads: Roads, begun: Sequence[datetime], dice: Any, first: int
) -> list[Hazard]:
    """Where the demo's road chief works there is more to show."""
    own = [s for s in roads.sections if s.village == GAOHE]
    along = [*roads.sections, *own * 9]
    return [
        Hazard(section := dice.choice(along), city, section.village, at, dice, first + n)
        for n, at in enumerate(begun)
    ]
