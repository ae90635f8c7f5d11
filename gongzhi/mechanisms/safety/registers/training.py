"""Training material 培训材料: which links a firm is shown, and who gives them."""

from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Enterprise, Site, Training
from gongzhi.mechanisms.safety.registers import sites
from gongzhi.mechanisms.safety.registers.editions import on_day
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, span

SECURE: Final = "https://"


def gives(by: Holder, place: str) -> bool:
    """Leaders and administrators of the county and above."""
    return may_set(by, Level.COUNTY, place)


def add(row: Training, *, by: Holder, now: datetime) -> None:
    """Raises Refused."""
    if not gives(by, row.place):
        raise Refused(_("培训材料由县级以上的领导、管理员提供。"))
    if not row.url.lower().startswith(SECURE):
        raise Refused(_("请写 https:// 开头的网址。"), field="url")
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise Refused(_("停用日期要在起用日期以后。"), field="valid_to")
    row.account, row.post, row.entered_at = by.account, by.post, now
    row.save(force_insert=True)


def end(row: Training, *, by: Holder, now: datetime) -> None:
    """From today on it is not shown. Raises Refused."""
    if not gives(by, row.place):
        raise Refused(_("培训材料由县级以上的领导、管理员提供。"))
    Training.objects.filter(id=row.id).update(valid_to=timezone.localdate(now))


def given_in(by: Holder, today: date) -> QuerySet[Training]:
    """Of this place, above and below it, not over."""
    low, high = span(by.place)
    here = Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(by.place))
    found = Training.objects.filter(here).exclude(valid_to__lte=today)
    return found.order_by("place", "-valid_from", "title")


def for_firm(firm: Enterprise, today: date) -> list[Training]:
    """What concerns its industry and, where a link names facts, any of its sites."""
    own: list[Site] = sites.of_firm(firm)
    known = {fact for site in own for fact in site.facts}
    places = {p for of in (firm.place, *(s.place for s in own)) for p in (*ancestors(of), of)}
    found = Training.objects.filter(
        on_day(today),
        Q(industries=[]) | Q(industries__overlap=[firm.industry, firm.industry[:1]]),
        Q(facts=[]) | Q(facts__overlap=sorted(known)),
        place__in=places,
    )
    return list(found.order_by("-valid_from", "title"))
