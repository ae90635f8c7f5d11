"""A worker killed in the middle of sending loses no notice; the receiver can tell a double."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases import whistles
from gongzhi.cases.models import Delivery
from gongzhi.cases.testing import LINE, Cast, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.notices import outlets
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Hook, web_server
from tests.running import RunningSite
from tests.waiting import WITHIN, until

pytestmark = pytest.mark.faults
VILLAGE, TOWN = LINE[-1], LINE[-2]


@pytest.fixture(autouse=True)
def may_send_here(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("GONGZHI_WEBHOOK_PRIVATE", "1")
    settings.CONFIG = replace(settings.CONFIG, webhook_private=True)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    return make_cast()


def whistled(cast: Cast, hook: Hook, n: int = 1) -> None:
    leader, now = cast[TOWN, "leader"], timezone.now()
    for place in range(n):
        outlets.add(Wanted(kind="webhook", address=f"{hook.url}/{place}"), now=now, by=leader)
    units = {"units": [cast.units[TOWN]]}
    begin(m.mediation).act(whistles.whistle, units, by=cast[VILLAGE, "clerk"])


ALL_SENT = "SELECT count(*) > 0 AND bool_and(sent_at IS NOT NULL) FROM cases_delivery"


def test_each_outlet_gets_it_once(site: RunningSite, cast: Cast, hook: Hook) -> None:
    site.start_worker()
    whistled(cast, hook, 5)
    until(ALL_SENT)
    assert sorted(a.path for a in hook.asked) == [f"/{n}" for n in range(5)]


def test_a_worker_killed_while_sending_loses_nothing(
    site: RunningSite, cast: Cast, hook: Hook
) -> None:
    hook.held.clear()
    whistled(cast, hook)
    site.start_worker()
    assert hook.arrived.acquire(timeout=WITHIN)  # taken, and not yet answered
    site.kill_worker()
    (begun,) = Delivery.objects.using("owner").all()
    assert begun.sent_at is None and begun.tries == 1
    hook.held.set()
    # As when the claim has run out.
    Delivery.objects.using("owner").update(next_at=timezone.now())
    site.start_worker()
    until(ALL_SENT)
    asked = [a.headers["webhook-id"] for a in hook.asked]
    # Where a minute passes meanwhile, who is late is told so besides.
    assert asked.count(asked[0]) >= 2
