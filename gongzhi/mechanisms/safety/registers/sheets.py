"""What the workbook of firms consists of, and how a cell of it is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.fields import phone
from gongzhi.cases.workbooks import called
from gongzhi.mechanisms.safety.registers import credit_code, industries
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, DUTIES, SIZES

CODE: Final = gettext_lazy("统一社会信用代码")
# Sheet -> what it is called, and its columns.
SHEETS: Final[dict[str, tuple[Any, dict[str, Any]]]] = {
    "firms": (gettext_lazy("企业"), {
        "code": CODE, "name": gettext_lazy("企业名称"), "name_en": gettext_lazy("英文名称"),
        "place": gettext_lazy("所在镇、村"), "industry": gettext_lazy("行业大类"),
        "size": gettext_lazy("规模"), "employees": gettext_lazy("从业人数"),
        "overseer": gettext_lazy("监管单位"),
    }),
    "sites": (gettext_lazy("场所"), {
        "code": CODE, "name": gettext_lazy("场所名称"), "name_en": gettext_lazy("英文名称"),
        "place": gettext_lazy("所在镇、村"), "address": gettext_lazy("地址"),
        "longitude": gettext_lazy("经度"), "latitude": gettext_lazy("纬度"),
        "facts": gettext_lazy("场所情况"), "colour": gettext_lazy("风险颜色"),
    }),
    "contacts": (gettext_lazy("联系人"), {
        "code": CODE, "duty": gettext_lazy("职责"), "name": gettext_lazy("姓名"),
        "phone": gettext_lazy("电话"),
    }),
}  # fmt: skip
MAY_BE_EMPTY: Final = {
    "firms": {"name_en", "employees", "overseer"},
    "sites": {"name_en", "place", "address", "longitude", "latitude", "facts"},
    "contacts": set[str](),
}
LONGEST: Final = {
    "firms": {"name": 120, "name_en": 200}, "sites": {"name": 80, "name_en": 160, "address": 160},
    "contacts": {"name": 40, "phone": 20},
}  # fmt: skip
BETWEEN: Final = re.compile(r"[、,，;；\n]+")
MASKED: Final = "*"


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


def _one_of(things: Mapping[str, Any], *, short: bool = False) -> Callable[[str], str]:
    """`short`: what stands before a colon is enough: 红色 of 红色：重大风险."""

    def read(text: str) -> str:
        known = called(things)
        if short:
            known |= {re.split("[：:]", label)[0]: name for label, name in known.items()}
        if text.lower() not in known:
            names = _("、").join(str(label) for label in things.values())
            raise Unreadable(_("请写：%(names)s。") % {"names": names})
        return known[text.lower()]

    return read


def _code(text: str) -> str:
    try:
        return credit_code.read(text)
    except credit_code.BadCode as error:
        raise Unreadable(str(error)) from None


def _industry(text: str) -> str:
    found = industries.read(text)
    if found is None:
        raise Unreadable(_("请写国民经济行业大类的代码或名称，如 C33 或 金属制品业。"))
    return found


def _people(text: str) -> int | None:
    if not text:
        return None
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 7):
        raise Unreadable(_("请写整数。"))
    return int(whole)


def _degrees(least: int, most: int) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        try:
            found = float(text)
        except ValueError:
            found = -1.0
        if not least <= found <= most:
            raise Unreadable(_("请写度数，如 112.4655。"))
        return found

    return read


def _facts(text: str) -> list[str]:
    """Several in one cell. A label may have a comma of its own: the longest known one counts."""
    known, found, rest = called(FACTS), set[str](), text.strip()
    while rest:
        ends = [*(m.start() for m in BETWEEN.finditer(rest)), len(rest)]
        end = next((n for n in reversed(ends) if rest[:n].strip().lower() in known), None)
        if end is None:
            raise Unreadable(
                _("不认识“%(said)s”；可以写的场所情况见空白表格的说明。")
                % {"said": rest[: ends[0]]}
            )
        found.add(known[rest[:end].strip().lower()])
        rest = BETWEEN.sub("", rest[end:], count=1).strip()
    return sorted(found)


def _phone(text: str) -> str:
    if MASKED in text:  # as an export has it: compared with what stands there
        return text
    try:
        phone(text)
    except ValidationError as error:
        raise Unreadable(error.messages[0]) from None
    return text


READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "code": _code,
    "industry": _industry,
    "size": _one_of(SIZES),
    "employees": _people,
    "longitude": _degrees(73, 136),
    "latitude": _degrees(3, 54),
    "facts": _facts,
    "colour": _one_of(COLOURS, short=True),
    "duty": _one_of(DUTIES),
    "phone": _phone,
}


def value(sheet: str, column: str, text: str) -> Any:
    """What a cell says; places and overseers are read where they are known. Raises Unreadable."""
    if not text and column not in MAY_BE_EMPTY[sheet]:
        raise Unreadable(_("这一格不能空着。"))
    longest = LONGEST[sheet].get(column)
    if longest and len(text) > longest:
        raise Unreadable(_("最多 %(n)d 个字。") % {"n": longest})
    return READ[column](text) if column in READ else text
