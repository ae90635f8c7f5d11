"""What the database lets a transaction see: the last wall, set as literals per transaction.

PostgreSQL's row-level security reads these settings. They are written as literal `SET LOCAL`
because sharded installations pass only literals on (see docs/adr); nothing set means nothing seen.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from gongzhi.places.levels import span


@dataclass(frozen=True, slots=True)
class Scope:
    """A subtree of places, some units, one case: the union of them is seen.

    `ids` are all the identities of who looks (account, post, unit): a case that complains about
    one of them is never seen, whatever the rest says.
    """

    place: str | None = None
    units: tuple[UUID, ...] = ()
    case: UUID | None = None
    ids: tuple[UUID, ...] = ()


def _array(ids: Sequence[UUID]) -> str:
    return "{" + ",".join(str(i) for i in ids) + "}"


@lru_cache(maxsize=1_000)
def statement(scope: Scope) -> str:
    """The SET LOCAL statements of a scope, safely quoted, as one string for one round trip."""
    low, high = span(scope.place) if scope.place is not None else ("~", "~")
    values = {
        "app.low": low,
        "app.high": high,
        "app.units": _array(scope.units),
        "app.matter": str(scope.case or "00000000-0000-0000-0000-000000000000"),
        "app.ids": _array(scope.ids),
    }
    return "; ".join(
        f"SET LOCAL {name} = {sql.Literal(value).as_string()}" for name, value in values.items()
    )


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """A transaction that sees only what the scope allows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement(scope))
        yield


def asked(scope: Scope, question: str, params: Sequence[Any]) -> tuple[Any, ...]:
    """The first row of one SELECT within the scope, in one round trip.

    Statements that are sent together are one transaction.
    """
    with connection.cursor() as cursor:
        said = statement(scope).replace("%", "%%")
        cursor.execute(f"{said}; {question}", params)
        while cursor.nextset():
            pass
        row: tuple[Any, ...] = cursor.fetchone()
    return row
