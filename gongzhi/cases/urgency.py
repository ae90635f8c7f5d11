"""Open cases of one mechanism in order of urgency 轻重缓急: the gravest first, then by due time.

Keyset pages: each weight and state of a place is a range of one index (keys.sql), and a page reads
from few of them, whatever the number of cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from gongzhi.cases.models import Case
from gongzhi.cases.rollups import stocks
from gongzhi.cases.rows import models_of
from gongzhi.cases.worklists import LEVELS, PAGE, Page
from gongzhi.declare import Mechanism
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

FIGURE = "now.weight."
FIRST = datetime.min.replace(tzinfo=UTC), UUID(int=0)

# One weight at a time, since its keys rise while weights fall. Overdue is what fell due before now:
# the index knows the time, the table the word. The column is one of LEVELS or the unit.
OF_WEIGHT = """
SELECT to_jsonb(found)::text FROM (
    SELECT c.* FROM unnest(%(states)s::text[]) s (state)
    CROSS JOIN LATERAL (
        SELECT c.* FROM cases_case c
        WHERE c.{column} = %(within)s AND c.mechanism = %(mechanism)s AND c.weight = %(weight)s
          AND c.state = s.state AND c.is_open AND c.weight > 0
          AND (c.due_at, c.id) > (%(due)s, %(id)s) {late}
        ORDER BY c.due_at, c.id LIMIT %(most)s) c
    ORDER BY c.due_at, c.id LIMIT %(most)s) found
ORDER BY due_at, id
"""
LATE = "AND c.overdue AND c.due_at <= %(now)s"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them: weights and states (empty: all that are open), perhaps only what is late."""

    weights: Sequence[int]
    states: Sequence[str] = ()
    overdue_at: datetime | None = None


def _key(case: Case) -> str:
    due = case.due_at or FIRST[0]  # an open case has one
    return f"{case.weight}_{due.isoformat()}_{case.id}"


def _read_key(text: str) -> tuple[int, datetime, UUID] | None:
    try:
        weight, due, id_ = text.split("_")
        return int(weight), datetime.fromisoformat(due), UUID(id_)
    except ValueError:
        return None


def _of_weight(asked: Mapping[str, Any], column: str, *, late: bool) -> list[Case]:
    with connection.cursor() as cursor:
        cursor.execute(OF_WEIGHT.format(column=column, late=LATE if late else ""), asked)
        return models_of(Case, [orjson.loads(row) for (row,) in cursor.fetchall()])


def page(
    mechanism: Mechanism, by: Holder, place: str, wanted: Wanted, *, after: str = "",
    size: int = PAGE,
) -> Page:  # fmt: skip
    """What lies in a place within the post's scope; where a post sees no place, its unit's."""
    here = place if place.startswith(by.place) else by.place
    column, of = (LEVELS[len(here)], here) if by.sees_place else ("unit", by.unit)
    asked = {
        "within": of, "mechanism": mechanism.name, "now": wanted.overdue_at,
        "states": [*wanted.states] or [s.name for s in mechanism.states if not s.final],
    }  # fmt: skip
    key = _read_key(after)
    found: list[Case] = []
    with within(by.scope):
        for weight in sorted(wanted.weights, reverse=True):
            if key is not None and weight > key[0]:
                continue
            due, id_ = key[1:] if key is not None and weight == key[0] else FIRST
            one = {**asked, "weight": weight, "due": due, "id": id_, "most": size + 1 - len(found)}
            found += _of_weight(one, column, late=wanted.overdue_at is not None)
            if len(found) > size:
                return Page(found[:size], _key(found[size - 1]))
    return Page(found, None)


def numbers(mechanism: Mechanism, by: Holder, places: Sequence[str]) -> dict[str, dict[int, int]]:
    """How many open cases of each weight there are in each place: counted, not looked for."""
    with within(by.scope):
        found = stocks(places, (f"{FIGURE}%",), mechanism=mechanism.name)
    return {
        place: {int(name.removeprefix(FIGURE)): n for name, n in of.items() if n}
        for place, of in found.items()
    }
