"""Which villages a contact point serves, which none does, and how far it is.

Villages have no coordinates in the data: a village counts as lying at the seat of its town, and
distances are straight lines. Every page that shows one says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.mediation.models import Served
from gongzhi.mechanisms.mediation.network import sites
from gongzhi.mechanisms.mediation.network.sites import Known
from gongzhi.people.models import Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.places.distance import Spot, km
from gongzhi.places.levels import span
from gongzhi.places.models import Division


@dataclass(frozen=True, slots=True)
class Offer:
    """A site as seen from a place: `km` is None where either has no coordinates.

    `same_town`: both are only known to be in this town, so that a distance would be made up.
    """

    site: Known
    km: float | None
    same_town: bool = False

    @property
    def order(self) -> tuple[float, int, str]:
        """The nearest first; at one distance the kinds in the order of the register."""
        far = 0.0 if self.same_town else inf if self.km is None else self.km
        return far, sites.KINDS.index(self.site.unit.kind), self.site.unit.name


def seen_from(place: str, seat: Spot | None, site: Known) -> Offer:
    same = site.at_seat and len(place) >= 9 and site.unit.place.startswith(place[:9])
    far = km(seat, site.spot) if seat and site.spot and not same else None
    return Offer(site, far, same)


@dataclass(frozen=True, slots=True)
class Village:
    code: str
    points: Sequence[Offer] = ()


@dataclass(slots=True)
class Part:
    """A town (or county) with its villages."""

    code: str
    villages: list[Village] = field(default_factory=list)

    @property
    def served(self) -> int:
        return sum(bool(v.points) for v in self.villages)

    @property
    def unserved(self) -> list[Village]:
        return [v for v in self.villages if not v.points]


def villages_in(place: str) -> list[str]:
    low, high = span(place)
    rows = Division.objects.filter(level=5, code__gte=low, code__lt=high, valid_to=None)
    return list(rows.order_by("code").values_list("code", flat=True))


def coverage(place: str, *, digits: int) -> list[Part]:
    """The villages of a place with the points that serve them, in parts of so many digits."""
    low, high = span(place)
    rows = Served.objects.filter(village__gte=low, village__lt=high, served_to=None)
    points = _points({r.unit for r in rows})
    serving: dict[str, list[Known]] = {}
    for row in rows:
        if row.unit in points:
            serving.setdefault(row.village, []).append(points[row.unit])
    codes = villages_in(place)
    seats = sites.seats(c[:9] for c in codes)
    parts: dict[str, Part] = {}
    for code in codes:
        offers = [seen_from(code, seats.get(code[:9]), p) for p in serving.get(code, ())]
        part = parts.setdefault(code[:digits], Part(code[:digits]))
        part.villages.append(Village(code, sorted(offers, key=lambda o: o.order)))
    return list(parts.values())


def _points(ids: set[UUID]) -> Mapping[UUID, Known]:
    units = Unit.objects.filter(id__in=ids, valid_to=None)
    return {k.unit.id: k for k in sites.known(list(units))}


def points_for(village: str) -> list[Offer]:
    """The contact points of the village's county, the nearest first."""
    seat = sites.seats([village[:9]]).get(village[:9])
    found = sites.find(village[:6], ["contact_point"])
    return sorted((seen_from(village, seat, p) for p in found), key=lambda o: o.order)


def near(place: str) -> list[Offer]:
    """All sites that somebody of this place may turn to: its own, and those of its county."""
    seat = sites.seats([place[:9]]).get(place[:9])
    found = sites.find(place[:6])
    # A village is not sent to the committee of another village, nor a town to another's office.
    local = ("mediation_committee", "judicial_office", "governance_centre", "station")
    mine = [
        k for k in found
        if k.unit.kind not in local or place.startswith(k.unit.place)
        or k.unit.place.startswith(place)
    ]  # fmt: skip
    return sorted((seen_from(place, seat, k) for k in mine), key=lambda o: o.order)


def serving(place: str) -> set[UUID]:
    """The units whose contact point serves this village."""
    return set(Served.objects.filter(village=place, served_to=None).values_list("unit", flat=True))


def villages_of(unit: Unit) -> list[str]:
    rows = Served.objects.filter(unit=unit.id, served_to=None).order_by("village")
    return list(rows.values_list("village", flat=True))


def serve(unit: Unit, village: str, *, by: Holder, on: date) -> None:
    """The point serves the village from this day. Raises Refused."""
    allowed = sites.may_edit(by, village)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)
    if unit.kind != "contact_point" or unit.valid_to is not None:
        raise Refused(_("只有正在开放的法官联络点可以联系村（社区）。"))
    if len(village) != 12 or not village.startswith(unit.place[:6]):
        raise Refused(_("联络点只联系本县（区）的村（社区）。"))
    if not Division.objects.filter(code=village, valid_to=None).exists():
        raise Refused(_("没有这个村（社区）。"))
    Served.objects.get_or_create(
        unit=unit.id, village=village, served_to=None, defaults={"served_from": on}
    )


def stop_serving(unit: Unit, village: str, *, by: Holder, on: date) -> None:
    """Raises Refused."""
    allowed = sites.may_edit(by, village)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)
    Served.objects.filter(unit=unit.id, village=village, served_to=None).update(served_to=on)


def set_villages(unit: Unit, villages: set[str], *, by: Holder, on: date) -> None:
    """The point serves these and no others. Raises Refused, having changed nothing."""
    before = set(villages_of(unit))
    with transaction.atomic():
        for village in sorted(villages - before):
            serve(unit, village, by=by, on=on)
        for village in sorted(before - villages):
            stop_serving(unit, village, by=by, on=on)
