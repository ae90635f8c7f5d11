"""What stands in an edition of the catalogue: categories, items, bases; told, compared, alike."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from gongzhi.mechanisms.safety.models import Basis, Category, Item

Row = Category | Item | Basis
# Shares of signs in pairs that two texts have in common, in percent: from there on, too alike.
SAME: Final = {"what": 60, "not_met": 75}
CRITERION = re.compile("重大.*判定")


@dataclass(frozen=True, slots=True)
class Contents:
    """In order of their codes."""

    categories: Sequence[Category]
    items: Sequence[Item]
    bases: Sequence[Basis]

    @property
    def sheets(self) -> dict[str, Sequence[Any]]:
        return {"categories": self.categories, "items": self.items, "bases": self.bases}


COLUMNS: Final[dict[type[Row], tuple[str, ...]]] = {
    Category: ("code", "name", "name_en", "group", "way", "industries", "needs"),
    Item: ("code", "what", "how", "not_met", "basis", "industries", "needs", "rank", "evidence"),
    Basis: ("key", "name", "number", "year", "kind"),
}


def said(row: Row) -> dict[str, Any]:
    """All that a row says; a category by its code."""
    found = {name: getattr(row, name) for name in COLUMNS[type(row)]}
    return {**found, "category": row.category.code} if isinstance(row, Item) else found


def key_of(row: Row) -> str:
    return row.key if isinstance(row, Basis) else row.code


def digest(of: Contents) -> str:
    """The same for the same contents."""
    told = {name: [said(row) for row in rows] for name, rows in of.sheets.items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is only in the older edition, only in the newer one, or not the same in both."""

    sheet: str
    key: str
    old: Any
    new: Any

    @property
    def columns(self) -> list[str]:
        """In which columns they differ; none where one of them is missing."""
        if self.old is None or self.new is None:
            return []
        old, new = said(self.old), said(self.new)
        return [name for name in new if new[name] != old[name]]


def differences(old: Contents, new: Contents) -> list[Difference]:
    found = []
    for sheet in old.sheets:
        a, b = ({key_of(r): r for r in of.sheets[sheet]} for of in (old, new))
        pairs = (Difference(sheet, k, a.get(k), b.get(k)) for k in sorted({*a, *b}))
        found += [d for d in pairs if d.columns or d.old is None or d.new is None]
    return found


def is_criterion(basis: Basis) -> bool:
    """Whether it is one of the published criteria of major hazards 重大事故隐患判定标准."""
    return bool(CRITERION.search(basis.name))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(re.sub(r"\W", "", text)))


def alike(texts: Mapping[str, str], percent: int) -> Iterator[tuple[str, str]]:
    """Which two have at least so many percent of their pairs of signs in common.

    Only texts are compared that share one of their rarest pairs: others cannot reach the bound
    (prefix filtering, Chaudhuri et al. 2006). Two thousand take less than a second.
    """
    pairs = {key: _pairs(text) for key, text in texts.items()}
    often = Counter(p for of in pairs.values() for p in of)
    having: dict[str, list[str]] = defaultdict(list)
    for key, of in pairs.items():
        rarest = sorted(of, key=lambda p: (often[p], p))
        few = rarest[: len(of) + 1 + -percent * len(of) // 100]
        for other in dict.fromkeys(o for p in few for o in having[p]):
            common = len(of & pairs[other])
            if 100 * common >= percent * (len(of) + len(pairs[other]) - common):
                yield other, key
        for p in few:
            having[p].append(key)
