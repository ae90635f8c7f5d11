"""How pages look to each reader: switches, surfaces, error pages, sign-in."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from gongzhi.people.models import Account
from gongzhi.people.signin import DemoSignIn, MfaAdapter, demo_signins, offer_demo
from gongzhi.ui import context, errors
from gongzhi.ui.views import components

pytestmark = pytest.mark.django_db


def visit(path: str, user: Account | AnonymousUser, **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    request.COOKIES.update(cookies)
    return request


def account(**rest: bool) -> Account:
    return Account(username="clerk", name="陈明", **rest)


def test_a_switch_keeps_the_choice_and_returns_to_the_page(client: Client) -> None:
    answer = client.post("/ui/look/", {"theme": "dark", "next": "/accounts/login/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?a=1")
    assert answer.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "", "javascript:1"]
)
def test_a_switch_never_leads_away(client: Client, elsewhere: str) -> None:
    assert client.post("/ui/look/", {"type": "large", "next": elsewhere})["Location"] == "/"


def test_an_unknown_choice_is_not_kept(client: Client) -> None:
    assert not client.post("/ui/look/", {"theme": "pink", "language": "fr"}).cookies


def test_a_forged_cookie_is_not_written_into_the_page(client: Client) -> None:
    client.cookies["theme"] = 'x"><script>'
    assert 'data-theme="auto"' in client.get("/accounts/login/").content.decode()


def test_large_type_of_the_account_holds_until_the_reader_chooses() -> None:
    large = account(large_type=True)
    assert context.look(visit("/", large))["type"] == "large"
    assert context.look(visit("/", large, type="normal"))["type"] == "normal"


def test_the_size_of_type_follows_its_reader_to_another_device(db: None, client: Client) -> None:
    clerk = Account.objects.create_user("clerk", "the-right-password", name="陈明")
    for chosen, kept in (("large", True), ("huge", True), ("normal", False)):
        client.force_login(clerk)
        client.post("/ui/look/", {"type": chosen})
        clerk.refresh_from_db()
        assert clerk.large_type is kept, chosen


def test_only_those_signed_in_are_shown_the_surfaces_of_staff() -> None:
    assert context.surfaces(visit("/", AnonymousUser())) == []
    here = [s.url for s in context.surfaces(visit("/desk/cases/1/", account())) if s.current]
    assert here == ["/desk/"]
    nowhere = context.surfaces(visit("/accounts/password/change/", account()))
    assert len(nowhere) == 3
    assert not any(s.current for s in nowhere)


def test_the_language_of_the_page_is_the_readers(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="en"' in page
    assert "Zhaoqing City" in page


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_bare_error_pages_need_no_database(
    status: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/x/")
    pages = {
        400: lambda: errors.bad_request(request, ValueError()),
        429: lambda: errors.too_many(request, wait=30),
        500: lambda: errors.server_error(request),
        503: lambda: errors.unavailable(request),
    }
    with django_assert_num_queries(0):
        page = pages[status]()
    assert page.status_code == status
    assert 'class="button primary"' in page.content.decode()


def test_a_lost_page_says_what_to_do(client: Client) -> None:
    page = client.get("/lost/")
    assert page.status_code == 404
    assert "请核对地址" in page.content.decode()


def test_a_stale_form_is_explained() -> None:
    page = Client(enforce_csrf_checks=True).post("/ui/look/", {"theme": "dark"})
    assert page.status_code == 403
    assert "页面已过期" in page.content.decode()


def test_components_are_shown_only_where_nothing_is_real(settings: Settings) -> None:
    settings.CONFIG = type("Live", (), {"demo": False})()
    with pytest.raises(Http404):
        components(visit("/ui/", AnonymousUser()))


def test_demo_sign_ins_are_offered_in_the_demo_alone(client: Client, settings: Settings) -> None:
    offer_demo(lambda: [DemoSignIn("受理专员", "jiushi.clerk", "demo-password")])
    assert "jiushi.clerk" in client.get("/accounts/login/").content.decode()
    settings.CONFIG = type("Live", (), {"demo": False})()
    assert demo_signins() == []
    offer_demo(list)


def test_signing_up_is_closed(client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode()
    assert "不开放注册" in page
    assert "<input" not in re.sub(r"<header.*</header>", "", page, flags=re.DOTALL)
    client.post(
        "/accounts/signup/",
        {"username": "me", "password1": "a-long-password", "password2": "a-long-password"},
    )
    assert not Account.objects.filter(username="me").exists()


def test_guessing_a_password_is_throttled(client: Client) -> None:
    Account.objects.create_user("clerk", "the-right-password", name="陈明")
    guess = {"login": "clerk", "password": "wrong"}
    statuses = [client.post("/accounts/login/", guess).status_code for _ in range(12)]
    right = client.post("/accounts/login/", {"login": "clerk", "password": "the-right-password"})
    assert statuses[0] == 200
    assert right.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


def test_secrets_of_two_step_verification_are_encrypted() -> None:
    adapter = MfaAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"


ACCOUNT_PAGES = [
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
]


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_the_account_speak_the_readers_language(
    client: Client, path: str, language: str
) -> None:
    client.cookies["django_language"] = language
    signed_in = Account.objects.create_user("a1", "the-right-password", name="A1")
    client.post("/accounts/login/", {"login": "a1", "password": "the-right-password"})
    client.post("/accounts/reauthenticate/", {"password": "the-right-password"})
    if "activate" not in path or "deactivate" in path:
        TOTP.activate(signed_in, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(signed_in)
    answer = client.get(path)
    assert answer.status_code == 200
    main = re.sub(r".*<main[^>]*>|</main>.*", "", answer.content.decode(), flags=re.DOTALL)
    said = re.sub(r"<textarea.*?</textarea>|<[^>]+>|Gongzhi", " ", main, flags=re.DOTALL)
    wrong = r"[A-Za-z]{4,}" if language == "zh-hans" else r"[\u4e00-\u9fff]"
    assert not re.findall(wrong, said), " ".join(said.split())
    assert "style=" not in main
