"""A worker killed in the middle of a task does not hold that task up for ever."""

from contextlib import suppress

import psycopg
import pytest
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from gongzhi.cases.tasks import sweep_due_clocks
from tests.running import RunningSite
from tests.waiting import until

pytestmark = pytest.mark.faults
WAITS = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation')"
SWEPT = """
    SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE lock = 'sweep' AND status = 'succeeded')
        AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE lock = 'sweep' AND status = 'doing')
"""


def test_limits_fall_due_again_after_a_worker_was_killed(site: RunningSite) -> None:
    with psycopg.connect(**connections["owner"].get_connection_params()) as holder:
        holder.execute("LOCK TABLE cases_clockrun IN ACCESS EXCLUSIVE MODE")
        app.configure_task(sweep_due_clocks.name).defer(timestamp=0)
        site.start_worker()
        until(WAITS)
        site.kill_worker()
    with suppress(AlreadyEnqueued):  # where a minute has passed, one waits already
        app.configure_task(sweep_due_clocks.name).defer(timestamp=1)
    site.start_worker()
    until(SWEPT)
