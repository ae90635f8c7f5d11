"""The kinds of matter 类别 that a mechanism offers here: as declared, or as the city changed them.

Everything that offers a category or names one asks here; cataloguing.py changes what is answered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from django.utils.translation import get_language, gettext

from gongzhi.cases.registers import Category
from gongzhi.declare import Clock, Mechanism

STALE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter as it is known here. As text, its name in the reader's language.

    `follows`: the declared category whose clocks and rules it has; its own name, if declared.
    `code`: under which the city returns it to the authorities; none is prescribed here.
    """

    name: str
    label: str
    follows: str
    label_en: str = ""
    code: str = ""
    in_use: bool = True

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.label_en if english and self.label_en else gettext(self.label)


Rows = Mapping[str, Mapping[str, Kind]]


class _Kept(NamedTuple):
    read_at: float
    rows: Rows


_kept: list[_Kept] = []


def _read() -> Rows:
    found: dict[str, dict[str, Kind]] = {}
    for row in Category.objects.order_by("mechanism", "order", "name"):
        found.setdefault(row.mechanism, {})[row.name] = Kind(
            row.name, row.label, row.follows or row.name, row.label_en, row.code, row.in_use
        )
    return found


def _rows(mechanism: Mechanism) -> Mapping[str, Kind]:
    """Read anew once a minute, like the calendar: another process may have changed them."""
    kept = [*_kept]  # another thread may forget meanwhile
    if kept and monotonic() - kept[0].read_at <= STALE:
        rows = kept[0].rows
    else:
        rows = _read()
        keep(rows)
    return rows.get(mechanism.name, {})


def keep(rows: Rows) -> None:
    """What is answered for the next minute."""
    _kept[:] = [_Kept(monotonic(), rows)]


def forget() -> None:
    """After categories have changed."""
    _kept.clear()


def every(mechanism: Mechanism) -> dict[str, Kind]:
    """By name and in order, those out of use too: old cases keep them."""
    rows = _rows(mechanism)
    declared = {n: Kind(n, label, n) for n, label in mechanism.categories if n not in rows}
    return {**rows, **declared}


def offered(mechanism: Mechanism) -> list[Kind]:
    """What a new case may be."""
    return [kind for kind in every(mechanism).values() if kind.in_use]


def choices(mechanism: Mechanism) -> list[tuple[str, str]]:
    """The same for a field of a form."""
    return [(kind.name, str(kind)) for kind in offered(mechanism)]


def kind(mechanism: Mechanism, name: str) -> Kind:
    """The kind of that name, whether in use or not."""
    return every(mechanism).get(name) or Kind(name, name, name)


def origin(mechanism: Mechanism, name: str) -> str:
    """The declared category whose clocks and rules this one has."""
    row = _rows(mechanism).get(name)
    return row.follows if row else name


def clocks(mechanism: Mechanism, of: Kind) -> Iterator[Clock]:
    """The clocks that run for this kind and not for every kind."""
    return (c for c in mechanism.clocks if of.follows in c.categories)
