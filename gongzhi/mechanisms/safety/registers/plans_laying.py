"""What plans ask of each site, told before a plan is kept, and laid as checks that are due.

A site has one check of a plan at a time. It is due so many days after the last was done; the first
is spread over the interval by a hash of the site, so that not all fall on one day. Days that are
free by the calendar give way to the nearest working day.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.clocks import DAY, Calendar
from gongzhi.mechanisms.safety.models import Plan
from gongzhi.mechanisms.safety.registers.editions import on_day
from gongzhi.mechanisms.safety.registers.kinds import COLOURS

AHEAD: Final = 30  # days of a preview

# Who checks for the grid: the village's committee, else whoever is nearest.
_ASKED: Final = """
    WITH plan AS (
        SELECT p.id, p.line, p.place, p.kind, p.unit, p.industries, p.facts, p.valid_from,
            e.key AS colour, e.value::int AS days
        FROM jsonb_populate_recordset(NULL::safety_plan, %(plans)s) p, jsonb_each_text(p.every) e
    ), found AS MATERIALIZED (
        SELECT p.id AS plan, p.line, p.kind, p.unit, p.days, s.id AS site, s.place, s.colour,
            f.id AS firm, f.unit AS own, greatest(p.valid_from, s.valid_from) AS since,
            mod(abs(hashtext(s.id::text)::bigint), p.days)::int AS later
        FROM plan p
        JOIN safety_site s ON s.colour = p.colour AND s.place >= p.place
            AND s.place < p.place || '~' AND (s.valid_to IS NULL OR s.valid_to > %(today)s)
        JOIN safety_enterprise f ON f.id = s.enterprise_id
        WHERE (p.industries = '{}' OR f.industry = ANY(p.industries)
            OR left(f.industry, 1) = ANY(p.industries))
          AND (p.facts = '{}' OR p.facts && s.facts)
    ), grid AS MATERIALIZED (
        SELECT DISTINCT ON (f.place) f.place, u.id AS unit
        FROM (SELECT DISTINCT place FROM found WHERE kind = 'grid') f
        JOIN people_unit u ON u.place IN (f.place, left(f.place, 9)) AND u.valid_to IS NULL
            AND u.kind IN ('village_committee', 'governance_centre')
        ORDER BY f.place, length(u.place) DESC, u.kind = 'village_committee' DESC,
            u.valid_from, u.id
    ), asked AS MATERIALIZED (
        SELECT f.*,
            CASE f.kind WHEN 'self' THEN f.own WHEN 'grid' THEN g.unit ELSE f.unit END AS who
        FROM found f LEFT JOIN grid g ON g.place = f.place
    )
"""

_PREVIEW: Final = f"""{_ASKED}
    SELECT colour, min(days), count(*), count(DISTINCT firm),
        count(*) FILTER (WHERE who IS NULL), count(DISTINCT firm) FILTER (WHERE who IS NULL),
        count(DISTINCT place) FILTER (WHERE who IS NULL),
        coalesce(sum(CASE WHEN later < %(ahead)s THEN (%(ahead)s - 1 - later) / days + 1 END)
            FILTER (WHERE who IS NOT NULL), 0)
    FROM asked GROUP BY GROUPING SETS ((colour), ())
"""  # noqa: S608 -- our own words

# What a changed plan left, goes on in what it became.
_HAND_ON: Final = """
    UPDATE safety_check c SET plan_id = n.id FROM safety_plan o, safety_plan n
    WHERE n.id = ANY(%(ids)s) AND o.line = n.line AND o.id <> n.id AND o.valid_to <= %(today)s
      AND c.plan_id = o.id AND c.done_at IS NULL
"""

# Dates are only ever brought forward: a site that turned red is not waited for.
_LAY: Final = f"""{_ASKED}
    , done AS (
        SELECT p.line, c.site_id AS site,
            least((max(c.done_at) AT TIME ZONE %(zone)s)::date, %(today)s) AS last
        FROM safety_plan p JOIN safety_check c ON c.plan_id = p.id
        WHERE p.line IN (SELECT line FROM plan) AND c.done_at IS NOT NULL
        GROUP BY p.line, c.site_id
    ), dated AS (
        SELECT a.*, coalesce(d.last, a.since - 1) AS last,
            coalesce(d.last + a.days, a.since + a.later) AS wanted
        FROM asked a LEFT JOIN done d ON d.line = a.line AND d.site = a.site
        WHERE a.who IS NOT NULL
    ), ready AS MATERIALIZED (
        SELECT d.*, CASE WHEN w.near >= greatest(%(today)s, d.last + 1) THEN w.near
            ELSE w.after END AS due
        FROM dated d JOIN unnest(%(days)s::date[], %(near)s::date[], %(after)s::date[])
            AS w(day, near, after)
            ON w.day = CASE WHEN d.wanted >= %(today)s THEN d.wanted ELSE %(today)s + d.later END
    ), gone AS (
        DELETE FROM safety_check c
        WHERE c.plan_id = ANY(%(ids)s) AND c.done_at IS NULL AND c.due >= %(today)s
          AND NOT EXISTS (SELECT FROM ready r WHERE r.plan = c.plan_id AND r.site = c.site_id)
    )
    INSERT INTO safety_check AS c (id, plan_id, site_id, place, unit, from_day, due)
    SELECT gen_random_uuid(), plan, site, place, who,
        least(due, greatest(since, last + 1, due - days / 2)), due
    FROM ready ORDER BY plan, site
    ON CONFLICT (plan_id, site_id) WHERE done_at IS NULL DO UPDATE
    SET due = least(c.due, excluded.due), from_day = least(c.from_day, excluded.from_day),
        unit = excluded.unit, place = excluded.place
    WHERE excluded.due < c.due OR (excluded.unit, excluded.place) IS DISTINCT FROM (c.unit, c.place)
"""  # noqa: S608 -- our own words

# What is late stays, unless there is nothing left to check.
_CLEAR: Final = """
    DELETE FROM safety_check c USING safety_plan p, safety_site s
    WHERE p.id = c.plan_id AND s.id = c.site_id AND c.done_at IS NULL
      AND (%(line)s::uuid IS NULL OR p.line = %(line)s)
      AND (s.valid_to <= %(today)s OR (p.valid_to <= %(today)s AND c.due >= %(today)s))
"""


@dataclass(frozen=True, slots=True)
class Part:
    """The sites of a colour, or all of them: how many, and what a plan asks of them.

    `unasked`: sites that nobody checks, of so many firms and in so many places.
    """

    colour: str
    days: int
    sites: int
    firms: int
    unasked: int
    unasked_firms: int
    unasked_places: int
    checks: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would ask in its first thirty days."""

    whole: Part
    parts: Sequence[Part]
    working_days: int

    @property
    def a_day(self) -> int:
        """Checks on an ordinary working day, rounded up."""
        return -(-self.whole.checks // max(self.working_days, 1))


def _told(plans: Iterable[Plan]) -> str:
    """As the database reads them, whether they are kept or not."""
    names = [field.attname for field in Plan._meta.concrete_fields]
    return json.dumps([{n: getattr(p, n) for n in names} for p in plans], cls=DjangoJSONEncoder)


def preview(plan: Plan, now: datetime) -> Preview:
    """Counted by the same statement that lays them."""
    said: dict[str, Any] = {
        "plans": _told([plan]),
        "today": timezone.localdate(now),
        "ahead": AHEAD,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW, said)
        found = {row[0] or "": Part(row[0] or "", *row[1:]) for row in cursor.fetchall()}
    calendar = working_calendar()
    days = (plan.valid_from + DAY * n for n in range(AHEAD))
    parts = [found[colour] for colour in COLOURS if colour in found]
    return Preview(found[""], parts, sum(map(calendar.is_working, days)))


def _working(calendar: Calendar, today: date, most: int) -> dict[str, list[date]]:
    """Each day until then, with the nearest working day and the one at or after it."""
    days = [today + DAY * n for n in range(most + 1)]
    before = [_on(calendar, day, -DAY) for day in days]
    after = [_on(calendar, day, DAY) for day in days]
    near = [b if day - b <= a - day else a for day, b, a in zip(days, before, after, strict=True)]
    return {"days": days, "near": near, "after": after}


def _on(calendar: Calendar, day: date, step: timedelta) -> date:
    while not calendar.is_working(day):
        day += step
    return day


def lay(now: datetime, *, of: UUID | None = None) -> int:
    """Each site that a plan asks for has a check that is left; how many were laid or moved.

    Again it changes nothing. Two at a time wait for each other, plan by plan.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        held = Plan.objects.select_for_update().filter(on_day(today)).order_by("id")
        plans = list(held.filter(id=of) if of else held)
        if not plans:
            return 0
        most = max(days for plan in plans for days in plan.every.values())
        said: Mapping[str, Any] = {
            "plans": _told(plans), "ids": [p.id for p in plans], "today": today,
            "zone": settings.TIME_ZONE, **_working(working_calendar(), today, most),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_HAND_ON, said)
            cursor.execute(_LAY, said)
            laid: int = cursor.rowcount
            return laid


def clear(now: datetime, *, line: UUID | None = None) -> int:
    """Checks of sites that are over, and those not yet late of plans that have ended, are gone."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, {"today": timezone.localdate(now), "line": line})
        cleared: int = cursor.rowcount
        return cleared
