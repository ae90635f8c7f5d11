"""The notices that the law requires 法定告知: which, under which article, due when, sent how.

Read from the ledger: an act of which the petitioner must be told says how the letter was served,
and the clock it ended says until when it had to be.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongzhi.cases.reading import CaseView, Line
from gongzhi.declare import Document
from gongzhi.mechanisms.petitions.forms.intake import ONLINE, SERVED

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
    seq: int
    sent_at: datetime
    served: str
    due_at: datetime | None
    late: bool

    @property
    def way(self) -> Any:
        return dict(SERVED).get(self.served, self.served)

    @property
    def to_each(self) -> bool:
        """Whether every member of a group must have it: not the slip of whoever came."""
        return bool(WITHIN[self.document.name])

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
    letters = {d.after.name: d for d in view.mechanism.documents if d.name in WITHIN}
    found = []
    for line in view.lines:
        document = letters.get(line.entry.act)
        if document is None:
            continue
        due = _due(view, line, WITHIN[document.name])
        served = line.entry.data.get("served") or view.case.facts.get("notice", ONLINE)
        found.append(
            Notice(document, line.entry.seq, line.entry.at, served, due,
                   due is not None and line.entry.at > due)
        )  # fmt: skip
    return found
