"""What mechanisms remind a post of on its worklist 提醒: each adds its own in its apps.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gongzhi.people.posts import Holder


@dataclass(frozen=True, slots=True)
class Reminder:
    """A sentence and where it leads."""

    said: str
    url: str


# None where there is nothing to remind of; asked at every worklist, so it must cost others nothing.
Remind = Callable[[Holder, datetime], Reminder | None]
_known: list[Remind] = []


def add(remind: Remind) -> None:
    _known.append(remind)


def reminders(by: Holder, now: datetime) -> list[Reminder]:
    return [said for remind in _known if (said := remind(by, now))]
