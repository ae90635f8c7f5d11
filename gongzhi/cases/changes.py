"""What an act changes beyond the state: effects return it, the door applies it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from gongzhi.declare import Clock, Level, Span


class Words(str):
    """Free text somebody wrote: it may name people, so it is sealed and only its digest is kept
    in the ledger."""

    __slots__ = ()


class Refused(Exception):
    """这一步不能办理。"""

    def __init__(self, reason: Any = None, *, field: str | None = None) -> None:
        self.reason = reason or gettext(self.__doc__ or "")
        self.field = field
        super().__init__(str(self.reason))


class NotFound(Refused, Http404):
    """没有找到此案，或者您无权查看。"""


class Faster(Refused):
    """别人刚刚办理了此案，请看最新情况后再办。"""


class NobodyTakesIt(Refused):
    """此地没有受理此类事项的单位，请拨打服务热线。"""


class Accused(Refused):
    """被投诉的单位或人员不能办理此案，请另选。"""


class OtherUnit(Refused):
    """这个岗位不属于承办单位，请另选。"""


class Booked(Refused):
    """这个时间已有别的安排，请另选时间、人员或地点。"""


class PlaceUnknown(Refused):
    """没有这个地点，请从列表中选择。"""


@dataclass(frozen=True, slots=True)
class NewTask:
    """Something to be done by a unit (the holder if none is named) by a time or within a span,
    which may be a clock's as it is in force.

    `chase`: how long each rung of the chase is, where somebody is to be told that it is late.
    """

    name: str
    unit: UUID | None = None
    post: UUID | None = None
    due: datetime | Span | Clock | None = None
    chase: Span | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewParty:
    """Somebody on one side of a case. `who`: their account, post or unit, if they are ours.

    `code`: what they show in place of the phone's last digits, when they have no phone.
    """

    side: str
    name: str = ""
    phone: str = ""
    address: str = ""
    code: str = ""
    who: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """Another case that belongs to this one."""

    county: str
    case: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file already in the store."""

    sha256: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changes besides the state. What is left out stays as it is.

    `unit` moves the case to another unit (then `post` is empty unless named), of that `level` where
    it is another; `release` takes it from its post, so that the unit alone holds it; `offered` asks
    that unit to accept it; `join` calls units in beside the holder; `hide` shuts out whoever is
    complained about; `confine` keeps the case to the units concerned, whatever places others stand
    over; `facts` are merged; `done` are the names of tasks that this act fulfils (those of
    `done_by`'s unit only, where it is given), `done_tasks` single ones; `extend` names clocks;
    `limits` says until when a dated clock runs that this act starts, or one that it extends;
    `recount` makes provisional due times anew, once the calendar is known; `weight` is how grave
    the case is among those of its mechanism 轻重缓急, more being graver.
    """

    unit: UUID | None = None
    level: Level | None = None
    post: UUID | None = None
    release: bool = False
    offered: bool | None = None
    join: tuple[UUID, ...] = ()
    hide: tuple[UUID, ...] = ()
    confine: bool | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    tasks: tuple[NewTask, ...] = ()
    done: tuple[str, ...] = ()
    done_by: UUID | None = None
    done_tasks: tuple[tuple[int, int], ...] = ()
    parties: tuple[NewParty, ...] = ()
    links: tuple[NewLink, ...] = ()
    extend: tuple[str, ...] = ()
    limits: Mapping[str, datetime] = field(default_factory=dict)
    recount: bool = False
    urgent: bool | None = None
    weight: int | None = None
    category: str | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
