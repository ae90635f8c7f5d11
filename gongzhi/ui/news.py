"""What mechanisms tell everybody of a place 公告: each adds its own in its apps.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class News:
    """Something to read, and where; `changed_at` is later than `at` once it was corrected."""

    title: str
    text: str
    url: str
    at: datetime
    changed_at: datetime


# Of a place, what is shown now: the newest, no more than so many.
Tell = Callable[[str, datetime, int], Iterable[News]]
_known: list[Tell] = []


def add(tell: Tell) -> None:
    _known.append(tell)


def news(place: str, now: datetime, most: int) -> list[News]:
    return [one for tell in _known for one in tell(place, now, most)]
