"""Whoever runs the site can ask whether it lives and is ready; only they can ask how it does."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from gongzhi.site import health


def test_the_process_answers_without_a_database() -> None:
    assert health.healthz(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db
def test_it_is_ready_when_the_database_has_our_functions() -> None:
    assert health.readyz(RequestFactory().get("/readyz")).status_code == 200


@pytest.mark.django_db
def test_figures_are_for_this_machine() -> None:
    answer = health.metrics(RequestFactory().get("/metrics", REMOTE_ADDR="127.0.0.1"))
    assert answer.status_code == 200 and b"gongzhi_request_seconds" in answer.content
    assert b'gongzhi_notices{state="given_up"} 0.0' in answer.content


@pytest.mark.parametrize(
    "meta",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "x"}],
)
def test_figures_are_for_nobody_else_even_through_a_proxy_on_this_machine(
    meta: dict[str, str],
) -> None:
    request = RequestFactory().get("/metrics")
    request.META.update(meta)
    assert health.metrics(request).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("token", "status"), [("of our own", 200), ("a guess", 403), ("", 403)])
def test_whoever_has_the_token_may_read_the_figures_from_afar(token: str, status: int) -> None:
    request = RequestFactory().get("/metrics")
    request.META |= {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {token}"}
    with override_settings(CONFIG=replace(settings.CONFIG, metrics_token="of our own")):
        assert health.metrics(request).status_code == status
