"""Which cells of a table of places are withheld, so that no small count can be computed.

Cell suppression with complements, top-down over a hierarchy (A. Hundepool et al., Statistical
Disclosure Control, Wiley 2012). Two choices are ours and make the proof short (ADR 29): below a
withheld place everything is withheld, and the complement is drawn by lot, for a rule that takes the
smallest tells those who know it which one is small (R. Wong et al., Minimality attack in privacy
preserving data publishing, VLDB 2007).
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from gongzhi.places.levels import parent_of

Draw = Callable[[Sequence[str]], str]
Below = Mapping[str, Sequence[str]]


def tree(leaves: Iterable[str], root: str) -> dict[str, list[str]]:
    """Each place up to the root with those right below it."""
    below: dict[str, list[str]] = defaultdict(list)
    row = sorted(set(leaves) - {root})
    while row:
        for code in row:
            below[parent_of(code)].append(code)
        row = sorted({parent_of(code) for code in row} - {root})
    return dict(below)


def totals(root: str, below: Below, counted: Mapping[str, int]) -> dict[str, int]:
    """Of every place: a leaf's count, above it the sum, so that a total hides no other case."""
    found: dict[str, int] = {}

    def total(code: str) -> int:
        kids = below.get(code)
        found[code] = sum(map(total, kids)) if kids else max(counted.get(code, 0), 0)
        return found[code]

    total(root)
    return found


def withheld(
    root: str, below: Below, total: Mapping[str, int], least: int, draw: Draw = secrets.choice
) -> set[str]:
    """The places whose count is not told. Of each, everything from none up to the sum of those
    withheld beside it remains possible, and that sum is `least` or more."""
    if total[root] < least:
        return _under(root, below)
    found: set[str] = set()
    told = [root]
    while told:
        kids = below.get(told.pop(), ())
        out = _group(kids, total, least, draw)
        found.update(*(_under(kid, below) for kid in out))
        told += [kid for kid in kids if kid not in out]
    return found


def _group(kids: Sequence[str], total: Mapping[str, int], least: int, draw: Draw) -> set[str]:
    out = {kid for kid in kids if total[kid] < least}
    others = [kid for kid in kids if kid not in out]
    if out and others and sum(total[kid] for kid in out) < least:
        out.add(draw(others))
    return out


def _under(code: str, below: Below) -> set[str]:
    return {code}.union(*(_under(kid, below) for kid in below.get(code, ())))
