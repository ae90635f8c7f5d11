"""Figures of the five levels: folded counters plus what is not folded yet, so exact at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from gongzhi.places.levels import span

BATCH = 20_000

# Figures are asked for as ranges of names, which an index can follow. Deltas are read once, and
# like ones are taken together before they are spread: most are alike.
FIGURES = """
WITH places AS (SELECT unnest(%(places)s::text[]) AS p),
wanted AS (SELECT * FROM unnest(%(lows)s::text[], %(highs)s::text[]) w (low, high))
SELECT p, figure, sum(n)::bigint FROM (
    SELECT c.place AS p, c.figure, c.n
    FROM places q CROSS JOIN wanted w
    JOIN cases_counter c ON c.place = q.p AND c.figure >= w.low AND c.figure < w.high
        AND c.day >= %(since)s AND c.day < %(until)s
    WHERE %(mechanism)s = '' OR c.mechanism = %(mechanism)s
    UNION ALL
    SELECT q.p, f.key, f.value::bigint * d.times
    FROM (
        SELECT left(place, %(longest)s) AS place, figures, count(*) AS times FROM cases_delta
        WHERE place >= %(first)s AND place < %(last)s
          AND (%(mechanism)s = '' OR mechanism = %(mechanism)s)
          AND (%(until)s = '!' OR (day::text >= %(since)s AND day::text < %(until)s))
        GROUP BY 1, 2
    ) d
    JOIN places q ON starts_with(d.place, q.p)
    CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    JOIN wanted w ON f.key COLLATE "C" >= w.low AND f.key COLLATE "C" < w.high
) both_kinds GROUP BY 1, 2
"""

# Whole months: the figures of a year are twelve rows each. One place month by month, those below it
# in all.
MONTHS = """
WITH places AS (SELECT unnest(%(places)s::text[]) AS p),
wanted AS (SELECT * FROM unnest(%(lows)s::text[], %(highs)s::text[]) w (low, high))
SELECT p, CASE WHEN p = %(place)s THEN month ELSE '' END, figure, sum(n)::bigint FROM (
    SELECT c.place AS p, c.month, c.figure, c.n
    FROM places q CROSS JOIN wanted w
    JOIN cases_monthly c ON c.place = q.p AND c.figure >= w.low AND c.figure < w.high
        AND c.month >= %(since)s AND c.month <= %(until)s
    WHERE %(mechanism)s = '' OR c.mechanism = %(mechanism)s
    UNION ALL
    SELECT q.p, d.month, f.key, f.value::bigint * d.times
    FROM (
        SELECT left(place, %(longest)s) AS place, left(day::text, 7) AS month, figures,
            count(*) AS times
        FROM cases_delta
        WHERE place >= %(first)s AND place < %(last)s
          AND (%(mechanism)s = '' OR mechanism = %(mechanism)s)
        GROUP BY 1, 2, 3
    ) d
    JOIN places q ON starts_with(d.place, q.p)
    CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    JOIN wanted w ON f.key COLLATE "C" >= w.low AND f.key COLLATE "C" < w.high
    WHERE d.month >= %(since)s AND d.month <= %(until)s AND NOT starts_with(f.key, 'now.')
) both_kinds GROUP BY 1, 2, 3
"""

# One place, its figures apart by mechanism or by day.
PARTS = """
WITH wanted AS (SELECT * FROM unnest(%(lows)s::text[], %(highs)s::text[]) w (low, high))
SELECT part, figure, sum(n)::bigint FROM (
    SELECT c.{part} AS part, c.figure, c.n
    FROM wanted w JOIN cases_counter c ON c.place = %(first)s
        AND c.figure >= w.low AND c.figure < w.high
        AND c.day >= %(since)s AND c.day < %(until)s
    WHERE %(mechanism)s = '' OR c.mechanism = %(mechanism)s
    UNION ALL
    SELECT d.{part}::text, f.key, f.value::bigint
    FROM cases_delta d CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    JOIN wanted w ON f.key COLLATE "C" >= w.low AND f.key COLLATE "C" < w.high
    WHERE d.place >= %(first)s AND d.place < %(last)s
      AND (%(mechanism)s = '' OR d.mechanism = %(mechanism)s)
      AND (%(until)s = '!' OR (d.day::text >= %(since)s AND d.day::text < %(until)s))
) both_kinds GROUP BY 1, 2
"""

# Weeks are numbered from the first day on: figures of many places side by side in time.
WEEKS = """
WITH places AS (SELECT unnest(%(places)s::text[]) AS p),
wanted AS (SELECT * FROM unnest(%(lows)s::text[], %(highs)s::text[]) w (low, high))
SELECT p, mechanism, figure, (day - %(since)s::date) / 7, sum(n)::bigint FROM (
    SELECT c.place AS p, c.mechanism, c.figure, c.day::date AS day, c.n
    FROM places q CROSS JOIN wanted w
    JOIN cases_counter c ON c.place = q.p AND c.figure >= w.low AND c.figure < w.high
        AND c.day >= %(since)s AND c.day < %(until)s
    UNION ALL
    SELECT q.p, d.mechanism, f.key, d.day, f.value::bigint * d.times
    FROM (
        SELECT left(place, %(longest)s) AS place, mechanism, day, figures, count(*) AS times
        FROM cases_delta
        WHERE place >= %(first)s AND place < %(last)s
          AND day >= %(since)s::date AND day < %(until)s::date
        GROUP BY 1, 2, 3, 4
    ) d
    JOIN places q ON starts_with(d.place, q.p)
    CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    JOIN wanted w ON f.key COLLATE "C" >= w.low AND f.key COLLATE "C" < w.high
) both_kinds GROUP BY 1, 2, 3, 4
"""

# Spans may have any length, lie apart and overlap: a month, the one before, and that of last year.
SPANS = """
WITH places AS (SELECT unnest(%(places)s::text[]) AS p),
wanted AS (SELECT * FROM unnest(%(lows)s::text[], %(highs)s::text[]) w (low, high)),
spans AS (
    SELECT * FROM unnest(%(sinces)s::date[], %(untils)s::date[])
        WITH ORDINALITY s (since, until, at)
)
SELECT p, mechanism, figure, at - 1, sum(n)::bigint FROM (
    SELECT c.place AS p, c.mechanism, c.figure, s.at, c.n
    FROM places q CROSS JOIN wanted w CROSS JOIN spans s
    JOIN cases_counter c ON c.place = q.p AND c.figure >= w.low AND c.figure < w.high
        AND c.day >= s.since::text AND c.day < s.until::text
    UNION ALL
    SELECT q.p, d.mechanism, f.key, s.at, f.value::bigint * d.times
    FROM (
        SELECT left(place, %(longest)s) AS place, mechanism, day, figures, count(*) AS times
        FROM cases_delta
        WHERE place >= %(first)s AND place < %(last)s
          AND day >= %(since)s::date AND day < %(until)s::date
        GROUP BY 1, 2, 3, 4
    ) d
    JOIN spans s ON d.day >= s.since AND d.day < s.until
    JOIN places q ON starts_with(d.place, q.p)
    CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    JOIN wanted w ON f.key COLLATE "C" >= w.low AND f.key COLLATE "C" < w.high
) both_kinds GROUP BY 1, 2, 3, 4
"""

BEGAN = """
WITH places AS (SELECT unnest(%(places)s::text[]) AS p)
SELECT p, mechanism, min(day) FROM (
    SELECT c.place AS p, c.mechanism, min(c.day) AS day FROM cases_counter c
    WHERE c.place = ANY (%(places)s::text[]) AND c.figure = %(figure)s AND c.day > ''
    GROUP BY 1, 2
    UNION ALL
    SELECT q.p, d.mechanism, min(d.day)::text
    FROM places q JOIN cases_delta d ON starts_with(d.place, q.p)
    WHERE d.place >= %(first)s AND d.place < %(last)s AND d.figures ? %(figure)s
    GROUP BY 1, 2
) both_kinds GROUP BY 1, 2
"""


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


def _asked(
    places: Iterable[str], figures: Iterable[str], mechanism: str, since: str, until: str
) -> dict[str, Any]:
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
        "since": since,
        "until": until,
    }


def _read(
    places: Iterable[str], figures: Iterable[str], mechanism: str, since: str, until: str
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    codes = list(places)
    if not codes:
        return found
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, _asked(codes, figures, mechanism, since, until))
        for place, figure, n in cursor.fetchall():
            found[place][figure] = n
    return found


def stocks(
    places: Iterable[str], figures: Iterable[str] = ("now.%",), *, mechanism: str = ""
) -> Mapping[str, dict[str, int]]:
    """How things stand now, by place: stocks have no day ('' sorts before '!')."""
    return _read(places, figures, mechanism, "", "!")


def flows(
    places: Iterable[str],
    figures: Iterable[str],
    *,
    since: date,
    until: date,
    mechanism: str = "",
) -> Mapping[str, dict[str, int]]:
    """What happened from one day up to another, by place."""
    return _read(places, figures, mechanism, since.isoformat(), until.isoformat())


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
    asked = _asked(codes, figures, "", since.isoformat(), until.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(WEEKS, asked)
        return [Week(*row) for row in cursor.fetchall()]


def spans(
    places: Iterable[str], figures: Iterable[str], asked: Sequence[tuple[date, date]]
) -> list[Week]:
    """What happened in each of some spans, from one day up to another, by mechanism."""
    codes = list(places)
    if not codes:
        return []
    sinces, untils = zip(*asked, strict=True)
    said = _asked(codes, figures, "", min(sinces).isoformat(), max(untils).isoformat())
    with connection.cursor() as cursor:
        cursor.execute(SPANS, {**said, "sinces": list(sinces), "untils": list(untils)})
        return [Week(*row) for row in cursor.fetchall()]


def began(places: Iterable[str], figure: str) -> Mapping[str, Mapping[str, date]]:
    """The first day on which a flow was counted in a place, by mechanism; those by which it never
    was are left out."""
    found: dict[str, dict[str, date]] = defaultdict(dict)
    codes = list(places)
    if not codes:
        return found
    with connection.cursor() as cursor:
        cursor.execute(BEGAN, {**_asked(codes, [figure], "", "", "!"), "figure": figure})
        for place, mechanism, day in cursor.fetchall():
            found[place][mechanism] = date.fromisoformat(day)
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
    asked = _asked([place, *below], figures, mechanism, since, until)
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, {**asked, "place": place})
        for code, month, figure, n in cursor.fetchall():
            into = found.own[month] if code == place else found.below[code]
            into[figure] = n
    return found


def _parts(part: str, asked: dict[str, Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(PARTS.format(part=part), asked)
        for of, figure, n in cursor.fetchall():
            found[of][figure] = n
    return found


def stocks_by_mechanism(
    place: str, figures: Iterable[str] = ("now.%",)
) -> Mapping[str, dict[str, int]]:
    """How things stand now in one place, by mechanism."""
    return _parts("mechanism", _asked([place], figures, "", "", "!"))


def flows_by_mechanism(
    place: str, figures: Iterable[str], *, since: date, until: date
) -> Mapping[str, dict[str, int]]:
    """What happened in one place from one day up to another, by mechanism."""
    asked = _asked([place], figures, "", since.isoformat(), until.isoformat())
    return _parts("mechanism", asked)


def days(
    place: str, figures: Iterable[str], *, since: date, until: date, mechanism: str = ""
) -> Mapping[str, dict[str, int]]:
    """What happened in one place day by day; days of nothing are left out."""
    asked = _asked([place], figures, mechanism, since.isoformat(), until.isoformat())
    return _parts("day", asked)
