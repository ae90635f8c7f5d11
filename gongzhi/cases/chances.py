"""What counts allow to say: intervals, and whether two counts differ by more than chance.

Exact, with the standard library alone; each method names its source.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt

Z = 1.959964  # two-sided 95 %
ALPHA = 0.05
NOTHING = 1e-17  # beside a sum of chances


def wilson(over: int, under: int) -> tuple[float, float] | None:
    """The 95 % interval of a share. Source: E. B. Wilson, JASA 22 (1927) 209-212."""
    if not under:
        return None
    p, z2 = over / under, Z * Z
    middle = (p + z2 / (2 * under)) / (1 + z2 / under)
    half = Z * sqrt(p * (1 - p) / under + z2 / (4 * under * under)) / (1 + z2 / under)
    # At none and all the interval ends there; the square root alone would miss it by rounding.
    return 0.0 if over == 0 else middle - half, 1.0 if over == under else middle + half


def _chance(k: int, n: int, p: float) -> float:
    """Of k in n. By logarithms: the number of ways is too large for a float from n = 1030 on."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(p) + (n - k) * log1p(-p))


@dataclass(frozen=True, slots=True)
class Compared:
    """Counts of two periods with their days; `low` and `high` bound the ratio of the rates after
    to before (None: no bound)."""

    before: int
    days_before: int
    after: int
    days_after: int
    low: float
    high: float | None

    @property
    def p(self) -> float:
        """How often chance alone makes a difference at least as large."""
        return exact(self.after, self.before + self.after, self.share)

    @property
    def ratio(self) -> float | None:
        if not self.before:
            return None
        return (self.after / self.days_after) / (self.before / self.days_before)

    @property
    def too_few(self) -> bool:
        """Even all on one side could be chance: nothing can be read from so few."""
        n = self.before + self.after
        return central(0, n, self.share) >= ALPHA and central(n, n, self.share) >= ALPHA

    @property
    def share(self) -> float:
        """Of the days, those after."""
        return self.days_after / (self.days_before + self.days_after)

    @property
    def central(self) -> float:
        """The test that belongs to the interval: below 5 % where that leaves out 1."""
        return central(self.after, self.before + self.after, self.share)


def exact(k: int, n: int, p: float) -> float:
    """The exact two-sided binomial test: all outcomes no likelier than this one."""
    seen = _chance(k, n, p)
    return min(1.0, sum(c for i in range(n + 1) if (c := _chance(i, n, p)) <= seen * (1 + 1e-7)))


def central(k: int, n: int, p: float) -> float:
    """The exact test by twice the smaller tail: unlike exact() it does not jump when one day more
    makes the periods unequal."""
    return min(1.0, 2 * min(_at_least(k, n, p), 1 - _at_least(k + 1, n, p)))


def central_in_lots(after: int, lots: Mapping[int, int], share: float) -> float:
    """The same where what is counted comes in lots, as the dead of one accident do: each lot, not
    each of its members, falls into one of the periods by chance. `lots`: size → how many in all."""
    chances = [1.0]
    for size, n in lots.items():
        if size:
            chances = _with_lots(chances, size, n, share)
    return min(1.0, 2 * min(sum(chances[after:]), sum(chances[: after + 1])))


def _with_lots(chances: list[float], size: int, n: int, share: float) -> list[float]:
    found = [0.0] * (len(chances) + size * n)
    for k in range(n + 1):
        c = _chance(k, n, share)
        for i, chance in enumerate(chances):
            found[i + size * k] += c * chance
    return found


def compare(before: int, days_before: int, after: int, days_after: int) -> Compared:
    """Two Poisson counts, exactly: given their sum, one of them is binomial.

    Source: J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313-323; the interval of the ratio
    follows from C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413.
    """
    low, high = clopper_pearson(after, before + after)

    def ratio(p: float) -> float:
        return p / (1 - p) * days_before / days_after

    return Compared(
        before, days_before, after, days_after, ratio(low), None if high >= 1 else ratio(high)
    )


def clopper_pearson(k: int, n: int) -> tuple[float, float]:
    """The exact 95 % interval of a share. Source: as in compare()."""
    low = 0.0 if k == 0 else _where(lambda p: _at_least(k, n, p) > ALPHA / 2, 1.0)
    high = 1.0 if k == n else _where(lambda p: _at_least(k + 1, n, p) > 1 - ALPHA / 2, 1.0)
    return low, high


def _at_least(k: int, n: int, p: float) -> float:
    """The chance of k or more in n, summed from where it is largest outwards."""
    if not 0 < k <= n:
        return float(k <= 0)
    if k > n * p:
        return _summed(_chance(k, n, p), k, n + 1, lambda i: (n - i) / (i + 1) * p / (1 - p))
    start = _chance(k - 1, n, p)
    return 1 - _summed(start, k - 1, -1, lambda i: i / (n - i + 1) * (1 - p) / p)


def garwood(k: int) -> tuple[float, float]:
    """The exact 95 % interval of the mean of a Poisson count. Source: F. Garwood, Biometrika 28
    (1936) 437-442."""
    top = k + 10 * sqrt(k + 1) + 10
    low = 0.0 if k == 0 else _where(lambda mean: _poisson_at_least(k, mean) > ALPHA / 2, top)
    return low, _where(lambda mean: _poisson_at_least(k + 1, mean) > 1 - ALPHA / 2, top)


def _poisson_at_least(k: int, mean: float) -> float:
    def chance(i: int) -> float:
        return exp(i * log(mean) - mean - lgamma(i + 1))

    if k > mean:
        return _summed(chance(k), k, -2, lambda i: mean / (i + 1))
    return 1 - _summed(chance(k - 1), k - 1, -1, lambda i: i / mean)


def _summed(first: float, i: int, end: int, next_: Callable[[int], float]) -> float:
    """Chances that shrink from one to the next, until the rest is nothing; `end` is past the last
    (before i: downwards, -2: there is none)."""
    step = 1 if end > i or end == -2 else -1
    total = 0.0
    while i != end and first > total * NOTHING:
        total += first
        first *= next_(i)
        i += step
    return total


def _where(holds: Callable[[float], bool], top: float) -> float:
    """From where on, between 0 and `top`, something holds, by halving."""
    low, high = 0.0, top
    for _n in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
