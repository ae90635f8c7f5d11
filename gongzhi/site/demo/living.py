"""How a matter of the demo lives: each act when its time has come, some too late, some not yet."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gongzhi.cases.act import Receipt, act
from gongzhi.cases.changes import Refused
from gongzhi.declare import Act
from gongzhi.people.posts import Holder, Resident
from gongzhi.site.demo.city import City

LIE = 0.03  # chance, at each act, that it is done late
FORGOTTEN = 0.06  # and of these, that it has not been done yet
# An act, its data, by whom, and after how many hours.
Deed = tuple[Act, dict[str, Any], Holder | Resident, float]


class Matter(ABC):
    """One case with its people; `begin` reports it, `plan` says what would be done."""

    receipt: Receipt
    resident: Resident
    lie = LIE

    def __init__(
        self, city: City, village: str, began: datetime, dice: random.Random, number: int
    ) -> None:
        self.city, self.village, self.now = city, village, began
        # Dice of its own, so that one story does not depend on how others go.
        self.dice = random.Random(dice.random())  # noqa: S311
        self.town, self.county, self.number = village[:9], village[:6], number
        self.missed: Act | None = None

    @abstractmethod
    def begin(self) -> None:
        """Report it, by whoever begins this story."""

    @abstractmethod
    def plan(self) -> Iterator[Deed]:
        """The acts to come, each with who does it and how many hours later."""

    def ready(self, what: Act, data: dict[str, Any]) -> dict[str, Any]:
        """The data of an act as they are when its time has come."""
        return data

    def live(self) -> Iterator[None]:
        """Begin, and do each act when its time has come; between them, others live."""
        self.begin()
        for n, (what, data, by, hours) in enumerate(self.plan()):
            self.now += timedelta(hours=hours * self.dice.uniform(0.5, 1.5))
            # Now and then somebody lets a case lie until the unit above asks: that is what the
            # clocks are for. A few are still lying there.
            if self.dice.random() < self.lie:
                self.now += timedelta(days=self.dice.uniform(8, 50))
                if self.dice.random() < FORGOTTEN:
                    return
            if self.now > timezone.now():
                return
            yield
            try:
                self.do(what, self.ready(what, data), by, n)
            except Refused:
                # Somebody else has the room, or time was faster: a limit has passed, the case has
                # gone up a level. They go on without.
                self.missed = what

    def do(self, what: Act, data: dict[str, Any], by: Holder | Resident, n: int) -> None:
        key = f"demo-{self.receipt.id}-{n}"
        act((self.receipt.county, self.receipt.id), what, data, key=key, now=self.now, by=by)
