"""The register of firms and sites: which sites there are, and what may be changed of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Check, Enterprise, Site
from gongzhi.mechanisms.safety.registers import changes, likeness
from gongzhi.mechanisms.safety.registers.kinds import COLOURS
from gongzhi.people.posts import Holder
from gongzhi.places.coordinates import to_wgs84
from gongzhi.places.distance import Spot
from gongzhi.places.maps import is_inside
from gongzhi.places.names import name_of

FACTS: Final = (
    "name", "name_en", "place", "address", "longitude", "latitude", "facts", "colour",
)  # fmt: skip
GRAVEST: Final = {colour: n for n, colour in enumerate(COLOURS)}


def current(on: date | None = None) -> Q:
    """Rows that are not over."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on or timezone.localdate())


def site(id_: UUID) -> Site | None:
    """One that is not over, whoever asks: the code at its gate is for all to scan."""
    return Site.objects.filter(current(), id=id_).select_related("enterprise").first()


def of_firm(row: Enterprise) -> list[Site]:
    """The gravest first."""
    found = row.sites.filter(current()).select_related("enterprise")
    return sorted(found, key=lambda s: (GRAVEST[s.colour], s.name))


def in_place(place: str) -> QuerySet[Site]:
    found = Site.objects.filter(current(), place__startswith=place)
    return found.select_related("enterprise").order_by("place", "enterprise__name", "name")


def placed(spot: Spot, system: str, place: str) -> Spot:
    """As WGS84, inside the county. Raises Refused."""
    found = to_wgs84(spot, system)
    if not is_inside(settings.CONFIG.city, place, found):
        raise Refused(
            _("%(x)s %(y)s 不在%(place)s；请核对坐标系，以及经度在前、纬度在后。")
            % {"x": found[0], "y": found[1], "place": name_of(place[:6])},
            field="longitude",
        )
    return found


def save(row: Site) -> None:
    """Raises Refused."""
    row.spot = likeness.of_address(row.address, likeness.Regions().of(row.place))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("这家企业已经有同名的场所。"), field="name") from None


def add(row: Site, *, by: Holder, now: datetime) -> None:
    """A new site, from today on; who may is asked by whoever calls. Raises Refused."""
    row.valid_from = timezone.localdate(now)
    with transaction.atomic():
        save(row)
        facts = changes.given(row, FACTS)
        changes.note(row.enterprise, row.id, row.name, facts, by=by, now=now)


def change(row: Site, facts: Mapping[str, Any], *, by: Holder, now: datetime) -> bool:
    """Whether anything was different; who may is asked by whoever calls. Raises Refused."""
    changed = changes.differing(row, {n: facts[n] for n in FACTS if n in facts})
    if not changed:
        return False
    with transaction.atomic():
        save(row)
        changes.note(row.enterprise, row.id, row.name, changed, by=by, now=now)
    return True


def end(row: Site, *, by: Holder, now: datetime) -> None:
    """Its last day was yesterday, and nothing is to check; who may is asked by whoever calls."""
    today = timezone.localdate(now)
    with transaction.atomic():
        Check.objects.filter(site=row, done_at=None).delete()
        Site.objects.filter(id=row.id).update(valid_to=today)
        said = {"valid_to": [None, str(today)]}
        changes.note(row.enterprise, row.id, row.name, said, by=by, now=now)
