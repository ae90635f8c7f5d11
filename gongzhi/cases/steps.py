"""Steps of a plan 化解步骤: which unit does what by which day, several side by side.

What is to be done may name people: it is sealed like all words, and the task knows its number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import NewTask, Words
from gongzhi.cases.clocks import end_of
from gongzhi.people.models import Unit

MOST = 10  # steps of one plan; what needs more is planned again when these are done
SHOWN = 3  # rows that stand open at first
STEP = "step"


@dataclass(frozen=True, slots=True)
class Step:
    unit: UUID
    what: str
    due: date


class Rows(forms.Widget):
    """A row for each step; no script is needed to write several."""

    template_name = "ui/plan_rows.html"
    PARTS = ("unit", "what", "due")

    units: Sequence[tuple[str, str]] = ()

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[dict[str, str]]:
        return [
            {part: str(data.get(f"{name}_{n}_{part}", "")).strip() for part in self.PARTS}
            for n in range(1, MOST + 1)
        ]

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        said = [*(value or []), *({} for _ in range(MOST))][:MOST]
        rows = [{"n": n, "name": f"{name}_{n}", **row} for n, row in enumerate(said, 1)]
        last = max((r["n"] for r in rows if any(r.get(p) for p in self.PARTS)), default=0)
        open_ = max(last, SHOWN)
        context["widget"] |= {"rows": rows[:open_], "more": rows[open_:], "units": self.units}
        return context


class StepsField(forms.Field):
    """Some steps; a row that is begun must be whole."""

    widget = Rows

    def offer(self, units: Sequence[tuple[str, str]]) -> None:
        self.units = {value for value, _label in units}
        self.widget.units = units

    def clean(self, value: list[dict[str, str]]) -> list[Step]:
        found = [self._step(n, row) for n, row in enumerate(value, 1) if any(row.values())]
        if self.required and not found:
            raise forms.ValidationError(_("至少写一步：哪个单位、做什么、什么时候做完。"))
        return found

    def _step(self, n: int, row: Mapping[str, str]) -> Step:
        try:
            due = forms.DateField().clean(row["due"])
        except forms.ValidationError:
            due = None
        if row["unit"] not in self.units or not row["what"] or due is None:
            raise forms.ValidationError(
                _("第 %(n)s 步没有写全：要选单位、写做什么、写期限。") % {"n": n}
            )
        return Step(UUID(row["unit"]), row["what"][:400], due)


def offered(units: Sequence[Unit], called: Any) -> list[tuple[str, str]]:
    """Choices of units as the rows show them."""
    return [(str(u.id), called(u)) for u in units]


def told(steps: Sequence[Step]) -> dict[str, Any]:
    """As the ledger takes them: units and days in the open, what is to be done sealed."""
    if not steps:
        return {}
    plain = [{"unit": s.unit, "due": s.due} for s in steps]
    return {"steps": plain, **{field_of(n): Words(s.what) for n, s in enumerate(steps, 1)}}


def field_of(n: int) -> str:
    """Where the words of the n-th step of an entry are."""
    return f"{STEP}_{n}"


def label_of(field: str) -> str:
    """What stands before the words of a step; empty for any other field."""
    name, _line, n = field.rpartition("_")
    return gettext("第 %(n)s 步") % {"n": n} if name == STEP else ""


def tasks_of(data: Mapping[str, Any], **more: Any) -> tuple[NewTask, ...]:
    """A task for each step, due at the end of its day; all of them run at the same time."""
    return tuple(
        NewTask(STEP, unit=s["unit"], due=end_of(s["due"]), data={"n": n, **more})
        for n, s in enumerate(data.get("steps", ()), 1)
    )
