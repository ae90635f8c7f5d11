"""Putting posts on the rungs of the six-level team, and taking them off; posts new for it too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Charge, Grid
from gongzhi.mechanisms.neighbourhoods.registers.buildings import must_keep, noted
from gongzhi.mechanisms.neighbourhoods.registers.charges import WHOLE, standing
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, GRID_HEAD, RUNGS, TEAM
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors

# Which kinds of posts may stand on a rung: a neighbour chief or the grid's people step in.
STANDING_IN: Final = {CHIEF: (CHIEF, GRID_HEAD, "grid_member")}
SECRETARY: Final = "community_secretary"


@dataclass(frozen=True, slots=True)
class Over:
    """What is answered for: a community, a grid of it or a building of it."""

    community: str
    grid: Grid | None = None
    building: Building | None = None

    @property
    def rungs(self) -> tuple[str, ...]:
        if self.building:
            return (CHIEF,)
        return (GRID_HEAD,) if self.grid else WHOLE

    @property
    def named(self) -> str:
        thing = self.building or self.grid
        return thing.name if thing else ""


def kinds_on(rung: str) -> tuple[str, ...]:
    return STANDING_IN.get(rung, (rung,))


def posts_for(over: Over) -> QuerySet[Post]:
    """The posts that may stand there: of this community and of the places above it."""
    kinds = [kind for rung in over.rungs for kind in kinds_on(rung)]
    places = [over.community, *ancestors(over.community)]
    found = Post.objects.filter(kind__in=kinds, place__in=places, valid_to=None)
    return found.select_related("unit").order_by("-place", "unit__name", "title")


def units_for(over: Over, by: Holder) -> QuerySet[Unit]:
    """Where a new post may be made: the building's own team, or an office one stands over."""
    if over.building:
        return Unit.objects.filter(id=over.building.team)
    places = [p for p in (over.community, *ancestors(over.community)) if p.startswith(by.place)]
    found = Unit.objects.filter(place__in=places, valid_to=None).exclude(kind=TEAM)
    return found.order_by("-place", "name")


def make_post(unit: Unit, rung: str, title: str, over: Over, *, now: datetime) -> Post:
    """A post that nobody holds yet. Only a community's own secretary sees all of the place."""
    return Post.objects.create(
        unit=unit, kind=rung, title=title, place=over.community, valid_from=now,
        sees_place=rung == SECRETARY and unit.place == over.community,
    )  # fmt: skip


def give(
    post: Post, rung: str, over: Over, *, deputy: int = 0, by: Holder, now: datetime
) -> Charge:  # fmt: skip
    """Raises Refused."""
    must_keep(by, over.community)
    if rung not in over.rungs or post.kind not in kinds_on(rung):
        raise Refused(_("这个岗位不能放在这一级。"), field="post")
    if deputy == 0 and _in_charge(rung, over).exclude(post=post.id).exists():
        raise Refused(_("这一级已经有人负责；先免去，或者排在代理里。"), field="deputy")
    try:
        with transaction.atomic():
            charge = Charge.objects.create(
                rung=rung, post=post.id, community=over.community, grid=over.grid,
                building=over.building, deputy=deputy, held_from=timezone.localdate(now),
            )  # fmt: skip
            _noted(charge, post, {"deputy": [None, deputy]}, by, now)
    except IntegrityError:
        raise Refused(_("这个岗位已经在这一级上。"), field="post") from None
    return charge


def put(
    over: Over, rung: str, post: Post | None, *, unit: Unit | None = None, title: str = "",
    deputy: int = 0, by: Holder, now: datetime,
) -> Charge:  # fmt: skip
    """A post that is there, or one made for it in a unit. Raises Refused."""
    with transaction.atomic():
        if post is None:
            must_keep(by, over.community)
            if unit is None or unit not in units_for(over, by):
                raise Refused(_("这个单位不在您的岗位范围内。"), field="unit")
            post = make_post(unit, rung, title, over, now=now)
        return give(post, rung, over, deputy=deputy, by=by, now=now)


def _in_charge(rung: str, over: Over) -> QuerySet[Charge]:
    """Several contact leaders and first secretaries may share a community; chiefs may not."""
    if rung in {CHIEF, GRID_HEAD, SECRETARY}:
        return Charge.objects.filter(
            standing(), rung=rung, community=over.community, grid=over.grid,
            building=over.building, deputy=0,
        )  # fmt: skip
    return Charge.objects.none()


def end(charge: Charge, *, by: Holder, now: datetime) -> None:
    """From today on the post answers for it no longer. Raises Refused."""
    must_keep(by, charge.community)
    today = timezone.localdate(now)
    with transaction.atomic():
        Charge.objects.filter(id=charge.id, held_to=None).update(held_to=today)
        _noted(charge, Post.objects.get(id=charge.post), {"held_to": [None, str(today)]}, by, now)


def _noted(
    charge: Charge, post: Post, facts: dict[str, list[object]], by: Holder, now: datetime
) -> None:  # fmt: skip
    """Beside what is answered for, where it is looked for."""
    thing = charge.building or charge.grid
    called = f"{RUNGS[charge.rung]} · {post.title}" + (f" · {thing.name}" if thing else "")
    what = thing.id if thing else charge.id
    noted(charge.community, what, called, facts, by=by, now=now)


def charge(id_: UUID) -> Charge | None:
    """One that stands."""
    found = Charge.objects.filter(Q(held_to=None), id=id_)
    return found.select_related("grid", "building").first()
