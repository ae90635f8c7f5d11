"""Pages for what went wrong, each with a next step; the worst ones need no database."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from gongzhi.ui import context


def _bare(request: HttpRequest, status: int) -> HttpResponse:
    """Without context processors: whatever broke may be one of them, or the database."""
    known = {
        "demo": settings.CONFIG.demo,
        "config": settings.CONFIG,
        "theme": request.COOKIES.get("theme", "auto"),
        "type": request.COOKIES.get("type", "normal"),
        "city": context.city_name(),
        "path": request.path,
    }
    page = loader.get_template(f"{status}.html").render(known)
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while it handles what went wrong."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return _bare(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """For when the database is away; whatever was sent may be sent again, since it acts once."""
    found = _bare(request, 503)
    found["Retry-After"] = "60"
    return found


def too_many(request: HttpRequest, *, wait: int = 60) -> HttpResponse:
    """For whoever throttles; `wait` in seconds."""
    found = _bare(request, 429)
    found["Retry-After"] = str(wait)
    return found
