"""Rounds 排查: who may declare one, end it, and see how far it has come."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue
from gongzhi.cases.changes import Refused
from gongzhi.declare import Level, registry
from gongzhi.networks.investigation.asked import LEVELS, Load, kinds_for, load
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.turns import LONGEST, MOST, planned
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, level_of, span
from gongzhi.places.models import Division

DECLARERS = ("leader", "clerk", "administrator")
LINE = ("governance_centre", "government")  # which stand over all that happens in their place
DECLARING = (*LINE, "department")


def may_declare(by: Holder, place: str = "") -> bool:
    """Leaders, clerks and administrators of centres, governments and departments, over their own
    place and below. A village's own committee asks nobody."""
    return (
        by.kind in DECLARERS
        and by.unit_kind in DECLARING
        and by.level in (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN)
        and (place or by.place).startswith(by.place)
    )


def may_see(by: Holder, of: Round) -> bool:
    """Who declared it and who stands above; the line below it, for its own part."""
    if not may_declare(by):
        return False
    over, under = of.place.startswith(by.place), by.place.startswith(of.place)
    return by.unit == of.unit or (by.unit_kind in LINE and (over or under))


def part_of(by: Holder, of: Round) -> str:
    """The place within which this post sees the round."""
    return max(by.place, of.place, key=len)


def may_end(by: Holder, of: Round) -> bool:
    """The unit that declared it, and the line above it."""
    return may_see(by, of) and of.ended_at is None and (
        by.unit == of.unit or (of.place.startswith(by.place) and by.place != of.place)
    )  # fmt: skip


def seen_by(by: Holder) -> QuerySet[Round]:
    """All rounds that this post may see, the latest first."""
    if not may_declare(by):
        return Round.objects.none()
    low, high = span(by.place)
    wanted = Q(unit=by.unit)
    if by.unit_kind in LINE:
        wanted |= Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(by.place))
    return Round.objects.filter(wanted).order_by("-declared_at", "-id")


def made_from(alert: UUID, by: Holder) -> QuerySet[Round]:
    """Those made from a pile alert that this post may see, the latest first."""
    return seen_by(by).filter(alert=alert)


def running_beside(place: str, today: date) -> int:
    """How many rounds ask something of this place already, from above or from within."""
    low, high = span(place)
    there = Q(place__gte=low, place__lt=high) | Q(place__in=ancestors(place))
    return Round.objects.filter(there, ended_at=None, over_on__gte=today).count()


def checked(told: Mapping[str, Any], *, now: datetime, by: Holder) -> Load:
    """What a round so told would ask of the front line. Raises Refused with the wrong field."""
    if not may_declare(by, told["place"]):
        raise Refused(_("排查由综治中心、政府和部门的分管领导、受理专员、管理员在本地范围内部署。"))
    _check_place(told["place"], told["level"])
    _check_finding(told["mechanism"], told["category"], told["kinds"], told["level"])
    _check_days(told, timezone.localdate(now))
    asks = load(told["place"], told["level"], told["kinds"], now)
    if not asks.people:
        raise Refused(_("这里没有这几种岗位的人，发出去没有人收到。请另选岗位。"), field="kinds")
    return asks


def declare(told: Mapping[str, Any], *, now: datetime, by: Holder) -> Round:
    """A new round. Raises Refused with the field that is wrong."""
    checked(told, now=now, by=by)
    turns = planned(told["begins_on"], told["ends_on"], told["repeats"], told["times"])
    return Round.objects.create(
        **told, unit=by.unit, post=by.post, account=by.account, declared_at=now,
        over_on=turns[-1].ends_on,
    )  # fmt: skip


def _check_place(place: str, level: int) -> None:
    if level not in LEVELS or level_of(place) > level:
        raise Refused(_("在村里部署的排查由村回报，请改选“村”。"), field="level")
    if not Division.objects.filter(code=place, valid_to=None).exists():
        raise Refused(_("没有这个地方，请重新选择。"), field="place")


def _check_finding(mechanism: str, category: str, kinds: Collection[str], level: int) -> None:
    declared = registry.get(mechanism)
    if category not in {kind.name for kind in catalogue.offered(declared)}:
        raise Refused(_("没有这一类，或者已经停用，请另选一类。"), field="matter")
    if not kinds:
        raise Refused(_("请选由哪些岗位回报。"), field="kinds")
    if set(kinds) - kinds_for(declared, Level(level)):
        raise Refused(
            _("所选岗位里有不能登记这类案件的，发现了也报不上来。请去掉它，或者另选一类。"),
            field="kinds",
        )


def _check_days(told: Mapping[str, Any], today: date) -> None:
    if told["begins_on"] < today:
        raise Refused(_("开始日不能早于今天。"), field="begins_on")
    days = (told["ends_on"] - told["begins_on"]).days + 1
    repeats, times = told["repeats"], told["times"]
    if days < 1:
        raise Refused(_("截止日不能早于开始日。"), field="ends_on")
    if days > LONGEST[repeats]:
        said = _("这样的排查每次最多 %(n)s 天，请把截止日提前。") % {"n": LONGEST[repeats]}
        raise Refused(said, field="ends_on")
    if not 1 <= times <= MOST[repeats]:
        said = _("这样重复最多 %(n)s 次。一年以后还需要，到时再部署。") % {"n": MOST[repeats]}
        raise Refused(said, field="times")


def end(of: Round, *, now: datetime, by: Holder) -> None:
    """Nobody is asked any longer; what was answered stays. Raises Refused."""
    running = Round.objects.filter(id=of.id, ended_at=None)
    if not may_end(by, of) or not running.update(ended_at=now, ended_by=by.post):
        raise Refused(_("这项排查已经结束，或者不由您结束。"))
