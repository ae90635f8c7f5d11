"""How long it takes to lay the checks of a city of 50,000 firms, and to show what is due."""

import time
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connections
from django.utils import timezone

from gongzhi.mechanisms.safety.models import Check, Plan
from gongzhi.mechanisms.safety.registers import checks, plans, plans_laying
from gongzhi.people.models import Account, Appointment
from gongzhi.people.posts import Holder, as_holder
from gongzhi.site.bench.intake import Browser
from gongzhi.site.bench.lists import times
from gongzhi.site.demo import PASSWORD

CITY = "4412"
FIRMS = 50_000  # with 75,000 sites
# One firm in ten has no account; colours as they lie in a city.
_FIRMS = """
    INSERT INTO safety_enterprise
        (id, code, name, name_en, alike, place, industry, size, unit, valid_from)
    SELECT gen_random_uuid(), 'B' || lpad(n::text, 17, '0'), '企业' || n, '', '企业' || n,
        places[1 + n %% array_length(places, 1)], 'C' || 13 + n %% 30, 'small',
        CASE WHEN n %% 10 > 0 THEN gen_random_uuid() END, %(on)s
    FROM generate_series(1, %(n)s) n, (
        SELECT array_agg(code ORDER BY code) AS places FROM places_division
        WHERE code LIKE %(city)s || '%%' AND level = 5 AND valid_to IS NULL) p
"""
_SITES = """
    INSERT INTO safety_site
        (id, enterprise_id, name, name_en, place, address, spot, facts, colour, valid_from)
    SELECT gen_random_uuid(), f.id, '场所' || k, '', f.place, '', '',
        CASE WHEN f.n %% 4 = 0 THEN ARRAY['dust'] ELSE ARRAY['storage'] END,
        (ARRAY['red', 'orange', 'yellow', 'yellow', 'blue', 'blue', 'blue', 'blue'])
            [1 + f.n %% 8], %(on)s
    FROM (SELECT *, row_number() OVER (ORDER BY code) AS n FROM safety_enterprise) f,
        generate_series(1, 2) k WHERE k = 1 OR f.n %% 2 = 0
"""
_DONE = """
    UPDATE safety_check SET done_at = %(now)s WHERE abs(hashtext(id::text)::bigint) %% 2 = 0
"""


def _fill() -> None:
    on = timezone.localdate() - timedelta(days=400)
    with connections["default"].cursor() as cursor:
        cursor.execute(_FIRMS, {"n": FIRMS, "city": CITY, "on": on})
        cursor.execute(_SITES, {"on": on})
        cursor.execute("ANALYZE safety_enterprise, safety_site")


def _leader() -> Holder:
    """Of the city."""
    held = Appointment.objects.filter(
        post__place=CITY, post__kind="leader", post__sees_place=True, held_to=None
    )
    found = held.order_by("id")[0]
    return as_holder(found.account_id, found.post_id, at=timezone.now())


def _plan(kind: str, by: Holder, **facts: Any) -> Plan:
    every = {"red": 7, "orange": 15, "yellow": 30, "blue": 90}
    return Plan(place=CITY, name=kind, kind=kind, every=every, valid_from=timezone.localdate(),
                account=by.account, post=by.post, entered_at=timezone.now(), **facts)  # fmt: skip


def _seconds(done: Any) -> float:
    began = time.perf_counter()
    done()
    return round(time.perf_counter() - began, 2)


def laying() -> dict[str, Any]:
    """Of one plan for all firms when it is made, and of a night in which half was done before."""
    _fill()
    by, now = _leader(), timezone.now()
    own = _plan("self", by)
    found: dict[str, Any] = {
        "preview_s": _seconds(partial(plans_laying.preview, own, now)),
        "made_s": _seconds(partial(plans.make, own, by=by, now=now)),
        "checks": Check.objects.count(),
        "again_s": _seconds(partial(plans_laying.lay, now)),
    }
    unit = next(u.id for u in plans.units_for(by) if u.place == CITY)
    for row in (_plan("grid", by), _plan("department", by, unit=unit, facts=["dust"])):
        plans.make(row, by=by, now=now)
    with connections["default"].cursor() as cursor:
        cursor.execute(_DONE, {"now": now})
    night = now + timedelta(days=1)
    found |= {
        "night_s": _seconds(partial(plans_laying.lay, night)),
        "left": Check.objects.filter(done_at=None).count(),
        "progress_s": _seconds(
            partial(plans.progress, [p.line for p in plans.going(by, now.date())], CITY, night)
        ),
    }
    return {"plans of 50,000 firms": found}


def pages() -> dict[str, Any]:
    """What is due in the city, in milliseconds: read, and over HTTP."""
    by = _leader()
    account = Account.objects.get(id=by.account)
    account.password = make_password(PASSWORD)
    account.save(update_fields=["password"])
    with connections["owner"].cursor() as cursor:  # as a minute later it has been done by itself
        cursor.execute(f"VACUUM ANALYZE {Check._meta.db_table}")
    today = timezone.localdate()
    read = times(lambda: checks.page(checks.in_place(CITY, today), "", today))
    staff = Browser().sign_in(account.username)
    return {
        "checks due, read": read,
        "checks due, page": times(partial(staff.ask, f"/safety/checks/?place={CITY}")),
        "plans, page": times(partial(staff.ask, "/safety/plans/")),
    }
