"""Editions as Excel: out in the reader's language, and a blank one that says what to write."""

from typing import Any

from django.utils.translation import gettext as _

from gongzhi.mechanisms.safety.models import Category
from gongzhi.mechanisms.safety.registers import contents
from gongzhi.mechanisms.safety.registers.catalogue_reading import BOOK, WORDS
from gongzhi.mechanisms.safety.registers.contents import Contents


def words(column: str, value: Any) -> str:
    """What a column says, as read() takes it."""
    if column == "basis":
        return "；".join("：".join(filter(None, cited)) for cited in value)
    if column == "industries":
        return " ".join(value)
    if isinstance(value, list):
        return _("、").join(str(WORDS[column][name]) for name in value)
    return str(WORDS[column].get(value, value)) if column in WORDS else str(value)


def cells(row: contents.Row) -> dict[str, str]:
    found = {column: words(column, value) for column, value in contents.said(row).items()}
    if isinstance(row, Category) and not row.industries:
        found["industries"] = "*"
    return found


def written(held: Contents) -> bytes:
    """All that stands in it."""
    return BOOK.made({name: map(cells, rows) for name, rows in held.sheets.items()})


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    options = {
        column: "／".join(str(label) for label in labels.values())
        for column, labels in WORDS.items()
    }
    free = _("可以空着")
    some = _("可以空着；几个之间用顿号：")
    needs, evidence = (some + options[column] for column in ("needs", "evidence"))
    return BOOK.made({
        "categories": [{
            "code": "A01", "name": _("类别名称"), "name_en": free, "group": options["group"],
            "way": _("可以空着，就是 LEC；") + options["way"],
            "industries": _("* 是所有行业；或门类字母，或字母加大类，几个之间空格，如 C33 G"),
            "needs": needs,
        }],
        "items": [{
            "code": "A01-01", "category": "A01", "what": _("应当怎样"), "how": _("怎样看出来"),
            "not_met": _("不符合时写什么"), "basis": _("依据代号：条款；几条之间用分号"),
            "industries": _("可以空着，就同类别一样"), "needs": needs, "rank": options["rank"],
            "evidence": evidence,
        }],
        "bases": [{
            "key": _("小写字母、数字和下划线"), "name": _("法律、规章、标准的名称"), "number": free,
            "year": "2021", "kind": options["kind"],
        }],
    })  # fmt: skip
