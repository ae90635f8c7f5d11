"""A notice to 150,000 households: how soon they have it, and whether its counts stay exact.

Read and confirmed from many connections at once, all over the county and in one building; then the
counters are compared with the rows.
"""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import quantiles
from uuid import uuid4

from django.db import connection, connections
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import Announcement
from gongzhi.mechanisms.neighbourhoods.registers import announced, announcing
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder, as_holder
from gongzhi.site.bench.intake import Browser

COUNTY = "441202"  # Duanzhou
BUILDINGS = 7_000
HOUSEHOLDS = 150_000
TALL = 600  # households of one building more
CONNECTIONS = 32
CONFIRMED = 30_000
OVER_HTTP = 1_000
BROWSERS = 4

# Buildings are spread over the communities there are, households over the buildings.
STOCK = """
WITH places AS (
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS all_of
    FROM places_division WHERE level = 5 AND code LIKE %(county)s || '%%'
), grids AS (
    INSERT INTO neighbourhoods_grid (id, community, code, name, valid_from)
    SELECT gen_random_uuid(), code, %(code)s, '一网格', current_date FROM places
    RETURNING id, community
), built AS (
    INSERT INTO neighbourhoods_building
        (id, community, grid_id, code, name, name_en, address, team, households, valid_from)
    SELECT gen_random_uuid(), g.community, g.id, %(code)s || '-' || b, b || ' 栋', '', '',
        gen_random_uuid(),
        %(households)s / %(buildings)s + (b < %(households)s %% %(buildings)s)::int, current_date
    FROM generate_series(0, %(buildings)s - 1) b
    JOIN places p ON p.n = b %% p.all_of JOIN grids g ON g.community = p.code
    RETURNING id, community, households
), doors AS (
    INSERT INTO neighbourhoods_dwelling (id, building_id, stair, room, valid_from)
    SELECT gen_random_uuid(), b.id, '', d::text, current_date
    FROM built b CROSS JOIN LATERAL generate_series(1, b.households) d
    RETURNING id, building_id
)
INSERT INTO neighbourhoods_household (id, dwelling_id, building_id, community, key, since)
SELECT gen_random_uuid(), d.id, b.id, b.community,
    left(replace(gen_random_uuid()::text, '-', ''), 16), current_date
FROM doors d JOIN built b ON b.id = d.building_id
"""
EXACT = """
SELECT count(*), coalesce(sum(t.households), 0), coalesce(sum(t.read), 0),
    coalesce(sum(t.confirmed), 0),
    coalesce(bool_and((t.households, t.read, t.confirmed) = (s.households, s.read, s.confirmed)),
        false)
FROM neighbourhoods_told t JOIN (
    SELECT building, count(*) AS households, count(*) FILTER (WHERE read_n > 0) AS read,
        count(*) FILTER (WHERE confirmed_n > 0) AS confirmed
    FROM neighbourhoods_sent WHERE announcement_id = %(id)s GROUP BY 1
) s ON s.building = t.building
WHERE t.announcement_id = %(id)s
"""


def stock(code: str, buildings: int, households: int) -> None:
    """Buildings, doors and households of a county, in grids of this code."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            STOCK,
            {"code": code, "county": COUNTY, "buildings": buildings, "households": households},
        )
        cursor.execute("ANALYZE")


def clerk() -> Holder:
    """Somebody of the county who may write to all of it."""
    now = timezone.now()
    unit = Unit.objects.filter(place=COUNTY, valid_to=None).order_by("kind").first()
    if unit is None:
        unit = Unit.objects.create(
            kind="governance_centre", name="综治中心", place=COUNTY, valid_from=now
        )
    post = Post.objects.create(
        unit=unit, kind="clerk", title="专员", place=COUNTY, sees_place=True, valid_from=now
    )
    account = Account.objects.create(username=uuid4().hex, name="专员")
    Appointment.objects.create(post=post, account=account, held_from=now)
    return as_holder(account.id, post.id, at=timezone.now())


def published(by: Holder) -> Announcement:
    """To the whole county; the households have it when the queue is through."""
    now = timezone.now()
    return announcing.publish(
        Written("台风来了", "今晚八时前请关好门窗。"), Reach(COUNTY), id_=uuid4(), asks=True,
        shown_until=timezone.localdate(now) + timedelta(days=7), channels=[], by=by, now=now,
    )  # fmt: skip


def keys(a: Announcement) -> tuple[list[str], list[str]]:
    """The keys of all its households in any order, and those of the largest building."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT key FROM neighbourhoods_household WHERE community LIKE %s || '%%'"
            " ORDER BY key", [a.place],
        )  # fmt: skip
        every = [key for (key,) in cursor.fetchall()]
        cursor.execute(
            "SELECT key FROM neighbourhoods_household WHERE building_id = ("
            " SELECT id FROM neighbourhoods_building ORDER BY households DESC, id LIMIT 1)"
        )
        return every, [key for (key,) in cursor.fetchall()]


def exact(a: Announcement) -> tuple[int, int, int]:
    """Households, read, confirmed by the counters. Raises where the rows say something else."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(EXACT, {"id": a.id})
        buildings, households, read, confirmed, same = cursor.fetchone()
    if buildings and not same:
        raise RuntimeError("the counters of a notice are not what its rows say")
    return households, read, confirmed


def at_once(
    do: Callable[[str], object], given: Sequence[str], hands: int = CONNECTIONS
) -> tuple[float, list[float]]:
    """How many a second, and how long each took, from so many connections."""

    def some(share: Sequence[str]) -> list[float]:
        took = []
        for key in share:
            began = time.perf_counter()
            do(key)
            took.append((time.perf_counter() - began) * 1000)
        connection.close()  # of this thread alone
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(hands) as pool:
        each = [one for took in pool.map(some, [given[n::hands] for n in range(hands)])
                for one in took]  # fmt: skip
    return len(given) / (time.perf_counter() - began), each


def hearing(a: Announcement, every: Sequence[str], one: Sequence[str]) -> dict[str, float]:
    """Read and confirmed through the functions, over the county and in one building."""
    now = timezone.now()

    def confirm(key: str) -> None:
        announcing.confirm(key, a.id, 1, now=now)

    opened, _ = at_once(lambda key: announcing.read(key, a.id, now=now), every[: len(every) // 2])
    confirmed, took = at_once(confirm, every)
    households, read, counted = exact(a)
    again, _ = at_once(confirm, [key for _ in range(len(every) // len(one)) for key in one])
    heard, all_of = len(set(every)), len({*every, *one})
    if (read, counted, exact(a)[2]) != (heard, heard, all_of):
        raise RuntimeError(f"{counted} of {heard} confirmations were counted")
    return {
        "households with the notice": households,
        "read a second": round(opened),
        "confirmed a second": round(confirmed),
        "confirmed, p99 ms": round(quantiles(took, n=100)[98], 1),
        "confirmed again a second": round(again),
    }


def hot(by: Holder, one: Sequence[str]) -> dict[str, float]:
    """All households of one building confirm at the same moment, notice after notice."""
    a = published(by)
    announcing.queue_all(timezone.now())
    rate, _ = at_once(lambda key: announcing.confirm(key, a.id, 1, now=timezone.now()), one)
    if exact(a)[2] != len(one):
        raise RuntimeError("some confirmations of a building were lost")
    return {"confirmed a second in one building": round(rate)}


def to_a_county() -> dict[str, float]:
    """Publishing, queueing, and half a minute of confirmations."""
    stock("1", BUILDINGS - 1, HOUSEHOLDS - TALL)
    stock("2", 1, TALL)
    by = clerk()
    began = time.perf_counter()
    a = published(by)
    answered = time.perf_counter()
    announcing.queue_all(timezone.now())
    queued = time.perf_counter()
    every, one = keys(a)
    random.Random(6).shuffle(every)  # noqa: S311 -- an order for a benchmark
    figures = {
        "notice published, ms": round((answered - began) * 1000),
        "notice queued to all households, s": round(queued - answered, 2),
        **hearing(a, every[:CONFIRMED], one), **hot(by, one),
    }  # fmt: skip
    began = time.perf_counter()
    announced.counted_by_part(a, by, COUNTY)
    figures["counts by town, ms"] = round((time.perf_counter() - began) * 1000, 1)
    began = time.perf_counter()
    announcing.correct(a.id, Written("台风停了", "可以开窗了。"), of=1, why="停了", again=True,
                       by=by, now=timezone.now())  # fmt: skip
    figures["corrected and asked anew, ms"] = round((time.perf_counter() - began) * 1000)
    return figures


def over_http() -> dict[str, float]:
    """Households open their page and press the button, while the site is served."""
    a = published(clerk())
    announcing.queue_all(timezone.now())
    every, _one = keys(a)
    browsers = [Browser() for _ in range(BROWSERS)]

    def hear(given: tuple[Browser, Sequence[str]]) -> None:
        browser, share = given
        for key in share:
            page = f"/neighbourhoods/home/{key}/notices/{a.id}/"
            if browser.ask(page) != 200 or browser.ask(page, {"n": "1"}) != 302:
                raise RuntimeError("a household could not confirm")

    shares = [(b, every[n:OVER_HTTP:BROWSERS]) for n, b in enumerate(browsers)]
    began = time.perf_counter()
    with ThreadPoolExecutor(BROWSERS) as pool:
        list(pool.map(hear, shares))
    rate = OVER_HTTP / (time.perf_counter() - began)
    if exact(a)[1:] != (OVER_HTTP, OVER_HTTP):
        raise RuntimeError("some confirmations over HTTP were lost")
    return {"opened and confirmed over HTTP a second": round(rate)}
