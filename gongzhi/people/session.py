"""In which post a signed-in person acts: chosen once, checked at every request."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from gongzhi.people.models import Account
from gongzhi.people.posts import Holder, NotYourPost, as_holder, posts_of

REVEALED_FOR = 600  # seconds that names stay unmasked after the act `reveal`
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Holder, P], HttpResponse]


def account_of(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise NotYourPost
    return request.user


def current_post(request: HttpRequest) -> Holder | None:
    """The chosen post while it is held; the only one, where there is only one."""
    account, chosen = account_of(request), request.session.get("post")
    if chosen:
        try:
            return as_holder(account.id, UUID(chosen), at=timezone.now())
        except NotYourPost:
            del request.session["post"]
    held = posts_of(account.id, at=timezone.now())
    if len(held) == 1:
        request.session["post"] = str(held[0].post)
        return held[0]
    return None


def holder_by(cookies: str) -> Holder:
    """Who acts in which post, by the cookies of a request that Django does not see.

    Raises NotYourPost.
    """
    close_old_connections()
    request = HttpRequest()
    request.COOKIES = parse_cookie(cookies)
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.session = session(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    by = current_post(request)
    if by is None:
        raise NotYourPost
    return by


def _going_on(request: HttpRequest) -> str:
    """Where to go on after signing in: what was sent is lost, so to the page it was sent from."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        return reverse("desk:list")
    return urlunsplit(("", "", *urlsplit(sent_from)[2:4], ""))


def as_post(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view for staff: signed in, in a post; the view gets the post."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_going_on(request))
        by = current_post(request)
        if by is None:
            return redirect("desk:posts")
        request.holder = by  # type: ignore[attr-defined]
        return view(request, by, *args, **kwargs)

    inner.asks_post = True  # type: ignore[attr-defined]  # a test of the house asks every view
    return inner


def reveal(request: HttpRequest, case: UUID) -> None:
    """From now on, for a while; the act that asked for it stands in the ledger."""
    known = request.session.get("revealed", {})
    known[str(case)] = timezone.now().timestamp() + REVEALED_FOR
    request.session["revealed"] = known


def revealed(request: HttpRequest, case: UUID) -> bool:
    """Whether people of this case are shown unmasked to whoever is signed in."""
    until = request.session.get("revealed", {}).get(str(case), 0)
    return bool(timezone.now().timestamp() < until)
