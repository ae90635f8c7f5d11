"""How often chiefs patrol 巡查频次: a city's rules by place, class, level and season, else ours.

Ended, never rewritten: what was due then stays true.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db.models import Q
from django.utils import timezone

from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import PatrolRule
from gongzhi.people.posts import Holder

# Shenshan's practice: village weekly, town monthly, county quarterly, city yearly. Ours until a
# city says otherwise (docs/law/roads.md). A province's chiefs are nobody's to send.
USUAL: Final = {Level.VILLAGE: 7, Level.TOWN: 30, Level.COUNTY: 91, Level.CITY: 365}


def in_force(now: datetime) -> list[PatrolRule]:
    holds = Q(valid_to=None) | Q(valid_to__gt=now)
    return list(PatrolRule.objects.filter(holds, valid_from__lte=now))


def _holds(rule: PatrolRule, place: str, grade: str, level: Level, on: date) -> bool:
    first, last = rule.from_month, rule.to_month
    turn = first <= on.month <= last if first <= last else on.month >= first or on.month <= last
    return (
        turn and rule.level == level and rule.grade in {"", grade} and place.startswith(rule.place)
    )


def _closeness(rule: PatrolRule) -> tuple[int, bool, int]:
    """The nearest place first, then a class before all, then the shorter season."""
    months = (rule.to_month - rule.from_month) % 12
    return len(rule.place), bool(rule.grade), -months


def every_days(
    rules: Iterable[PatrolRule], place: str, grade: str, level: Level, on: date
) -> int | None:
    """How many days may lie between two patrols; None: this level does not patrol."""
    found = [r for r in rules if _holds(r, place, grade, level, on)]
    return max(found, key=_closeness).every_days if found else USUAL.get(level)


def set_rule(place: str, *, grade: str, level: int, from_month: int, to_month: int,
             every: int, by: Holder) -> PatrolRule:  # fmt: skip
    """Holds from now on; what held for the same before, ends."""
    now = timezone.now()
    same = PatrolRule.objects.filter(
        place=place, grade=grade, level=level, from_month=from_month, to_month=to_month,
        valid_to=None,
    )  # fmt: skip
    same.update(valid_to=now)
    return PatrolRule.objects.create(
        place=place, grade=grade, level=level, from_month=from_month, to_month=to_month,
        every_days=every, valid_from=now, account=by.account, post=by.post,
    )  # fmt: skip


def end_rule(rule: PatrolRule, now: datetime) -> None:
    PatrolRule.objects.filter(id=rule.id, valid_to=None).update(valid_to=now)
