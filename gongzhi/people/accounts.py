"""Makes accounts and puts them into posts."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongzhi.people.models import Account, Appointment, Post


class AccountRefused(Exception):
    """Why no account was made."""


def _said(post: Post) -> str:
    return f"{post.place}/{post.kind}/{post.unit.kind} ({post.unit.name} {post.title})"


def post_called(said: str) -> Post:
    """A post by its place and kind, and the kind of its unit where that leaves a doubt:
    441226114/clerk, 441226/judge/court. Raises AccountRefused with what there is to choose from.
    """
    place, _, kinds = said.partition("/")
    kind, _, unit_kind = kinds.partition("/")
    here = list(
        Post.objects.filter(place=place, valid_to=None).select_related("unit").order_by("kind")
    )
    found = [p for p in here if p.kind == kind and unit_kind in {"", p.unit.kind}]
    if len(found) == 1:
        return found[0]
    offered = "\n  ".join(_said(p) for p in found or here) or f"no posts at {place}"
    raise AccountRefused(f"{said} names {len(found)} posts. Choose from:\n  {offered}")


def add(username: str, *, name: str, password: str, posts: Iterable[str] = ()) -> Account:
    """A new account that holds these posts (see post_called) from now on. Raises AccountRefused."""
    held = [post_called(said) for said in posts]
    try:
        validate_password(password)
        with transaction.atomic():
            account = Account.objects.create_user(username, password, name=name)
            for post in held:
                Appointment.objects.create(account=account, post=post, held_from=timezone.now())
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from None
    except IntegrityError:
        raise AccountRefused(
            f"The name {username} is taken, or a post is held by somebody else."
        ) from None
    return account
