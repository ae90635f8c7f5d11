"""Compares a list of divisions with what is known: added, renamed, retired, recoded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gongzhi.declare import Level
from gongzhi.places.levels import level_of, parent_of
from gongzhi.places.lists import Row


class Known(NamedTuple):
    """A division as the database has it."""

    name: str
    name_en: str
    retired: bool


class Recoded(NamedTuple):
    """The same place under another code: its county became a district, its town a street."""

    before: str
    after: str
    name: str


@dataclass
class Changes:
    """What a list would change."""

    added: list[Row] = field(default_factory=list)
    # Another name, another English name, or back after having been retired.
    changed: list[Row] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)


def compare(rows: Iterable[Row], known: Mapping[str, Known]) -> Changes:
    found = Changes()
    listed = set()
    for row in rows:
        listed.add(row.code)
        before = known.get(row.code)
        if before is None:
            found.added.append(row)
        elif _differs(row, before):
            found.changed.append(row)
    found.retired = _left_out(listed, known)
    return found


def _differs(row: Row, before: Known) -> bool:
    respelled = bool(row.name_en) and row.name_en != before.name_en
    return before.retired or row.name != before.name or respelled


def roots(listed: set[str]) -> set[str]:
    """Below which places a list claims to be complete.

    A list of one city names its province too, without its other cities; so from a single top we
    go down to the first place that has several below it.
    """
    tops = {code for code in listed if parent_of(code) not in listed}
    below = Counter(parent_of(code) for code in listed)
    while len(tops) == 1 and below[next(iter(tops))] == 1:
        top = next(iter(tops))
        tops = {code for code in listed if parent_of(code) == top}
    return tops


def _left_out(listed: set[str], known: Mapping[str, Known]) -> list[str]:
    """Known places that a list ought to have and has not.

    A list that stops at towns says nothing about villages: so only as deep as it goes in a city.
    """
    tops = roots(listed)
    depth: dict[str, int] = {}
    for code in listed:
        city = code[: Level.CITY.digits]
        depth[city] = max(depth.get(city, 0), len(code))
    return sorted(
        code
        for code, division in known.items()
        if not division.retired
        and code not in listed
        and any(code[:n] in tops for n in (2, 4, 6, 9) if n < len(code))
        and len(code) <= depth.get(code[: Level.CITY.digits], len(code))
    )


def _stem(name: str, level: Level) -> str:
    """The name without its kind: a county may become a district, a town a street."""
    if level is Level.VILLAGE:
        return name
    kinds = ("街道", "镇", "乡") if level is Level.TOWN else ("区", "县", "市", "州", "盟", "地区")
    for kind in kinds:
        if name.endswith(kind) and len(name) > len(kind) + 1:
            return name.removesuffix(kind)
    return name


def recoded(changes: Changes, known: Mapping[str, Known]) -> list[Recoded]:
    """Retired and added places that are one: the only ones of their name under the same parent.

    From the top down, since a new code of a county gives all its towns and villages new ones.
    """
    gone: dict[tuple[str, str], list[str]] = {}
    for code in changes.retired if changes.added else ():
        key = (parent_of(code), _stem(known[code].name, level_of(code)))
        gone.setdefault(key, []).append(code)
    came: dict[tuple[str, str], list[Row]] = {}
    for row in changes.added if gone else ():
        came.setdefault((parent_of(row.code), _stem(row.name, level_of(row.code))), []).append(row)
    before: dict[str, str] = {}
    found = []
    for (parent, stem), rows in sorted(came.items()):
        old = gone.get((before.get(parent, parent), stem), [])
        if len(rows) == len(old) == 1:
            before[rows[0].code] = old[0]
            found.append(Recoded(old[0], rows[0].code, rows[0].name))
    return found
