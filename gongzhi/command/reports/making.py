"""Reports are made by night for whole provinces at once: a few questions, however many places."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from gongzhi.cases import rollups
from gongzhi.cases.clocks import CHINA, local
from gongzhi.command.comparing import MEASURES
from gongzhi.command.figures import FLOWS, Line
from gongzhi.command.models import Alert, Report, Sending, Subscription
from gongzhi.command.reports.spans import MONTH, SERIES, WEEK, Span, last_over
from gongzhi.declare import Level
from gongzhi.people.models import Post
from gongzhi.people.scope import Scope, within
from gongzhi.places.levels import span as range_of
from gongzhi.places.models import Division

BACK: Final[Mapping[str, int]] = {WEEK: 4, MONTH: 2}  # so many are made up for
LEVELS: Final = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN)
MOST_ALERTS: Final = 10
MAILED: Final = time(8)  # not in the middle of the night
Counts = dict[str, list[int]]  # by measure: in each of some spans
ByMechanism = Mapping[str, Mapping[str, Counts]]  # of a place


def make_missing(now: datetime) -> int:
    """What is over and not yet made, of every place that a post sees. Returns how many."""
    today, places = local(now).date(), _places(now)
    made = 0
    for kind, back in BACK.items():
        span = last_over(kind, today)
        for age in range(back):
            known = Report.objects.filter(kind=kind, since=span.since)
            missing = sorted(places - set(known.values_list("place", flat=True)))
            for province, codes in groupby(missing, key=lambda code: code[: Level.PROVINCE.digits]):
                made += _make(span, province, list(codes), now=now, mailed=age == 0)
            span = span.before
    return made


def _places(now: datetime) -> set[str]:
    """With a post that sees them as a whole, from the province to the town."""
    holds = Q(valid_from__lte=now) & (Q(valid_to=None) | Q(valid_to__gt=now))
    found = Post.objects.filter(holds, sees_place=True).values_list("place", flat=True)
    return {place for place in found.distinct() if len(place) in {x.digits for x in LEVELS}}


def _make(span: Span, province: str, places: Sequence[str], *, now: datetime, mailed: bool) -> int:
    """All of a province or none."""
    figures = _figures(span, province, places)
    with transaction.atomic():
        made = Report.objects.bulk_create(
            [Report(place=place, kind=span.kind, since=span.since, until=span.until,
                    figures=figures[place], made_at=now)
             for place in places],
            batch_size=500,
        )  # fmt: skip
        if mailed:
            _lay(made, now)
    return len(made)


def _lay(made: Iterable[Report], now: datetime) -> None:
    """For whoever has subscribed, in the morning."""
    of = {(report.place, report.kind): report for report in made}
    wanted = Subscription.objects.filter(ended_at=None, place__in=[place for place, _kind in of])
    at = max(now, datetime.combine(local(now).date(), MAILED, CHINA))
    Sending.objects.bulk_create(
        Sending(report=of[one.place, one.kind], subscription=one, made_at=now, next_at=at)
        for one in wanted
        if (one.place, one.kind) in of
    )


def _figures(span: Span, province: str, places: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By place; those right below each are counted too, whether they have a post or not."""
    rows = Division.objects.filter(parent__in=places, valid_to=None).order_by("code")
    below: dict[str, list[str]] = defaultdict(list)
    for parent, code in rows.values_list("parent", "code"):
        below[parent].append(code)
    every = {*places, *(code for codes in below.values() for code in codes)}
    with within(Scope(place=province)):
        flows = rollups.spans(every, FLOWS, span.compared)
        before = rollups.spans(places, FLOWS, [(s.since, s.until) for s in span.series])
        began = rollups.began(every, "reported")
        stocks = rollups.stocks(places, ("now.open.%", "now.overdue"))
    counts, times = _counted(flows, len(span.compared)), _counted(before, SERIES)
    alerts = _alerts(span, province, places)
    found = {}
    for place in places:
        now, first = Line(stocks.get(place, {}), {}), began.get(place, {})
        found[place] = {
            "own": _beside(counts[place], first, span),
            "mechanisms": {
                name: _beside({name: n}, {m: day for m, day in first.items() if m == name}, span)
                for name, n in counts[place].items()
            },
            "times": _together(times[place], SERIES),
            "began": min(first.values()).isoformat() if first else "",
            "below": [
                {"place": code, **_beside(counts[code], began.get(code, {}), span)}
                for code in below[place]
            ],
            "held": now.open, "overdue": now.overdue, "alerts": alerts[place],
        }  # fmt: skip
    return found


def _beside(counts: Mapping[str, Counts], began: Mapping[str, date], span: Span) -> dict[str, Any]:
    """What happened by some mechanisms in all, and what of it can be compared."""
    against = [_against(counts, began, span, at) for at in range(1, len(span.compared))]
    return {**_together(counts, len(span.compared)), "against": against}


def _against(
    counts: Mapping[str, Counts], began: Mapping[str, date], span: Span, at: int
) -> dict[str, Any] | None:
    """Now and in an earlier span, by mechanisms that were in use when that began: by others there
    was nothing to be counted. `new`: these, with their first day; None if all are."""
    since = span.compared[at][0]
    known = {name for name, day in began.items() if day <= since}
    if not known:
        return None
    of = _together({name: n for name, n in counts.items() if name in known}, len(span.compared))
    return {
        **{measure: [numbers[0], numbers[at]] for measure, numbers in of.items()},
        "new": {name: began[name].isoformat() for name in sorted(counts) if name in began and
                name not in known},
    }  # fmt: skip


def _none(spans: int) -> Counts:
    return {measure: [0] * spans for measure in MEASURES}


def _counted(flows: Iterable[rollups.Week], spans: int) -> ByMechanism:
    found: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(lambda: _none(spans)))
    names = {"reported": "reported", "settled": "settled", "breached": "late"}
    for place, mechanism, figure, at, n in flows:
        found[place][mechanism][names[figure.partition(".")[0]]][at] += n
    return found


def _together(mechanisms: Mapping[str, Counts], spans: int) -> Counts:
    found = _none(spans)
    for counts in mechanisms.values():
        for measure, numbers in counts.items():
            found[measure] = [a + b for a, b in zip(found[measure], numbers, strict=True)]
    return found


def _alerts(span: Span, province: str, places: Sequence[str]) -> dict[str, list[str]]:
    """Of the weeks that began in the span, what stood out most in each place and below it."""
    low, high = range_of(province)
    rows = Alert.objects.filter(
        place__gte=low, place__lt=high, watch__week__gte=span.since, watch__week__lt=span.until
    )
    found: dict[str, list[str]] = {place: [] for place in places}
    for id_, place in rows.order_by("p", "place", "id").values_list("id", "place"):
        for level in LEVELS:
            into = found.get(place[: level.digits]) if len(place) >= level.digits else None
            if into is not None and len(into) < MOST_ALERTS:
                into.append(str(id_))
    return found
