"""What was changed in the register, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.neighbourhoods.models import RegisterChange
from gongzhi.mechanisms.neighbourhoods.registers.sheets import SHEETS

# As the sheets call it.
LABELS: Final[dict[str, Any]] = {
    **{name: label for _title, columns in SHEETS.values() for name, label in columns.items()},
    "code": gettext_lazy("编号"), "name": gettext_lazy("名称"), "valid_to": gettext_lazy("停用"),
    "held_to": gettext_lazy("任到"), "key": gettext_lazy("换新户码"),
    "dwellings": gettext_lazy("新增门牌"), "slips": gettext_lazy("打印户卡"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One change: when, of what, and each fact before and after."""

    at: datetime
    called: str
    facts: list[tuple[str, str, str]]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "—" if value in {None, ""} else str(value)


def told(changes: Iterable[RegisterChange]) -> list[Told]:
    return [
        Told(one.at, one.called, [
            (str(LABELS.get(name, name)), _said(before), _said(after))
            for name, (before, after) in one.facts.items()
        ])
        for one in changes
    ]  # fmt: skip
