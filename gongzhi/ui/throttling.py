"""Pages for anybody that ask to wait, when one address asks too often (settings: rate limits)."""

# The library's public door counts no GET.
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

from gongzhi.ui.errors import too_many


def slow_down(request: HttpRequest, action: str, key: str | None = None) -> HttpResponse | None:
    """A page that asks to wait, or nothing while there is no need to.

    With a `key`, a rate may be counted by it (settings: 60/10m/key): a whole street may come from
    one address.
    """
    used = ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True)
    return too_many(request) if used is None else None
