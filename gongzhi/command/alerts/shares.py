"""Whether more of a week's limits ended late than chance brings, given the place's earlier weeks.

Fisher's exact test, one-sided (R. A. Fisher, J. R. Statist. Soc. 98 (1935) 39-82; as a limit for
a sample to come: A. R. Thatcher, J. R. Statist. Soc. B 26 (1964) 176-210): if nothing has changed,
how many of this week's are late is hypergeometric, given how many are late in all. Limits that end
in one week hang together: whoever is ill is late with all of them. So numbers are first divided by
their design effect (J. N. K. Rao, A. J. Scott, Biometrics 48 (1992) 577-585), which follows from
the correlation within weeks (D. A. Williams, Applied Statistics 31 (1982) 144-148). It is taken at
its upper bound, and what is left of a division is dropped where it would speak for an alarm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma

from gongzhi.command.alerts.method import ALPHA, CAUTION, NOTHING

Ended = tuple[int, int]  # of a week: how many limits ended late, and how many ended


@dataclass(frozen=True, slots=True)
class Reference:
    """The weeks before; `together`: the correlation within a week, `effect`: what it does to their
    sum."""

    weeks: int
    late: int
    ended: int
    together: float
    effect: float

    @property
    def share(self) -> float:
        return self.late / self.ended

    @property
    def in_time(self) -> "Reference":
        """The same weeks, what ended in time counted instead."""
        return Reference(self.weeks, self.ended - self.late, self.ended, self.together, self.effect)


def reference(weeks: Sequence[Ended]) -> Reference:
    """Of weeks in which at least one limit ended."""
    late, ended = sum(k for k, _n in weeks), sum(n for _k, n in weeks)
    together = _together([(k, n) for k, n in weeks if n], late, ended)
    effect = sum(n * _effect(n, together) for _k, n in weeks if n) / ended
    return Reference(len(weeks), late, ended, together, effect)


def _together(weeks: Sequence[Ended], late: int, ended: int) -> float:
    share = late / ended
    room = sum((1 - n / ended) * (n - 1) for _k, n in weeks)
    if share in {0, 1} or not room:
        return 0.0
    scatter = sum((k - n * share) ** 2 / (n * share * (1 - share)) for k, n in weeks)
    return min(1.0, max(0.0, (scatter * CAUTION - (len(weeks) - 1)) / room))


def _effect(n: int, together: float) -> float:
    return 1 + (n - 1) * together


def effect(ended: int, of: Reference) -> float:
    """How many limits of a week of so many weigh as much as one that stands alone."""
    return _effect(ended, of.together)


def at_least(late: int, ended: int, of: Reference) -> float:
    """How often chance alone makes so many, or more, of those that ended late."""
    this = effect(ended, of)
    drawn, hits = ceil(ended / this), floor(late / this)
    rest = floor(of.ended / of.effect)
    all_hits = hits + min(rest, ceil(of.late / of.effect))
    return _tail(hits, drawn, all_hits, drawn + rest)


def _ways(n: int, k: int) -> float:
    """The logarithm of in how many ways k of n are chosen."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _tail(hits: int, drawn: int, all_hits: int, of: int) -> float:
    """The chance of so many hits or more among those drawn of all, some of which are hits."""
    total, most = 0.0, min(drawn, all_hits)
    for i in range(max(hits, drawn + all_hits - of), most + 1):
        found = _ways(all_hits, i) + _ways(of - all_hits, drawn - i) - _ways(of, drawn)
        total += exp(found)
        if exp(found) <= total * NOTHING:
            break
    return min(1.0, total)


def limit(ended: int, of: Reference, rate: float, least: int) -> int:
    """The smallest number of late ones that raises an alert; of too few that ended, none does."""
    return next((k for k in _upwards(ended, of, least) if at_least(k, ended, of) <= rate),
                ended + 1)  # fmt: skip


def interval(ended: int, of: Reference) -> tuple[int, int]:
    """Between how many late ones lie with 95 % if nothing has changed."""
    return ended - _high(ended, of.in_time), _high(ended, of)


def _upwards(ended: int, of: Reference, least: int) -> Iterable[int]:
    return range(max(least, int(ended * of.share) + 1), ended + 1)


def _high(ended: int, of: Reference) -> int:
    return next((k - 1 for k in _upwards(ended, of, 0) if at_least(k, ended, of) <= ALPHA / 2),
                ended)  # fmt: skip
