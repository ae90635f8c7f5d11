"""Tries a letter's text before it is used: what fails here would fail in front of a citizen."""

from datetime import datetime

from gongzhi.documents.composing import compose
from gongzhi.documents.examples import KINDS, example
from gongzhi.documents.tree import Letter
from gongzhi.documents.typesetting import pdf
from gongzhi.documents.word import docx_of


def tried(mechanism: str, name: str, text: str, *, now: datetime) -> dict[str, Letter]:
    """The letter of each example, set as PDF and Word. Raises TextRefused."""
    made = {k: compose(text, example(mechanism, name, k), made_at=now) for k in KINDS}
    for letter in made.values():
        pdf(letter)
        docx_of(letter)
    return made
