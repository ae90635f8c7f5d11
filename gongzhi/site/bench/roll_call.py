"""A roll call of a district: seven thousand chiefs are called, they answer, a board reads it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Building,
    Called,
    Charge,
    Grid,
    RollCall,
)
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, reports, roll_calls
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder, as_holder
from gongzhi.places.models import Division
from gongzhi.site.bench import filling
from gongzhi.site.bench.intake import Browser
from gongzhi.site.bench.lists import Times, times
from gongzhi.site.demo import PASSWORD

COUNTY = "441202"
BUILDINGS = 7_000
HOUSEHOLDS = 21  # of each building, as a figure
SILENT = 20  # one chief in so many
HANDS = 4
LEADER = "bench-leader"
BATCH = 5_000


def _leader(now: datetime) -> Holder:
    unit = Unit.objects.create(kind="government", name="区政府", place=COUNTY, valid_from=now)
    post = Post.objects.create(
        unit=unit, kind="leader", title="区长", place=COUNTY, sees_place=True, valid_from=now
    )
    account = Account.objects.create(username=LEADER, name="区长", password=make_password(PASSWORD))
    Appointment.objects.create(post=post, account=account, held_from=now)
    return as_holder(account.id, post.id, at=timezone.now())


def _buildings(now: datetime, day: date) -> list[Holder]:
    """A chief's and a deputy's post for each, spread over the communities. Returns the chiefs."""
    filling.without_buildings()
    found = Division.objects.filter(code__startswith=COUNTY, level=5, valid_to=None)
    codes = list(found.order_by("code").values_list("code", flat=True))
    grids = [Grid(community=c, code="1", name="一网格", valid_from=day) for c in codes]
    units, buildings, posts, accounts, charges = [], [], [], [], []
    for n in range(BUILDINGS):
        grid = grids[n % len(grids)]
        team = Unit(kind="building_team", name=f"{n} 栋", place=grid.community, valid_from=now)
        of = Building(
            community=grid.community, grid=grid, code=f"{n:05}", name=f"{n} 栋", team=team.id,
            households=HOUSEHOLDS, valid_from=day,
        )  # fmt: skip
        units.append(team)
        buildings.append(of)
        for deputy in (0, 1):
            posts.append(Post(unit=team, kind="building_chief", title="楼长", place=grid.community,
                              valid_from=now))  # fmt: skip
            accounts.append(Account(username=f"bench-{n}-{deputy}", name="楼长"))
            charges.append(
                Charge(rung="building_chief", post=posts[-1].id, building=of, deputy=deputy,
                       community=of.community, held_from=day)
            )  # fmt: skip
    held = [
        Appointment(post=p, account=a, held_from=now) for p, a in zip(posts, accounts, strict=True)
    ]
    Grid.objects.bulk_create(grids)
    Unit.objects.bulk_create(units, batch_size=BATCH)
    Building.objects.bulk_create(buildings, batch_size=BATCH)
    Post.objects.bulk_create(posts, batch_size=BATCH)
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    Appointment.objects.bulk_create(held, batch_size=BATCH)
    Charge.objects.bulk_create(charges, batch_size=BATCH)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    at = timezone.now()
    return [as_holder(a.id, p.id, at=at) for p, a in zip(posts[::2], accounts[::2], strict=True)]


def _answers(roll: RollCall, by: list[Holder]) -> float:
    """Each in a transaction of its own, a few at once. Returns seconds."""

    def some(part: list[Holder]) -> None:
        for one in part:
            roll_calls.answer(roll, now=timezone.now(), by=one)
        connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(some, [by[n::HANDS] for n in range(HANDS)]))
    return time.perf_counter() - began


def _exact(roll: RollCall, answered: int) -> None:
    """Counters say what a count of the calls says."""
    found, _parts = roll_calls.standing(roll, COUNTY)
    rows = Called.objects.filter(roll_call=roll, deputy=0)
    counted = rows.exclude(answered_at=None).count()
    if not found.answered == counted == answered == sum(found.times):
        raise RuntimeError(f"{found.answered} counted, {counted} answered, {answered} expected")
    if found.waiting != BUILDINGS - answered or found.gaps:
        raise RuntimeError("some buildings are counted twice, or not at all")


def measure() -> dict[str, float | Times]:
    """While the site is served."""
    now = timezone.now() - timedelta(days=1)
    leader, chiefs = _leader(now), _buildings(now, now.date())
    until = timezone.localdate() + timedelta(days=7)
    wanted = emergencies.Wanted(
        kind="flood", name="西江洪水", place=COUNTY, reason="演练", ends_on=until
    )
    began = time.perf_counter()
    of = emergencies.activate(wanted, now=timezone.now(), by=leader)
    activated = time.perf_counter() - began
    began = time.perf_counter()
    roll = roll_calls.call(of, now=timezone.now(), by=leader)
    called = time.perf_counter() - began
    there = [c for n, c in enumerate(chiefs) if n % SILENT]
    took = _answers(roll, there)
    _exact(roll, len(there))
    browser = Browser().sign_in(LEADER)
    board = f"/neighbourhoods/emergency/{of.id}/figures/"
    live = f"/neighbourhoods/emergency/rolls/{roll.id}/figures/"
    figures: dict[str, float | Times] = {
        "emergency of 7,000 buildings begins, s": round(activated, 2),
        "7,000 chiefs called, s": round(called, 2),
        "answers a second": round(len(there) / took),
        "roll call, read": times(partial(roll_calls.standing, roll, COUNTY)),
        "board, read": times(partial(reports.by_community, of, COUNTY)),
        "board, figures over HTTP": times(partial(browser.ask, board)),
        "roll call, figures over HTTP": times(partial(browser.ask, live)),
    }
    Called.objects.filter(roll_call=roll).update(due_at=timezone.now())
    began = time.perf_counter()
    missed = roll_calls.pass_on(timezone.now())
    figures[f"{missed} silent ones passed on, s"] = round(time.perf_counter() - began, 2)
    if Affected.objects.filter(emergency=of).count() != BUILDINGS or missed != BUILDINGS // SILENT:
        raise RuntimeError("not every building was reached")
    return figures
