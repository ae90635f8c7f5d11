"""What the workbook of the register consists of, and how a cell of it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.workbooks import called
from gongzhi.mechanisms.neighbourhoods.roles import RUNGS

# Sheet -> what it is called, and its columns.
SHEETS: Final[dict[str, tuple[Any, dict[str, Any]]]] = {
    "grids": (gettext_lazy("网格"), {
        "community": gettext_lazy("社区"), "grid": gettext_lazy("网格编号"),
        "grid_name": gettext_lazy("网格名称"),
    }),
    "buildings": (gettext_lazy("楼栋"), {
        "community": gettext_lazy("社区"), "building": gettext_lazy("楼栋编号"),
        "name": gettext_lazy("楼栋名称"), "grid": gettext_lazy("网格编号"),
        "name_en": gettext_lazy("英文名称"), "address": gettext_lazy("地址"),
        "storeys": gettext_lazy("层数"), "longitude": gettext_lazy("经度"),
        "latitude": gettext_lazy("纬度"),
    }),
    "doors": (gettext_lazy("门牌"), {
        "community": gettext_lazy("社区"), "building": gettext_lazy("楼栋编号"),
        "stair": gettext_lazy("单元"), "storey": gettext_lazy("楼层"),
        "room": gettext_lazy("房号"), "lived_in": gettext_lazy("有人住"),
        "people": gettext_lazy("人数"),
    }),
    "charges": (gettext_lazy("六级队伍"), {
        "rung": gettext_lazy("层级"), "community": gettext_lazy("社区"),
        "grid": gettext_lazy("网格编号"), "building": gettext_lazy("楼栋编号"),
        "unit": gettext_lazy("单位"), "post": gettext_lazy("岗位"),
        "deputy": gettext_lazy("顺序"),
    }),
}  # fmt: skip
MAY_BE_EMPTY: Final = {
    "grids": {"community"},
    "buildings": {"community", "name_en", "address", "storeys", "longitude", "latitude"},
    "doors": {"community", "stair", "storey", "lived_in", "people"},
    "charges": {"community", "grid", "building", "unit", "deputy"},
}
LONGEST: Final = {
    "grid": 20, "grid_name": 80, "building": 20, "name": 80, "name_en": 120, "address": 120,
    "stair": 20, "room": 20, "unit": 120, "post": 120,
}  # fmt: skip
YES: Final = {"": True, "是": True, "有": True, "yes": True, "y": True, "1": True,
              "否": False, "无": False, "no": False, "n": False, "0": False}  # fmt: skip


class Item(NamedTuple):
    """One row of a file: to which sheet it belongs, where it stands, what it says."""

    sheet: str
    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What has to be changed, and where."""

    sheet: str
    row: int
    column: str
    said: str

    @property
    def of(self) -> str:
        return str(SHEETS[self.sheet][0])

    @property
    def label(self) -> str:
        return str(SHEETS[self.sheet][1].get(self.column, ""))


class Unreadable(ValueError):
    """What to write instead; `column` where it is another than the one that was read."""

    def __init__(self, said: str, column: str = "") -> None:
        super().__init__(said)
        self.column = column


def _whole(text: str, least: int, most: int) -> int | None:
    """Raises Unreadable."""
    if not text:
        return None
    number = text.removesuffix(".0")
    if not number.removeprefix("-").isascii() or not number.removeprefix("-").isdigit():
        raise Unreadable(_("请写整数。"))
    if not least <= int(number) <= most:
        raise Unreadable(_("请写 %(least)d 到 %(most)d 之间的整数。")
                         % {"least": least, "most": most})  # fmt: skip
    return int(number)


def _degrees(text: str, least: int, most: int) -> float | None:
    """Raises Unreadable."""
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not least <= found <= most:
        raise Unreadable(_("请写度数，如 112.4655。"))
    return found


def _yes(text: str) -> bool:
    """Raises Unreadable."""
    if text.lower() not in YES:
        raise Unreadable(_("请写“是”或“否”。"))
    return YES[text.lower()]


def _rung(text: str) -> str:
    """Raises Unreadable."""
    found = called(RUNGS).get(text.lower())
    if found is None:
        names = _("、").join(str(label) for label in RUNGS.values())
        raise Unreadable(_("请写：%(names)s。") % {"names": names})
    return found


READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "storeys": lambda t: _whole(t, 1, 200),
    "storey": lambda t: _whole(t, -5, 200),
    "people": lambda t: _whole(t, 1, 99),
    "deputy": lambda t: _whole(t, 0, 9) or 0,
    "longitude": lambda t: _degrees(t, 73, 136),
    "latitude": lambda t: _degrees(t, 3, 54),
    "lived_in": _yes,
    "rung": _rung,
}


def value(sheet: str, column: str, text: str) -> Any:
    """What a cell says, the community's apart. Raises Unreadable."""
    if not text and column not in MAY_BE_EMPTY[sheet]:
        raise Unreadable(_("这一格不能空着。"))
    if len(text) > LONGEST.get(column, len(text)):
        raise Unreadable(_("最多 %(n)d 个字。") % {"n": LONGEST[column]})
    return READ[column](text) if column in READ else text
