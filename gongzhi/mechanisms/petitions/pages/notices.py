"""The notices that the law requires 法定告知: which, under which article, due when, sent how.

Read from the ledger: an act of which the petitioner must be told says how the letter was served,
and the clock it ended says until when it had to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.cases.reading import CaseView, Line
from gongzhi.declare import Document
from gongzhi.mechanisms.petitions.forms.intake import SERVED

# The clock within which each must be told; what has none is told with the act itself.
WITHIN = {
    "acceptance": ("sort", "take"), "forwarding": ("sort",), "refusal": ("sort", "take"),
    "diversion": ("sort", "take", "answer"), "merging": ("sort", "take"),
    "extension": ("answer",), "opinion": ("answer",), "review_opinion": ("review",),
    "final_opinion": ("reexamine",), "reply": ("consider",), "closing": ("carry_out",),
    "explaining": ("carry_out",), "receipt": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter to the petitioner, and whether it came in time."""

    document: Document
    sent_at: datetime
    way: Any
    due_at: datetime | None
    late: bool

    @property
    def law(self) -> str:
        return self.document.after.law


def _due(view: CaseView, line: Line, clocks: tuple[str, ...]) -> datetime | None:
    """Until when it had to be told: the limit that ran until this act, or that it extended."""
    at = line.entry.at
    runs = [
        c.run for c in view.clocks
        if c.run.name in clocks and c.run.started_at <= at
        and (c.run.ended_at is None or c.run.ended_at >= at)
    ]  # fmt: skip
    return min((r.due_at for r in runs), default=None)


def notices(view: CaseView) -> list[Notice]:
    """Every notice that was due so far, in the order of time."""
    ways: Mapping[str, Any] = dict(SERVED)
    letters = {d.after.name: d for d in view.mechanism.documents if d.name in WITHIN}
    found = []
    for line in view.lines:
        document = letters.get(line.entry.act)
        if document is None:
            continue
        due = _due(view, line, WITHIN[document.name])
        way = line.entry.data.get("served") or view.case.facts.get("notice", "online")
        found.append(
            Notice(document, line.entry.at, ways.get(way, way), due,
                   due is not None and line.entry.at > due)
        )  # fmt: skip
    return found
