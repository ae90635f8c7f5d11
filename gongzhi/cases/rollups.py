"""Figures of the five levels: folded counters plus what is not folded yet, so exact at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

BATCH = 20_000

FIGURES = """
SELECT p, figure, sum(n)::bigint FROM (
    SELECT c.place AS p, c.figure, c.n FROM cases_counter c
    WHERE c.place = ANY(%(places)s) AND (%(mechanism)s = '' OR c.mechanism = %(mechanism)s)
      AND c.figure LIKE ANY(%(figures)s) AND c.day >= %(since)s AND c.day < %(until)s
    UNION ALL
    SELECT q.p, f.key, f.value::bigint
    FROM unnest(%(places)s::text[]) q (p)
    JOIN cases_delta d ON d.place COLLATE "C" >= q.p AND d.place COLLATE "C" < q.p || '~'
    CROSS JOIN LATERAL jsonb_each_text(d.figures) f
    WHERE (%(mechanism)s = '' OR d.mechanism = %(mechanism)s) AND f.key LIKE ANY(%(figures)s)
      AND (%(until)s = '!' OR (d.day::text >= %(since)s AND d.day::text < %(until)s))
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


def _read(
    places: Iterable[str], figures: Iterable[str], mechanism: str, since: str, until: str
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            FIGURES,
            {
                "places": list(places),
                "mechanism": mechanism,
                "figures": list(figures),
                "since": since,
                "until": until,
            },
        )
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
