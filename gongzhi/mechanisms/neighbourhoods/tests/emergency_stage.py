"""A town with communities of many buildings for tests of emergencies: made in sets, since there may
be thousands of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Emergency,
    Grid,
    Household,
)
from gongzhi.mechanisms.neighbourhoods.registers import emergencies
from gongzhi.mechanisms.neighbourhoods.registers.emergencies import Wanted
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)  # nine o'clock in Zhaoqing
LONG_AGO = NOW - timedelta(days=1000)
DAY = date(2024, 1, 1)
TOWN = "441202001"
COMMUNITY = "441202001002"


def _unit(place: str, kind: str, name: str, parent: UUID | None = None) -> Unit:
    return Unit(kind=kind, name=name, place=place, parent=parent, valid_from=LONG_AGO)


@dataclass
class Stage:
    """The posts over a town, and for each community its secretary, grid heads, chiefs, deputies."""

    leader: Holder
    clerk: Holder
    county_leader: Holder
    town_unit: UUID
    offices: dict[str, Holder] = field(default_factory=dict)
    buildings: list[Building] = field(default_factory=list)
    chiefs: dict[UUID, Holder] = field(default_factory=dict)
    deputies: dict[UUID, list[Holder]] = field(default_factory=dict)
    heads: dict[UUID, Holder] = field(default_factory=dict)

    def households(self, of: Building) -> list[Household]:
        return list(Household.objects.filter(building=of).order_by("id"))


@dataclass
class _Made:
    """Rows of posts and who holds them, to be written together."""

    units: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)

    def post(self, unit: Unit, kind: str, title: str, *, sees: bool = False) -> Holder:
        post = Post(unit=unit, kind=kind, title=title, place=unit.place, sees_place=sees,
                    valid_from=LONG_AGO)  # fmt: skip
        account = Account(username=f"{kind}-{uuid4().hex[:12]}", name=f"{title}甲")
        self.posts.append(post)
        self.accounts.append(account)
        self.appointments.append(Appointment(post=post, account=account, held_from=LONG_AGO))
        return Holder(
            account=account.id, post=post.id, unit=unit.id, kind=kind, unit_kind=unit.kind,
            place=unit.place, sees_place=sees, name=account.name, title=title, title_en="",
            unit_name=unit.name,
        )  # fmt: skip

    def charge(self, of: Holder, rung: str, at: Building | Grid, deputy: int = 0) -> None:
        where = {"building": at} if isinstance(at, Building) else {"grid": at}
        self.charges.append(
            Charge(rung=rung, post=of.post, community=at.community, deputy=deputy, held_from=DAY,
                   **where)
        )  # fmt: skip

    def write(self) -> None:
        Unit.objects.bulk_create(self.units, batch_size=5_000)
        Post.objects.bulk_create(self.posts, batch_size=5_000)
        Account.objects.bulk_create(self.accounts, batch_size=5_000)
        Appointment.objects.bulk_create(self.appointments, batch_size=5_000)
        Charge.objects.bulk_create(self.charges, batch_size=5_000)


def _building(made: _Made, stage: Stage, grid: Grid, n: int, deputies: int) -> Building:
    team = _unit(
        grid.community, "building_team", f"{n} 栋邻里先锋队", stage.offices[grid.community].unit
    )
    made.units.append(team)
    found = Building(
        community=grid.community, grid=grid, code=f"{n:04}", name=f"{n} 栋", team=team.id,
        valid_from=DAY, longitude=112.46 + n % 10 / 1000, latitude=23.05 + n // 10 / 1000,
    )  # fmt: skip
    chief = stage.chiefs[found.id] = made.post(team, "building_chief", f"{n} 栋楼长")
    made.charge(chief, "building_chief", found)
    stage.deputies[found.id] = [
        made.post(team, "building_chief", f"{n} 栋副楼长{k}") for k in range(1, deputies + 1)
    ]
    for k, deputy in enumerate(stage.deputies[found.id], 1):
        made.charge(deputy, "building_chief", found, deputy=k)
    return found


def _homes(buildings: Iterable[Building], each: int) -> None:
    dwellings, households = [], []
    for of in buildings:
        of.households = each
        for n in range(each):
            door = Dwelling(building=of, room=f"{n // 4 + 1:02}{n % 4 + 1:02}", storey=n // 4 + 1,
                            valid_from=DAY)  # fmt: skip
            dwellings.append(door)
            households.append(
                Household(dwelling=door, building=of, community=of.community, key=uuid4().hex[:16],
                          since=DAY)
            )  # fmt: skip
    Dwelling.objects.bulk_create(dwellings, batch_size=5_000)
    Household.objects.bulk_create(households, batch_size=5_000)
    Building.objects.bulk_update(list(buildings), ["households"], batch_size=5_000)


def make_stage(
    *, communities: Iterable[str] = (COMMUNITY,), buildings: int = 4, households: int = 2,
    deputies: int = 1, per_grid: int = 20,
) -> Stage:  # fmt: skip
    """So many buildings in each community, and households in each building."""
    made = _Made()
    county = _unit(TOWN[:6], "government", "区政府")
    town = _unit(TOWN, "government", "街道办事处", county.id)
    made.units += [county, town]
    stage = Stage(
        leader=made.post(town, "leader", "街道主任", sees=True),
        clerk=made.post(town, "clerk", "街道工作人员", sees=True),
        county_leader=made.post(county, "leader", "区长", sees=True), town_unit=town.id,
    )  # fmt: skip
    grids: list[Grid] = []
    for community in communities:
        office = _unit(community, "village_committee", f"居委会{community[-3:]}", town.id)
        made.units.append(office)
        stage.offices[community] = made.post(office, "community_secretary", "社区书记", sees=True)
        for n in range(1, buildings + 1):
            if n % per_grid == 1 or per_grid == 1:
                grids.append(
                    Grid(community=community, code=f"{n:04}", name=f"网格{n}", valid_from=DAY)
                )
                head = stage.heads[grids[-1].id] = made.post(office, "grid_head", "网格长")
                made.charge(head, "grid_head", grids[-1])
            stage.buildings.append(_building(made, stage, grids[-1], n, deputies))
    Grid.objects.bulk_create(grids)
    Building.objects.bulk_create(stage.buildings, batch_size=5_000)
    made.write()
    _homes(stage.buildings, households)
    return stage


def vacate(of: Holder) -> None:
    """Nobody holds the post any more."""
    Appointment.objects.filter(post=of.post).update(held_to=LONG_AGO + timedelta(days=1))


def begin(stage: Stage, place: str = COMMUNITY, *, days: int = 7, kind: str = "flood") -> Emergency:
    wanted = Wanted(kind=kind, name="西江洪水", place=place, reason="水位超过警戒",
                    ends_on=NOW.date() + timedelta(days=days))  # fmt: skip
    return emergencies.activate(wanted, now=NOW, by=stage.leader)
