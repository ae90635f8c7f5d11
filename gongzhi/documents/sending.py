"""A letter leaves as a file."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from gongzhi.documents.tree import Letter
from gongzhi.documents.typesetting import pdf
from gongzhi.documents.word import WORD, docx_of


def name_of(letter: Letter, ending: str) -> str:
    """What an office can keep it under."""
    return f"{letter.title} {letter.number}".strip().replace("/", "／") + f".{ending}"


def sent(letter: Letter, *, as_word: bool = False) -> HttpResponse:
    """Word is saved, a PDF is shown. Neither is kept on the way: it tells names."""
    content, kind, ending = (
        (docx_of(letter), WORD, "docx") if as_word else (pdf(letter), "application/pdf", "pdf")
    )
    response = HttpResponse(content, content_type=kind)
    name = name_of(letter, ending)
    response["Content-Disposition"] = content_disposition_header(as_word, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
