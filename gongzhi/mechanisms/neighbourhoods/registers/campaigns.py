"""Campaigns 集中行动: made for a place, seen by whom they concern, and checked in to door by door.

How many of a household came is all that is kept, until `erase_on`: no names, no results.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Campaign,
    CheckIn,
    Grid,
    Progress,
    Slot,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, level_of, span

KINDS: Final[dict[str, Any]] = {
    "testing": _("集中检测"),
    "vaccination": _("集中接种"),
    "fire_check": _("消防安全检查"),
    "drill": _("防汛转移演练"),
    "gas_check": _("燃气安全检查"),
    "house_registration": _("房屋信息登记"),
    "other": _("其他集中行动"),
}
AT_HOME: Final = ("fire_check", "gas_check", "house_registration")  # the team comes to the door
MOST_PEOPLE: Final = 50  # of one household at one campaign


@dataclass(frozen=True, slots=True)
class Counted:
    """How far a building is after a check-in."""

    households: int
    came: int
    people: int


def guidance(of: Campaign) -> str:
    """In the reader's language, else in the other."""
    english = (get_language() or "").startswith("en")
    return (of.guidance_en if english else of.guidance) or of.guidance or of.guidance_en


def buildings_in(of: Campaign) -> QuerySet[Building]:
    """Those that it is for, as the register has them today."""
    found = buildings.buildings_in(of.place)
    return found.filter(grid=of.grid_id) if of.grid_id else found


def make(of: Campaign, *, by: Holder, now: datetime) -> Campaign:
    """A campaign begins with nobody having come. Raises Refused."""
    if level_of(of.place) < Level.CITY:
        raise Refused(_("请选市、县、镇街、社区或网格。"), field="scope")
    buildings.must_keep(by, of.place)
    if not buildings_in(of).exists():
        raise Refused(_("这里还没有登记楼栋，请先登记楼栋。"), field="scope")
    of.unit, of.account, of.post, of.made_at = by.unit, by.account, by.post, now
    with transaction.atomic():
        of.save(force_insert=True)
        count_households(of)
    return of


def change(of: Campaign, facts: Mapping[str, Any], *, by: Holder) -> None:
    """What it is called, says and when it is; not where. Raises Refused."""
    with transaction.atomic():
        found = must_lead(of.id, by=by)
        if found.erase_on < facts.get("erase_on", found.erase_on):
            raise Refused(_("签到明细的删除日期只能提前。"), field="keep_days")
        for name, value in facts.items():
            setattr(found, name, value)
        found.save(update_fields=list(facts))


def must_lead(id_: UUID, *, by: Holder) -> Campaign:
    """One still open, held until the transaction ends, for whoever keeps its place.

    Raises Refused.
    """
    found = Campaign.objects.select_for_update().get(id=id_)
    buildings.must_keep(by, found.place)
    must_be_open(found)
    return found


def must_be_open(of: Campaign) -> None:
    """Raises Refused."""
    if of.closed_at is not None:
        raise Refused(_("这次行动已经结束，不能再改。"))


def count_households(of: Campaign) -> None:
    """Buildings and households as the register has them now; who came stays as counted.

    Inside a transaction that holds the campaign.
    """
    Progress.objects.bulk_create(
        [
            Progress(campaign=of, building=b.id, community=b.community, grid=b.grid_id,
                     households=b.households)
            for b in buildings_in(of)
        ],
        update_conflicts=True, unique_fields=["campaign", "building"],
        update_fields=["community", "grid", "households"],
    )  # fmt: skip


def recount(now: datetime) -> int:
    """Who has moved in or out meanwhile; how many campaigns were counted anew."""
    running = Campaign.objects.filter(closed_at=None, ends_on__gte=timezone.localdate(now))
    ids = list(running.values_list("id", flat=True))
    for id_ in ids:
        with transaction.atomic():
            of = Campaign.objects.select_for_update().get(id=id_)
            if of.closed_at is None:
                count_households(of)
    return len(ids)


def seen_by(by: Holder) -> QuerySet[Campaign]:
    """Those of one's place, above and below it; a chief's those of the own buildings."""
    if by.sees_place:
        low, high = span(by.place)
        here = Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(by.place))
        return Campaign.objects.filter(here).select_related("grid")
    mine = Progress.objects.filter(building__in=buildings.buildings_of(by).values("id"))
    return Campaign.objects.filter(id__in=mine.values("campaign")).select_related("grid")


def open_in(building: UUID, today: date) -> QuerySet[Campaign]:
    """What residents of a building are told of: not over yet."""
    of = Progress.objects.filter(building=building).values("campaign")
    found = Campaign.objects.filter(id__in=of, closed_at=None, ends_on__gte=today)
    return found.order_by("starts_on", "name")


def slots_of(building: UUID, campaigns: QuerySet[Campaign]) -> dict[UUID, list[Slot]]:
    """By campaign, in order of time."""
    found: dict[UUID, list[Slot]] = {}
    for slot in Slot.objects.filter(building=building, campaign__in=campaigns).order_by("from_at"):
        found.setdefault(slot.campaign_id, []).append(slot)
    return found


def came(campaign: UUID, building: UUID) -> dict[UUID, CheckIn]:
    """Who has come, by household."""
    found = CheckIn.objects.filter(campaign=campaign, building=building)
    return {one.household: one for one in found}


# Whose building it is, is decided before anything is written: hence MATERIALIZED.
_CHECK_IN = """
    WITH home AS MATERIALIZED (
        SELECT h.id, h.building_id FROM neighbourhoods_household h
        WHERE h.id = %s AND (h.until IS NULL OR h.until > %s) AND h.building_id IN ({own}))
    SELECT done.said, done.households, done.came, done.people FROM home
    CROSS JOIN LATERAL check_in_v1(%s, home.id, home.building_id, %s, %s, %s) done
"""
_WHY_NOT: Final[dict[str, Any]] = {
    "closed": _("这次行动已经结束，不能再签到。"),
    "early": _("这次行动还没有开始。"),
    "elsewhere": _("这栋楼不在这次行动的范围里。"),
}


def check_in(campaign: UUID, household: UUID, people: int, *, by: Holder, now: datetime) -> Counted:
    """That so many of a household came 签到; 0 takes it back. One round trip.

    The same said again changes nothing, another number corrects. Raises Refused.
    """
    if not 0 <= people <= MOST_PEOPLE:
        raise Refused(_("人数请填 1 到 %(n)d。") % {"n": MOST_PEOPLE}, field="people")
    own, mine = buildings.buildings_of(by).order_by().values("id").query.sql_with_params()
    given = [household, timezone.localdate(now), *mine, campaign, people, by.post, now]
    with connection.cursor() as cursor:
        cursor.execute(_CHECK_IN.format(own=own), given)
        found = cursor.fetchone()
    if found is None:
        raise Refused(_("这一户不在您负责的楼栋。"))
    said, *counts = found
    if said:
        raise Refused(_WHY_NOT[said])
    return Counted(*counts)


def grids_of(of: Campaign, community: str) -> dict[UUID, Grid]:
    """Those of a community that it is for, by id."""
    ids = Progress.objects.filter(campaign=of, community=community).values("grid")
    return {g.id: g for g in Grid.objects.filter(id__in=ids).order_by("code")}
