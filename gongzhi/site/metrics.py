"""What is measured of the web server, for Prometheus."""

from prometheus_client import Gauge, Histogram

REQUESTS = Histogram(
    "gongzhi_request_seconds",
    "Time to answer, by method, pattern of address and status",
    ["method", "pattern", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
PAGES = Gauge("gongzhi_live_pages", "Open pages that hear what happens, of this process")
