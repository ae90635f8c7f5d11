"""What a responsibility list says of one department 职责: who, what it does, within what time.

Lines stand in their row as they were written: a row is never rewritten, so neither are they.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from gongzhi.declare import Span, Unit
from gongzhi.people.models import Unit as Organisation


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of unit, found where the matter lies, or the one that is named by `unit`.

    `basis`: the law or document it rests on; `within` and `urgent`: its own limits for acting,
    where it has any.
    """

    kind: str
    basis: str
    unit: UUID | None = None
    leads: bool = False
    does: str = ""
    within: Span | None = None
    urgent: Span | None = None

    def names(self, unit: Organisation) -> bool:
        return unit.id == self.unit if self.unit else unit.kind == self.kind


def _span(said: Sequence[Any] | None) -> Span | None:
    return Span(said[0], Unit(said[1])) if said else None


def _said(span: Span | None) -> list[Any] | None:
    return [span.n, span.unit.value] if span else None


def read(row: Mapping[str, Any]) -> Line:
    """As it stands in the database."""
    return Line(
        row["kind"], row["basis"], UUID(row["unit"]) if row["unit"] else None, row["leads"],
        row["does"], _span(row["within"]), _span(row["urgent"]),
    )  # fmt: skip


def written(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind, "basis": line.basis, "unit": str(line.unit) if line.unit else None,
        "leads": line.leads, "does": line.does, "within": _said(line.within),
        "urgent": _said(line.urgent),
    }  # fmt: skip


class LinesField(models.JSONField):
    """The lines of a row, the lead first."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[Line]:
        found = super().from_db_value(value, expression, connection)
        return [read(row) for row in found]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        rows = [written(line) for line in value]
        return super().get_db_prep_value(rows, connection, prepared)
