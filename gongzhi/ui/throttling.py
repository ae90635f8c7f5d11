"""Pages for anybody that ask to wait, when one address asks too often (settings: rate limits)."""

# The library's public door counts no GET.
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

from gongzhi.ui.errors import too_many


def slow_down(request: HttpRequest, action: str) -> HttpResponse | None:
    """A page that asks to wait, or nothing while there is no need to."""
    used = ratelimit.consume(request, app="allauth.account", action=action, limit_get=True)
    return too_many(request) if used is None else None
