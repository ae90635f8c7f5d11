"""Logs say what happened and never to whom."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from gongzhi.site import logs

PRIVATE = "13800001234"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the handler of our own configuration writes."""
    out, given = io.StringIO(), logs.logging("INFO")
    formatter = given["formatters"]["json"].copy()
    formatter.pop("()")
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**formatter))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel("INFO")
    yield out
    root.handlers[:] = before
    root.setLevel(level)


def said(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def served(request: HttpRequest, answer: HttpResponse) -> None:
    logs.Middleware(lambda _: answer)(request)


def test_a_request_is_one_line_with_the_pattern_and_no_address(lines: io.StringIO) -> None:
    request = RequestFactory().get(f"/track/{PRIVATE}", {"phone": PRIVATE})
    served(request, HttpResponse(status=404))
    (line,) = said(lines)
    assert (line["event"], line["method"], line["pattern"], line["status"]) == (
        "request", "GET", "unknown", 404,
    )  # fmt: skip
    assert len(line["request"]) == 12 and line["ms"] >= 0
    assert PRIVATE not in lines.getvalue()


def test_a_fault_is_its_kind_and_place_without_its_message(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"no such phone: {PRIVATE}")
    except ValueError as error:
        logs.Middleware(lambda _: HttpResponse()).process_exception(HttpRequest(), error)
        logging.getLogger("somebody.else").exception("failed")
    ours, theirs = said(lines)
    assert ours["kind"] == theirs["kind"] == "ValueError"
    assert "test_logs.py" in ours["where"] and "test_logs.py" in theirs["where"]
    assert PRIVATE not in lines.getvalue()


def test_messages_of_libraries_are_written_without_their_values(lines: io.StringIO) -> None:
    logging.getLogger("django.security.csrf").warning("Forbidden (%s): %s", "x", f"/{PRIVATE}")
    logging.getLogger("procrastinate.worker").error(
        f"Job letter[1](phone={PRIVATE}) ended",  # noqa: G004 -- as procrastinate says it
        extra={"action": "job_error"},
    )
    assert [line["event"] for line in said(lines)] == ["Forbidden (%s): %s", "job_error"]
    assert PRIVATE not in lines.getvalue()
