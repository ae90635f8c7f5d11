"""Keeps, in a browser, which case its owner has shown number and phone of.

A sealed cookie and no session: a report writes nothing but the report.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gongzhi.people.posts import Resident
from gongzhi.people.sealing import SealBroken, seal, unseal

COOKIE = "tracked"
ABOUT = "portal/tracked"
KEPT_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Kept:
    """A resident and the number of their case; the code, if it was given just now."""

    resident: Resident
    case: UUID
    number: str
    code: str = ""


def keep(response: HttpResponse, case: UUID, tail: bytes, number: str, code: str = "") -> None:
    until = timezone.now() + KEPT_FOR
    said = json.dumps([str(case), tail.hex(), number, until.isoformat(), code])
    response.set_cookie(
        COOKIE, urlsafe_b64encode(seal(said, about=ABOUT)).decode(), max_age=KEPT_FOR,
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def kept_in(request: HttpRequest) -> Kept | None:
    """None when nothing was kept, or what was kept is too old or not of our making."""
    try:
        said = unseal(urlsafe_b64decode(request.COOKIES.get(COOKIE, "")), about=ABOUT)
    except (SealBroken, ValueError):
        return None
    case, tail, number, until, code = json.loads(said)
    if datetime.fromisoformat(until) < timezone.now():
        return None
    return Kept(Resident(case=UUID(case), tail=bytes.fromhex(tail)), UUID(case), number, code)


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
