"""What is measured of the web server and of what it keeps, for Prometheus."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import REGISTRY, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

REQUESTS = Histogram(
    "gongzhi_request_seconds",
    "Time to answer, by method, pattern of address and status",
    ["method", "pattern", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
PAGES = Gauge("gongzhi_live_pages", "Open pages that hear what happens, of this process")
LATELY = timedelta(days=7)


def undelivered() -> tuple[int, int, int]:
    """Notices that wait, that are tried again, and that were given up lately."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM undelivered_v1('', %s)", [timezone.now() - LATELY])
        waiting, retrying, given_up = cursor.fetchone()
    return waiting, retrying, given_up


class Notices(Collector):
    """Asked of the database at each reading; nothing is said while it is away."""

    def describe(self) -> Iterable[Metric]:
        return ()  # or it would be asked at import

    def collect(self) -> Iterable[Metric]:
        found = GaugeMetricFamily(
            "gongzhi_notices", "Notices not delivered, by what becomes of them", labels=["state"]
        )
        try:
            for state, n in zip(("waiting", "retrying", "given_up"), undelivered(), strict=True):
                found.add_metric([state], n)
        except DatabaseError:
            return
        yield found


REGISTRY.register(Notices())
