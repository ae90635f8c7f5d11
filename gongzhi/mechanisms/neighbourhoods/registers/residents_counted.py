"""How many are registered in which building: counted as they come and go, never by scanning."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connections

from gongzhi.mechanisms.neighbourhoods.models import Registered, RegisteredCount
from gongzhi.mechanisms.neighbourhoods.registers import answers

Figure = tuple[UUID, UUID, str]  # building, purpose, kind of need; empty for all persons
PERSONS = ""

_COUNT = """
    INSERT INTO neighbourhoods_registeredcount AS c (building, purpose, kind, n)
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::int[])
    ON CONFLICT (building, purpose, kind) DO UPDATE SET n = c.n + excluded.n
"""


def figures(row: Registered, said: Mapping[str, Any]) -> Counter[Figure]:
    """What one registration adds."""
    needs = [kind.name for kind in answers.of(said) if kind.sensitive]
    return Counter((row.building_id, row.purpose_id, kind) for kind in (PERSONS, *needs))


def count(more: Counter[Figure], *, alias: str = "default") -> None:
    """In the transaction of what is counted; always in the same order, so that none waits in vain
    for another."""
    rows = sorted((str(b), str(p), kind, n) for (b, p, kind), n in more.items() if n)
    if rows:
        with connections[alias].cursor() as cursor:
            cursor.execute(_COUNT, [list(column) for column in zip(*rows, strict=True)])


def counted(buildings: Iterable[UUID]) -> dict[UUID, Counter[tuple[UUID, str]]]:
    """By building, then by purpose and kind."""
    found: dict[UUID, Counter[tuple[UUID, str]]] = {}
    rows = RegisteredCount.objects.filter(building__in=list(buildings), n__gt=0)
    for building, purpose, kind, n in rows.values_list("building", "purpose", "kind", "n"):
        found.setdefault(building, Counter())[purpose, kind] = n
    return found
