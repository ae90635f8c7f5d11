"""Counts of a month for tests, as the rollups hold them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connections

from gongzhi.cases import catalogue
from gongzhi.declare import registry

MONTH = "2026-01"
PUBLISHED = datetime(2026, 2, 5, tzinfo=UTC)


def counted(
    mechanism: str, of: Mapping[str, int], figure: str = "reported", month: str = MONTH
) -> None:
    """Adds to what was counted in places."""
    with connections["owner"].cursor() as owner:
        owner.executemany(
            "INSERT INTO cases_monthly AS c (place, mechanism, figure, month, n)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (month, place, figure, mechanism)"
            " DO UPDATE SET n = c.n + EXCLUDED.n",
            [(place, mechanism, figure, month, n) for place, n in of.items()],
        )


def of(mechanism: str, kind: str) -> str:
    return str(catalogue.every(registry.get(mechanism))[kind])
