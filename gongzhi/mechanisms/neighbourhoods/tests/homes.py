"""A community for tests of residents' registrations: two buildings with a chief each, three doors,
and whoever stands above them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from gongzhi.cases.testing import LINE, Cast, make_cast, make_post, make_unit
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    Purpose,
    Registered,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, purposes, residents
from gongzhi.mechanisms.neighbourhoods.registers.residents import By, Told
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, TEAM
from gongzhi.people.posts import Holder, Resident

PROVINCE, CITY, COUNTY, TOWN, COMMUNITY = LINE
NAME, PHONE, EMAIL = "欧阳明珠", "13812341234", "mingzhu@example.org"
SAID = {"name": NAME, "phone": PHONE, "email": EMAIL, "medicine": "cold"}


class Homes:
    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        since = self.today.replace(year=2020)
        self.grid = Grid.objects.create(
            community=COMMUNITY, code="01", name="第一网格", valid_from=since
        )
        self.chief, self.building = self._building("1", ("101", "102"))
        self.other_chief, self.other = self._building("2", ("101",))
        self.home, self.next = self.households(self.building)
        (self.far,) = self.households(self.other)
        self.secretary = make_post(
            make_unit(COMMUNITY, "village_committee", parent=self.cast.units[TOWN]), COMMUNITY,
            "community_secretary", unit_kind="village_committee",
        )  # fmt: skip

    def _building(self, code: str, rooms: Iterable[str]) -> tuple[Holder, Building]:
        since = self.grid.valid_from
        team = make_unit(COMMUNITY, TEAM, parent=self.cast.units[COMMUNITY])
        chief = make_post(team, COMMUNITY, CHIEF, unit_kind=TEAM, sees=False)
        of = Building.objects.create(
            community=COMMUNITY, grid=self.grid, code=code, name=f"旺埠花园{code}栋",
            name_en=f"Wangbu Garden {code}", team=team, valid_from=since,
        )  # fmt: skip
        Charge.objects.create(
            rung=CHIEF, post=chief.post, community=COMMUNITY, building=of, held_from=since
        )
        for room in rooms:
            door = Dwelling.objects.create(building=of, room=room, valid_from=since)
            Household.objects.create(
                dwelling=door, building=of, community=COMMUNITY, key=buildings.new_key(),
                since=since,
            )  # fmt: skip
        Building.objects.filter(id=of.id).update(households=of.dwellings.count())
        of.refresh_from_db()
        return chief, of

    def households(self, of: Building) -> list[Household]:
        return list(buildings.households_of(of).select_related("dwelling", "building"))

    @property
    def contact(self) -> Purpose:
        return Purpose.objects.get(id=purposes.CONTACT)

    def declared(self, *, now: datetime | None = None, **changes: Any) -> Purpose:
        usual: dict[str, Any] = {
            "name": "疫苗接种", "why": "安排接种", "basis": "您本人同意", "place": COMMUNITY,
            "fields": ("name", "phone", "mobility"), "keep_days": 30,
        }  # fmt: skip
        wanted = purposes.Wanted(**{**usual, **changes})
        return purposes.declare(wanted, now=now or self.now, by=self.secretary)

    def registered(
        self, said: dict[str, Any] | None = None, agreed: Iterable[str] = ("medicine",), *,
        home: Household | None = None, purpose: Purpose | None = None, by: By | None = None,
        now: datetime | None = None,
    ) -> Registered:  # fmt: skip
        id_ = uuid4()
        row, _new = residents.register(
            purpose or self.contact, home or self.home, Told(said or SAID, agreed), id_=id_,
            now=now or self.now, by=by or Resident(case=id_),
        )  # fmt: skip
        return row
