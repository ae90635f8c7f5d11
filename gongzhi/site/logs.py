"""Structured logs, one JSON object a line, with no personal data in them.

A line names the pattern of an address, never the address itself: no query, number or word of a
resident. Bodies and parameters are not logged at all.
"""

import time
from collections.abc import Callable
from logging import LogRecord
from typing import Any
from uuid import uuid4

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from structlog.typing import EventDict

from gongzhi.site.metrics import REQUESTS


def _place_of(error: BaseException) -> str:
    """Where it was raised, as file:line."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""


def kind_and_place(logger: Any, method: str, said: EventDict) -> EventDict:
    """An exception without its message, which may quote a resident."""
    given = said.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        said["kind"], said["where"] = type(error).__name__, _place_of(error)
    return said


def unfilled(logger: Any, method: str, said: EventDict) -> EventDict:
    """Other people's messages before their values are put in: addresses, arguments of jobs."""
    record: LogRecord = said["_record"]
    said["logger"] = record.name
    said["event"] = getattr(record, "action", None) or str(record.msg)
    return said


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
log = structlog.get_logger("gongzhi.web")


def logging(level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    kind_and_place,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": [*SHARED, unfilled],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # Django's own messages of requests carry the address; ours carry its pattern.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "procrastinate": {"level": "WARNING"},
        },
    }


class Middleware:
    """One line and one measurement for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=uuid4().hex[:12])
        try:
            return self._measured(request, began)
        finally:
            structlog.contextvars.unbind_contextvars("request")

    def _measured(self, request: HttpRequest, began: float) -> HttpResponse:
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        match = request.resolver_match
        pattern = match.route if match else "unknown"
        REQUESTS.labels(request.method, pattern, response.status_code).observe(seconds)
        log.info(
            "request", method=request.method, pattern=pattern, status=response.status_code,
            ms=round(seconds * 1000),
        )  # fmt: skip
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """The kind and place of a fault; its message may quote a resident and is left out."""
        if isinstance(error, Http404 | PermissionDenied):  # an answer, not a fault
            return
        log.error("fault", kind=type(error).__name__, where=_place_of(error))
