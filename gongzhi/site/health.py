"""Whether the service lives, is ready, and how it does: /healthz, /readyz, /metrics."""

from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")
_migrated: set[bool] = set()


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def _is_migrated() -> bool:
    """Whether the database is of this version; asked until it is, and then never again."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(True)
    return True


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is of this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        ready = _is_migrated()
    except DatabaseError:
        ready = False
    return HttpResponse("ready" if ready else "not ready", status=200 if ready else 503,
                        content_type="text/plain")  # fmt: skip


def _may_measure(request: HttpRequest) -> bool:
    """This machine without a proxy between, or whoever has the token."""
    token: str = settings.CONFIG.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(given.encode(), token.encode()):
        return True
    through_proxy = bool(settings.CONFIG.proxies) or any(h in request.headers for h in FORWARDED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not through_proxy


def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus."""
    if not _may_measure(request):
        return HttpResponseForbidden()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
