"""Sign-in of staff: accounts are made by an administrator, never by signing up."""

import base64
from collections.abc import Callable
from typing import Any, NamedTuple

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gongzhi.people import sealing
from gongzhi.people.models import Account


class DemoSignIn(NamedTuple):
    """Someone to sign in as in the demo."""

    title: str
    username: str
    password: str


_demo: list[Callable[[], list[DemoSignIn]]] = []


def offer_demo(source: Callable[[], list[DemoSignIn]]) -> None:
    """Name who is offered on the sign-in page of the demo; asked at each showing."""
    _demo[:] = [source]


def demo_signins() -> list[DemoSignIn]:
    """Nobody outside the demo, whatever was offered."""
    if not settings.CONFIG.demo:
        return []
    return [one for source in _demo for one in source()]


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Without a mail server there is nobody to hand a letter to."""
        if settings.CONFIG.smtp_url:
            super().send_mail(template_prefix, email, context)


class SocialAdapter(DefaultSocialAccountAdapter):
    """A sign-in elsewhere opens an account that exists here, and never makes one.

    The city's own sign-in is trusted to say who somebody is: the name it knows a person by
    (`preferred_username`) is the name of the account here.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        told = sociallogin.account.extra_data.get("userinfo", {})
        name = told.get("preferred_username")
        account = Account.objects.filter(username=name, is_active=True).first() if name else None
        if account is not None:
            sociallogin.connect(request, account)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):
    """Keeps the secrets of two-step verification encrypted."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealing.seal(text, about="mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(base64.b64decode(encrypted_text), about="mfa")


class LoginForm(AllauthLoginForm):
    """Passwords are reset by whoever made the account: many posts have no mailbox."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # says no more than the label does
        self.fields["password"].help_text = _("忘记密码，请联系本单位管理员重设。")
