"""Codes to scan 二维码, as they are printed."""

import io

import segno


def qr(address: str) -> bytes:
    """As SVG. Level Q: a quarter of it may be muddy."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=4)
    return out.getvalue()
