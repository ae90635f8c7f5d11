"""Finds places by name, pinyin, initials or code; every answer carries its full path."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from gongzhi.declare import Level
from gongzhi.places.levels import ancestors, level_of, span
from gongzhi.places.models import Division
from gongzhi.places.names import forget_names, name_of, pairs, path_of, paths

__all__ = ["Found", "children", "forget_names", "name_of", "path_of", "paths", "search"]

LONGEST = 60  # characters of a search
CANDIDATES = 50  # at least, for each level and way of matching; ranked among themselves afterwards
SCOPES = 5  # places that the first word of a search may mean
# English words for a kind of place; the pinyin we search by has none of them.
_KINDS = re.compile(
    r"\s+(province|city|prefecture|district|county|banner|town|township|subdistrict|village"
    r"|community)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[/／>]\s*")  # a path is written with these
_ENDINGS = ("", "省", "市", "自治区", "县", "区", "自治县", "镇", "乡", "街道")
# These tell no village of the nation from another, no more than a single character does: there,
# only names that begin so are meant.
_OF_ALL_VILLAGES = ("村村民委员会", "村村委会", "社区居民委员会", "社区居委会")
_LAST = "\U0010ffff"  # sorts after every character that a name can go on with


@dataclass(frozen=True, slots=True)
class Found:
    """A place and the path to it: names repeat, paths do not."""

    code: str
    name: str
    path: str

    @property
    def level(self) -> Level:
        return level_of(self.code)


class _Match(NamedTuple):
    code: str
    name: str
    pinyin: str
    initials: str


def children(code: str) -> Sequence[Division]:
    """The divisions one level down that exist today."""
    return list(Division.objects.filter(parent=code, valid_to=None).defer("pairs").order_by("code"))


def search(
    text: str,
    *,
    within: str = "",
    levels: Iterable[Level] | None = None,
    limit: int = 20,
    near: str = "",
) -> list[Found]:
    """Best first: in the place `near`, the exact name, its beginning, then higher levels.

    Nothing outside `within` is found. Words from above may stand before: 德庆 九市, 德庆县九市镇.
    """
    wanted = tuple(Level) if levels is None else tuple(levels)
    shown = "".join(c for c in text[:LONGEST] if c.isprintable())  # no NUL for the database
    said = _KINDS.sub("", _BETWEEN.sub(" ", shown).strip().lower())
    joined = "".join(said.split())
    matches = _ranked(joined, within, wanted, limit, near) or _below(said, within, wanted, limit)
    known = paths(m.code for m in matches)
    return [Found(m.code, name_of(m.code), known[m.code]) for m in matches]


def _ranked(
    text: str, within: str, levels: tuple[Level, ...], limit: int, near: str
) -> list[_Match]:
    found = dict.fromkeys(_matches(text, within, levels, limit))
    if near.startswith(within) and near != within:
        found |= dict.fromkeys(_matches(text, near, levels, limit))

    def rank(m: _Match) -> tuple[bool, bool, bool, int, int, str]:
        ways = (m.code, m.name, m.pinyin, m.initials)
        far, prefix = not m.code.startswith(near), any(w.startswith(text) for w in ways)
        return (far, text not in ways, not prefix, len(m.code), len(m.name), m.code)

    return sorted(found, key=rank)[:limit]


def _below(
    said: str, within: str, levels: tuple[Level, ...], limit: int, words: int = len(Level)
) -> list[_Match]:
    """The rest of the words, searched in the places that the first of them name."""
    scopes = list(_scopes(said, within))
    found: dict[_Match, None] = {}
    for scope, rest in scopes:
        found |= dict.fromkeys(_ranked("".join(rest.split()), scope, levels, limit, ""))
    if scopes and not found and words > 1:
        scope, rest = scopes[0]
        return _below(rest, scope, levels, limit, words - 1)
    return list(found)[:limit]


def _scopes(said: str, within: str) -> Iterator[tuple[str, str]]:
    """What the beginning may mean, and what is left to look for there."""
    above = tuple(level for level in Level if level < Level.VILLAGE)
    if said.isascii():
        first, _blank, rest = said.partition(" ")
        if rest:
            for match in _ranked(first, within, above, SCOPES, ""):
                yield match.code, rest.strip()
        return
    joined = "".join(said.split())
    beginnings = [joined[:n] for n in range(len(joined) - 1, 1, -1)]
    names: dict[str, str] = {}
    for beginning in beginnings:  # the longest first: 德庆县 is not 德庆 and 县
        for ending in _ENDINGS:
            names.setdefault(beginning + ending, beginning)
    low, high = span(within)
    # What is above the scope may be said too, and narrows nothing.
    here = Q(code__gte=low, code__lt=high) | Q(code__in=ancestors(within))
    rows = Division.objects.filter(
        here, level__in=above, name__in=names, valid_to=None
    ).values_list("code", "name")
    for code, name in sorted(rows, key=lambda r: (-len(names[r[1]]), len(r[0]), r[0]))[:SCOPES]:
        yield max(code, within, key=len), joined.removeprefix(names[name])


def _matches(text: str, within: str, levels: tuple[Level, ...], limit: int) -> list[_Match]:
    """Candidates of each level and way of matching, in one round trip."""
    low, high = span(within)
    given: dict[str, str | int | list[str]] = {
        "low": low, "high": high, "text": text, "end": text + _LAST, "part": _like(text),
        "pairs": pairs(text), "most": max(limit, CANDIDATES),
    }  # fmt: skip
    parts = [_PARTS[way, level] for level in levels for way in _ways(text, level, within)]
    if not text or not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), given)
        return [_Match(*row) for row in cursor.fetchall()]


def _like(text: str) -> str:
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"


def _ways(text: str, level: Level, within: str) -> tuple[str, ...]:
    if text.isdigit() and text.isascii():
        return ("code",) if len(text) <= level.digits else ()
    if text.isascii():
        return ("pinyin", "initials")
    local = len(within) >= Level.CITY.digits
    if len(text) == 1:
        return ("name", "part") if local or level < Level.TOWN else ("name",)
    common = any(text in kind for kind in _OF_ALL_VILLAGES)
    return ("name", "pairs") if local or not common else ("name",)


def _part(where: str, order: str, level: Level) -> str:
    return (
        "(SELECT code, name, pinyin, initials FROM places_division"  # noqa: S608 (words of ours)
        f" WHERE level = {int(level)} AND {where}"
        " AND code >= %(low)s AND code < %(high)s AND valid_to IS NULL"
        f" ORDER BY {order} LIMIT %(most)s)"
    )


# Sorted by the text itself, an exact match comes first and no index is read further than needed.
_WAYS = {
    "code": ("code >= %(text)s AND code < %(end)s", "code"),
    "name": ("name >= %(text)s AND name < %(end)s", "name, code"),
    "pinyin": ("pinyin >= %(text)s AND pinyin < %(end)s", "pinyin, code"),
    "initials": ("initials >= %(text)s AND initials < %(end)s", "initials, code"),
    "pairs": ("pairs @> %(pairs)s::varchar[] AND name LIKE %(part)s", "level"),
    "part": ("name LIKE %(part)s", "level"),
}
_PARTS = {
    (way, level): _part(where, order, level)
    for way, (where, order) in _WAYS.items()
    for level in Level
}
