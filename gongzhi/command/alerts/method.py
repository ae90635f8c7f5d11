"""Whether a week's count is more than chance brings, given the place's own earlier weeks.

An exact upper prediction limit. If the weeks of a series are Poisson and nothing has changed, this
week's count, given its sum with the n weeks before, is binomial with chance 1/(n+1)
(J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313-323; as a limit for a count to come:
W. Nelson, IEEE Transactions on Reliability R-19 (1970) 42-49). If they vary more than Poisson, they
are taken for negative binomial, and it is beta-binomial likewise. How much more they vary is
estimated from the weeks before, as C. P. Farrington et al., J. R. Statist. Soc. A 159 (1996)
547-563 do, and taken at its upper bound: an estimate that is too low would alarm too often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

ALPHA = 0.05  # of the interval that is shown
CAUTION = 1.2  # an upper 80 % bound of a variance from fifty weeks, as a multiple of its estimate
POISSON = 1.001  # up to here, counts vary no more than Poisson ones do
NOTHING = 1e-15  # beside a sum of chances


@dataclass(frozen=True, slots=True)
class Baseline:
    """The weeks before: how many, their total, and variance over mean (1: Poisson)."""

    weeks: int
    total: int
    dispersion: float

    @property
    def mean(self) -> float:
        return self.total / self.weeks


def baseline(counts: Sequence[int]) -> Baseline:
    """Of at least two weeks."""
    n, total = len(counts), sum(counts)
    if not total:
        return Baseline(n, 0, 1.0)
    mean = total / n
    variance = sum((c - mean) ** 2 for c in counts) / (n - 1)
    found = variance / mean * CAUTION
    return Baseline(n, total, found if found > POISSON else 1.0)


def _ways(size: float, n: int) -> float:
    """The logarithm of in how many ways n fall to `size`."""
    return lgamma(n + size) - lgamma(size) - lgamma(n + 1)


def _chance(i: int, both: int, of: Baseline) -> float:
    """That of what all weeks together brought, i fall to this one."""
    if of.dispersion == 1.0:
        ways = lgamma(both + 1) - lgamma(i + 1) - lgamma(both - i + 1)
        return exp(ways + (both - i) * log(of.weeks) - both * log(of.weeks + 1))
    size = of.mean / (of.dispersion - 1)
    rest = _ways(of.weeks * size, both - i)
    return exp(_ways(size, i) + rest - _ways((of.weeks + 1) * size, both))


def at_least(n: int, of: Baseline) -> float:
    """How often chance alone brings n or more: summed from n outwards, away from the middle."""
    both = of.total + n
    up = n > both / (of.weeks + 1)
    total = 0.0
    for i in range(n, both + 1) if up else range(n - 1, -1, -1):
        chance = _chance(i, both, of)
        total += chance
        if chance <= total * NOTHING:
            break
    return min(1.0, total) if up else max(0.0, 1 - total)


def limit(of: Baseline, rate: float, least: int) -> int:
    """The smallest count that raises an alert: so rare by chance, and not fewer than `least`."""
    n = max(least, int(of.mean) + 1)
    while at_least(n, of) > rate:
        n += 1
    return n


def interval(of: Baseline) -> tuple[int, int]:
    """Between which counts a week lies with 95 % if nothing has changed."""
    high = int(of.mean)
    while at_least(high + 1, of) > ALPHA / 2:
        high += 1
    low = int(of.mean)
    while low and 1 - at_least(low, of) > ALPHA / 2:
        low -= 1
    return low, high
