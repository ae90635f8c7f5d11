"""What a workbook says of grids, buildings, doors and posts, against what stands in the register.

All of it comes in or nothing, and each fault has its row and column. What stands there is looked
up once, for all rows together: a district has 150,000 doors. A row that is there already is changed
where the file says something else, and never ended because a file leaves it out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import Building, Dwelling, Grid
from gongzhi.mechanisms.neighbourhoods.registers import buildings, teams
from gongzhi.mechanisms.neighbourhoods.registers.buildings import current
from gongzhi.mechanisms.neighbourhoods.registers.doors import door_rows
from gongzhi.mechanisms.neighbourhoods.registers.entering import (
    Key,
    NewBuilding,
    NewDoor,
    NewGrid,
)
from gongzhi.mechanisms.neighbourhoods.registers.rungs import Charges, Wanted
from gongzhi.mechanisms.neighbourhoods.registers.sheets import (
    SHEETS,
    Item,
    Unreadable,
    Wrong,
    value,
)
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.places.names import paths
from gongzhi.places.written import NoSuchPlace, place_written

DoorKey = tuple[str, str, str, str]  # community, building, staircase, room


class Standing(NamedTuple):
    """A door as it stands in the register."""

    id: UUID
    building: UUID
    storey: int | None
    home: UUID | None
    people: int | None


class DoorChange(NamedTuple):
    """A door that the file tells otherwise; `said` are the new facts."""

    key: DoorKey
    was: Standing
    said: NewDoor


@dataclass
class Plan:
    """What a file would change."""

    grids: list[NewGrid] = field(default_factory=list)
    buildings: list[NewBuilding] = field(default_factory=list)
    doors: list[NewDoor] = field(default_factory=list)
    # Rows with the facts that they would take.
    changed: list[tuple[Grid | Building, dict[str, Any]]] = field(default_factory=list)
    moved: list[DoorChange] = field(default_factory=list)
    charges: list[Wanted] = field(default_factory=list)
    same: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def new(self) -> int:
        rungs = sum(w.charge is None for w in self.charges)
        return len(self.grids) + len(self.buildings) + len(self.doors) + rungs

    @property
    def otherwise(self) -> int:
        rungs = sum(w.charge is not None for w in self.charges)
        return len(self.changed) + len(self.moved) + rungs


def planned(items: Sequence[Item], *, by: Holder) -> Plan:
    """What the file would change, and all that is wrong with it."""
    reader = _Reader(items, by)
    for sheet in SHEETS:  # grids first: buildings may stand in grids of the same file
        for item in items:
            if item.sheet == sheet:
                reader.take(item)
    order = {sheet: n for n, sheet in enumerate(SHEETS)}
    reader.plan.wrong.sort(key=lambda w: (order[w.sheet], w.row))
    return reader.plan


class _Places:
    """Communities as the file writes them: each is looked for once."""

    def __init__(self, items: Iterable[Item], by: Holder) -> None:
        self.by, self.found = by, dict[str, str | Unreadable]()
        said = {item.cells.get("community", "") for item in items}
        paths(code for text in said if (code := text.split(" ")[0]).isdigit())  # all at once
        for text in said:
            try:
                self.found[text] = self._community(text)
            except Unreadable as error:
                self.found[text] = error

    def _community(self, text: str) -> str:
        """Raises Unreadable."""
        own = self.by.place
        if not text:
            if len(own) == Level.VILLAGE.digits:
                return own
            raise Unreadable(_("请写社区（村）的名称或代码。"))
        try:
            code = place_written(text, within=own, levels=[Level.VILLAGE])
        except NoSuchPlace as error:
            raise Unreadable(str(error)) from None
        if len(code) != Level.VILLAGE.digits:
            raise Unreadable(_("“%(said)s”不是社区（村）。") % {"said": text})
        allowed = buildings.keeps(self.by, code)
        if isinstance(allowed, No):
            raise Unreadable(str(allowed.reason))
        return code

    def of(self, item: Item) -> str:
        """Raises Unreadable."""
        found = self.found[item.cells.get("community", "")]
        if isinstance(found, Unreadable):
            raise found
        return found

    @property
    def every(self) -> set[str]:
        return {code for code in self.found.values() if isinstance(code, str)}


def standing_doors(communities: Iterable[str]) -> Iterator[tuple[DoorKey, Standing]]:
    found = Dwelling.objects.filter(
        current(), building__community__in=set(communities), building__valid_to=None
    )
    rows = door_rows(
        found, "building__community", "building__code", "stair", "room",
        "id", "building_id", "storey", "home_id", "people",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=5_000):
        yield row[:4], Standing(*row[4:])


class _Reader:
    """Reads one file's items; what is there already is looked up once."""

    def __init__(self, items: Sequence[Item], by: Holder) -> None:
        self.plan, self.places = Plan(), _Places(items, by)
        every = self.places.every
        named = {item.sheet for item in items}
        self.grids: dict[Key, Grid | NewGrid] = {
            (g.community, g.code): g for g in Grid.objects.filter(current(), community__in=every)
        }
        found = Building.objects.filter(current(), community__in=every).select_related("grid")
        self.buildings: dict[Key, Building | NewBuilding] = {
            (b.community, b.code): b for b in found
        }
        self.doors = dict(standing_doors(every)) if "doors" in named else {}
        self.committees = teams.committees(every)
        self.charges = (
            Charges(every, self.grids, self.buildings, by) if "charges" in named else None
        )
        self.seen: set[Any] = set()

    def take(self, item: Item) -> None:
        """One item more: new, changed or the same; or what is wrong with it."""
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in SHEETS[item.sheet][1]:
            try:
                said[column] = (
                    self.places.of(item) if column == "community"
                    else value(item.sheet, column, item.cells.get(column, ""))
                )  # fmt: skip
            except Unreadable as error:
                faults[column] = str(error)
        if not faults:
            try:
                getattr(self, f"_{item.sheet}")(said)
            except Unreadable as error:
                faults[error.column] = str(error)
        self.plan.wrong += (Wrong(item.sheet, item.row, c, why) for c, why in faults.items())

    def _once(self, key: Any, column: str) -> None:
        """Raises Unreadable."""
        if key in self.seen:
            raise Unreadable(_("这一项在文件里写了两次。"), column)
        self.seen.add(key)

    def _differs(self, row: Grid | Building, facts: Mapping[str, Any]) -> None:
        changed = {n: v for n, v in facts.items() if getattr(row, n) != v}
        if changed:
            self.plan.changed.append((row, changed))
        else:
            self.plan.same += 1

    def _grids(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        key = said["community"], said["grid"]
        self._once(("grid", key), "grid")
        row = self.grids.get(key)
        if isinstance(row, Grid):
            self._differs(row, {"name": said["grid_name"]})
            return
        self.grids[key] = new = NewGrid(*key, said["grid_name"])
        self.plan.grids.append(new)

    def _buildings(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        key = said["community"], said["building"]
        self._once(("building", key), "building")
        grid = self.grids.get((said["community"], said["grid"]))
        if grid is None:
            why = _("没有编号是“%(code)s”的网格；请先登记，或写进“网格”表。")
            raise Unreadable(why % {"code": said["grid"]}, "grid")
        facts = {n: said[n] for n in ("name", "name_en", "address", "storeys", "longitude",
                                      "latitude")}  # fmt: skip
        row = self.buildings.get(key)
        if isinstance(row, Building):
            moved = row.grid.code != said["grid"]
            self._differs(row, facts | ({"grid": grid} if moved else {}))
            return
        if said["community"] not in self.committees:
            why = _("这个社区还没有居委会（村委会）单位，请管理员先设立。")
            raise Unreadable(why, "community")
        self.buildings[key] = new = NewBuilding(*key, grid=said["grid"], **facts)
        self.plan.buildings.append(new)

    def _doors(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        if (said["community"], said["building"]) not in self.buildings:
            why = _("没有编号是“%(code)s”的楼栋；请先登记，或写进“楼栋”表。")
            raise Unreadable(why % {"code": said["building"]}, "building")
        if said["people"] and not said["lived_in"]:
            raise Unreadable(_("没有人住的不写人数。"), "people")
        new = NewDoor(**said)
        key = new.community, new.building, new.stair, new.room
        self._once(key, "room")
        was = self.doors.get(key)
        if was is None:
            self.plan.doors.append(new)
        elif (was.storey, was.home is not None, was.people) != (
            new.storey, new.lived_in, new.people,
        ):  # fmt: skip
            self.plan.moved.append(DoorChange(key, was, new))
        else:
            self.plan.same += 1

    def _charges(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        if self.charges is None:
            return
        columns = ("rung", "community", "grid", "building", "unit", "post")
        self._once(tuple(said[n] for n in columns), "post")
        wanted = self.charges.wanted(said)
        if wanted is None:
            self.plan.same += 1
        else:
            self.plan.charges.append(wanted)
