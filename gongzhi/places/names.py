"""What places are called, in the reader's language, with the path that tells namesakes apart."""

from collections.abc import Iterable
from itertools import pairwise
from time import monotonic

from django.utils.translation import get_language

from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division

MOST = 50_000  # names kept in memory; the nation has 44,709 above its villages
STALE = 60.0  # seconds: an import runs in another process

_names: dict[str, tuple[str, str]] = {}
_kept_since = 0.0


def forget_names() -> None:
    """After divisions have changed."""
    _names.clear()


def _known(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Chinese and English names, of retired places too; one query at most."""
    global _kept_since  # noqa: PLW0603 (one process, one memory of names)
    now = monotonic()
    if now - _kept_since > STALE or len(_names) > MOST:
        forget_names()
        _kept_since = now
    wanted = set(codes)
    # Taken out before asking for the others: another thread may forget meanwhile.
    found = {code: named for code in wanted if (named := _names.get(code))}
    missing = wanted - found.keys()
    if missing:
        rows = Division.objects.filter(code__in=missing).values_list("code", "name", "name_en")
        asked = dict.fromkeys(missing, ("", "")) | {c: (name, en) for c, name, en in rows}
        _names.update(asked)
        found |= asked
    return found


def _shown(code: str, named: tuple[str, str]) -> str:
    chinese, english = named
    if english and (get_language() or "").startswith("en"):
        return english
    return chinese or code


def name_of(code: str) -> str:
    """In the reader's language; the code itself where no name is known."""
    return _shown(code, _known([code])[code])


def paths(codes: Iterable[str], *, below: str = "") -> dict[str, str]:
    """All names from the province (or from under `below`) down to each place; one query."""
    chains = {code: [*(a for a in ancestors(code) if len(a) > len(below)), code] for code in codes}
    known = _known(part for chain in chains.values() for part in chain)
    return {
        code: " / ".join(_shown(part, known[part]) for part in chain)
        for code, chain in chains.items()
    }


def path_of(code: str, *, below: str = "") -> str:
    """All names from the province (or from under `below`) down to this place."""
    return paths([code], below=below)[code]


def pairs(name: str) -> list[str]:
    """Every two neighbouring characters, by which a part of a name is found."""
    return sorted({a + b for a, b in pairwise(name)})
