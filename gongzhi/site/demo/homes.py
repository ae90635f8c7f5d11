"""The demo's neighbourhoods: Duanzhou's communities with committees, buildings, doors and chiefs.

The article tells of more than 7,000 communities and buildings with chiefs in Duanzhou. The
communities are real; every building, door and person is invented.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.cases.act import Report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.sealed import tail_index
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.forms import Tell
from gongzhi.mechanisms.neighbourhoods.models import Building, Charge
from gongzhi.mechanisms.neighbourhoods.registers.entering import (
    NewBuilding,
    NewDoor,
    NewGrid,
    enter_many,
)
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF
from gongzhi.networks.responsibility import routing
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.posts import Holder, Resident
from gongzhi.places.models import Division
from gongzhi.site.demo.city import DUANZHOU, SINCE, City, Wanted, id_of
from gongzhi.site.demo.living import Deed, Matter

XINGHUA = "441202001002"  # where the demo's chief and community work
BUILDINGS, HOUSEHOLDS = 117, 21  # in a community, and in a building: 7,020 and 150,000 in all
GRIDS = 4
VACANT = 70  # one building in so many has no chief just now
COMMITTEE: Sequence[Wanted] = (
    ("community_secretary", "社区党委书记", "Community party secretary"),
    ("clerk", "社区专干", "Community clerk"),
    ("leader", "居委会主任", "Head of the residents' committee"),
    ("first_secretary", "驻社区第一书记", "First secretary"),
    *(("grid_head", f"第{n}网格长", f"Head of grid {n}") for n in range(1, GRIDS + 1)),
)
CONTACT: Sequence[Wanted] = (
    ("district_contact", "挂点社区联系领导", "Leader in contact with communities"),
)
STREET: Sequence[Wanted] = (("street_contact", "挂点社区领导", "Sub-district contact leader"),)
ESTATES = ("星湖花园", "端城小区", "景福苑", "西江里", "七星居", "和平新村")
ESTATES_EN = ("Xinghu Garden", "Duancheng Estate", "Jingfu Court", "Xijiang Lane", "Qixing Homes",
              "Heping New Village")  # fmt: skip
STORIES: Mapping[str, tuple[str, str]] = {
    "leak": ("厨房天花板渗水，楼上可能漏水。", "水管接口换过，不漏了。"),
    "power": ("楼道灯不亮好几天了，老人上下楼看不见。", "换了灯泡和声控开关。"),
    "drain": ("一楼下水道堵了，污水往外冒。", "疏通公司来通过了。"),
    "rubbish": ("楼梯间堆了旧家具，一直没人清。", "联系住户搬走，打扫了。"),
    "charging": ("有人把电动车推上楼充电。", "和住户谈过，车停到楼下充电棚。"),
    "lift": ("电梯这周停了三次。", "维保单位换了门机配件。"),
    "noise": ("晚上十一点还有人在楼下跳舞。", "和领舞的商量好，九点半结束。"),
    "care": ("邻居独居老人两天没出门。", "上门看过，老人感冒，已陪去看病。"),
    "parking": ("消防通道停了车。", "车主挪走，画了禁停线。"),
}
LABELS = dict(m.neighbourhoods.categories)


class Homes:
    """Committees and their posts, gathered with the city; buildings and doors entered after."""

    def __init__(
        self, city: City, villages: Mapping[str, Sequence[Division]], *,
        households: int = HOUSEHOLDS, vacant: int = VACANT,
    ) -> None:  # fmt: skip
        self.city, self.households, self.vacant = city, households, vacant
        found = [v for town, here in villages.items() if town[:6] == DUANZHOU for v in here]
        self.communities = sorted(found, key=lambda v: v.code)
        self.buildings: list[Building] = []
        self.chiefs: dict[UUID, Holder] = {}

    def gather(self) -> None:
        at = self.city.at
        for department in ("planning", "education", "market", "justice", "urban"):
            self.city.more(DUANZHOU, f"department.{department}", CONTACT)
        for town in sorted({c.code[:9] for c in self.communities}):
            self.city.more(town, "governance_centre", STREET)
        for community in self.communities:
            above = at[community.code[:9], "governance_centre"]
            self.city.unit(community, "village_committee", COMMITTEE, above, community.name)

    def enter(self, now: datetime) -> None:
        """Through the register's own door, as an import would."""
        codes = [c.code for c in self.communities]
        grids = [NewGrid(c, f"{g:02}", f"第{g}网格") for c in codes for g in range(1, GRIDS + 1)]
        made = enter_many(
            grids, [b for c in self.communities for b in self._buildings(c)],
            [d for c in codes for d in self._doors(c)],
            by=self.city.of(DUANZHOU, "governance_centre", "leader"), now=now,
        ).made  # fmt: skip
        self.buildings = sorted(made.values(), key=lambda b: (b.community, b.code))
        self._team()
        self._chiefs()

    def _buildings(self, community: Division) -> Iterator[NewBuilding]:
        x, y = community.longitude, community.latitude
        for n in range(BUILDINGS):
            estate, house = divmod(n, BUILDINGS // len(ESTATES) + 1)
            spot = {} if x is None or y is None else {
                "longitude": round(x + n % 12 * 0.0004, 5),
                "latitude": round(y + n // 12 * 0.0004, 5),
            }  # fmt: skip
            yield NewBuilding(
                community.code, f"{n + 1:03}", f"{ESTATES[estate]} {house + 1} 栋",
                f"{n % GRIDS + 1:02}", name_en=f"{ESTATES_EN[estate]}, building {house + 1}",
                address=f"演示路 {n + 1} 号", storeys=8 if n % 3 == 0 else 7, **spot,
            )  # fmt: skip

    def _doors(self, community: str) -> Iterator[NewDoor]:
        """Seven storeys, three doors to each; one more on top where the sum asks for it."""
        for n in range(BUILDINGS):
            for door in range(self.households + (n % 3 == 0)):
                storey, room = divmod(door, 3)
                people = self.city.dice.randint(1, 5)
                yield NewDoor(
                    community, f"{n + 1:03}", "1单元", storey + 1, f"{storey + 1}0{room + 1}",
                    people=people,
                )  # fmt: skip

    def _team(self) -> None:
        """The rungs above the buildings."""
        of, rows = self.city.of, []
        departments = ("planning", "education", "market", "justice", "urban")
        for n, community in enumerate(self.communities):
            code = community.code
            over = {
                "first_secretary": of(code, "village_committee", "first_secretary"),
                "district_contact": of(DUANZHOU, f"department.{departments[n % 5]}",
                                       "district_contact"),
                "street_contact": of(code[:9], "governance_centre", "street_contact"),
                "community_secretary": of(code, "village_committee", "community_secretary"),
            }  # fmt: skip
            rows += [
                Charge(rung=rung, post=by.post, community=code, held_from=SINCE.date())
                for rung, by in over.items()
            ]
            staff = self.city.staff[self.city.at[code, "village_committee"]]
            heads = [h for h in staff if h.kind == "grid_head"]
            grids = {b.grid.code: b.grid for b in self.buildings if b.community == code}
            rows += [
                Charge(rung="grid_head", post=head.post, community=code, grid=grids[f"{g:02}"],
                       held_from=SINCE.date())
                for g, head in enumerate(heads, 1)
            ]  # fmt: skip
        Charge.objects.bulk_create(rows)

    def _chiefs(self) -> None:
        """A chief for each building but a few, each of them one of its residents."""
        teams = {b.team: b for b in self.buildings}
        posts = {p.unit_id: p for p in Post.objects.filter(unit__in=teams, kind=CHIEF)}
        accounts, held = [], []
        for n, b in enumerate(self.buildings):
            if self.vacant and n % self.vacant == self.vacant - 1:
                continue
            own = b.community == XINGHUA and b.code == "001"
            name = "buildingchief" if own else f"{b.community}.{b.code}.chief"
            account = Account(id=id_of("account", name), username=name, name=self.city.person(),
                              password=self.city.password)  # fmt: skip
            accounts.append(account)
            post = posts[b.team]
            held.append(Appointment(post=post, account=account, held_from=SINCE))
            self.chiefs[b.id] = Holder(
                account=account.id, post=post.id, unit=b.team, kind=CHIEF,
                unit_kind="building_team", place=b.community, sees_place=False,
                name=account.name, title=post.title, title_en=post.title_en,
                unit_name=f"{b.name}邻里先锋队",
            )  # fmt: skip
        Account.objects.bulk_create(accounts, batch_size=2_000)
        Appointment.objects.bulk_create(held, batch_size=2_000)


class Wish(Matter):
    """One request of a resident, told by the code at the building's door."""

    def __init__(self, homes: Homes, building: Building, *of: Any) -> None:
        super().__init__(*of)
        self.homes, self.building = homes, building
        self.chief = homes.chiefs[building.id]

    def begin(self) -> None:
        self.category = self.dice.choice(list(STORIES))
        story, self.solved = STORIES[self.category]
        phone = f"1360000{self.number % 10_000:04d}"
        shown = self.dice.choices(["no", "kind", "words"], [5, 3, 2])[0]
        said: dict[str, Any] = {
            "text": Words(story), "building": self.building.id, "shown": shown,
            "about_chief": False,
        }  # fmt: skip
        Tell.check(said)
        told = Report(
            place=self.village,
            category=self.category,
            title=f"{LABELS[self.category]}：{story[:20]}",
            data={name: value for name, value in said.items() if value},
            parties=[NewParty("applicant", name=self.city.person(), phone=phone)],
        )
        key = f"demo-n-{self.number}"
        self.receipt = routing.begin(m.neighbourhoods, told, key=key, now=self.now, by=Resident())
        self.resident = Resident(case=self.receipt.id, tail=tail_index(phone))

    def clerk(self) -> Holder:
        return self.city.of(self.village, "village_committee", "clerk")

    def plan(self) -> Iterator[Deed]:
        done, why = {"note": Words(self.solved)}, {"reason": Words("要社区出面协调。")}
        lot = self.dice.random()
        if lot < 0.6:
            yield m.reply, done, self.chief, self.dice.uniform(0.2, 1.5)
            if self.dice.random() < 0.08:
                yield m.contest, {"reason": Words("还是老样子。")}, self.resident, 20
                yield m.reply, done, self.clerk(), 20
        else:
            yield m.pass_on, why, self.chief, 0.8
            yield m.reply, done, self.clerk(), 8
        if self.dice.random() < 0.7:
            satisfied = self.dice.random() < 0.9
            yield m.confirm, {"satisfied": satisfied}, self.resident, 24


def wishes(homes: Homes, begun: Sequence[datetime], dice: random.Random, first: int) -> list[Wish]:
    """Where the demo's chief lives there is more to show."""
    led = [b for b in homes.buildings if b.id in homes.chiefs]
    own = [b for b in led if b.community == XINGHUA and b.code == "001"]
    near = [b for b in led if b.community == XINGHUA]
    return [
        Wish(homes, b := dice.choice((own, near, led)[n % 3]), homes.city, b.community, at, dice,
             first + n)
        for n, at in enumerate(begun)
    ]  # fmt: skip
