"""The doors of a building as they lie 门牌图: staircase by staircase, the highest storey first."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet

from gongzhi.mechanisms.neighbourhoods.models import Building, Dwelling
from gongzhi.mechanisms.neighbourhoods.registers.buildings import current


class Door(NamedTuple):
    """A door, and the household behind it if there is one."""

    id: UUID
    stair: str
    storey: int | None
    room: str
    household: UUID | None
    people: int | None
    since: date | None

    def __str__(self) -> str:
        return f"{self.stair} {self.room}".strip()


@dataclass(frozen=True, slots=True)
class Storey:
    """`number` is nothing where the register does not say."""

    number: int | None
    doors: list[Door] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stair:
    name: str
    storeys: list[Storey] = field(default_factory=list)


def natural(text: str) -> tuple[int, str]:
    """9 before 10, and 901 before 1001."""
    return len(text), text


def door_rows(found: QuerySet[Dwelling], *columns: str) -> QuerySet[Dwelling, Any]:
    """Columns of doors; `home_id`, `people` and `lived_since` are of who lives there now."""
    home = FilteredRelation("households", condition=Q(households__until__isnull=True))
    every: QuerySet[Any, Any] = found.annotate(
        home=home, home_id=F("home__id"), people=F("home__people"), lived_since=F("home__since")
    )
    return every.values_list(*columns)


def doors_of(building: Building) -> list[Door]:
    """In one question, as one walks: staircase, storey, room."""
    rows = door_rows(
        Dwelling.objects.filter(current(), building=building),
        "id", "stair", "storey", "room", "home_id", "people", "lived_since",
    )  # fmt: skip
    found = [Door(*row) for row in rows]
    return sorted(found, key=lambda d: (natural(d.stair), d.storey or 0, natural(d.room)))


def laid_out(doors: list[Door]) -> list[Stair]:
    """As the building stands there: the highest storey on top."""
    stairs: dict[str, dict[int | None, Storey]] = {}
    for door in doors:
        storeys = stairs.setdefault(door.stair, {})
        storeys.setdefault(door.storey, Storey(door.storey)).doors.append(door)
    return [
        Stair(name, sorted(storeys.values(), key=lambda s: -(s.number or 0)))
        for name, storeys in stairs.items()
    ]


def door(id_: UUID) -> Dwelling | None:
    """One that is not over, whoever asks."""
    found = Dwelling.objects.filter(current(), id=id_)
    return found.select_related("building__grid").first()
