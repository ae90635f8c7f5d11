"""A building's team 楼栋邻里先锋队: a unit with its chief's post, and what ends with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case
from gongzhi.mechanisms.neighbourhoods.models import Building, Charge
from gongzhi.mechanisms.neighbourhoods.roles import CHIEF, TEAM
from gongzhi.people.models import Appointment, Post, Unit
from gongzhi.people.scope import Scope, within

COMMITTEE: Final = "village_committee"
CHIEF_TITLE: Final = "楼长"
CHIEF_TITLE_EN: Final = "Building chief"


def committees(communities: Iterable[str]) -> dict[str, Unit]:
    """The unit that stands over the teams of each community."""
    found = Unit.objects.filter(kind=COMMITTEE, place__in=set(communities), valid_to=None)
    return {u.place: u for u in found.order_by("-name", "-id")}


def committee(community: str) -> Unit:
    """Raises Refused."""
    found = committees([community]).get(community)
    if found is None:
        raise Refused(_("这个社区还没有居委会（村委会）单位，请管理员先设立。"))
    return found


def called(name: str) -> str:
    return f"{name}邻里先锋队"


def called_in_english(building: Building) -> str:
    return f"{building.name_en} team" if building.name_en else ""


def _unit(building: Building, parent: Unit, now: datetime) -> Unit:
    return Unit(
        id=building.team, kind=TEAM, name=called(building.name),
        name_en=called_in_english(building), place=building.community, parent=parent.id,
        valid_from=now,
    )  # fmt: skip


def make(found: Sequence[Building], parents: Mapping[str, Unit], *, now: datetime) -> None:
    """Units, chiefs' posts and their charges for buildings that were just entered.

    A chief's post sees what its own team holds, and nothing of the place.
    """
    units = [_unit(b, parents[b.community], now) for b in found]
    posts = [
        Post(id=uuid4(), unit_id=b.team, kind=CHIEF, title=CHIEF_TITLE, title_en=CHIEF_TITLE_EN,
             place=b.community, valid_from=now)
        for b in found
    ]  # fmt: skip
    Unit.objects.bulk_create(units, batch_size=2_000)
    Post.objects.bulk_create(posts, batch_size=2_000)
    today = timezone.localdate(now)
    Charge.objects.bulk_create(
        [
            Charge(rung=CHIEF, post=p.id, community=b.community, building=b, held_from=today)
            for b, p in zip(found, posts, strict=True)
        ],
        batch_size=2_000,
    )


def rename(building: Building) -> None:
    Unit.objects.filter(id=building.team).update(
        name=called(building.name), name_en=called_in_english(building)
    )


def open_cases(teams: Iterable[UUID]) -> int:
    """How many requests a team has that are not done."""
    units = tuple(teams)
    with within(Scope(units=units)):
        return Case.objects.filter(unit__in=units, is_open=True).count()


def end(building: Building, *, now: datetime) -> None:
    """The team goes with its building, and with it who holds its posts. Raises Refused."""
    n = open_cases([building.team])
    if n:
        raise Refused(
            _("这栋楼的楼长还有 %(n)d 件诉求没有办结，请先办结或转社区，再停用。") % {"n": n}
        )
    posts = Post.objects.filter(unit=building.team, valid_to=None)
    standing = Q(held_to__isnull=True) | Q(held_to__gt=now)
    Appointment.objects.filter(standing, post__in=posts.values("id")).update(held_to=now)
    posts.update(valid_to=now)
    Unit.objects.filter(id=building.team, valid_to=None).update(valid_to=now)
