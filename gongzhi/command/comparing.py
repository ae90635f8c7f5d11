"""Compared with the same days of last year, and with neighbours for each 10,000 residents.

Counts side by side and what chance allows to say; nothing of causes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import chances, rollups
from gongzhi.command.asking import Asked
from gongzhi.command.figures import FLOWS, SMALL, Line, together
from gongzhi.people.scope import Scope, within
from gongzhi.places.models import Division
from gongzhi.ui import words

MEASURES: Final[Mapping[str, str | Promise]] = {
    "reported": _("新登记"), "settled": _("化解"), "late": _("逾期办完"),
}  # fmt: skip
RESIDENTS: Final = 10_000
# From so many on both sides the usual approximation differs from the exact interval by less than
# is shown, and the exact one takes too long.
MANY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of one rate to another, with its 95 % interval (`high` None: no bound)."""

    ratio: float | None
    low: float
    high: float | None
    too_few: bool

    @property
    def words(self) -> str | Promise:
        if self.too_few:
            return _("数量太少，说明不了什么")
        if self.low > 1:
            return _("多，超出偶然")
        if self.high is not None and self.high < 1:
            return _("少，超出偶然")
        return _("看不出差别")


def ratio(before: int, exposed_before: int, after: int, exposed_after: int) -> Ratio:
    """Of two counts, each with its days or residents."""
    if min(before, after) > MANY:  # D. Katz et al., Biometrics 34 (1978) 469-474
        found = (after / exposed_after) / (before / exposed_before)
        factor = exp(chances.Z * sqrt(1 / before + 1 / after))
        return Ratio(found, found / factor, found * factor, too_few=False)
    c = chances.compare(before, exposed_before, after, exposed_after)
    return Ratio(c.ratio, c.low, c.high, c.too_few)


def interval(n: int) -> tuple[float, float]:
    """The 95 % interval of the mean of a count."""
    if n > MANY:
        return n - chances.Z * sqrt(n), n + chances.Z * sqrt(n)
    return chances.garwood(n)


@dataclass(frozen=True, slots=True)
class Years:
    """One measure in the span and on the same days of last year."""

    label: str | Promise
    before: int
    after: int
    of: Ratio

    @property
    def small(self) -> bool:
        return min(self.before, self.after) < SMALL

    @property
    def percent(self) -> int | None:
        """Only where there were enough to change from."""
        return None if self.small else round(100 * (self.after - self.before) / self.before)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A place among its neighbours. `rate` and its bounds are per 10,000 residents, `of` to all the
    others together; all unknown where the number of residents is."""

    code: str
    n: int
    residents: int | None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    of: Ratio | None = None

    @property
    def small(self) -> bool:
        return self.n < SMALL


def years(of: Asked) -> tuple[list[Years], str]:
    """By mechanisms that were in use here when the days of last year began, for by others there was
    nothing to be counted; and a sentence on the others, if there are any."""
    since, until = of.before
    with within(Scope(place=of.by.place)):
        began = rollups.began([of.code], "reported").get(of.code, {})
        now, then = (
            rollups.flows_by_mechanism(of.code, FLOWS, since=a, until=b)
            for a, b in ((of.since, of.until), (since, until))
        )
    first = [(m, began[m.name]) for m in of.mechanisms if m.name in began]
    known = [m.name for m, day in first if day <= since]
    new = [(words.label(m), day) for m, day in first if day > since]
    said = left_out(gettext("去年同期").lower(), new) if new else ""
    if not known:
        return [], said
    a, b = (Line({}, together(x.get(name, {}) for name in known)) for x in (then, now))
    days = ((until - since).days, (of.until - of.since).days)
    counts = [(label, getattr(a, m), getattr(b, m)) for m, label in MEASURES.items()]
    return [Years(label, x, y, ratio(x, days[0], y, days[1])) for label, x, y in counts], said


def left_out(earlier: str, new: Sequence[tuple[str, object]]) -> str:
    """What is not compared with an earlier span: names, each with the day of its first case."""
    which = [gettext("%(name)s（%(day)s 起）") % {"name": name, "day": day} for name, day in new]
    said = {"earlier": earlier, "which": gettext("、").join(which)}
    return gettext("和%(earlier)s比，没有算进当时还没有登记的：%(which)s。") % said


def neighbours(of: Asked, places: Sequence[Division], measure: str) -> list[Neighbour]:
    """The most per resident first, those whose residents are not known last."""
    with within(Scope(place=of.by.place)):
        flows = rollups.flows([d.code for d in places], FLOWS, since=of.since, until=of.until,
                              mechanism=of.mechanism)  # fmt: skip
    counts = {d.code: getattr(Line({}, flows.get(d.code, {})), measure) for d in places}
    known = [d for d in places if d.population]
    total = sum(counts[d.code] for d in known)
    residents = sum(d.population or 0 for d in known)
    found = [_beside(d, counts[d.code], total, residents) for d in places]
    return sorted(found, key=lambda one: (one.rate is None, -(one.rate or 0), one.code))


def _beside(place: Division, n: int, total: int, residents: int) -> Neighbour:
    if not place.population:
        return Neighbour(place.code, n, None)
    each = RESIDENTS / place.population
    low, high = interval(n)
    others = residents - place.population
    of = ratio(total - n, others, n, place.population) if others else None
    return Neighbour(place.code, n, place.population, n * each, low * each, high * each, of)
