"""Who is chief of which road and section 路长责任, level by level, and where nobody is.

A charge over a road holds for those of its sections that lie in the post's place. Who holds the
post is the kernel's: people change, posts stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Charge, Road, Section
from gongzhi.mechanisms.roads.registers import roads
from gongzhi.mechanisms.roads.roles import CHIEFS
from gongzhi.people.models import Appointment, Post
from gongzhi.people.posts import Holder
from gongzhi.people.posts import current as appointed
from gongzhi.places.levels import level_of, span

LEVELS = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)


@dataclass(frozen=True, slots=True)
class Chief:
    """A post in charge, and who holds it today; `name` is empty while it is vacant."""

    charge: Charge
    post: Post
    name: str

    @property
    def level(self) -> Level:
        return level_of(self.post.place)


def _held(posts: Iterable[UUID], now: datetime) -> dict[UUID, str]:
    """Who holds these posts, deputies where the post is vacant."""
    found = Appointment.objects.filter(appointed(now), post__in=list(posts))
    named = found.order_by("-deputy").values_list("post", "account__name")
    return dict(named)


def _standing() -> Q:
    """Charges that are not over."""
    return Q(held_to__isnull=True) | Q(held_to__gt=timezone.localdate())


def chiefs_over(found: Iterable[Road], *, now: datetime) -> dict[UUID, list[Chief]]:
    """By road, all chiefs of it and of its sections, the highest first."""
    charges = list(Charge.objects.filter(_standing(), road__in=list(found)))
    posts = Post.objects.filter(id__in={c.post for c in charges}, valid_to=None)
    known = {p.id: p for p in posts.select_related("unit")}
    names = _held(known, now)
    by_road: dict[UUID, list[Chief]] = {}
    for charge in charges:
        if charge.post in known:
            chief = Chief(charge, known[charge.post], names.get(charge.post, ""))
            by_road.setdefault(charge.road_id, []).append(chief)
    for chiefs in by_road.values():
        chiefs.sort(key=lambda c: (c.level, c.post.place, c.post.title))
    return by_road


def of_section(section: Section, chiefs: Iterable[Chief]) -> list[Chief]:
    """Those of a road's chiefs who answer for one of its sections."""
    return [
        c for c in chiefs
        if c.charge.section in {None, section.id} and section.village.startswith(c.post.place)
    ]  # fmt: skip


def lowest(section: UUID, *, now: datetime) -> Chief | None:
    """The nearest chief in office: whoever is told first of what is wrong there."""
    found = roads.section(section)
    if found is None:
        return None
    over = chiefs_over([found.road], now=now).get(found.road_id, [])
    held = [c for c in of_section(found, over) if c.name]
    return max(held, key=lambda c: (c.level, c.charge.section is not None), default=None)


def posts_for(road: Road, by: Holder) -> QuerySet[Post]:
    """The posts of road chiefs that may be put in charge of a road, as far as one keeps it."""
    low, high = span(by.place)
    below = Q(place__gte=low, place__lt=high)
    over = Q(place__in=[by.place[:n] for n in (4, 6) if n < len(by.place)])
    found = Post.objects.filter(below | over, kind__in=CHIEFS, valid_to=None)
    return found.select_related("unit").order_by("place", "title")


def give(
    post: Post, road: Road, section: Section | None, *, by: Holder, now: datetime
) -> Charge:  # fmt: skip
    """Raises Refused."""
    roads.must_keep(by, section or road)
    places = [section.village] if section else [s.village for s in roads.of_road(road)]
    if places and not any(p.startswith(post.place) for p in places):
        raise Refused(_("这个岗位管的地方不在这条路（这一段）上。"), field="post")
    try:
        with transaction.atomic():
            charge = Charge.objects.create(
                post=post.id, road=road, section=section.id if section else None,
                held_from=timezone.localdate(now),
            )  # fmt: skip
            _noted(charge, post, {"held_to": ["", None]}, section, by=by, now=now)
    except IntegrityError:
        raise Refused(_("这个岗位已经是这里的路长。"), field="post") from None
    return charge


def end(charge: Charge, *, by: Holder, now: datetime) -> None:
    """From today on the post answers for it no longer. Raises Refused."""
    section = Section.objects.filter(id=charge.section).first() if charge.section else None
    roads.must_keep(by, section or charge.road)
    today = timezone.localdate(now)
    with transaction.atomic():
        Charge.objects.filter(id=charge.id, held_to=None).update(held_to=today)
        post = Post.objects.get(id=charge.post)
        _noted(charge, post, {"held_to": [None, str(today)]}, section, by=by, now=now)


def _noted(
    charge: Charge, post: Post, facts: dict[str, list[str | None]], section: Section | None, *,
    by: Holder, now: datetime,
) -> None:  # fmt: skip
    called = f"{post.title} · {section or charge.road}"
    roads.noted(charge.road, charge.id, called, facts, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Gap:
    """A level at which nobody answers for a road or section; `post` is the one that is vacant."""

    road: Road
    section: Section | None
    level: Level
    post: Post | None


def _gap(
    road: Road, section: Section | None, level: Level, chiefs: Sequence[Chief]
) -> Gap | None:  # fmt: skip
    here = [c for c in chiefs if c.level == level]
    if any(c.name for c in here):
        return None
    return Gap(road, section, level, here[0].post if here else None)


def gaps(place: str, *, now: datetime) -> list[Gap]:
    """Roads without a county chief in office, and sections without one of the village."""
    sections = list(roads.sections_in(place))
    every = {s.road_id: s.road for s in sections}
    over = chiefs_over(every.values(), now=now)
    found = []
    for road in every.values():
        here = [c for c in over.get(road.id, ()) if c.post.place.startswith(place[:6])]
        whole = [c for c in here if c.charge.section is None]
        found.append(_gap(road, None, Level.COUNTY, whole))
    for section in sections:
        chiefs = of_section(section, over.get(section.road_id, ()))
        found.append(_gap(section.road, section, Level.VILLAGE, chiefs))
    return [gap for gap in found if gap is not None]
