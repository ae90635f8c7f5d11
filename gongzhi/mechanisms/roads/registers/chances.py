"""What counts allow to say: intervals of shares, and whether two counts differ by more than chance.

Exact, with the standard library alone; each method names its source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb, sqrt

Z = 1.959964  # two-sided 95 %
ALPHA = 0.05


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
    return comb(n, k) * p**k * (1 - p) ** (n - k)


@dataclass(frozen=True, slots=True)
class Compared:
    """Counts of two periods with their days; `low` and `high` bound the ratio of the rates after
    to before (None: no bound), `p` is how often chance alone makes a difference at least as
    large."""

    before: int
    days_before: int
    after: int
    days_after: int
    p: float
    low: float
    high: float | None

    @property
    def ratio(self) -> float | None:
        if not self.before:
            return None
        return (self.after / self.days_after) / (self.before / self.days_before)

    @property
    def too_few(self) -> bool:
        """Even all on one side could be chance: nothing can be read from so few."""
        n, share = self.before + self.after, self.days_after / (self.days_before + self.days_after)
        return exact(0, n, share) >= ALPHA and exact(n, n, share) >= ALPHA


def exact(k: int, n: int, p: float) -> float:
    """The exact two-sided binomial test: all outcomes no likelier than this one."""
    seen = _chance(k, n, p)
    return min(1.0, sum(c for i in range(n + 1) if (c := _chance(i, n, p)) <= seen * (1 + 1e-7)))


def compare(before: int, days_before: int, after: int, days_after: int) -> Compared:
    """Two Poisson counts, exactly: given their sum, one of them is binomial.

    Source: J. Przyborowski, H. Wilenski, Biometrika 31 (1940) 313-323; the interval of the ratio
    follows from C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413.
    """
    n, share = before + after, days_after / (days_before + days_after)
    low, high = _clopper_pearson(after, n)

    def ratio(p: float) -> float:
        return p / (1 - p) * days_before / days_after

    return Compared(
        before, days_before, after, days_after, exact(after, n, share),
        ratio(low), None if high >= 1 else ratio(high),
    )  # fmt: skip


def _clopper_pearson(k: int, n: int) -> tuple[float, float]:
    def above(p: float) -> float:
        return sum(_chance(i, n, p) for i in range(k, n + 1))

    def below(p: float) -> float:
        return sum(_chance(i, n, p) for i in range(k + 1))

    low = 0.0 if k == 0 else _where(lambda p: above(p) > ALPHA / 2)
    high = 1.0 if k == n else _where(lambda p: below(p) < ALPHA / 2)
    return low, high


def _where(holds: Callable[[float], bool]) -> float:
    """From which share on something holds, by halving."""
    low, high = 0.0, 1.0
    for _n in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
