"""Each week of each city looked through once it is over: every place, every kind of matter, and
every share of limits that ended late.

The rate for each series follows from how many there are: so many that all of them together alarm
falsely no more often than is stated, however they hang together (E. Spjotvoll, Annals of
Mathematical Statistics 43 (1972) 398-411).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction

from gongzhi.cases import rollups
from gongzhi.cases.clocks import local
from gongzhi.command.alerts import method, parameters, shares
from gongzhi.command.models import Alert, Watch
from gongzhi.declare import Level
from gongzhi.people.scope import Scope, within
from gongzhi.places.levels import level_of, span
from gongzhi.places.models import Division

WEEK: Final = timedelta(days=7)
SHOWN: Final = 26  # weeks of a chart
YEAR: Final = 52  # weeks
# Of a series with fewer in all the weeks before, chance brings `least` in a week next to never: it
# takes no part of the false alarms that are allowed.
RARE: Final = 10
REPORTED, LATE = "reported", "late"  # figures, and what they measure
SHARE: Final = "share"  # of what ended: how much ended late
ENDED, BREACHED = "ended", "breached"  # limits: all that ended, those of them that were late
# What each measures; a limit that ended late is one that ended, too.
FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    REPORTED: (REPORTED,), "category.%": (REPORTED,), LATE: (LATE,),
    "met.%": (ENDED,), "breached.%": (ENDED, BREACHED),
}  # fmt: skip
LEVELS: Final = (Level.COUNTY, Level.TOWN)


class Series(NamedTuple):
    """Whose counts: reports of a kind (empty: of all kinds), limits that passed, or limits that
    ended late."""

    place: str
    mechanism: str
    category: str
    measure: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A series against the weeks before."""

    of: Series
    counts: Sequence[int]
    before: method.Baseline

    @property
    def n(self) -> int:
        return self.counts[-1]

    @property
    def weighs(self) -> bool:
        """Whether chance may bring an alert of it."""
        return self.before.total >= RARE


@dataclass(frozen=True, slots=True)
class JudgedShare:
    """How many ended late of how many, against the weeks before."""

    of: Series
    late: Sequence[int]
    ended: Sequence[int]
    before: shares.Reference

    @property
    def weighs(self) -> bool:
        return self.before.ended >= RARE


def last_week(now: datetime) -> date:
    """The Monday of the last week that is over."""
    today = local(now).date()
    return today - timedelta(days=today.weekday()) - WEEK


def watch_missing(now: datetime) -> int:
    """The last week, of every city of which it was not yet watched. Returns how many alerts."""
    week = last_week(now)
    watched = Watch.objects.filter(week=week).values_list("city", flat=True)
    cities = Division.objects.filter(level=Level.CITY, valid_to=None).exclude(code__in=watched)
    codes = list(cities.order_by("code").values_list("code", flat=True))
    return sum(len(watch(city, week, now=now)) for city in codes)


def watch(city: str, week: date, *, now: datetime) -> list[Alert]:
    """What stood out in a city in a week that is over."""
    numbers = parameters.ALERTS.numbers(city, week)
    counts = _counted(city, week, max(numbers["weeks"], YEAR))
    if not counts:
        return []
    judged, short = _judged(counts, numbers)
    series = sum(one.weighs for one in judged)
    rate = min(numbers["rate"] / 10_000, numbers["false"] / max(series, 1))
    with transaction.atomic():
        made = Watch.objects.create(
            city=city, week=week, series=series, short=short, rate=rate, numbers=numbers,
            made_at=now,
        )  # fmt: skip
        return Alert.objects.bulk_create(_alerts(made, judged))


def _alerts(watch: Watch, judged: Iterable[Judged | JudgedShare]) -> Iterable[Alert]:
    for one in judged:
        told = _told(one, watch) if isinstance(one, Judged) else _told_share(one, watch)
        if told:
            yield Alert(watch=watch, **one.of._asdict(), weeks=one.before.weeks, **told)


def _told(one: Judged, watch: Watch) -> dict[str, Any] | None:
    """What an alert of a count holds, if it raises one."""
    least = watch.numbers["least"]
    if one.n < least or one.n <= one.before.mean:
        return None
    p = method.at_least(one.n, one.before)
    if p > watch.rate:
        return None
    low, high = method.interval(one.before)
    return {
        "n": one.n, "expected": one.before.mean, "low": low, "high": high, "p": p,
        "limit": method.limit(one.before, watch.rate, least), "dispersion": one.before.dispersion,
        "recent": one.counts[-SHOWN:], "year_ago": one.counts[-1 - YEAR],
    }  # fmt: skip


def _told_share(one: JudgedShare, watch: Watch) -> dict[str, Any] | None:
    """What an alert of a share holds, if it raises one."""
    late, ended, least = one.late[-1], one.ended[-1], watch.numbers["least"]
    expected = ended * one.before.share
    if late < least or late <= expected:
        return None
    p = shares.at_least(late, ended, one.before)
    if p > watch.rate:
        return None
    low, high = shares.interval(ended, one.before)
    return {
        "n": late, "expected": expected, "low": low, "high": high, "p": p,
        "limit": shares.limit(ended, one.before, watch.rate, least),
        "dispersion": shares.effect(ended, one.before), "recent": one.late[-SHOWN:],
        "year_ago": one.late[-1 - YEAR], "ended": ended, "ended_before": one.before.ended,
        "ended_recent": one.ended[-SHOWN:], "ended_year_ago": one.ended[-1 - YEAR],
    }  # fmt: skip


def _judged(
    counts: Mapping[Series, Sequence[int]], numbers: Mapping[str, int]
) -> tuple[list[Judged | JudgedShare], int]:
    """Series with the weeks before; and how many have too few of these."""
    began = _began(counts)
    found: list[Judged | JudgedShare] = []
    short = 0
    for of, weeks in counts.items():
        if of.measure == BREACHED:
            continue  # judged as a share of what ended
        # From the week after the county's first: where nothing was entered yet, nothing is usual.
        first = max(began[of.place[: Level.COUNTY.digits], of.mechanism] + 1,
                    len(weeks) - 1 - numbers["weeks"])  # fmt: skip
        before = slice(first, len(weeks) - 1 - numbers["gap"])
        if len(weeks[before]) < numbers["history"]:
            short += 1
        elif of.measure == ENDED:
            found += _share(of, counts, before)
        else:
            found.append(Judged(of, weeks, method.baseline(weeks[before])))
    return found, short


def _share(
    of: Series, counts: Mapping[Series, Sequence[int]], before: slice
) -> Iterable[JudgedShare]:
    """None where nothing ended before."""
    ended = counts[of]
    if any(ended[before]):
        late = counts.get(of._replace(measure=BREACHED), [0] * len(ended))
        past = shares.reference(list(zip(late[before], ended[before], strict=True)))
        yield JudgedShare(of._replace(measure=SHARE), late, ended, past)


def _began(counts: Mapping[Series, Sequence[int]]) -> dict[tuple[str, str], int]:
    """The first week in which a county had anything of a mechanism; of one that had something from
    the start, the week before."""
    found = {}
    for of, weeks in counts.items():
        if level_of(of.place) is Level.COUNTY and (of.category, of.measure) == ("", REPORTED):
            first = next((n for n, count in enumerate(weeks) if count), len(weeks))
            found[of.place, of.mechanism] = first or -1
    return defaultdict(lambda: len(next(iter(counts.values()))), found)


def _counted(city: str, week: date, weeks: int) -> dict[Series, list[int]]:
    """By week, the one that is judged last. What never was is not there."""
    low, high = span(city)
    places = Division.objects.filter(
        level__in=LEVELS, valid_to=None, code__gte=low, code__lt=high
    ).values_list("code", flat=True)
    with within(Scope(place=city)):
        rows = rollups.weeks(places, FIGURES, since=week - weeks * WEEK, until=week + WEEK)
    found: dict[Series, list[int]] = defaultdict(lambda: [0] * (weeks + 1))
    for place, mechanism, figure, at, n in rows:
        name, _dot, of = figure.partition(".")
        for measure in FIGURES[f"{name}.%" if of else name]:
            category = of if name == "category" else ""
            found[Series(place, mechanism, category, measure)][at] += n
    return {of: [max(n, 0) for n in counts] for of, counts in found.items()}
