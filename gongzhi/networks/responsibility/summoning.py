"""Whom the responsibility list calls in at a matter, and why: departments for a whistle.

A draft is proposed too, and says that it is one; who whistles decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from gongzhi.cases.grounds import DECIDE, REPORT_IN
from gongzhi.cases.snapshot import OpenTask
from gongzhi.networks.responsibility.duties import chain, rows_for
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Unit
from gongzhi.places.levels import level_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit that a line of the list names, and the row it stands in."""

    unit: Unit
    line: Line
    duty: Duty


class _Near:
    """The units that some lines name, read at once: of a kind, the nearest."""

    def __init__(self, lines: Collection[Line], place: str, hidden: Collection[UUID]) -> None:
        kinds = Q(kind__in={x.kind for x in lines if not x.unit}, place__in=chain(place))
        named = Q(id__in={x.unit for x in lines if x.unit})
        found = Unit.objects.filter(kinds | named, valid_to=None).exclude(id__in=hidden)
        self.units = sorted(found, key=lambda u: (-level_of(u.place), u.id))
        self.here = {u.id for u in self.units if place.startswith(u.place)}

    def of(self, line: Line) -> Unit | None:
        """One of a kind that another line names elsewhere is not of this place."""
        named = (u for u in self.units if line.names(u))
        return next((u for u in named if line.unit or u.id in self.here), None)


def summoned(
    mechanism: str, category: str, place: str, *, on: date, but: UUID,
    hidden: Collection[UUID] = (),
) -> list[Proposal]:  # fmt: skip
    """The nearest level's list first, the lead before helpers, each unit once; not the one that
    asks, nor who is complained about."""
    rows = rows_for(mechanism, category, place, on, drafts=True)
    nearest = [row for _level, row in sorted(rows.items(), reverse=True)]
    pairs = [(row, line) for row in nearest for line in (row.lead, *row.helpers)]
    near = _Near([line for _row, line in pairs], place, {but, *hidden})
    found: dict[UUID, Proposal] = {}
    for row, line in pairs:
        unit = near.of(line)
        if unit is not None:
            found.setdefault(unit.id, Proposal(unit, line, row))
    return list(found.values())


def called_by(tasks: Iterable[OpenTask], unit: UUID) -> list[Proposal]:
    """The rows by which this unit was called in, or those whose disputes it has to decide: as they
    were then, since rows are never rewritten."""
    asked = [
        (UUID(t.data["unit"]) if t.name == DECIDE else t.unit, UUID(t.data["duty"]))
        for t in tasks
        if t.name in {REPORT_IN, DECIDE} and t.unit == unit and "duty" in t.data
    ]
    rows = Duty.objects.in_bulk({duty for _unit, duty in asked})
    units = Unit.objects.in_bulk({called for called, _duty in asked})
    pairs = [(units[called], rows[duty]) for called, duty in asked if duty in rows]
    return [Proposal(u, line, row) for u, row in pairs for line in row.lines if line.names(u)]
