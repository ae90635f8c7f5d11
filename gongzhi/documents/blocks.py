"""The blocks that a letter's text may name: what words alone cannot lay out."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from gongzhi.documents.filling import Block
from gongzhi.documents.tree import (
    Cell,
    Node,
    Paragraph,
    Run,
    Seal,
    Signatures,
    Signed,
    Style,
    Table,
)

Facts = Mapping[str, Any]


def _addressee(facts: Facts, *names: str) -> tuple[Node, ...]:
    """Whom the letter is for: flush left, with a colon."""
    said = "、".join(name for name in map(str, names) if name)
    return (Paragraph((Run(f"{said}："),), Style.FLUSH),)


def _dated(facts: Facts) -> tuple[Node, ...]:
    return (Paragraph((Run(facts["date"]),), Style.DATED),)


def _seal(facts: Facts, note: str = "盖章") -> tuple[Node, ...]:
    return (Seal(facts["unit"], facts["date"], f"（{note}）"),)


def _signatures(facts: Facts, *who: str) -> tuple[Node, ...]:
    """Those that were given on the screen; a line to sign on for whoever is named besides."""
    given = {s["who"]: Signed(**s) for s in facts.get("signatures", ())}
    names = who or tuple(given)
    signed = tuple(given.get(name, Signed(name)) for name in names)
    drawn = any(s.picture for s in signed)
    said = [
        f"签名时间：{facts['signed_at']}" if drawn else "",
        f"调解员：{facts['actor']}" if facts.get("actor") and "调解员" in names else "",
    ]
    note = "　　".join(filter(None, said))
    return (Signatures(signed, note),) if signed else ()


def _instalments(facts: Facts) -> tuple[Node, ...]:
    """The table of what is paid when."""
    rows = [("期次", "金额（元）", "最迟履行日期")]
    rows += [(f"第{i['n']}期", str(i["amount"]), i["due"]) for i in facts["instalments"]]
    aligns = ("center", "right", "center")
    cells = (tuple(Cell((Run(t),), a) for t, a in zip(row, aligns, strict=True)) for row in rows)
    return (Table(tuple(cells)),) if len(rows) > 1 else ()


BLOCKS = {
    "addressee": _addressee,
    "dated": _dated,
    "instalments_table": _instalments,
    "seal": _seal,
    "signatures": _signatures,
}


def blocks(facts: Facts) -> dict[str, Block]:
    """Each block, knowing what this letter is about."""
    return {name: partial(block, facts) for name, block in BLOCKS.items()}
