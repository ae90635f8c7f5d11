"""The register of sites 网点名册: which there are, and who may open, change and close them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import PlaceUnknown, Refused
from gongzhi.cases.models import Case, Task
from gongzhi.mechanisms.mediation.models import Mediator, Room, Served, Site, Visit
from gongzhi.people.models import Post, Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder, units_at
from gongzhi.people.scope import Scope, within
from gongzhi.places.levels import ancestors, span
from gongzhi.places.models import Division

KINDS = (
    "contact_point", "station", "studio", "mediation_committee",
    "judicial_office", "governance_centre", "tribunal", "court",
)  # fmt: skip
EDITING_POSTS = ("leader", "clerk", "administrator")
EDITING_UNITS = ("governance_centre", "court", "judicial_office")
SITE_FACTS = (
    "address", "longitude", "latitude", "located", "hours", "services", "named_after", "about",
)  # fmt: skip
UNIT_FACTS = ("name", "name_en", "phone")


@dataclass(frozen=True, slots=True)
class Known:
    """A unit, what the register knows of its site, and where to put it on a map.

    Without coordinates of its own it stands at the seat of its town, and `at_seat` says so.
    """

    unit: Unit
    site: Site
    longitude: float | None
    latitude: float | None
    at_seat: bool

    @property
    def spot(self) -> tuple[float, float] | None:
        if self.longitude is None or self.latitude is None:
            return None
        return self.longitude, self.latitude


def may_edit(by: Holder, place: str) -> Literal[True] | No:
    """Leaders, clerks and administrators of a centre, court or judicial office over the place."""
    if by.unit_kind not in EDITING_UNITS or by.kind not in EDITING_POSTS:
        return No(_("网点由综治中心、法院、司法所的分管领导、受理专员或管理员维护。"))
    if not place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def _must(by: Holder, place: str) -> None:
    allowed = may_edit(by, place)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def seats(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the seats of towns (or higher places) where they are known."""
    rows = Division.objects.filter(code__in=set(codes))
    found = rows.values_list("code", "longitude", "latitude")
    return {code: (x, y) for code, x, y in found if x is not None and y is not None}


def known(units: Sequence[Unit]) -> list[Known]:
    """What the register says of these units; a unit that it knows nothing of is shown too."""
    sites = Site.objects.in_bulk([u.id for u in units])
    towns = seats(u.place[:9] for u in units)
    found = []
    for unit in units:
        site = sites.get(unit.id) or Site(unit=unit.id)
        own = site.longitude is not None and site.latitude is not None
        x, y = (site.longitude, site.latitude) if own else towns.get(unit.place[:9], (None, None))
        found.append(Known(unit, site, x, y, at_seat=not own or site.located == "town"))
    return found


def find(place: str, kinds: Iterable[str] = KINDS) -> list[Known]:
    """The sites that are open in a place and below it, contact points first."""
    low, high = span(place)
    rows = Unit.objects.filter(
        place__gte=low, place__lt=high, kind__in=list(kinds), valid_to=None
    ).order_by("place", "name")
    return sorted(known(list(rows)), key=lambda k: (KINDS.index(k.unit.kind), k.unit.place))


def one(unit: UUID) -> Known | None:
    """An open site, whoever asks: the register is public."""
    found = Unit.objects.filter(id=unit, kind__in=KINDS, valid_to=None).first()
    return known([found])[0] if found else None


def rooms(unit: UUID) -> list[Room]:
    return list(Room.objects.filter(unit=unit, closed_on=None).order_by("name"))


def _split(facts: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}


def open_site(
    kind: str, place: str, facts: Mapping[str, Any], *, by: Holder, now: datetime
) -> Unit:
    """A new unit with its site. Raises Refused."""
    _must(by, place)
    if not Division.objects.filter(code=place, valid_to=None).exists():
        raise PlaceUnknown(field="place")
    if Unit.objects.filter(name=facts["name"], place=place, valid_to=None).exists():
        raise Refused(_("这里已经有一个同名的网点。"), field="name")
    with transaction.atomic():
        unit = Unit.objects.create(
            kind=kind,
            place=place,
            parent=_above(kind, place) or by.unit,
            valid_from=now,
            **_split(facts, UNIT_FACTS),
        )
        Site.objects.create(
            unit=unit.id, opened_on=timezone.localdate(now), **_split(facts, SITE_FACTS)
        )
    return unit


def _above(kind: str, place: str) -> UUID | None:
    """Whom it belongs to, and whom what is overdue goes to: the nearest centre, or its court."""
    of_court = kind in {"contact_point", "station", "tribunal"}
    own = {"governance_centre", "court"} & {kind}
    places = ancestors(place) if own else [*ancestors(place), place]
    found = units_at(places, ["court" if of_court or kind == "court" else "governance_centre"])
    return found[0].id if found else None


def change_site(unit: Unit, facts: Mapping[str, Any], *, by: Holder) -> None:
    """Raises Refused."""
    _must(by, unit.place)
    with transaction.atomic():
        Unit.objects.filter(id=unit.id).update(**_split(facts, UNIT_FACTS))
        Site.objects.update_or_create(unit=unit.id, defaults=_split(facts, SITE_FACTS))


def close_site(unit: Unit, *, by: Holder, now: datetime) -> None:
    """The unit ends today, and so does what hangs on it. Raises Refused."""
    _must(by, unit.place)
    if unit.id == by.unit:
        raise Refused(_("不能撤销自己所在的单位。"))
    if _has_work(unit.id):
        raise Refused(_("名下还有在办的案件或任务，请先办结或移交，再撤销。"))
    if Visit.objects.filter(unit=unit.id, cancelled_at=None, ends_at__gt=now).exists():
        raise Refused(_("还有未到的法官驻点日，请先取消，再撤销。"))
    today = timezone.localdate(now)
    with transaction.atomic():
        Unit.objects.filter(id=unit.id).update(valid_to=now)
        Post.objects.filter(unit=unit.id, valid_to=None).update(valid_to=now)
        Site.objects.update_or_create(unit=unit.id, defaults={"closed_on": today})
        Served.objects.filter(unit=unit.id, served_to=None).update(served_to=today)
        Room.objects.filter(unit=unit.id, closed_on=None).update(closed_on=today)


def _has_work(unit: UUID) -> bool:
    """Seen as the unit sees it, and never counted: a number could betray a case about who asks."""
    with within(Scope(units=(unit,))):
        held = Case.objects.filter(unit=unit, is_open=True).exists()
        return held or Task.objects.filter(unit=unit, done_at=None).exists()


def add_room(unit: Unit, name: str, *, by: Holder) -> None:
    """Raises Refused."""
    _must(by, unit.place)
    if Room.objects.filter(unit=unit.id, name=name, closed_on=None).exists():
        raise Refused(_("已经有这间调解室。"))
    Room.objects.create(unit=unit.id, name=name)


def close_room(unit: Unit, room: UUID, *, by: Holder, now: datetime) -> None:
    """What is booked in it stays booked. Raises Refused."""
    _must(by, unit.place)
    Room.objects.filter(id=room, unit=unit.id).update(closed_on=timezone.localdate(now))


def describe_mediator(post: Post, facts: Mapping[str, Any], *, by: Holder) -> None:
    """Raises Refused."""
    _must(by, post.unit.place)
    Mediator.objects.update_or_create(
        post=post.id, defaults=_split(facts, ("skills", "languages", "since", "about"))
    )
