"""A worker killed while it gives a notice to buildings: each household gets it once."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django import app
from pytest_django import Settings

from gongzhi.mechanisms.neighbourhoods.registers import announcing
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import (
    COMMUNITY,
    Stage,
    add_building,
    totals,
)
from gongzhi.notices import outlets
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Hook, web_server
from tests.running import RunningSite
from tests.waiting import until

pytestmark = pytest.mark.faults
MORE = announcing.BATCH + 20  # buildings, so that the worker has two steps to do
WAITS = """
    SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)
"""
ALL_OF_IT = """
    SELECT bool_and(queued_at IS NOT NULL) AND EXISTS (
        SELECT 1 FROM neighbourhoods_dispatch WHERE sent_at IS NOT NULL)
    FROM neighbourhoods_announcement
"""


@pytest.fixture(autouse=True)
def may_send_here(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("GONGZHI_WEBHOOK_PRIVATE", "1")
    settings.CONFIG = replace(settings.CONFIG, webhook_private=True)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


def test_a_worker_killed_in_the_middle_gives_it_to_each_household_once(
    site: RunningSite, hook: Hook
) -> None:
    stage = Stage()
    for n in range(MORE):
        add_building(stage.grid, f"N{n}", 1)
    leader, now = stage.cast[COMMUNITY, "leader"], timezone.now()
    outlets.add(Wanted(kind="webhook", address=hook.url), now=now, by=leader)
    a = stage.publish(Reach(COMMUNITY), channels=["webhook"])
    assert a.queued == 0
    with psycopg.connect(**connections["owner"].get_connection_params()) as holder:
        assert holder.info.dbname == settings.DATABASES["owner"]["NAME"]
        holder.execute("SELECT hold_notice_v1(%s)", [a.id])
        site.start_worker()
        until(WAITS)
        site.kill_worker()
    app.configure_task(announcing.GO_OUT).defer(timestamp=0)
    site.start_worker()
    until(ALL_OF_IT)
    a.refresh_from_db()
    assert (a.queued, a.buildings) == (MORE + 2, MORE + 2)
    assert totals(a) == (MORE + 7, 0, 0, 0) and len(hook.asked) == 1
