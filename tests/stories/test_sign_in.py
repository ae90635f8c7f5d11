"""Sign-in beyond the password: a second step, and the city's own sign-in (OpenID Connect)."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from gongzhi.cases.testing import LINE, Cast, make_cast
from gongzhi.people.models import Account

PASSWORD = "a-long-password"
SECRET = "a secret of thirty-two bytes or so"


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    cache.clear()
    yield make_cast()
    cache.clear()


@pytest.fixture
def account(cast: Cast) -> Account:
    found = Account.objects.get(id=cast[LINE[-2], "clerk"].account)
    found.username = "jiushi.clerk"
    found.set_password(PASSWORD)
    found.save()
    return found


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client: Client, account: Account) -> str:
    said = {"login": account.username, "password": PASSWORD}
    return client.post(reverse("account_login"), said).headers.get("Location", "")


def test_a_second_step_is_asked_once_it_is_set_up(account: Account) -> None:
    client = Client()
    assert sign_in(client, account) == "/desk/"
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})

    other = Client()
    assert sign_in(other, account) == reverse("mfa_authenticate")
    assert other.get("/desk/").status_code == 302
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200 and other.get("/desk/").status_code == 302
    cache.clear()  # a code is good once, also the one that set it up
    assert other.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 302
    assert other.get("/desk/").status_code == 200


@dataclass
class Issuer:
    """A small OpenID Connect provider on loopback; `who` signs in there."""

    url: str
    who: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)


class Provider(ThreadingHTTPServer):
    issuer: Issuer


class Answer(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *args: object) -> None:
        pass

    def say(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:
        of = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            self.say({
                "issuer": of.url, "authorization_endpoint": f"{of.url}/authorize",
                "token_endpoint": f"{of.url}/token", "userinfo_endpoint": f"{of.url}/me",
                "jwks_uri": f"{of.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        else:
            self.say({"sub": f"id of {of.who}", "preferred_username": of.who})

    def do_POST(self) -> None:
        of = self.server.issuer
        length = int(self.headers["Content-Length"])
        of.asked.append({k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()})
        claims = {"iss": of.url, "aud": "gongzhi", "sub": f"id of {of.who}", "exp": 2**33, "iat": 0,
                  "preferred_username": of.who}  # fmt: skip
        signed = jwt.encode(claims, SECRET, algorithm="HS256")
        self.say({"access_token": "t", "token_type": "Bearer", "id_token": signed})


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    server = Provider(("127.0.0.1", 0), Answer)
    server.issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    app = {
        "provider_id": "city", "name": "OpenID", "client_id": "gongzhi", "secret": SECRET,
        "settings": {"server_url": server.issuer.url},
    }  # fmt: skip
    try:
        with override_settings(
            SOCIALACCOUNT_PROVIDERS={
                **settings.SOCIALACCOUNT_PROVIDERS,
                "openid_connect": {"APPS": [app]},
            }
        ):
            yield server.issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def come_from(issuer: Issuer, client: Client) -> str:
    """Go to the city's sign-in and come back; where one ends up."""
    away = client.post(reverse("openid_connect_login", args=["city"])).headers["Location"]
    assert away.startswith(f"{issuer.url}/authorize")
    state = parse_qs(urlsplit(away).query)["state"][0]
    back = reverse("openid_connect_callback", args=["city"])
    return client.get(back, {"code": "c", "state": state}).headers.get("Location", "")


def test_the_citys_own_sign_in_opens_the_account_of_that_name(
    issuer: Issuer, account: Account
) -> None:
    issuer.who = account.username
    client = Client()
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("openid_connect_login", args=["city"]) in page
    assert come_from(issuer, client) == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert issuer.asked[0]["code"] == "c"
    assert come_from(issuer, Client()) == "/desk/"


def test_a_stranger_known_to_the_city_gets_no_account(issuer: Issuer, account: Account) -> None:
    issuer.who = "nobody.here"
    before = Account.objects.count()
    client = Client()
    come_from(issuer, client)
    assert client.get("/desk/").status_code == 302
    assert Account.objects.count() == before


def test_whoever_has_left_does_not_come_in_by_the_city(issuer: Issuer, account: Account) -> None:
    Account.objects.filter(id=account.id).update(is_active=False)
    issuer.who = account.username
    client = Client()
    come_from(issuer, client)
    assert client.get("/desk/").status_code == 302


def test_an_answer_that_nobody_asked_for_is_refused(issuer: Issuer, account: Account) -> None:
    issuer.who = account.username
    client = Client()
    client.get(reverse("openid_connect_callback", args=["city"]), {"code": "c", "state": "made up"})
    assert client.get("/desk/").status_code == 302 and not issuer.asked
