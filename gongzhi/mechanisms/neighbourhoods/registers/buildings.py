"""The register of buildings 楼栋台账: which there are, who keeps them, and whose they are.

Rows keep their id for life, since codes at the door and cases point to it. What is over has a
last day; each change stands beside it with what was before.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
)
from gongzhi.mechanisms.neighbourhoods.roles import TEAM
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.places.levels import span

KEEPERS: Final = ("clerk", "leader", "administrator", "community_secretary", "grid_head")
SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another


def new_key() -> str:
    """What stands in a household's or a resident's own link: 16 signs, 79 bits."""
    return "".join(secrets.choice(SIGNS) for _n in range(16))


def keeps(by: Holder, place: str) -> Literal[True] | No:
    """Whoever stands over a place and works in an office there; a chief keeps no register."""
    if by.kind not in KEEPERS or not by.sees_place:
        return No(_("楼栋台账由社区、街道或区里的工作人员维护。"))
    if not place.startswith(by.place):
        return No(_("这个地方不在您的岗位范围内。"))
    return True


def must_keep(by: Holder, place: str) -> None:
    """Raises Refused."""
    allowed = keeps(by, place)
    if isinstance(allowed, No):
        raise Refused(allowed.reason)


def current(on: date | None = None) -> Q:
    """Rows that are not over."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on or timezone.localdate())


def living(on: date | None = None) -> Q:
    """Households that have not moved out."""
    return Q(until__isnull=True) | Q(until__gt=on or timezone.localdate())


def building(id_: UUID) -> Building | None:
    """One that is not over, whoever asks: which buildings there are is public."""
    return Building.objects.filter(current(), id=id_).select_related("grid").first()


def buildings_in(place: str) -> QuerySet[Building]:
    """Those of a place and below it, community by community."""
    low, high = span(place)
    found = Building.objects.filter(current(), community__gte=low, community__lt=high)
    return found.select_related("grid").order_by("community", "code")


def grids_in(place: str) -> QuerySet[Grid]:
    low, high = span(place)
    found = Grid.objects.filter(current(), community__gte=low, community__lt=high)
    return found.order_by("community", "code")


def buildings_of(by: Holder) -> QuerySet[Building]:
    """What a post answers for: a team its own buildings, a post with a charge over a grid or
    building these, whoever stands over a place all of it."""
    if by.unit_kind == TEAM:
        found = Building.objects.filter(current(), team=by.unit)
        return found.select_related("grid").order_by("community", "code")
    if by.sees_place:
        return buildings_in(by.place)
    mine = Charge.objects.filter(post=by.post).filter(
        Q(held_to__isnull=True) | Q(held_to__gt=timezone.localdate())
    )
    whole = mine.filter(grid=None, building=None).values("community")
    own = (
        Q(id__in=mine.exclude(building=None).values("building"))
        | Q(grid__in=mine.exclude(grid=None).values("grid"))
        | Q(community__in=whole)
    )
    return (
        Building.objects.filter(own, current()).select_related("grid").order_by("community", "code")
    )


def building_for(by: Holder, id_: UUID) -> Building | None:
    """One that this post answers for."""
    return buildings_of(by).filter(id=id_).first()


def dwellings_of(of: Building) -> QuerySet[Dwelling]:
    return of.dwellings.filter(current()).order_by("stair", "storey", "room")


def households_of(of: Building) -> QuerySet[Household]:
    """Door by door."""
    found = Household.objects.filter(living(), building=of).select_related("dwelling")
    return found.order_by("dwelling__stair", "dwelling__storey", "dwelling__room")


def household_by(key: str) -> Household | None:
    """Whose link it is, while they live there."""
    found = Household.objects.filter(living(), key=key)
    return found.select_related("dwelling", "building__grid").first()


def noted(
    place: str, what: UUID, called: str, facts: Mapping[str, Any], *, by: Holder, now: datetime
) -> None:
    """Who changed what when; the facts are {name: [before, after]}."""
    RegisterChange.objects.create(
        community=place, what=what, called=called[:120], at=now, account=by.account,
        post=by.post, facts=facts,
    )  # fmt: skip
