"""The letters of a case: which there are, and how one is made."""

from gongzhi.cases.reading import CaseView
from gongzhi.declare import Document
from gongzhi.documents import texts
from gongzhi.documents.composing import compose
from gongzhi.documents.facts import facts, lines_of
from gongzhi.documents.tree import Letter


def letters_of(view: CaseView) -> list[Document]:
    """The letters whose act has been done, and said what the letter is about."""
    return [d for d in view.mechanism.documents if lines_of(view, d)]


def letters_to_party(view: CaseView) -> list[Document]:
    """Those of them that are written to the parties."""
    return [d for d in letters_of(view) if texts.shipped(view.mechanism.name, d.name).to_party]


def letter(view: CaseView, name: str) -> Letter:
    """The letter in the text that was in use when its act was done, so that it stays as it was.

    Raises TextRefused when that text asks for what is no longer known.
    """
    document = next(d for d in view.mechanism.documents if d.name == name)
    at = view.lines[lines_of(view, document)[-1]].entry.at
    text = texts.in_use(view.mechanism.name, name, at=at)
    return compose(text, facts(view, document), made_at=at)
