"""What became of a whistle 吹哨进度: of each department, when it was called, came, acted and was
checked, and what is waited for now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.cases.grounds import DECIDE, GROUNDS, INSPECT, REMEDY, REPORT_IN, UNDER_WAY, Ground
from gongzhi.cases.models import Task
from gongzhi.cases.reading import CaseView, Line
from gongzhi.cases.whistles import FULFILS, note_arrival
from gongzhi.people.models import Unit

ENDS = {name: {act.name} for name, act in FULFILS.items() if name in UNDER_WAY}
ENDS[REPORT_IN] |= {note_arrival.name}


@dataclass(frozen=True, slots=True)
class Link:
    """One task of a department's chain, and the act that fulfilled it, if one did."""

    task: Task
    line: Line | None = None

    @property
    def at(self) -> datetime | None:
        return self.line.entry.at if self.line else None

    @property
    def late(self) -> bool:
        return bool(self.at and self.task.due_at and self.at > self.task.due_at)

    @property
    def said(self) -> Mapping[str, Any]:
        """What was filled in, without words."""
        return self.line.entry.data if self.line else {}


@dataclass
class Called:
    """A department, from the whistle on; its tasks in the order in which they were given."""

    unit: Unit | None
    ground: Ground
    at: datetime
    links: list[Link] = field(default_factory=list)

    def _last(self, name: str) -> Link | None:
        return next((x for x in reversed(self.links) if x.task.name == name), None)

    @property
    def came(self) -> Link | None:
        return self._last(REPORT_IN)

    @property
    def acted(self) -> Link | None:
        return self._last(REMEDY)

    @property
    def checked(self) -> Link | None:
        return self._last(INSPECT)

    @property
    def decided(self) -> Link | None:
        return self._last(DECIDE)

    @property
    def waits(self) -> Task | None:
        """What is to be done now, by the department or about it."""
        return next((x.task for x in self.links if x.task.done_at is None), None)

    @property
    def rounds(self) -> int:
        """How often it had to act."""
        return sum(x.task.name == REMEDY for x in self.links)


def _endings(view: CaseView) -> dict[tuple[int, int], Line]:
    """Tasks with the entry that ended each."""
    return {
        (t["seq"], t["n"]): line
        for line in view.lines for t in line.entry.changes.get("tasks", ()) if t.get("done_at")
    }  # fmt: skip


def whistled(view: CaseView) -> list[Called]:
    """Every department that was called, the first one first; none where nobody whistled."""
    ended = _endings(view)
    found: dict[tuple[UUID, str], Called] = {}
    tasks = (t for t in view.tasks if t.name in UNDER_WAY)
    for task in sorted(tasks, key=lambda t: (t.seq, t.n)):
        unit, since = UUID(str(task.data.get("unit", task.unit))), task.data["since"]
        called = found.setdefault(
            (unit, since),
            Called(view.units.get(unit), GROUNDS[task.data["ground"]],
                   datetime.fromisoformat(since)),
        )  # fmt: skip
        line = ended.get((task.seq, task.n))
        fulfilled = line if line and line.entry.act in ENDS[task.name] else None
        called.links.append(Link(task, fulfilled))
    return list(found.values())
