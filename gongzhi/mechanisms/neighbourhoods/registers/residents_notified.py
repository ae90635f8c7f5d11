"""Residents who get notices at an address of their own 用邮件、短信收公告: how many, and who still.

They agreed to it apart, and what they agreed to ends with the consent, the registration, the
purpose or when they move out: migrations/addresses.sql says who is left, each time.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, connections
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Mailing, Registered
from gongzhi.mechanisms.neighbourhoods.registers import answers
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach
from gongzhi.mechanisms.neighbourhoods.registers.residents_sealed import opened

OWNER: Final = "owner"
FEWEST: Final = (
    10  # addresses of residents that are counted; of fewer it is only said that they are
)


def reached(reach: Reach, channel: str, today: date) -> int | None:
    """How many addresses a notice would go to; nothing where there are fewer than FEWEST."""
    grid = reach.grid.id if reach.grid is not None else None
    building = reach.building.id if reach.building is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT notice_addresses_v1(%s, %s, %s, %s, %s)",
            [reach.place, grid, building, channel, today],
        )
        found: int | None = cursor.fetchone()[0]
    return found


def lay(of: Mailing, now: datetime) -> int:
    """All dispatches of a mailing to residents, in the caller's transaction. Returns how many."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT gz_lay_for_residents(%s, %s, %s)", [of.id, timezone.localdate(now), now]
        )
        laid: int = cursor.fetchone()[0]
    return laid


def who_still(ids: Iterable[UUID], now: datetime) -> dict[UUID, Registered]:
    """Those of these that may be sent to at this moment, sealed as they are."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM gz_notified(%s) WHERE id = ANY(%s)",
            [timezone.localdate(now), list(ids)],
        )
        left = [id_ for (id_,) in cursor.fetchall()]
    return Registered.objects.using(OWNER).select_related("household").in_bulk(left)


def address(row: Registered, channel: str) -> str:
    """In clear, for sending alone; nothing where this channel was not agreed to.

    Raises SealBroken.
    """
    return answers.notified(opened(row).said).get(channel, "")
