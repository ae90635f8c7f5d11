"""Erases registrations whose time is over: kept long enough, the purpose ended, moved out.

In sets and in the owner's name, like all erasing. What stays is that there was a registration, of
which household and purpose, and why and when it went; the reasons of who looked go by a trigger.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Registered
from gongzhi.mechanisms.neighbourhoods.registers.residents_counted import Figure, count, figures
from gongzhi.mechanisms.neighbourhoods.registers.residents_sealed import opened
from gongzhi.people.sealing import SealBroken

BATCH = 1_000

_DUE = """
    SELECT id, 'expired' FROM neighbourhoods_registered
    WHERE erased_at IS NULL AND expires_on < %(today)s
    UNION ALL
    SELECT r.id, 'ended' FROM neighbourhoods_purpose p
    JOIN neighbourhoods_registered r ON r.purpose_id = p.id
    WHERE p.ends_on < %(today)s AND r.erased_at IS NULL
    UNION ALL
    SELECT r.id, 'moved' FROM neighbourhoods_household h
    JOIN neighbourhoods_registered r ON r.household_id = h.id
    WHERE h.until <= %(today)s AND r.erased_at IS NULL
    LIMIT %(batch)s
"""
_ERASE = """
    UPDATE neighbourhoods_registered r
    SET name = NULL, phone = NULL, said = NULL, mail_index = NULL, sms_index = NULL, key = NULL,
        erased_at = %s, erased_why = d.why
    FROM unnest(%s::uuid[], %s::text[]) d(id, why) WHERE r.id = d.id
"""


def _due(now: datetime) -> dict[UUID, str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(_DUE, {"today": timezone.localdate(now), "batch": BATCH})
        return dict(cursor.fetchall())


def _gone(rows: Sequence[Registered]) -> Counter[Figure]:
    """What no longer counts. What cannot be opened any more is erased all the same."""
    found: Counter[Figure] = Counter()
    for row in rows:
        said: dict[str, Any] = {}
        with suppress(SealBroken):
            said = dict(opened(row).said)
        found.subtract(figures(row, said))
    return found


def erase_due(now: datetime) -> int:
    """All whose time is over. Returns how many."""
    erased = 0
    while due := _due(now):
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            kept = Registered.objects.using("owner").select_for_update()
            rows = list(kept.filter(id__in=due, erased_at=None).order_by("id"))
            ids = [row.id for row in rows]
            cursor.execute(_ERASE, [now, ids, [due[id_] for id_ in ids]])
            count(_gone(rows), alias="owner")
        erased += len(rows)
    return erased
