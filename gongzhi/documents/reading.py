"""Reads a filled text, a small part of Markdown, into the parts of a letter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from gongzhi.documents.filling import MARK, Filled
from gongzhi.documents.tree import Cell, Node, Paragraph, Run, Style, Table

# Links, pictures and HTML are not read at all: they stay the words that they are.
READER = MarkdownIt("zero").enable(["heading", "list", "table", "blockquote"])
# Bold is found here: Markdown's rule asks for blanks between words, which Chinese has not.
BOLD = re.compile(r"(\*\*|\\[!-/:-@\[-`{-~])")
HEADINGS = {2: Style.SECTION}
ALIGNED = {"text-align:left": "left", "text-align:right": "right"}


@dataclass(frozen=True, slots=True)
class Read:
    """The title that the text begins with, if any, and the rest."""

    title: str
    body: tuple[Node, ...]


def _pieces(text: str, filled: Filled) -> Iterator[tuple[str, bool]]:
    """Words of the text, and words filled in (True)."""
    for n, part in enumerate(MARK.split(text)):
        if n % 2:
            value = filled.values[int(part)]
            yield (value if isinstance(value, str) else ""), True
        elif part:
            yield part, False


def _runs(text: str, filled: Filled) -> tuple[Run, ...]:
    """`**` makes words of the text bold, and those filled in between; never what they contain."""
    bold, found = False, []
    for words, given in _pieces(text, filled):
        for part in [words] if given else BOLD.split(words):
            if part == "**" and not given:
                bold = not bold
            elif part:
                plain = part[1:] if not given and BOLD.fullmatch(part) else part
                found.append(Run(plain, bold))
    return tuple(found)


def _lines(runs: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    """What was written in several lines becomes several paragraphs; empty ones go."""
    line: list[Run] = []
    for run in runs:
        first, *rest = run.text.split("\n")
        line.append(Run(first, run.bold))
        for text in rest:
            yield tuple(line)
            line = [Run(text, run.bold)]
    yield tuple(line)


def _trimmed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Without blanks at both ends: the page indents."""
    text = "".join(run.text for run in runs)
    left, right = len(text) - len(text.lstrip()), len(text.rstrip())
    kept, at = [], 0
    for run in runs:
        part = run.text[max(left - at, 0) : max(right - at, 0)]
        at += len(run.text)
        if part:
            kept.append(Run(part, run.bold))
    return tuple(kept)


def _joined(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs).replace("\n", " ").strip()


class _Reader:
    """Goes through the tokens once, and remembers in which lists and quotes it is."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.title = ""
        self.body: list[Node] = []
        self.lists: list[int | None] = []  # the next number of each open list; None is a bullet
        self.prefix = ""
        self.style = Style.BODY
        self.quoted = 0
        self.row: list[Cell] | None = None
        self.rows: list[tuple[Cell, ...]] = []
        self.align = "center"
        self.heading = 0

    def read(self) -> Read:
        for token in READER.parse(self.filled.markdown):
            act = getattr(self, f"_{token.type}", None)
            if act is not None:
                act(token)
        return Read(self.title, tuple(self.body))

    def _heading_open(self, token: Token) -> None:
        self.heading = int(token.tag[1:])

    def _heading_close(self, token: Token) -> None:
        self.heading = 0

    def _blockquote_open(self, token: Token) -> None:
        self.quoted += 1

    def _blockquote_close(self, token: Token) -> None:
        self.quoted -= 1

    def _ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrs.get("start", 1)))

    def _bullet_list_open(self, token: Token) -> None:
        self.lists.append(None)

    def _ordered_list_close(self, token: Token) -> None:
        self.lists.pop()

    _bullet_list_close = _ordered_list_close

    def _list_item_open(self, token: Token) -> None:
        n = self.lists[-1]
        self.prefix = "· " if n is None else f"{n}．"
        self.lists[-1] = None if n is None else n + 1

    def _tr_open(self, token: Token) -> None:
        self.row = []

    def _tr_close(self, token: Token) -> None:
        self.rows.append(tuple(self.row or ()))
        self.row = None

    def _th_open(self, token: Token) -> None:
        self.align = ALIGNED.get(str(token.attrs.get("style", "")), "center")

    _td_open = _th_open

    def _table_close(self, token: Token) -> None:
        self.body.append(Table(tuple(self.rows)))
        self.rows = []

    def _inline(self, token: Token) -> None:
        if self.row is not None:
            self.row.append(Cell(_runs(token.content, self.filled), self.align))
        elif self.heading == 1 and not self.title:
            self.title = _joined(_runs(token.content, self.filled))
        else:
            for line in token.content.split("\n"):
                self._line(line)

    def _line(self, line: str) -> None:
        alone = MARK.fullmatch(line.strip())
        block = self.filled.values[int(alone[1])] if alone else None
        if isinstance(block, tuple):
            self.body.extend(block)
            return
        for runs in map(_trimmed, _lines(_runs(line, self.filled))):
            if runs:
                shown = (Run(self.prefix), *runs) if self.prefix else runs
                self.body.append(Paragraph(shown, self._style(), max(len(self.lists) - 1, 0)))
                self.prefix = ""

    def _style(self) -> Style:
        if self.heading:
            return HEADINGS.get(self.heading, Style.PART)
        if self.quoted:
            return Style.NOTE
        return Style.ITEM if self.lists else Style.BODY


def read(filled: Filled) -> Read:
    return _Reader(filled).read()
