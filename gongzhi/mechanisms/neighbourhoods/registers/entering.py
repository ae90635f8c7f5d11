"""Many grids, buildings and doors at once: for imports, demo and benchmark, in sets.

What a row means is in its class; nothing here reads files.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
)
from gongzhi.mechanisms.neighbourhoods.registers import counts, teams
from gongzhi.mechanisms.neighbourhoods.registers.buildings import current, new_key
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder

Key = tuple[str, str]  # the community and a code in it


class NewGrid(NamedTuple):
    community: str
    code: str
    name: str


class NewBuilding(NamedTuple):
    """`grid` is the code of one in the same community; places are WGS84."""

    community: str
    code: str
    name: str
    grid: str
    name_en: str = ""
    address: str = ""
    storeys: int | None = None
    longitude: float | None = None
    latitude: float | None = None


class NewDoor(NamedTuple):
    """`building` is the code of one in the same community. A household is made where somebody
    lives there; `people`: how many, if they said."""

    community: str
    building: str
    stair: str
    storey: int | None
    room: str
    lived_in: bool = True
    people: int | None = None


class Entered(NamedTuple):
    """How many of each are new, and the buildings by community and code."""

    grids: int
    buildings: int
    dwellings: int
    households: int
    made: dict[Key, Building]


def enter_many(
    grids: Iterable[NewGrid],
    buildings: Iterable[NewBuilding],
    doors: Iterable[NewDoor],
    *,
    by: Holder,
    now: datetime,
) -> Entered:
    """Enters a community or a whole district in one transaction, from plain rows.

    `enter_many([NewGrid(community, code, name)], [NewBuilding(community, code, name, grid)],
    [NewDoor(community, building, stair, storey, room)], by=holder, now=now)`.

    Grids and buildings that stand there already under that code are used as they are. A new
    building gets its team unit below the community's committee, the post of its chief and the
    charge of that post; nobody holds it yet. A door's household gets a key. Doors must be new.
    Whether `by` keeps these communities is asked by whoever calls. Raises Refused where a
    community has no committee or a row names a grid or building that is not there.
    """
    today = timezone.localdate(now)
    grids, buildings, doors = list(grids), list(buildings), list(doors)
    places = {row.community for rows in (grids, buildings, doors) for row in rows}
    with transaction.atomic():
        once()
        known = _grids(grids, places, today)
        new_grids = [g for g in known.values() if g._state.adding]
        made = _buildings(buildings, known, places, today)
        new = [b for b in made.values() if b._state.adding]
        parents = _parents({b.community for b in new})
        Grid.objects.bulk_create(new_grids, batch_size=2_000)
        Building.objects.bulk_create(new, batch_size=2_000)
        teams.make(new, parents, now=now)
        homes, by_building = _doors(doors, made, today)
        _note(new_grids, new, by_building, by=by, now=now)
        counts.keep(places)
    return Entered(len(new_grids), len(new), len(doors), homes, made)


def once() -> None:
    """Two who enter at a time would not know of each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register of buildings'))")


def _grids(rows: Sequence[NewGrid], places: set[str], today: date) -> dict[Key, Grid]:
    """Those that stand there, and the new ones."""
    found = Grid.objects.filter(current(today), community__in=places)
    known = {(g.community, g.code): g for g in found}
    for row in rows:
        known.setdefault((row.community, row.code), Grid(**row._asdict(), valid_from=today))
    return known


def _buildings(
    rows: Sequence[NewBuilding], grids: Mapping[Key, Grid], places: set[str], today: date
) -> dict[Key, Building]:  # fmt: skip
    """Likewise. Raises Refused."""
    found = Building.objects.filter(current(today), community__in=places)
    made = {(b.community, b.code): b for b in found}
    for row in rows:
        if (row.community, row.code) in made:
            continue
        grid = grids.get((row.community, row.grid))
        if grid is None:
            raise Refused(
                _("%(building)s：没有编号是“%(code)s”的网格。")
                % {"building": row.name, "code": row.grid}
            )
        facts = row._asdict() | {"grid": grid, "team": uuid4(), "valid_from": today}
        made[row.community, row.code] = Building(**facts)
    return made


def _parents(places: set[str]) -> dict[str, Unit]:
    """Raises Refused."""
    parents = teams.committees(places)
    for place in places - parents.keys():
        teams.committee(place)
    return parents


def _column(table: type[models.Model], name: str) -> str:
    return str(getattr(table._meta.get_field(name), "column"))  # noqa: B009


def copy(table: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows straight into a table, which is ten times as fast as inserting them."""
    columns = ", ".join(_column(table, name) for name in fields)
    asked = f"COPY {table._meta.db_table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(asked) as out:
        for row in rows:
            out.write_row(row)


def _doors(
    rows: Iterable[NewDoor], made: Mapping[Key, Building], today: date
) -> tuple[int, dict[Building, int]]:
    """How many households, and how many doors each building got. Raises Refused."""
    homes: list[tuple[Any, ...]] = []
    by_building: dict[Building, int] = {}

    def doors() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            of, id_ = made.get((row.community, row.building)), uuid4()
            if of is None:
                raise Refused(_("没有编号是“%(code)s”的楼栋。") % {"code": row.building})
            by_building[of] = by_building.get(of, 0) + 1
            if row.lived_in:
                homes.append((uuid4(), id_, of.id, of.community, new_key(), row.people, today))
            yield id_, of.id, row.stair, row.storey, row.room, today

    copy(Dwelling, ("id", "building", "stair", "storey", "room", "valid_from"), doors())
    fields = ("id", "dwelling", "building", "community", "key", "people", "since")
    copy(Household, fields, homes)
    return len(homes), by_building


def _note(
    grids: Sequence[Grid], new: Sequence[Building], doors: dict[Building, int], *, by: Holder,
    now: datetime,
) -> None:  # fmt: skip
    """One line for each grid and building, with how many doors it got."""
    fresh = {b.id for b in new}

    def line(of: Grid | Building, facts: dict[str, Any]) -> RegisterChange:
        return RegisterChange(community=of.community, what=of.id, called=of.name[:120], at=now,
                              account=by.account, post=by.post, facts=facts)  # fmt: skip

    def said(of: Building) -> dict[str, Any]:
        made = {"code": [None, of.code], "name": [None, of.name]} if of.id in fresh else {}
        return made | ({"dwellings": [None, doors[of]]} if of in doors else {})

    lines = [line(g, {"code": [None, g.code], "name": [None, g.name]}) for g in grids]
    lines += [line(b, said(b)) for b in dict.fromkeys((*new, *doors))]
    RegisterChange.objects.bulk_create(lines, batch_size=2_000)
