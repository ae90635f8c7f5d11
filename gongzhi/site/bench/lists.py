"""How long worklists and figures take, as pages over HTTP and as reads of the database."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.db import connections
from django.utils import timezone
from rich.console import Console

from gongzhi.cases import fallback, rollups, worklists
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.sweep import sweep
from gongzhi.command.asking import Asked, since
from gongzhi.command.figures import overview
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, as_holder
from gongzhi.places.models import Division
from gongzhi.places.search import children
from gongzhi.site import config as configuration
from gongzhi.site import supervisor
from gongzhi.site.bench.intake import Browser

ROUNDS = 200
LEADERS = ("province", "city", "county", "clerk")
PLACES = ("44", "4412", "441226", "441226114", "441226114202")
DUE = 100_000  # clocks to sweep
Times = dict[str, float]


def times(do: Callable[[], object], rounds: int = ROUNDS) -> Times:
    """What doing it takes, in milliseconds."""
    for _ in range(3):
        do()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        do()
        took.append((time.perf_counter() - began) * 1000)
    return {
        "median_ms": round(statistics.median(took), 1),
        "p99_ms": round(statistics.quantiles(took, n=100)[98], 1),
    }


@contextmanager
def serving() -> Iterator[None]:
    """The site without a worker, so that figures are folded only when we say so."""
    config = configuration.read()
    site = supervisor.Children({"web": supervisor.web_command(config)}, Console(quiet=True))
    site.start()
    try:
        supervisor.until_ready(config, site)
        yield
    finally:
        site.stop()


def _leader(username: str) -> Holder:
    holding = Appointment.objects.get(account__username=username)
    return as_holder(holding.account_id, holding.post_id, at=timezone.now())


def _drill(place: str, by: Holder, span: str) -> None:
    """All figures that the page of a place reads."""
    today = timezone.localdate()
    here = Division.objects.defer("pairs").get(code=place)
    of = Asked(here, by, "", span, since(span, today), today + timedelta(days=1))
    overview(of, [d.code for d in children(place)])


def pages() -> dict[str, Times]:
    """A leader's worklist and drill-down at every level."""
    found = {}
    for username in LEADERS:
        by = _leader(username)
        browser = Browser().sign_in(username)
        found[f"worklist of {username}, read"] = times(partial(worklists.page, "place", by))
        found[f"worklist of {username}, page"] = times(partial(browser.ask, "/desk/?kind=place"))
    by = _leader("province")
    for place in PLACES:
        for span in ("days", "months"):
            found[f"drill-down of {place}, {span}, read"] = times(partial(_drill, place, by, span))
        leader = Browser().sign_in("province")  # anew: the site ends a connection that is idle
        found[f"drill-down of {place}, page"] = times(
            partial(leader.ask, f"/command/?place={place}")
        )
        found[f"filter of {place}, page"] = times(
            partial(leader.ask, f"/mediation/filter/?place={place}")
        )
    return found


def settle() -> None:
    """As the worker leaves it after a night: all is folded, and what is over is in its month."""
    rollups.fold()
    rollups.add_up(timezone.localdate())


def unfolded() -> dict[str, Times]:
    """What it would cost if the worker had slept through all of it."""
    drill = partial(_drill, "4412", _leader("province"), "days")
    return {"drill-down of 4412, nothing folded": times(drill, 3)}


def folding() -> dict[str, int]:
    began = time.perf_counter()
    folded = rollups.fold()
    took = time.perf_counter() - began
    with connections["owner"].cursor() as cursor:  # as a minute later it has been done by itself
        cursor.execute("VACUUM ANALYZE cases_delta")
    return {"deltas folded a second": round(folded / took)}


def falling() -> dict[str, float]:
    """What the sweep has made late is reminded of, and goes up a level ten days later."""
    now = timezone.now()
    FallbackRule.objects.create(
        place="44", remind_after=0, up_after=1, valid_from=now, account=uuid4(), post=uuid4()
    )
    began = time.perf_counter()
    reminded = fallback.remind_late(now)
    between = time.perf_counter()
    moved = fallback.move_up(now + timedelta(days=10))
    took = time.perf_counter() - between
    return {
        "cases reminded": reminded,
        "reminded a second": round(reminded / (between - began)),
        "cases that went up": moved,
        "went up in seconds": round(took, 1),
        "went up a second": round(moved / took),
    }


def sweeping() -> dict[str, float]:
    """All that is due, in one go; the clocks are real ones on copied cases."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_clockrun SET due_at = now() - interval '1 hour' WHERE (county, case_id)"
            " IN (SELECT county, case_id FROM cases_clockrun WHERE status = 'running'"
            " AND name = 'accept' LIMIT %s)",
            [DUE],
        )
        cursor.execute(
            "UPDATE cases_clockrun SET due_at = now() + interval '9 days'"
            " WHERE status = 'running' AND due_at < now() - interval '2 hours'"
        )
        cursor.execute("VACUUM ANALYZE cases_clockrun")
    began = time.perf_counter()
    swept = sweep(timezone.now() + timedelta(minutes=1))
    return {"clocks swept": swept, "sweep seconds": round(time.perf_counter() - began, 1)}
