"""Accidents for tests: what is told of one, and how it is recorded."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gongzhi.mechanisms.safety.models import Accident
from gongzhi.mechanisms.safety.registers import accidents
from gongzhi.mechanisms.safety.tests.register import VILLAGE
from gongzhi.people.posts import Holder

USUAL: dict[str, Any] = {
    "place": VILLAGE, "industry": "C33", "kind": "machine", "deaths": 0, "injured": 1,
}  # fmt: skip


def happened(by: Holder, at: datetime | None = None, **facts: Any) -> Accident:
    now = timezone.now()
    told = {**USUAL, "at": at or now - timedelta(days=1), **facts}
    return accidents.record(told, now=now, by=by)
