"""The catalogue read from rows of text 清单核对: what it says, or what is wrong, row by row.

The shipped files and a city's workbook are read by the same rules.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.workbooks import Row, Workbook, Wrong, called
from gongzhi.mechanisms.safety.models import Basis, Category, Item
from gongzhi.mechanisms.safety.registers import contents, groups, industries, ranks
from gongzhi.mechanisms.safety.registers.contents import COLUMNS, Contents
from gongzhi.mechanisms.safety.registers.facts import FACTS

BOOK: Final = Workbook({
    "categories": (gettext_lazy("检查类别"), {
        "code": gettext_lazy("类别编号"), "name": gettext_lazy("类别名称"),
        "name_en": gettext_lazy("英文名称"), "group": gettext_lazy("大类"),
        "way": gettext_lazy("定级方法"), "industries": gettext_lazy("适用行业"),
        "needs": gettext_lazy("场所情况"),
    }),
    "items": (gettext_lazy("检查项"), {
        "code": gettext_lazy("检查项编号"), "category": gettext_lazy("所属类别"),
        "what": gettext_lazy("检查内容"), "how": gettext_lazy("检查方法"),
        "not_met": gettext_lazy("不符合情形"), "basis": gettext_lazy("依据和条款"),
        "industries": gettext_lazy("适用行业"), "needs": gettext_lazy("场所情况"),
        "rank": gettext_lazy("默认等级"), "evidence": gettext_lazy("取证"),
    }),
    "bases": (gettext_lazy("依据目录"), {
        "key": gettext_lazy("依据代号"), "name": gettext_lazy("依据名称"),
        "number": gettext_lazy("文号或标准号"), "year": gettext_lazy("年份"),
        "kind": gettext_lazy("种类"),
    }),
})  # fmt: skip
MAJOR = "major"
RANKS: Final = {**ranks.RANKS, MAJOR: gettext_lazy("重大事故隐患")}
EVIDENCE: Final = {
    "photo": gettext_lazy("拍照"), "document": gettext_lazy("查资料"),
    "reading": gettext_lazy("测量读数"), "interview": gettext_lazy("询问"),
}  # fmt: skip
KINDS: Final = {
    "law": gettext_lazy("法律"), "regulation": gettext_lazy("法规"), "rule": gettext_lazy("规章"),
    "standard": gettext_lazy("标准"), "notice": gettext_lazy("规范性文件"),
}  # fmt: skip
# Columns that take a word of a vocabulary, or several.
WORDS: Final[dict[str, Mapping[str, Any]]] = {
    "group": groups.LABELS, "way": ranks.WAYS, "needs": FACTS, "rank": RANKS,
    "evidence": EVIDENCE, "kind": KINDS,
}  # fmt: skip
MODELS: Final[dict[str, Any]] = {"categories": Category, "items": Item, "bases": Basis}
MAY_BE_EMPTY: Final = {"name_en", "number", "way", "industries", "needs", "evidence"}
PARTED = re.compile(r"[、,，;；\n]+")
CATEGORY = re.compile(r"[A-Z]{1,3}\d{2,3}")
KEY = re.compile(r"[a-z0-9_]+")
YEAR = re.compile(r"(?:19|20)\d\d")


class _NotRead(Exception):
    """What to write instead."""


@dataclass(frozen=True, slots=True)
class Read:
    """What rows say, and what is wrong with them; contents are whole only where nothing is."""

    contents: Contents
    wrong: Sequence[Wrong]


def read(rows: Sequence[Row], *, onto: Contents | None = None) -> Read:
    """The rows alone; or `onto` an edition, whose rows they follow or, by code, replace."""
    reader = _Reader(onto)
    for sheet in ("categories", "bases", "items"):  # items name the others
        for row in rows:
            if row.sheet == sheet:
                reader.take(row)
    return reader.read()


def fresh(row: contents.Row) -> Any:
    """The same for another edition."""
    return type(row)(**{name: getattr(row, name) for name in COLUMNS[type(row)]})


class _Reader:
    def __init__(self, onto: Contents | None) -> None:
        self.wrong: list[Wrong] = []
        self.found: dict[str, dict[str, Any]] = {name: {} for name in MODELS}
        self.where: dict[tuple[str, str], Row] = {}
        self.under: dict[str, str] = {}
        for sheet, rows in onto.sheets.items() if onto else ():
            self.found[sheet] = {contents.key_of(row): fresh(row) for row in rows}
        for item in onto.items if onto else ():
            self.under[item.code] = item.category.code

    def take(self, row: Row) -> None:
        """One row more, or what is wrong with it."""
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in BOOK.pages[row.sheet][1]:
            try:
                said[column] = self._value(row.sheet, column, row.cells.get(column, ""))
            except _NotRead as error:
                faults[column] = str(error)
        name = "key" if row.sheet == "bases" else "code"
        if (row.sheet, said.get(name, "")) in self.where:
            faults[name] = _("这个编号在文件里写了两次。")
        elif name in said:
            self.where[row.sheet, said[name]] = row
        self.wrong += (BOOK.wrong(row, column, why) for column, why in faults.items())
        if not faults:
            under = said.pop("category", None)
            if under:
                self.under[said[name]] = under
            self.found[row.sheet][said[name]] = MODELS[row.sheet](**said)

    def _value(self, sheet: str, column: str, text: str) -> Any:
        """Raises _NotRead."""
        if not text and column not in MAY_BE_EMPTY:
            raise _NotRead(_("这一格不能空着。"))
        reads = READS.get((sheet, column)) or READS.get(("", column))
        if reads:
            return reads(text)
        longest = MODELS[sheet]._meta.get_field(column).max_length
        if longest and len(text) > longest:
            raise _NotRead(_("最多 %(n)d 个字。") % {"n": longest})
        return text

    def read(self) -> Read:
        for code in self.found["items"]:
            row = self.where.get(("items", code))
            if row:
                self._check(self.found["items"][code], row)
        for column, percent in contents.SAME.items():
            self._compare(column, percent)
        for code, item in self.found["items"].items():
            category = self.found["categories"].get(self.under[code])
            if category is not None:
                item.category = category
        rows = {name: [of[k] for k in sorted(of)] for name, of in self.found.items()}
        order = list(BOOK.pages)
        wrong = sorted(self.wrong, key=lambda w: (order.index(w.sheet), w.row))
        return Read(Contents(**rows), wrong)

    def _check(self, item: Item, row: Row) -> None:
        """What an item says of the other sheets."""
        under, bases = self.under[item.code], self.found["bases"]
        if not self._told("categories", under):
            self._fault(row, "category", _("没有编号是“%(said)s”的类别。") % {"said": under})
        elif not re.fullmatch(re.escape(under) + r"-\d{2,3}", item.code):
            self._fault(row, "code", _("检查项编号是类别编号加“-”和两三位数字，如 %(code)s-01。")
                        % {"code": under})  # fmt: skip
        unknown = [key for key, _article in item.basis if key not in bases]
        for key in unknown:
            if not self._told("bases", key):
                self._fault(row, "basis", _("“依据目录”里没有代号“%(said)s”。") % {"said": key})
        cited = [bases[key] for key, _article in item.basis if key in bases]
        if item.rank == MAJOR and not unknown and not any(map(contents.is_criterion, cited)):
            self._fault(row, "rank", _("定为重大的，依据里要有公布的重大事故隐患判定标准。"))

    def _told(self, sheet: str, key: str) -> bool:
        """Also by a row that something else is wrong with: one fault is told once."""
        return key in self.found[sheet] or (sheet, key) in self.where

    def _compare(self, column: str, percent: int) -> None:
        texts = {code: getattr(item, column) for code, item in self.found["items"].items()}
        for pair in contents.alike(texts, percent):
            for code, other in (pair, pair[::-1]):
                row = self.where.get(("items", code))
                if row:
                    self._fault(row, column, _("和 %(code)s 太像：“%(text)s”。")
                                % {"code": other, "text": texts[other]})  # fmt: skip

    def _fault(self, row: Row, column: str, said: str) -> None:
        self.wrong.append(BOOK.wrong(row, column, said))


def _matching(pattern: re.Pattern[str], example: str) -> Callable[[str], str]:
    def reads(text: str) -> str:
        if not pattern.fullmatch(text):
            raise _NotRead(_("请照这样写：%(example)s。") % {"example": example})
        return text

    return reads


@cache
def _names(column: str) -> Mapping[str, str]:
    """When it is first asked for: at import no language is known yet."""
    return called(WORDS[column])


def _one_of(column: str, text: str) -> str:
    found = _names(column).get(text.lower())
    if found is None:
        raise _NotRead(
            _("没有“%(said)s”；能写的词见空白表格，如 %(name)s。")
            % {"said": text, "name": next(iter(WORDS[column].values()))}
        )
    return found


def _some_of(column: str, text: str) -> list[str]:
    """Parted by marks; names as we ship them by spaces too."""
    by_name = text.split()
    if all(part in WORDS[column] for part in by_name):
        return by_name
    return [_one_of(column, part.strip()) for part in PARTED.split(text) if part.strip()]


def _industries(text: str) -> list[str]:
    """`*` and an empty cell are all of them."""
    found = [] if text == "*" else re.split(r"[\s、,，;；]+", text.strip()) if text else []
    unknown = [said for said in found if said not in industries.KNOWN]
    if unknown:
        raise _NotRead(
            _("没有“%(said)s”这个行业；请写门类字母，或字母加两位大类，如 C 或 C33。")
            % {"said": _("、").join(unknown)}
        )
    return found


def _basis(text: str) -> list[list[str]]:
    """`代号：条款`, several with a semicolon between."""
    parts = [p.strip() for p in re.split(r"[;；\n]+", text) if p.strip()]
    cited = [[k.strip(), a.strip()] for k, _c, a in (p.replace("：", ":").partition(":")
                                                     for p in parts)]  # fmt: skip
    if len({(k, a) for k, a in cited}) < len(cited):
        raise _NotRead(_("同一条依据写了两次。"))
    return cited


READS: Final[dict[tuple[str, str], Callable[[str], Any]]] = {
    ("categories", "code"): _matching(CATEGORY, "A01"),
    ("bases", "key"): _matching(KEY, "work_safety_law"),
    ("bases", "year"): lambda text: int(_matching(YEAR, "2021")(text)),
    ("bases", "kind"): partial(_one_of, "kind"),
    ("", "group"): partial(_one_of, "group"),
    ("", "way"): lambda text: _one_of("way", text) if text else ranks.LEC,
    ("", "industries"): _industries,
    ("", "needs"): partial(_some_of, "needs"),
    ("", "basis"): _basis,
    ("", "rank"): partial(_one_of, "rank"),
    ("", "evidence"): partial(_some_of, "evidence"),
}
