"""Figures of the five levels: folded counters plus what is not folded yet, so exact at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from gongzhi.places.levels import span

BATCH = 20_000


class Part(NamedTuple):
    """A table of counters: when each counts, which of them are asked for, and by which months its
    index is entered."""

    table: str
    at: str
    within: str
    months: str = ""


class Kept(NamedTuple):
    """Where a kind of figure is kept, and the same of what is not folded yet 待汇总."""

    parts: tuple[Part, ...]
    waiting_at: str
    waiting_within: str


STOCKS = Kept((Part("cases_stock", "''", "true"),), "''", "true")
# Each month leads to its part of the index, whatever the number of years.
BY_MONTH = "CROSS JOIN unnest(%(months)s::text[]) m (month)"
DAYS = Kept(
    (Part("cases_daily", "c.day", "c.month = m.month"
          " AND c.day >= %(since)s::date AND c.day < %(until)s::date", BY_MONTH),),
    "day", "day >= %(since)s::date AND day < %(until)s::date",
)  # fmt: skip
# Where no day is asked for, what waits is taken together whichever day it is of.
IN_ALL = DAYS._replace(waiting_at="NULL::date")
ADDED_UP = "(SELECT coalesce(max(until), date '0001-01-01') FROM cases_addedup)"
MONTHS = Kept(
    (Part("cases_monthly", "c.month", "c.month = m.month", BY_MONTH),
     Part("cases_daily", "c.month", "c.month = m.month"
          f" AND m.month >= to_char({ADDED_UP}, 'YYYY-MM') AND c.day >= {ADDED_UP}", BY_MONTH)),
    "to_char(day, 'YYYY-MM')", "to_char(day, 'YYYY-MM') = ANY (%(months)s::text[])",
)  # fmt: skip

# Figures are asked for as ranges of names, which an index can follow. OFFSET 0: place by place,
# whatever PostgreSQL takes for less work; with the wall's condition it read whole months of all.
PART = """
    SELECT c.* FROM places q CROSS JOIN wanted w {part.months} CROSS JOIN LATERAL (
        SELECT c.place, c.mechanism, c.figure, {part.at} AS at, c.n FROM {part.table} c
        WHERE c.place = q.p AND c.figure >= w.low AND c.figure < w.high
            AND {part.within} AND %(mechanism)s IN ('', c.mechanism)
        OFFSET 0
    ) c
    UNION ALL"""
# Deltas are read once, and like ones are taken together before they are spread: most are alike.
COUNTED = """
WITH places AS (SELECT unnest(%(places)s::text[]) AS p),
wanted AS (SELECT * FROM unnest(%(lows)s::text[], %(highs)s::text[]) w (low, high)),
counted AS ({parts}
    SELECT q.p, d.mechanism, f.key, d.at, f.value::bigint * d.times
    FROM (
        SELECT left(place, %(longest)s) AS place, mechanism, {kept.waiting_at} AS at, figures,
            count(*) AS times
        FROM cases_delta
        WHERE place >= %(first)s AND place < %(last)s
            AND {kept.waiting_within} AND %(mechanism)s IN ('', mechanism)
        GROUP BY 1, 2, 3, 4
    ) d
    JOIN places q ON starts_with(d.place, q.p)
    CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    JOIN wanted w ON f.key COLLATE "C" >= w.low AND f.key COLLATE "C" < w.high
)
SELECT {by}, sum(n)::bigint FROM {source} GROUP BY {ordinals}
"""
# Spans may have any length, lie apart and overlap: a month, the one before, and that of last year.
SPANNED = """counted JOIN unnest(%(sinces)s::date[], %(untils)s::date[])
    WITH ORDINALITY s (since, until, nth) ON at >= s.since AND at < s.until"""

# No month is named: PostgreSQL 18 skips from one to the next, older ones read the index through.
BEGAN = f"""
WITH firsts AS (
    SELECT place, mechanism, min(month) AS month FROM cases_monthly
    WHERE place = ANY (%(places)s::text[]) AND figure = %(figure)s
    GROUP BY 1, 2
)
SELECT p, mechanism, min(day) FROM (
    SELECT place AS p, mechanism, (
        SELECT min(day) FROM cases_daily c
        WHERE (c.month, c.place, c.mechanism) = (f.month, f.place, f.mechanism)
            AND c.figure = %(figure)s) AS day
    FROM firsts f
    UNION ALL
    SELECT place, mechanism, min(day) FROM cases_daily
    WHERE place = ANY (%(places)s::text[]) AND figure = %(figure)s
        AND month >= to_char({ADDED_UP}, 'YYYY-MM') AND day >= {ADDED_UP}
    GROUP BY 1, 2
    UNION ALL
    SELECT q.p, d.mechanism, min(d.day)
    FROM unnest(%(places)s::text[]) q (p) JOIN cases_delta d ON starts_with(d.place, q.p)
    WHERE d.place >= %(first)s AND d.place < %(last)s AND d.figures ? %(figure)s
    GROUP BY 1, 2
) all_kinds GROUP BY 1, 2
"""  # noqa: S608


def fold() -> int:
    """Take deltas into the counters until none is left. Returns how many were taken."""
    taken = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT fold_v1(%s)", [BATCH])
            n: int = cursor.fetchone()[0]
        taken += n
        if n < BATCH:
            return taken


def add_up(until: date) -> int:
    """Add days that are over to their months, those before this one. Returns how many sums of
    months it changed. Raises DatabaseError for a day that is still to come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT add_up_v1(%s)", [until])
        changed: int = cursor.fetchone()[0]
    return changed


def _range(figure: str) -> tuple[str, str]:
    """From where up to where a name, or all that begin like `now.%`, stand under collation "C"."""
    if figure.endswith(".%"):
        return figure[:-1], figure[:-2] + "/"
    return figure, figure + "!"


def _apart(figures: Iterable[str]) -> list[tuple[str, str]]:
    """Their ranges; one within another is left out, for what lies in both would count twice."""
    found: list[tuple[str, str]] = []
    for low, high in sorted(map(_range, figures)):
        if not found or high > found[-1][1]:
            found.append((low, high))
    return found


def _asked(places: Iterable[str], figures: Iterable[str], mechanism: str = "") -> dict[str, Any]:
    codes = sorted(places)
    lows, highs = zip(*_apart(figures), strict=True)
    return {
        "places": codes,
        "first": codes[0],
        "last": max(span(code)[1] for code in codes),
        "longest": max(map(len, codes)),
        "lows": list(lows),
        "highs": list(highs),
        "mechanism": mechanism,
    }


def _between(since: date, until: date) -> dict[str, Any]:
    """The days from one up to another, and the months in which they lie."""
    last = until.year * 12 + until.month - (until.day == 1)
    months = [
        f"{(n - 1) // 12}-{(n - 1) % 12 + 1:02}"
        for n in range(since.year * 12 + since.month, last + 1)
    ]
    return {"since": since, "until": until, "months": months}


def _rows(
    kept: Kept, by: Sequence[str], asked: Mapping[str, Any], source: str = "counted"
) -> list[tuple[Any, ...]]:
    ordinals = ", ".join(str(n + 1) for n in range(len(by)))
    parts = "".join(PART.format(part=part) for part in kept.parts)
    query = COUNTED.format(
        parts=parts, kept=kept, by=", ".join(by), source=source, ordinals=ordinals
    )
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _of_each(kept: Kept, part: str, asked: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for of, figure, n in _rows(kept, (part, "figure"), asked):
        found[of][figure] = n
    return found


def stocks(
    places: Iterable[str], figures: Iterable[str] = ("now.%",), *, mechanism: str = ""
) -> Mapping[str, dict[str, int]]:
    """How things stand now, by place."""
    codes = list(places)
    return _of_each(STOCKS, "place", _asked(codes, figures, mechanism)) if codes else {}


def flows(
    places: Iterable[str],
    figures: Iterable[str],
    *,
    since: date,
    until: date,
    mechanism: str = "",
) -> Mapping[str, dict[str, int]]:
    """What happened from one day up to another, by place."""
    codes = list(places)
    if not codes:
        return {}
    return _of_each(IN_ALL, "place", _asked(codes, figures, mechanism) | _between(since, until))


class Week(NamedTuple):
    """A flow of a place in a week, or in one of some spans; `at`: which, the first is 0."""

    place: str
    mechanism: str
    figure: str
    at: int
    n: int


def weeks(places: Iterable[str], figures: Iterable[str], *, since: date, until: date) -> list[Week]:
    """What happened from one day up to another in weeks of seven days; a week of nothing is left
    out."""
    codes = list(places)
    if not codes:
        return []
    by = ("place", "mechanism", "figure", "(at - %(since)s::date) / 7")
    return [Week(*r) for r in _rows(DAYS, by, _asked(codes, figures) | _between(since, until))]


def spans(
    places: Iterable[str], figures: Iterable[str], asked: Sequence[tuple[date, date]]
) -> list[Week]:
    """What happened in each of some spans, from one day up to another, by mechanism."""
    codes = list(places)
    if not codes:
        return []
    sinces, untils = zip(*asked, strict=True)
    said = _asked(codes, figures) | {
        "sinces": list(sinces), "untils": list(untils), "since": min(sinces), "until": max(untils),
        "months": sorted({m for one in asked for m in _between(*one)["months"]}),
    }  # fmt: skip
    by = ("place", "mechanism", "figure", "nth - 1")
    return [Week(*row) for row in _rows(DAYS, by, said, SPANNED)]


def began(places: Iterable[str], figure: str) -> Mapping[str, Mapping[str, date]]:
    """The first day on which a flow was counted in a place, by mechanism; those by which it never
    was are left out."""
    found: dict[str, dict[str, date]] = defaultdict(dict)
    codes = list(places)
    if not codes:
        return found
    with connection.cursor() as cursor:
        cursor.execute(BEGAN, {**_asked(codes, [figure]), "figure": figure})
        for place, mechanism, day in cursor.fetchall():
            found[place][mechanism] = day
    return found


@dataclass(frozen=True, slots=True)
class Months:
    """What happened in some months: in a place month by month, and in those below it in all."""

    own: Mapping[str, dict[str, int]]
    below: Mapping[str, dict[str, int]]


def months(
    place: str,
    below: Iterable[str],
    figures: Iterable[str],
    *,
    since: str,
    until: str,
    mechanism: str = "",
) -> Months:
    """Months are written like 2026-11, and both the first and the last are counted."""
    found = Months(defaultdict(dict), defaultdict(dict))
    first, last = (date.fromisoformat(f"{month}-01") for month in (since, until))
    asked = _asked([place, *below], figures, mechanism) | _between(first, last + timedelta(days=1))
    by = ("place", "CASE WHEN place = %(place)s THEN at ELSE '' END", "figure")
    for code, month, figure, n in _rows(MONTHS, by, {**asked, "place": place}):
        into = found.own[month] if code == place else found.below[code]
        into[figure] = n
    return found


def stocks_by_mechanism(
    place: str, figures: Iterable[str] = ("now.%",)
) -> Mapping[str, dict[str, int]]:
    """How things stand now in one place, by mechanism."""
    return _of_each(STOCKS, "mechanism", _asked([place], figures))


def flows_by_mechanism(
    place: str, figures: Iterable[str], *, since: date, until: date
) -> Mapping[str, dict[str, int]]:
    """What happened in one place from one day up to another, by mechanism."""
    return _of_each(IN_ALL, "mechanism", _asked([place], figures) | _between(since, until))


def days(
    place: str, figures: Iterable[str], *, since: date, until: date, mechanism: str = ""
) -> Mapping[str, dict[str, int]]:
    """What happened in one place day by day (2026-11-27); days of nothing are left out."""
    asked = _asked([place], figures, mechanism) | _between(since, until)
    return _of_each(DAYS, "at::text", asked)
