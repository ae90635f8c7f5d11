"""What a phone sends: operations in order, each with its key, and their photos by that key."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from gongzhi.ui.offline import Operation

MOST = 1_000  # operations in one request
LONGEST_KEY = 64


class Unreadable(ValueError):
    """手机发来的内容无法读取，请更新后再发送；记录仍在手机上。"""


def _moment(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _operation(
    one: Mapping[str, Any], skew: timedelta, now: datetime, request: HttpRequest
) -> Operation:
    key, data = str(one["key"]), one["data"]
    if not 0 < len(key) <= LONGEST_KEY or not isinstance(data, dict):
        raise ValueError(key)
    return Operation(
        key=key, kind=str(one["kind"]), post=UUID(one["post"]),
        at=min(_moment(one["at"]) + skew, now), skew=round(skew.total_seconds()), data=data,
        files=request.FILES.getlist(key),
    )  # fmt: skip


def read(request: HttpRequest, now: datetime) -> list[Operation]:
    """Operations in the order in which they were done. Raises Unreadable."""
    try:
        told = json.loads(request.POST.get("operations", ""))
        if not isinstance(told, list) or len(told) > MOST:
            raise ValueError(told)
        skew = now - _moment(request.POST.get("sent_at"))
        return [_operation(one, skew, now, request) for one in told]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise Unreadable from None
