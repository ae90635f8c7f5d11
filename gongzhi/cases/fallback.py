"""Fallback 逐级兜底: what a level leaves overdue goes up by itself, and nothing falls through.

First the holder is reminded; when that was in vain, the case goes to the unit above; at the top a
leader answers for it. When, is said by rules that a city sets (registers.FallbackRule): without
one, nothing moves. A changed rule touches no reminder given before: its day stands in the task.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import clocks, limits
from gongzhi.cases.act import encode
from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import Calendar
from gongzhi.cases.hands import Work
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.transition import RECEIVE
from gongzhi.declare import OPEN, TIMER, Act, Level, registry, working_days
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

DAY = timedelta(days=1)

remind = Act("remind", "逾期催办", when=OPEN, by=TIMER, quiet=True)
fall_up = Act("fall_up", "逐级兜底，自动上报", when=OPEN, by=TIMER)
stay = Act("stay", "兜底到人，由本级领导负责", when=OPEN, by=TIMER)
FALLBACK = (remind, fall_up, stay)


def late_before(now: datetime, n: int, calendar: Calendar) -> datetime:
    """What fell due up to this instant has been late for n whole working days."""
    if n == 0:
        return now
    day = clocks.local(now).date()
    while n:
        day -= DAY
        n -= calendar.is_working(day)
    return clocks.end_of(day - DAY)


def rules_at(now: datetime) -> list[FallbackRule]:
    """The rules in force, the most specific first: by place, mechanism, clock, level."""
    found = FallbackRule.objects.filter(valid_from__lte=now).exclude(valid_to__lte=now)

    def how_special(rule: FallbackRule) -> tuple[int, bool, bool, bool]:
        return len(rule.place), bool(rule.mechanism), bool(rule.clock), bool(rule.level)

    return sorted(found.order_by("id"), key=how_special, reverse=True)


def as_asked(rules: Sequence[FallbackRule], now: datetime) -> str:
    """As the database compares them with what is late."""
    calendar = working_calendar()
    return encode(
        [
            {
                "id": r.id, "place": r.place, "mechanism": r.mechanism, "clock": r.clock,
                "level": r.level, "late_before": late_before(now, r.remind_after, calendar),
                "due": clocks.due(now, working_days(r.up_after), calendar).at,
            }
            for r in rules
        ]
    )  # fmt: skip


def stages(now: datetime) -> list[dict[str, Any]]:
    """The clocks of a level, as they would start now."""
    calendar = working_calendar()
    found = []
    for mechanism in registry.every():
        for clock in [c for c in mechanism.clocks if c.at]:
            due = clocks.due(now, limits.in_force(mechanism.name, clock, now).span, calendar)
            states = [s.name for s in mechanism.states if clock in mechanism.running_in(s)]
            found.append({
                "mechanism": mechanism.name, "states": states, "name": clock.name,
                "at": clock.at and clock.at.name.lower(), "due_at": due.at,
                "provisional": due.provisional,
            })  # fmt: skip
    return found


def move_up(now: datetime) -> int:
    """What was reminded of in vain goes up, or stays with a leader. Returns how many cases."""
    due = clocks.due(now, RECEIVE.span, working_calendar())
    receive = encode({"due_at": due.at, "provisional": due.provisional})
    return Work(
        "SELECT gz_fall(%(now)s, %(receive)s, %(stages)s, %(hand)s, %(hands)s, %(batch)s)",
        {"now": now, "receive": receive, "stages": encode(stages(now))},
    ).until_done()


def remind_late(now: datetime) -> int:
    """Who holds what is late is reminded, where a rule says so. Returns how many cases."""
    rules = rules_at(now)
    if not rules:
        return 0
    return Work(
        "SELECT gz_remind(%(rules)s, %(now)s, %(hand)s, %(hands)s, %(batch)s)",
        {"rules": as_asked(rules, now), "now": now},
    ).until_done()


def fall_back(now: datetime) -> int:
    """First up, then reminders: who has just got a case is reminded in their turn."""
    return move_up(now) + remind_late(now)


def switch_on(rule: FallbackRule, *, now: datetime, by: Holder) -> FallbackRule:
    """From now on; a rule for exactly the same ends at that moment. Raises Refused."""
    if not may_set(by, Level.COUNTY, rule.place):
        raise Refused(_("县级以上的领导或管理员才能设定本地的兜底规则。"))
    rule.valid_from, rule.account, rule.post = now, by.account, by.post
    same = FallbackRule.objects.filter(
        place=rule.place, mechanism=rule.mechanism, clock=rule.clock, level=rule.level,
        valid_to=None,
    )  # fmt: skip
    with transaction.atomic():
        same.update(valid_to=now, ended_by=by.post)
        rule.save(force_insert=True)
    return rule


def switch_off(id_: UUID, *, now: datetime, by: Holder) -> None:
    """Reminders given before keep their day. Raises Refused."""
    rule = FallbackRule.objects.filter(id=id_, valid_to=None).first()
    if rule is None or not may_set(by, Level.COUNTY, rule.place):
        raise Refused(_("没有这条规则，或者不归您设定。"))
    FallbackRule.objects.filter(id=id_).update(valid_to=now, ended_by=by.post)


# Nothing is written: which open cases this rule would remind of now, and where each would go.
TRIED = """
SELECT c.county, c.id, c.number, c.title, c.unit, above_v1(c.unit, c.hidden, %(now)s), level,
    count(*) OVER () AS n
FROM (
    SELECT DISTINCT c.county, c.id, c.number, c.title, c.unit, c.hidden, c.due_at,
        CASE length(u.place) WHEN 2 THEN 'province' WHEN 4 THEN 'city' WHEN 6 THEN 'county'
            WHEN 9 THEN 'town' ELSE 'village' END AS level
    FROM cases_case c
    JOIN people_unit u ON u.id = c.unit
    JOIN cases_clockrun k ON k.county = c.county AND k.case_id = c.id AND k.status = 'late'
    WHERE c.is_open AND c.overdue AND c.place >= %(low)s AND c.place < %(high)s
      AND %(mechanism)s IN ('', c.mechanism) AND %(clock)s IN ('', k.name)
      AND k.due_at <= %(late_before)s AND NOT EXISTS (
        SELECT 1 FROM cases_task t
        WHERE t.county = c.county AND t.case_id = c.id AND t.done_at IS NULL
          AND t.name IN ('reminder', 'lead'))
) c WHERE %(level)s IN ('', level) ORDER BY c.due_at LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """A case that a rule would reach: where it is, where it would go, and of how many."""

    county: str
    id: UUID
    number: str
    title: str
    unit: UUID
    upper: UUID | None
    level: str
    of: int


def tried(rule: FallbackRule, *, now: datetime, by: Holder, most: int = 50) -> list[Tried]:
    """The first of the open cases that would be reminded of now, and go up if nothing happens."""
    low, high = rule.place, rule.place + "~"
    asked: dict[str, str | int | datetime] = {
        "low": low, "high": high, "mechanism": rule.mechanism, "clock": rule.clock,
        "level": rule.level, "most": most, "now": now,
        "late_before": late_before(now, rule.remind_after, working_calendar()),
    }  # fmt: skip
    with within(by.scope), connection.cursor() as cursor:
        cursor.execute(TRIED, asked)
        return [Tried(*row) for row in cursor.fetchall()]
