from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from gongzhi.cases.testing import Cast, make_cast
from gongzhi.cases.tests import toys
from gongzhi.declare import registry
from gongzhi.notices.tests.servers import Hook, Mailbox, mail_server, web_server


@pytest.fixture
def cast(fresh_database: str) -> Iterator[Cast]:
    with registry.with_toy(toys.toy):
        yield make_cast()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(autouse=True)
def configured(settings: Settings, request: pytest.FixtureRequest) -> None:
    """As an installation is that may send to this machine."""
    settings.CONFIG = replace(
        settings.CONFIG, webhook_private=True, smtp_url="smtp://here", site_url="https://gz.example"
    )
    settings.DEFAULT_FROM_EMAIL = "gongzhi@gz.example"
    settings.EMAIL_HOST = "127.0.0.1"
    if "mailbox" in request.fixturenames:
        settings.EMAIL_PORT = request.getfixturevalue("mailbox").port
