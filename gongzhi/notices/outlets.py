"""Adds, tries, pauses and ends outlets: of a unit by whoever manages it, one's own by oneself."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.models import Outlet
from gongzhi.notices.wording import trial
from gongzhi.people.permissions import SETTERS
from gongzhi.people.posts import Holder
from gongzhi.people.sealing import needs_rotation, reseal, seal, unseal

SEALED = ("address", "secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An outlet as it is asked for; `own` is for oneself, otherwise for the whole unit."""

    kind: str
    address: str
    secret: str = ""
    language: str = "zh-hans"
    own: bool = False


def about(id_: UUID, field: str) -> str:
    return f"outlet/{id_}/{field}"


def opened(outlet: Outlet) -> tuple[str, str]:
    """Address and secret in clear, for sending. Raises SealBroken."""
    address = unseal(bytes(outlet.address), about=about(outlet.id, "address"))
    secret = unseal(bytes(outlet.secret), about=about(outlet.id, "secret")) if outlet.secret else ""
    return address, secret


def manages(by: Holder) -> bool:
    return by.kind in SETTERS


def outlets_of(by: Holder) -> QuerySet[Outlet]:
    """Those of the unit and one's own, those in use first; other people's own are theirs."""
    mine = Q(account=None) | Q(account=by.account)
    return Outlet.objects.filter(mine, unit=by.unit).order_by("-valid_to", "valid_from")


def outlet_for(by: Holder, id_: UUID) -> Outlet:
    """One in use that this person may change. Raises Refused."""
    found = outlets_of(by).filter(id=id_, valid_to=None).first()
    if found is None or (found.account is None and not manages(by)):
        raise Refused(_("没有这个通知渠道，或者不归您设定。"))
    return found


def add(wanted: Wanted, *, now: datetime, by: Holder) -> tuple[Outlet, str]:
    """From now on; with the secret that was made for it, which is told once. Raises Refused."""
    adapter = ADAPTERS.get(wanted.kind)
    if adapter is None or not adapter.offered():
        raise Refused(_("本系统没有配置这种通知渠道。"))
    if not wanted.own and not manages(by):
        raise Refused(_("本单位的通知渠道由领导或管理员设定。"))
    if not adapter.fits(wanted.address):
        raise Refused(_("地址不正确，或者指向内部网络。"))
    made = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode() if adapter.signs else ""
    secret = made or (wanted.secret if adapter.asks else "")
    id_ = uuid4()
    outlet = Outlet.objects.create(
        id=id_, unit=by.unit, account=by.account if wanted.own else None, kind=wanted.kind,
        address=seal(wanted.address, about=about(id_, "address")),
        secret=seal(secret, about=about(id_, "secret")) if secret else None,
        shown=adapter.shown(wanted.address), language=wanted.language, valid_from=now,
        set_by=by.post,
    )  # fmt: skip
    return outlet, made


def pause(id_: UUID, *, now: datetime, by: Holder) -> None:
    """What is given meanwhile is not sent; what was on its way waits. Raises Refused."""
    outlet = outlet_for(by, id_)
    outlet.paused_at = None if outlet.paused_at else now
    outlet.save(update_fields=["paused_at"])


def end(id_: UUID, *, now: datetime, by: Holder) -> None:
    """What was on its way is given up. Raises Refused."""
    outlet = outlet_for(by, id_)
    outlet.valid_to, outlet.ended_by = now, by.post
    outlet.save(update_fields=["valid_to", "ended_by"])


def attempt(id_: UUID, *, by: Holder) -> None:
    """Send a notice of no case, at once. Raises Refused, NotDelivered."""
    outlet = outlet_for(by, id_)
    address, secret = opened(outlet)
    ADAPTERS[outlet.kind].send(address, secret, trial(uuid4().hex, outlet.language))


def rotate() -> int:
    """Reseal what an older key sealed. Returns how many."""
    changed = 0
    for outlet in Outlet.objects.using("owner").iterator():
        for field in SEALED:
            body = getattr(outlet, field)
            if body is not None and needs_rotation(bytes(body)):
                setattr(outlet, field, reseal(bytes(body), about=about(outlet.id, field)))
                changed += 1
        with transaction.atomic(using="owner"):
            outlet.save(using="owner", update_fields=SEALED)
    return changed
