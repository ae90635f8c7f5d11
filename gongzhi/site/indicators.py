"""The page of all indicators in both languages: what leaders see, with how it is counted."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext

from gongzhi.command import definitions
from gongzhi.declare import Measure, registry
from gongzhi.ui import words

HEAD = """
| 指标 Figure | 怎样计算 Formula | 单位 Unit | 依据 Source | 方向 Direction | 从 From |
| --- | --- | --- | --- | --- | --- |"""
ABOUT = """# 指标 Indicators

Made by `make docs` from the declarations; do not edit. Sums of counted figures come from cases: the
ledger has them, and `gongzhi verify` recounts them. What a register (台账) counts is counted anew
from its rows whenever it is asked for. Periods and formulas that are our own or [M] are in
[docs/law](../law)."""
LINKAGE = "五级联动"  # as on the page itself
Part = tuple[str, list[Sequence[str]]]  # a heading, and a row for each figure


def page() -> str:
    """docs/reference/indicators.md."""
    parts = [_both(*one) for one in zip(_said("zh-hans"), _said("en"), strict=True)]
    (_heading, first), *others = parts[:-1]
    alike = [row for row in first if all(row in rows for _heading, rows in others)]
    found = [ABOUT, *_section(("每个机制 *Every mechanism*", alike))]
    for heading, rows in parts:
        found += _section((heading, [row for row in rows if row not in alike]))
    return "\n".join([*found, ""])


def _section(of: Part) -> list[str]:
    return ["", f"## {of[0]}", HEAD, *(f"| {' | '.join(row)} |" for row in of[1])]


def _both(zh: Part, en: Part) -> Part:
    rows = [
        [x if x == y else f"{x} *{y}*" for x, y in zip(one, other, strict=True)]
        for one, other in zip(zh[1], en[1], strict=True)
    ]
    return f"{zh[0]} *{en[0]}*", list(rows)


def _said(language: str) -> list[Part]:
    with translation.override(language):
        return [
            (words.label(m) if m else gettext(LINKAGE), [*map(_row, figures)])
            for m, figures in definitions.declared(registry.every())
        ]


def _row(one: definitions.Figure) -> Sequence[str]:
    return [
        words.label(one), gettext(one.formula), one.unit or "—", gettext(one.source),
        str(definitions.BETTER[one.better]),
        "台账 register" if isinstance(one, Measure) else "案件 cases",
    ]  # fmt: skip
