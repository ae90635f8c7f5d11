"""Codes to scan, and placards that leave as a file to print."""

import io

import segno
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from gongzhi.documents.tree import Placards
from gongzhi.documents.typesetting import placards_pdf


def code_of(address: str) -> bytes:
    """A QR code as SVG. Level Q: a quarter of it may be muddy."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=4)
    return out.getvalue()


def printed(made: Placards) -> HttpResponse:
    """Shown in the browser; not kept on the way, since a code may be a household's own."""
    response = HttpResponse(placards_pdf(made), content_type="application/pdf")
    name = content_disposition_header(False, f"{made.title}.pdf".replace("/", "／"))
    response["Content-Disposition"] = name or ""
    response["Cache-Control"] = "private, no-store"
    return response
