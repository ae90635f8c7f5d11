"""Makes accounts and puts them into posts."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongzhi.people.models import Account, Appointment


class AccountRefused(Exception):
    """Why no account was made."""


def add(username: str, *, name: str, password: str, posts: Iterable[str] = ()) -> Account:
    """A new account that holds these posts from now on. Raises AccountRefused."""
    try:
        validate_password(password)
        with transaction.atomic():
            account = Account.objects.create_user(username, password, name=name)
            for post in posts:
                Appointment.objects.create(account=account, post_id=post, held_from=timezone.now())
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from None
    except IntegrityError:
        raise AccountRefused(
            f"The name {username} is taken, or a post does not exist or is held by somebody else."
        ) from None
    return account
