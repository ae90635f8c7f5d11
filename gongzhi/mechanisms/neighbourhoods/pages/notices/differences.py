"""What was changed between two wordings of a notice, so that a reader need not compare them."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

LONG = 400  # signs of a passage; in longer ones whole lines are compared


class Piece(NamedTuple):
    """Some words and what became of them: same, gone or new."""

    what: str
    text: str


def _pieces(before: list[str], after: list[str], between: str) -> Iterator[Piece]:
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was, is_ = between.join(before[a:b]), between.join(after[c:d])
        end = between if d < len(after) else ""
        if what == "equal":
            yield Piece("same", is_ + end)
        elif what == "replace" and between and max(len(was), len(is_)) <= LONG:
            yield from _pieces(list(was), list(is_), "")
            yield Piece("same", end)
        else:
            if was:
                yield Piece("gone", was + ("" if is_ else between))
            if is_:
                yield Piece("new", is_ + end)


def difference(before: str, after: str) -> list[Piece]:
    """Line by line, and within short lines sign by sign."""
    was, is_ = (text.replace("\r\n", "\n").split("\n") for text in (before, after))
    return [piece for piece in _pieces(was, is_, "\n") if piece.text]
