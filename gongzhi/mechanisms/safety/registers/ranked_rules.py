"""Listing by rule 按规则挂牌督办: who sets rules, what one reaches now, who answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import end_of, local
from gongzhi.cases.worklists import LEVELS
from gongzhi.declare import Act, Level
from gongzhi.mechanisms.safety.models import ListingRule
from gongzhi.mechanisms.safety.registers.ranks import RANKS, weight
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.models import Unit
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors, level_of

LISTERS: Final = ("emergency", "governance_centre")
ORDER: Final = [level.name.lower() for level in Level]  # the highest first

# Major hazards of a place that were found long enough ago and that nobody as high has listed. The
# column is one of LEVELS.
REACHED = """
FROM cases_case c
WHERE c.{column} = %(place)s AND c.mechanism = 'safety' AND c.is_open AND c.weight > 0
  AND c.weight = ANY(%(weights)s::smallint[]) AND c.state = ANY(%(states)s)
  AND NOT c.confined AND c.reported_at <= %(before)s
  AND strpos(coalesce(c.facts->>'criterion', ''), %(criterion)s) > 0
  AND coalesce(array_position(%(order)s::text[], c.facts->'listed'->>'level')
      > array_position(%(order)s::text[], %(level)s), true)
"""
HELD = "SELECT c.unit, c.hidden, count(*) {reached} GROUP BY 1, 2"
FIRST = """
SELECT c.county, c.id, c.number, c.title, c.reported_at, c.unit, c.hidden {reached}
  AND c.unit = ANY(%(units)s) ORDER BY c.weight DESC, c.reported_at, c.id LIMIT %(most)s
"""
Hidden = tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A hazard that a rule lists, and the unit in whose name."""

    county: str
    id: UUID
    number: str
    title: str
    found_at: datetime
    unit: UUID
    lister: UUID


def may_set_rules(by: Holder) -> bool:
    """Leaders and administrators, for their own level: county, city or province."""
    return may_set(by, Level.COUNTY, by.place)


def here(place: str) -> list[ListingRule]:
    """What holds in a place or below it, or did: those in force first, then the newest."""
    found = ListingRule.objects.filter(Q(place__startswith=place) | Q(place__in=ancestors(place)))
    return sorted(found, key=lambda r: (r.valid_to is not None, -r.entered_at.timestamp()))


def in_force(on: date) -> list[ListingRule]:
    """Those of higher levels first: what a city lists, its counties need not."""
    found = ListingRule.objects.filter(current(on), valid_from__lte=on)
    return sorted(found, key=lambda r: (ORDER.index(r.level), r.entered_at))


def switch_on(rule: ListingRule, *, now: datetime, by: Holder) -> ListingRule:
    """For one's own level, in its place or a part of it. Raises Refused."""
    if not may_set_rules(by) or not rule.place.startswith(by.place):
        raise Refused(_("县级以上的领导或管理员，才能设定本级的挂牌规则。"))
    if rule.valid_from < local(now).date():
        raise Refused(_("规则从今天或以后起用。"), field="valid_from")
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        raise Refused(_("停用的日子要晚于起用的日子。"), field="valid_to")
    rule.level = by.level.name.lower()
    rule.account, rule.post, rule.entered_at = by.account, by.post, now
    rule.save(force_insert=True)
    return rule


def switch_off(id_: UUID, *, now: datetime, by: Holder) -> None:
    """From today on; what it has listed stays listed. Raises Refused."""
    today = local(now).date()
    rule = ListingRule.objects.filter(current(today), id=id_, level=by.level.name.lower()).first()
    if rule is None or not may_set_rules(by) or not rule.place.startswith(by.place):
        raise Refused(_("没有这条规则，或者不归您设定。"))
    ListingRule.objects.filter(id=id_).update(valid_to=today, ended_by=by.post)


def _asked(rule: ListingRule, by_rule: Act, now: datetime) -> tuple[str, dict[str, Any]]:
    ranks = [rule.rank] if rule.rank else list(RANKS)
    states = () if not isinstance(by_rule.when, Sequence) else by_rule.when
    asked = {
        "place": rule.place, "weights": [weight(r, major=True) for r in ranks],
        "states": [s.name for s in states], "criterion": rule.criterion, "level": rule.level,
        "before": end_of(local(now).date() - timedelta(days=rule.after_days)), "order": ORDER,
    }  # fmt: skip
    return REACHED.format(column=LEVELS[len(rule.place)]), asked


def _above(unit: UUID, hidden: Hidden, now: datetime) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT above_v1(%s, %s, %s)", [unit, list(hidden), now])
        found: UUID | None = cursor.fetchone()[0]
    return found


def answering(unit: UUID, hidden: Hidden, level: str, now: datetime) -> UUID | None:
    """The unit of a level that answers for what this unit holds: above it, or at the top itself."""
    line: list[UUID] = []
    above = _above(unit, hidden, now)
    while above is not None and above not in line:
        line.append(above)
        above = _above(above, hidden, now)
    units = Unit.objects.in_bulk([*line, unit])
    for one in [*line, unit]:
        found = units.get(one)
        if found and found.kind in LISTERS and level_of(found.place).name.lower() == level:
            return one
    return None


def reached(
    rule: ListingRule, by_rule: Act, *, now: datetime, most: int
) -> tuple[int, list[Reached]]:
    """How many hazards the rule would list now in the scope of whoever asks, and the gravest of
    them. `by_rule` says in which states. Nothing is written."""
    where, asked = _asked(rule, by_rule, now)
    with connection.cursor() as cursor:
        cursor.execute(HELD.format(reached=where), asked)
        held = [(unit, tuple(hidden), n) for unit, hidden, n in cursor.fetchall()]
    listers = {(u, h): answering(u, h, rule.level, now) for u, h, _n in held}
    answered = sum(n for u, h, n in held if listers[u, h])
    asked |= {"units": [u for (u, _h), found in listers.items() if found], "most": most}
    with connection.cursor() as cursor:
        cursor.execute(FIRST.format(reached=where), asked)
        rows = [
            (county, id_, number, title, found_at, unit, lister)
            for county, id_, number, title, found_at, unit, hidden in cursor.fetchall()
            if (lister := listers.get((unit, tuple(hidden))))
        ]
    return answered, [Reached(*row) for row in rows]
