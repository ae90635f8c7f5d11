"""The six-level team 六级邻里先锋队 over a building: who answers at each rung, and where nobody.

Who holds a post is the kernel's: people change, posts stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Building, Charge, Grid
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, GRID_HEAD, RUNGS
from gongzhi.people.models import Appointment, Post
from gongzhi.people.posts import current as appointed

# Rungs over the whole of a community; below them a grid has its head, a building its chief.
WHOLE = tuple(name for name in RUNGS if name not in {GRID_HEAD, CHIEF})


@dataclass(frozen=True, slots=True)
class Answering:
    """A post on a rung, and who holds it today; `name` is empty while it is vacant."""

    charge: Charge
    post: Post
    name: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the chain over a building, with whoever stands on it, deputies last."""

    name: str
    answering: list[Answering]

    @property
    def label(self) -> str:
        return str(RUNGS[self.name])

    @property
    def vacant(self) -> bool:
        return not any(a.name for a in self.answering)


def held(posts: Iterable[UUID], now: datetime) -> dict[UUID, str]:
    """Who holds these posts, deputies where the post is vacant."""
    found = Appointment.objects.filter(appointed(now), post__in=list(posts))
    return dict(found.order_by("-deputy").values_list("post", "account__name"))


def standing() -> Q:
    """Charges that are not over."""
    return Q(held_to__isnull=True) | Q(held_to__gt=timezone.localdate())


def answering(charges: Iterable[Charge], *, now: datetime) -> list[Answering]:
    """With post and holder, in the order of deputies; posts that are over are left out."""
    every = list(charges)
    found = Post.objects.filter(id__in={c.post for c in every}, valid_to=None)
    posts = {p.id: p for p in found.select_related("unit")}
    names = held(posts, now)
    known = [Answering(c, posts[c.post], names.get(c.post, "")) for c in every if c.post in posts]
    return sorted(known, key=lambda a: (a.charge.deputy, a.post.title))


def chain(of: Building, *, now: datetime) -> list[Rung]:
    """All six rungs over a building, the highest first, vacant ones too."""
    over = Charge.objects.filter(
        Q(building=of) | Q(grid=of.grid_id) | Q(community=of.community, grid=None, building=None),
        standing(),
    )
    found = answering(over, now=now)
    return [Rung(name, [a for a in found if a.charge.rung == name]) for name in RUNGS]


def chief(of: Building, *, now: datetime) -> Answering | None:
    """Whoever is told first of what is wrong there: the chief in office, else a deputy who is,
    else the vacant post; nothing where there is no post."""
    over = answering(Charge.objects.filter(standing(), building=of, rung=CHIEF), now=now)
    return next((a for a in over if a.name), next(iter(over), None))


def of_whole(community: str) -> QuerySet[Charge]:
    """All there were over the whole of a community; a grid's and a building's are their own."""
    return Charge.objects.filter(community=community, grid=None, building=None)


def over_community(community: str, *, now: datetime) -> list[Rung]:
    found = answering(of_whole(community).filter(standing()), now=now)
    return [Rung(name, [a for a in found if a.charge.rung == name]) for name in WHOLE]


def over_grids(grids: Iterable[Grid], *, now: datetime) -> dict[UUID | None, list[Answering]]:
    """The heads of grids, by grid."""
    found = answering(Charge.objects.filter(standing(), grid__in=list(grids)), now=now)
    by_grid: dict[UUID | None, list[Answering]] = {}
    for one in found:
        by_grid.setdefault(one.charge.grid_id, []).append(one)
    return by_grid


def chiefs_of(buildings: Iterable[Building], *, now: datetime) -> dict[UUID | None, Answering]:
    """For each building whoever is told first there; see chief()."""
    over = Charge.objects.filter(standing(), building__in=list(buildings), rung=CHIEF)
    by_building: dict[UUID | None, Answering] = {}
    for one in answering(over, now=now):
        known = by_building.get(one.charge.building_id)
        if known is None or (one.name and not known.name):
            by_building[one.charge.building_id] = one
    return by_building


def in_office(now: datetime) -> Q:
    """Charges whose post somebody holds now."""
    held_now = Appointment.objects.filter(appointed(now), post__valid_to=None)
    return Q(post__in=held_now.values("post"))


def without_chief(found: QuerySet[Building], *, now: datetime) -> QuerySet[Building]:
    """Those of some buildings where nobody is chief or deputy in office."""
    there = Charge.objects.filter(standing(), in_office(now), building=OuterRef("pk"), rung=CHIEF)
    return found.filter(~Exists(there))


def without_head(found: QuerySet[Grid], *, now: datetime) -> QuerySet[Grid]:
    there = Charge.objects.filter(standing(), in_office(now), grid=OuterRef("pk"))
    return found.filter(~Exists(there))


def lacking(communities: Iterable[str], *, now: datetime) -> dict[str, list[str]]:
    """Which rungs over the whole of these communities nobody holds, those with none left out."""
    asked = list(communities)
    whole = Charge.objects.filter(
        standing(), in_office(now), community__in=asked, grid=None, building=None
    )
    there = set(whole.values_list("community", "rung"))
    found = {c: [r for r in WHOLE if (c, r) not in there] for c in asked}
    return {c: rungs for c, rungs in found.items() if rungs}
