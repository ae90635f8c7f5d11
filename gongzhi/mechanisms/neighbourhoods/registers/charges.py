"""The six-level team 六级邻里先锋队 over a building: who answers at each rung, and where nobody.

Who holds a post is the kernel's: people change, posts stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Building, Charge
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, RUNGS
from gongzhi.people.models import Appointment, Post
from gongzhi.people.posts import current as appointed


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
