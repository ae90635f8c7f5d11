"""A template and data become a PDF through Typst; data never become part of the source."""

import base64
import io
import json
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from PIL import Image

from gongzhi.cases.files import read

SHARED = Path(__file__).parent / "templates"
DIGITS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def chinese_date(day: date) -> str:
    """2026年11月23日, as GB/T 9704 writes dates: Arabic figures without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def _group(n: int) -> str:
    """Up to four digits in capitals."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = n // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + CAPITALS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return said


def _whole(n: int) -> str:
    groups: list[int] = []
    while n:
        n, rest = divmod(n, 10_000)
        groups.append(rest)
    said = ""
    for index in range(len(groups) - 1, -1, -1):
        rest = groups[index]
        if not rest:
            continue
        if said and (rest < 1000 or groups[index + 1] == 0):
            said += "零"
        said += _group(rest) + GROUPS[index]
    return said


def chinese_money(amount: Decimal) -> str:
    """Capital figures 大写金额: 380000 is 叁拾捌万元整. Source: 支付结算办法 annex 1 [M]."""
    cents = int((amount * 100).to_integral_value())
    yuan, cents = divmod(cents, 100)
    said = f"{_whole(yuan) or '零'}元" if yuan or not cents else ""
    jiao, fen = divmod(cents, 10)
    if not cents:
        return said + "整"
    if jiao:
        said += CAPITALS[jiao] + "角"
    elif yuan:
        said += "零"
    return said + (CAPITALS[fen] + "分" if fen else "整")


@lru_cache(maxsize=1)
def _fonts() -> list[str]:
    """Fonts come from npm, never from the machine, so that a letter looks the same everywhere."""
    folder = settings.ROOT / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"
    return [str(folder / weight) for weight in ("400Regular", "700Bold")]


def _as_text(png: bytes) -> bytes:
    """A picture wrapped into SVG: Typst takes named sources only as UTF-8 text."""
    with Image.open(io.BytesIO(png)) as picture:
        width, height = picture.size
    inside = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{inside}"/></svg>'
    ).encode()


def render(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF. `data` is given as JSON input; `signatures` are hashes of stored pictures."""
    pictures = {
        f"signature-{n}.svg": _as_text(read(h)) for n, h in enumerate(data.get("signatures", []))
    }
    source = template.read_bytes()
    # The stubs do not know that several named files may be given at once; see typst-py.
    given: Any = {
        "main.typ": source,
        "letter.typ": (SHARED / "letter.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False, default=str).encode(),
        **pictures,
    }
    made = typst.compile(given, font_paths=_fonts(), ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError("Typst made several files where one was wanted")
    return made
