"""What time does to many cases, done on several connections side by side when there are many."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connections

BATCH = 10_000
HANDS = 2  # one connection keeps but one core of the database busy


@dataclass(frozen=True, slots=True)
class Work:
    """A statement that does something to at most `batch` cases and says to how many.

    It may ask %(batch)s, and %(hand)s of how many %(hands)s it is, where it does not skip what
    another one has locked.
    """

    statement: str
    params: Mapping[str, Any]
    alias: str = "owner"
    batch: int = BATCH

    def once(self, hand: int = 0, hands: int = 1) -> int:
        asked = {**self.params, "hand": hand, "hands": hands, "batch": self.batch}
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.statement, asked)
            n: int = cursor.fetchone()[0]
        return n

    def by_one_hand(self, hand: int) -> int:
        done = 0
        try:
            while True:
                n = self.once(hand, HANDS)
                done += n
                if n < self.batch:
                    return done
        finally:
            connections[self.alias].close()  # of this thread alone

    def until_done(self) -> int:
        """Again and again until nothing is left; returns to how many cases."""
        done = self.once()
        if done < self.batch:
            return done
        with ThreadPoolExecutor(HANDS) as hands:
            return done + sum(hands.map(self.by_one_hand, range(HANDS)))
