"""Finds places by name, pinyin, initials or code; every answer carries its full path."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.utils.translation import get_language

from gongzhi.declare import Level
from gongzhi.places.levels import ancestors, level_of, span
from gongzhi.places.models import Division

CANDIDATES = 200  # per way of matching; ranked among themselves afterwards


@dataclass(frozen=True, slots=True)
class Found:
    """A place and the path to it: names repeat, paths do not."""

    code: str
    name: str
    path: str

    @property
    def level(self) -> Level:
        return level_of(self.code)


@lru_cache(maxsize=20_000)
def _names(code: str) -> tuple[str, str]:
    row = Division.objects.filter(code=code).values_list("name", "name_en").first()
    return row or (code, code)


def forget_names() -> None:
    """After divisions have changed."""
    _names.cache_clear()


def name_of(code: str) -> str:
    """In the reader's language; the code itself where no name is known."""
    chinese, english = _names(code)
    return english if english and (get_language() or "").startswith("en") else chinese


def path_of(code: str, *, below: str = "") -> str:
    """All names from the province (or from under `below`) down to this place."""
    codes = [*(a for a in ancestors(code) if len(a) > len(below)), code]
    return " / ".join(name_of(c) for c in codes)


def children(code: str) -> Sequence[Division]:
    """The divisions one level down that exist today."""
    return list(Division.objects.filter(parent=code, valid_to=None).order_by("code"))


def _matches(column: str, text: str, low: str, high: str, levels: list[int]) -> list[str]:
    where = {
        "pairs": "pairs @> %s::varchar[] AND name LIKE %s",
        "code": "code >= %s AND code < %s",
    }.get(column, f"{column} >= %s AND {column} < %s")
    if column == "pairs":
        pairs = [text[i : i + 2] for i in range(len(text) - 1)]
        params: list[str | list[str]] = [pairs, f"%{text}%"]
    else:
        params = [text, text + chr(0x10FFFF)]
    # The column names are the fixed ones of search(), never the user's text.
    statement = (
        f"SELECT code FROM places_division WHERE {where} AND valid_to IS NULL"  # noqa: S608
        " AND code >= %s AND code < %s AND level = ANY(%s) LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, low, high, [*levels], CANDIDATES])
        return [code for (code,) in cursor.fetchall()]


def _columns(text: str) -> list[str]:
    if text.isdigit():
        return ["code"]
    if text.isascii():
        return ["pinyin", "initials"]
    return ["name", "pairs"] if len(text) > 1 else ["name"]


def search(
    text: str, *, within: str = "", levels: Iterable[Level] = tuple(Level), limit: int = 20
) -> list[Found]:
    """Best first: the exact name, then its beginning, then higher levels. Within a scope only."""
    text = text.strip().lower().replace(" ", "")[:30]
    if not text:
        return []
    low, high = span(within)
    wanted = [int(level) for level in levels]
    codes: dict[str, None] = {}
    for column in _columns(text):
        codes.update(dict.fromkeys(_matches(column, text, low, high, wanted)))
    rows = Division.objects.filter(code__in=codes).values_list("code", "name", "pinyin", "initials")
    ranked = sorted(
        rows,
        key=lambda r: (text not in r[1:], not r[1].startswith(text), len(r[0]), len(r[1]), r[0]),
    )
    return [Found(code, name_of(code), path_of(code)) for code, *_ in ranked[:limit]]
