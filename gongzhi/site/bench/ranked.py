"""How long the order of urgency takes in a city with a million hazards, at each level and depth."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django.utils import timezone

from gongzhi.cases import rollups, urgency
from gongzhi.cases.act import Report, report
from gongzhi.cases.changes import Words
from gongzhi.cases.urgency import Wanted
from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.registers.ranks import RANKS, weights
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, Resident, as_holder
from gongzhi.places.search import children
from gongzhi.site.bench.filling import columns_of
from gongzhi.site.bench.intake import Browser
from gongzhi.site.bench.lists import LEADERS, Times, times

CITY = "4412"
HAZARDS = 1_000_000
VILLAGE = "441226114202"
ALL = [w for rank in (*RANKS, "") for w in weights(rank)]
# Of a hundred hazards, how many have which weight; the rarest state has one in 5,000.
SHARES = {"red": (1, 2), "orange": (3, 15), "yellow": (3, 36), "blue": (2, 34), "": (1, 3)}
OPEN = [state.name for state in safety.states if not state.final]
RARE = OPEN[-1]

COPY = """
WITH villages AS (
    SELECT code, row_number() OVER (ORDER BY code) AS n
    FROM places_division WHERE level = 5 AND code LIKE %(city)s
), made AS (
    INSERT INTO cases_case ({columns})
    SELECT {columns} FROM (
        SELECT c.* FROM generate_series(1, %(hazards)s) g
        JOIN villages v ON v.n = g %% (SELECT count(*) FROM villages) + 1
        CROSS JOIN (SELECT x AS c FROM cases_case x WHERE mechanism = %(mechanism)s LIMIT 1) one
        -- Spread in FROM: in the list it would be made once for each column.
        CROSS JOIN LATERAL jsonb_populate_record(one.c, jsonb_build_object(
            'id', gen_random_uuid(), 'number', left(md5(random()::text), 20),
            'place', v.code, 'county', left(v.code, 6),
            'weight', (%(weights)s::int[])[1 + g / 5 %% 100],
            'state', CASE WHEN g %% 5000 = 0 THEN %(rare)s
                ELSE (%(states)s::text[])[1 + g %% %(n_states)s] END,
            'overdue', g %% 9 = 0,
            'due_at', %(now)s::timestamptz + (g %% 90 - CASE WHEN g %% 9 = 0 THEN 91 ELSE -1 END)
                * interval '1 day' + g %% 1000 * interval '1 second')) c
    ) copies RETURNING *
)
INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
SELECT county, id, 1, place, mechanism, current_date,
    jsonb_build_object('now.open.' || phase, 1, 'now.weight.' || weight, 1)
FROM made
"""


def fill(hazards: int = HAZARDS) -> None:
    """Copies of one hazard in all villages of the city: there to be listed, not to be replayed."""
    now = timezone.now()
    told = Report(place=VILLAGE, category="machinery", title="冲床没有护罩",
                  data={"text": Words("冲床没有护罩")})  # fmt: skip
    report(safety, told, key="bench", now=now, by=Resident())
    shares = [
        weight for rank, of in SHARES.items()
        for weight, n in zip(weights(rank), of, strict=True) for _n in range(n)
    ]  # fmt: skip
    asked: dict[str, Any] = {
        "city": f"{CITY}%", "weights": shares, "rare": RARE, "states": OPEN[:-1],
        "n_states": len(OPEN) - 1, "now": now, "hazards": hazards, "mechanism": safety.name,
    }  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute(COPY.format(columns=columns_of("cases_case")), asked)
        cursor.execute("VACUUM ANALYZE cases_case, cases_delta")
    rollups.fold()


def _deep(by: Holder, wanted: Wanted, now: datetime) -> str:
    """From the middle: yellow, what is due in a month."""
    page = urgency.page(safety, by, by.place, wanted, size=1)
    last = page.after or f"0_{now.isoformat()}_{by.post}"
    yellow = weights("yellow")[1]
    return f"{yellow}_{(now + timedelta(days=30)).isoformat()}_{last.rpartition('_')[2]}"


def _reads(by: Holder) -> dict[str, Times]:
    now = timezone.now()
    every = Wanted(ALL)
    asked: Mapping[str, tuple[Wanted, str]] = {
        "first": (every, ""), "deep": (every, _deep(by, every, now)),
        "one colour": (Wanted(weights("yellow")), ""),
        "a rare state": (Wanted(ALL, [RARE]), ""),
        "overdue": (Wanted(ALL, overdue_at=now), ""),
        "overdue, a rare state": (Wanted(ALL, [RARE], now), ""),
    }  # fmt: skip
    return {
        name: times(partial(urgency.page, safety, by, by.place, wanted, after=after))
        for name, (wanted, after) in asked.items()
    }


def measure() -> dict[str, Times]:
    """As reads and, the first and a deep page, as pages over HTTP; the site is being served."""
    found = {}
    now = timezone.now()
    for username in LEADERS:
        holding = Appointment.objects.get(account__username=username)
        by = as_holder(holding.account_id, holding.post_id, at=now)
        for name, took in _reads(by).items():
            found[f"ranked of {username}, {name}, read"] = took
        places = [by.place, *(d.code for d in children(by.place))]
        found[f"ranked of {username}, counted, read"] = times(
            partial(urgency.numbers, safety, by, places)
        )
        browser = Browser().sign_in(username)
        for name, after in (("first", ""), ("deep", _deep(by, Wanted(ALL), now))):
            address = f"/safety/ranked/?{urlencode({'place': by.place, 'after': after})}"
            found[f"ranked of {username}, {name}, page"] = times(partial(browser.ask, address))
    return found
