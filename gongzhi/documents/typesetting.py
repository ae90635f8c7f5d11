"""Sets letters and placards as PDF through Typst; what they say never becomes source."""

import json
import unicodedata
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst
from django.conf import settings
from django.utils.translation import gettext
from PIL import ImageFont

from gongzhi.documents.tree import Letter, Node, Placards, Posters, Signatures, Table

PAGES = Path(__file__).parent / "templates"
FAMILY = "Noto Serif SC"
WEIGHTS = ("400Regular/NotoSerifSC_400Regular.ttf", "700Bold/NotoSerifSC_700Bold.ttf")
# Archives keep letters for decades; this profile asks for embedded fonts and readable text.
ARCHIVAL: Final = "a-2u"
MISSING = "〓"  # what Chinese printers put where they have no type for a sign


class FontsMissing(Exception):
    """缺少文书字体，无法生成文书；请运行 make setup。"""

    def __str__(self) -> str:
        return gettext(self.__doc__ or "")


def _fonts() -> list[Path]:
    """Fonts come from npm, never from the machine, so that a letter looks the same everywhere."""
    folder = Path(settings.ROOT) / "node_modules/@expo-google-fonts/noto-serif-sc"
    return [folder / weight for weight in WEIGHTS]


class _Press:
    """A warm compiler: loading the fonts costs five times as much as setting a letter.

    Typst's compiler takes one caller at a time, hence the lock.
    """

    def __init__(self) -> None:
        folders = [str(path.parent) for path in _fonts()]
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )
        if FAMILY not in fonts.families():
            raise FontsMissing
        # The page reads nothing outside its folder.
        self.compiler = typst.Compiler(root=str(PAGES), font_paths=fonts)
        self.lock = Lock()

    def set(self, page: str, data: str, made_at: datetime) -> bytes:
        with self.lock:
            made = self.compiler.compile(
                input=str(PAGES / page),
                sys_inputs={"data": data},
                timestamp=int(made_at.timestamp()),
                pdf_standards=ARCHIVAL,
            )
        if not isinstance(made, bytes):
            raise TypeError("Typst made several files where one was wanted")
        return made


@lru_cache(maxsize=1)
def _press() -> _Press:
    return _Press()


@lru_cache(maxsize=1)
def _typeface() -> tuple[ImageFont.FreeTypeFont, bytes]:
    """The font, and what it draws for a sign it has not."""
    try:
        # Sign by sign, without shaping, which would put something in a missing mark's place.
        font = ImageFont.truetype(str(_fonts()[0]), 16, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        raise FontsMissing from None
    return font, bytes(font.getmask("\U0010fffd"))


@lru_cache(maxsize=32_768)
def has_type(sign: str) -> bool:
    """Whether the font can show this sign; rare signs of names are not all in it."""
    font, nothing = _typeface()
    return unicodedata.category(sign)[0] != "C" and bytes(font.getmask(sign)) != nothing


def _settable(text: str, rare: set[str]) -> str:
    """Control signs go; a sign without type becomes 〓 and is remembered."""
    said = []
    for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n")):
        if sign in "\n \u3000" or (not sign.isspace() and has_type(sign)):
            said.append(sign)
        elif sign.isspace():
            said.append(" ")
        elif unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}:
            rare.add(sign)
            said.append(MISSING)
    return "".join(said)


def _plain(value: Any, rare: set[str]) -> Any:
    """What JSON can say, all of it settable. Pictures are lists of bytes, as Typst reads them."""
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return _settable(value, rare)
    if isinstance(value, tuple):
        return [_plain(one, rare) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name), rare) for f in fields(value)}
    return value


def _part(node: Node, rare: set[str]) -> dict[str, Any]:
    said = {"kind": type(node).__name__, **_plain(node, rare)}
    if isinstance(node, Table):
        said["wide"] = node.wide
    if isinstance(node, Signatures):
        said["digests"] = _settable(node.digests, rare)
    return said


def pdf(letter: Letter) -> bytes:
    """The same for the same letter. Raises FontsMissing.

    Signs that the font has not are left to be written in by hand, and the letter says so.
    """
    rare: set[str] = set()
    data = {name: _settable(getattr(letter, name), rare) for name in ("title", "number", "unit")}
    body = [_part(node, rare) for node in letter.body]
    said = json.dumps({**data, "body": body, "rare": bool(rare)})
    return _press().set("letter.typ", said, letter.made_at)


def placards_pdf(sheet: Placards) -> bytes:
    """Placards to put up, one or several to a page. Raises FontsMissing."""
    return _press().set("placards.typ", json.dumps(_plain(sheet, set())), sheet.made_at)


def posters_pdf(sheet: Posters) -> bytes:
    """Notices to put up, each on a page of its own or more. Raises FontsMissing."""
    return _press().set("posters.typ", json.dumps(_plain(sheet, set())), sheet.made_at)
