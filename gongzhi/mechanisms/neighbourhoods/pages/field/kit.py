"""The kit of a building chief's phone: its pack, and what may be done there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.neighbourhoods.mechanism import neighbourhoods
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    Emergency,
    Household,
    Purpose,
)
from gongzhi.mechanisms.neighbourhoods.pages.field import (
    campaigns,
    emergency,
    notices,
    residents,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, purposes
from gongzhi.mechanisms.neighbourhoods.registers.announced import AtHome
from gongzhi.mechanisms.neighbourhoods.roles import TEAM
from gongzhi.people.posts import Holder
from gongzhi.ui import words
from gongzhi.ui.offline import Kit, each

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Here:
    """A building with its doors, and what is to be done there today."""

    of: Building
    homes: Sequence[Household]
    purposes: Sequence[Purpose]
    notices: Mapping[AtHome, Sequence[UUID]]
    campaigns: Mapping[Campaign, Mapping[str, Any]]
    emergencies: Mapping[Emergency, Sequence[UUID]]

    @classmethod
    def at(cls, of: Building, *, by: Holder, today: date) -> "Here":
        homes = list(buildings.households_of(of))
        return cls(
            of, homes, list(purposes.offered(of.community, today)),
            notices.left(of, homes, today), campaigns.of_building(of, today),
            emergency.left(of, homes, by),
        )  # fmt: skip

    @property
    def told(self) -> dict[str, Any]:
        """What several buildings share stands beside them, by its id."""
        return {
            "id": self.of.id, "name": words.named(self.of),
            "doors": [{"id": home.id, "name": str(home.dwelling)} for home in self.homes],
            "purposes": [p.id for p in self.purposes],
            "notices": {str(a.id): left for a, left in self.notices.items()},
            "campaigns": {str(c.id): how for c, how in self.campaigns.items()},
            "emergencies": {str(e.id): left for e, left in self.emergencies.items()},
        }  # fmt: skip


def _every(found: Iterable[Iterable[T]]) -> list[T]:
    """Each once, in order."""
    return list(dict.fromkeys(one for some in found for one in some))


def _pack(by: Holder, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    here = [Here.at(of, by=by, today=today) for of in buildings.buildings_of(by)]
    return {
        "calls": emergency.calls(by),
        "buildings": [one.told for one in here],
        "purposes": [residents.shown(p, today) for p in _every(h.purposes for h in here)],
        "notices": notices.shown(_every(h.notices for h in here)),
        "campaigns": [campaigns.shown(c) for c in _every(h.campaigns for h in here)],
        "emergencies": [emergency.shown(e) for e in _every(h.emergencies for h in here)],
    }


# What is done at doors, by the name of the operation.
KINDS: Final = {
    "neighbourhoods.register": each(residents.register),
    "neighbourhoods.told_at_door": each(notices.told_at_door),
    "neighbourhoods.came": each(campaigns.came),
    "neighbourhoods.answer": each(emergency.answer),
    "neighbourhoods.need": each(emergency.need),
}
SCRIPTS: Final = (
    "neighbourhoods/field.js", "neighbourhoods/registering.js", "neighbourhoods/telling.js",
    "neighbourhoods/coming.js", "neighbourhoods/needing.js", "neighbourhoods/answering.js",
)  # fmt: skip

KIT = Kit(
    name=neighbourhoods.name, label=gettext_lazy("上门"), pack=_pack,
    offered_to=lambda by: by.unit_kind == TEAM, kinds=KINDS,
    acts=frozenset({"reply", "pass_on"}),
    first="neighbourhoods/field/answering.html", screens="neighbourhoods/field/screens.html",
    scripts=SCRIPTS,
)  # fmt: skip
