"""Purposes of registering 登记目的: what residents are asked for, why, on what basis, how long.

A purpose is never changed, since what residents agreed to must not change: it ends, and what was
registered for it goes; another is made anew. Sources: PIPL Art. 6, 14, 17, 19 (docs/law).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Purpose
from gongzhi.mechanisms.neighbourhoods.registers import answers
from gongzhi.mechanisms.neighbourhoods.registers.buildings import must_keep
from gongzhi.people.posts import Holder
from gongzhi.places.city import facts
from gongzhi.places.levels import ancestors, span

CONTACT: Final = UUID("00000000-0000-0000-0000-00000000c047")  # made by migrations/residents.sql
LONGEST = 1_095  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A purpose as it is asked for; `sensitive` besides those fields that are so anyway."""

    name: str
    why: str
    basis: str
    place: str
    fields: Iterable[str]
    sensitive: Iterable[str] = ()
    keep_days: int
    ends_on: date | None = None
    campaign: UUID | None = None
    name_en: str = ""
    why_en: str = ""
    basis_en: str = ""


def holding(on: date | None = None) -> Q:
    """Purposes for which one may register today; the last day counts."""
    today = on or timezone.localdate()
    return Q(valid_from__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))


def _over(place: str) -> list[str]:
    """Where a purpose may stand to hold in a place; the empty one is everywhere."""
    return ["", *ancestors(place), place]


def offered(place: str, on: date | None = None) -> QuerySet[Purpose]:
    """What residents of a place may register for."""
    return Purpose.objects.filter(holding(on), place__in=_over(place)).order_by("valid_from", "id")


def of_place(place: str) -> QuerySet[Purpose]:
    """Those that hold in a place or in a part of it."""
    low, high = span(place)
    here = Q(place__in=_over(place)) | Q(place__gte=low, place__lt=high)
    return Purpose.objects.filter(holding(), here).order_by("valid_from", "id")


def home(purpose: Purpose) -> str:
    """Whose it is: one that holds everywhere is the city's."""
    return purpose.place or facts(settings.CONFIG.city).code


def kept_until(purpose: Purpose, registered: date) -> date:
    """The last day on which a registration of that day is kept."""
    last = registered + timedelta(days=purpose.keep_days)
    return min(last, purpose.ends_on) if purpose.ends_on else last


def declare(wanted: Wanted, *, now: datetime, by: Holder) -> Purpose:
    """From today on. Raises Refused."""
    must_keep(by, wanted.place)
    asked, today = answers.of(wanted.fields), timezone.localdate(now)
    if not asked:
        raise Refused(_("请选至少一项要登记的内容。"), field="fields")
    names = {kind.name for kind in asked}
    if "notices" in names and not names & set(answers.CHANNELS.values()):
        raise Refused(_("要给居民发公告，请同时登记电话或者电子邮箱。"), field="fields")
    if not 1 <= wanted.keep_days <= LONGEST:
        raise Refused(_("保存天数是 1 至 1095 天。"), field="keep_days")
    if wanted.ends_on is not None and wanted.ends_on < today:
        raise Refused(_("结束日期不能早于今天。"), field="ends_on")
    apart = set(wanted.sensitive)
    return Purpose.objects.create(
        name=wanted.name, name_en=wanted.name_en, why=wanted.why, why_en=wanted.why_en,
        basis=wanted.basis, basis_en=wanted.basis_en, place=wanted.place,
        fields=[k.name for k in asked],
        sensitive=[k.name for k in asked if k.apart or k.name in apart],
        keep_days=wanted.keep_days, campaign=wanted.campaign, valid_from=today,
        ends_on=wanted.ends_on, account=by.account, post=by.post,
    )  # fmt: skip


def end(id_: UUID, *, now: datetime, by: Holder) -> Purpose:
    """Today is its last day; what was registered for it goes in the night. Raises Refused."""
    found = Purpose.objects.filter(holding(), id=id_).first()
    if found is None:
        raise Refused(_("这个登记目的已经结束。"))
    must_keep(by, home(found))
    found.ends_on = timezone.localdate(now)
    found.save(update_fields=["ends_on"])
    return found


def end_with(campaign: UUID, on: date) -> int:
    """Purposes of a campaign that ends that day, whatever day was meant before."""
    mine = Purpose.objects.filter(campaign=campaign)
    return mine.filter(Q(ends_on=None) | Q(ends_on__gt=on)).update(ends_on=on)
