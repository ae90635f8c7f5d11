"""The stage of the replay: the city's offices, and what several rows share, each made once."""

import random
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case, Entry
from gongzhi.declare import Act
from gongzhi.site import demo
from gongzhi.site.demo.city import gathered
from gongzhi.site.demo.firms import Firms
from gongzhi.site.demo.homelife import homelife
from gongzhi.site.demo.homes import Homes
from gongzhi.site.demo.living import Matter
from gongzhi.site.demo.merchants import Merchants
from gongzhi.site.demo.network import Network, villages_by_town
from gongzhi.site.demo.roads import Roads

CITY = "4412"
NOWHERE = UUID(int=0)  # the case of a row that was not done
WEEK = timedelta(days=7)
YEARS = timedelta(days=731)
FIRMS, HOUSEHOLDS = 400, 2  # fewer than the demo has: the article does not count them


class Stage:
    """Offices of the whole city, and the rooms that some rows need."""

    def __init__(self, rooms: Collection[str], say: Callable[[str], None]) -> None:
        self.say = say
        self.dice = random.Random(20220804)  # noqa: S311 -- the article's day; no secret
        self.now = timezone.now()
        self.city = gathered(self.dice)
        villages = villages_by_town()
        self.network, self.roads = Network(self.city), Roads(self.city, villages)
        self.homes = Homes(self.city, villages, households=HOUSEHOLDS, vacant=0)
        self.firms = Firms(self.city, villages, FIRMS)
        known: dict[str, Network | Roads | Homes | Firms] = {
            "network": self.network, "roads": self.roads, "homes": self.homes, "firms": self.firms
        }  # fmt: skip
        wanted = [room for name, room in known.items() if name in rooms]
        for room in wanted:
            room.gather()
        self.city.write()
        for room in wanted:
            if isinstance(room, Network | Roads):
                room.write()

    @cached_property
    def merchants(self) -> UUID:
        """The case of the 52 households, settled."""
        story = Merchants(self.city, self.now - timedelta(days=200), self.dice)
        for _pause in story.live():
            pass
        return story.receipt.id

    @cached_property
    def lived_in(self) -> Homes:
        """With buildings, doors, chiefs and the rungs above them."""
        self.homes.enter(self.now - YEARS)
        return self.homes

    @cached_property
    def drilled(self) -> Homes:
        """After a notice, a campaign and a drill in one community."""
        homelife(self.city, self.lived_in, self.dice)
        return self.homes

    @cached_property
    def at_work(self) -> Firms:
        """With firms, their sites and some who have an account."""
        self.firms.enter(self.now - YEARS, self.dice)
        return self.firms


class Prompt:
    """Nothing of it is forgotten or done late, and no act of it is refused."""

    lie = 0.0


def lived(matter: Matter) -> UUID:
    """All of it, one act after another. Raises Refused."""
    for _pause in matter.live():
        pass
    if matter.missed is not None:
        raise Refused(f"{matter.missed.name}: {matter.missed.label}")
    return matter.receipt.id


def together(matters: Collection[Matter], say: Callable[[str], None]) -> None:
    """All of them in the order of time, with the clocks swept week by week."""
    told: set[int] = set()

    def show(_step: str, share: float) -> None:
        tenth = int(share * 10)
        if tenth not in told:
            told.add(tenth)
            say(f"{share:.0%}")

    demo.live(list(matters), show, swept_after=WEEK)


def entries(act: Act, of: QuerySet[Case]) -> QuerySet[Entry]:
    """What the ledger says of this act in these cases."""
    return Entry.objects.filter(act=act.name, case_id__in=of.values("id"))


def per_day(begins: datetime, days: float, many: int) -> Iterator[datetime]:
    """So many points of time, spread evenly."""
    for n in range(many):
        yield begins + timedelta(days=days * n / many)
