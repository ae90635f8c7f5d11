"""The draw of an audit's sample 按风险抽样: by weight, without replacement, from a seed.

Efraimidis and Spirakis: give each site a number u between 0 and 1, and take the n with the largest
u^(1/w). Here u is no chance of the moment but follows from seed and site, so that anybody draws
the same again. Source: P. S. Efraimidis, P. G. Spirakis, Weighted random sampling with a
reservoir, Information Processing Letters 97 (2006) 181-185.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from math import exp, log
from uuid import UUID

from gongzhi.mechanisms.safety.registers.audit_method import Method

BITS = 52  # of the hash: as many as a float tells apart


def weight(method: Method, colour: str, last_on: date | None, on: date) -> int:
    return method.colours[colour] * age(method, last_on, on)


def age(method: Method, last_on: date | None, on: date) -> int:
    """How much more a site weighs the longer nobody but the firm has looked at it."""
    if last_on is None:
        return method.unseen
    days = (on - last_on).days
    return next((n for bound, n in method.ages if days <= bound), method.unseen)


def digest(seed: str, site: UUID) -> str:
    """HMAC-SHA-256 of the site's id, keyed with the seed, as hexadecimal digits."""
    return hmac.new(seed.encode(), str(site).encode(), "sha256").hexdigest()


def uniform(seed: str, site: UUID) -> float:
    """Between 0 and 1, neither of them: the first thirteen digits, in the middle of their step."""
    return (int(digest(seed, site)[: BITS // 4], 16) + 0.5) / float(1 << BITS)


def key(seed: str, site: UUID, weighing: int) -> float:
    """-ln(u) ÷ w: the smallest are drawn. The same order as the largest u^(1/w), without numbers
    too near to one to be told apart."""
    return -log(uniform(seed, site)) / weighing


def drawn(seed: str, weights: Mapping[UUID, int], n: int) -> list[UUID]:
    """The sample, in the order in which it was drawn."""
    return sorted(weights, key=lambda site: (key(seed, site, weights[site]), site))[:n]


def chances(weights: Sequence[int], n: int) -> list[float]:
    """How likely each was to be among the n, nearly: 1 - e^(-w t), t such that they sum to n.

    Source: B. Rosén, On sampling with probability proportional to size, Journal of Statistical
    Planning and Inference 62 (1997) 159-191. Exact where all weigh alike.
    """
    if n >= len(weights):
        return [1.0] * len(weights)
    low, high = 0.0, 1.0
    while _expected(weights, high) < n:
        high *= 2
    for _step in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _expected(weights, middle) < n else (low, middle)
    return [1 - exp(-w * high) for w in weights]


def _expected(weights: Sequence[int], t: float) -> float:
    return sum(1 - exp(-w * t) for w in weights)
