"""Pages where residents agree to get notices, and where writers choose to send them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Registered
from gongzhi.mechanisms.neighbourhoods.registers import dispatching, purposes, residents
from gongzhi.mechanisms.neighbourhoods.tests.homes import EMAIL, NAME, PHONE, Homes
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import Stage
from gongzhi.mechanisms.neighbourhoods.tests.test_notices_addresses import registered
from gongzhi.mechanisms.neighbourhoods.tests.test_notices_pages import filled, text, url
from gongzhi.notices.tests.servers import Mailbox, mail_server
from gongzhi.people.scope import Scope, within

HERE = "/neighbourhoods"
FILLED = {"name": NAME, "phone": PHONE, "email": EMAIL, "agree_notices": "on", "notices": "mail"}
AGREE = "我同意用登记的邮箱、手机收公告"


@pytest.fixture
def homes(fresh_database: str) -> Homes:
    cache.clear()
    return Homes()


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    cache.clear()
    return Stage()


@pytest.fixture(autouse=True)
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    settings.CONFIG = replace(settings.CONFIG, smtp_url="smtp://here")
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "gongzhi@gz.example"
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
        yield box


def posted(homes: Homes, **more: Any) -> Any:
    path = f"{HERE}/home/{homes.home.key}/register/{purposes.CONTACT}/"
    return Client().post(path, {**FILLED, "once": "a", **more})


def test_a_resident_agrees_apart_sees_it_and_takes_it_back(homes: Homes) -> None:
    path = f"{HERE}/home/{homes.home.key}/register/{purposes.CONTACT}/"
    page = Client().get(path).text
    assert AGREE in page and "发到我的电子邮箱" in page and "checked" not in page
    assert "发到我的手机" not in page  # no gateway is there
    mine = posted(homes).headers["Location"]
    row = Registered.objects.using("owner").get()
    assert row.mail_index and row.sms_index is None
    assert "发到我的电子邮箱" in Client().get(mine).text
    assert Client().post(f"{mine}withdraw/notices/").status_code == 302
    row.refresh_from_db()
    assert row.mail_index is None
    assert "发到我的电子邮箱" not in Client().get(mine).text


@pytest.mark.parametrize(
    ("more", "said"),
    [({"agree_notices": ""}, "请勾选同意"), ({"email": ""}, "请填电子邮箱"),
     ({"notices": "sms"}, "")],
)  # fmt: skip
def test_without_consent_or_address_it_is_asked_for(
    homes: Homes, more: dict[str, Any], said: str
) -> None:
    answer = posted(homes, **more)
    assert answer.status_code == 422 and said in answer.text
    assert not Registered.objects.using("owner").exists()


def test_a_phone_that_no_text_reaches_is_asked_for_another(
    homes: Homes, settings: Settings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, sms_url="http://127.0.0.1:9/")
    answer = posted(homes, notices="sms", phone="0758-2222222")
    assert answer.status_code == 422 and "请填手机号码" in answer.text
    assert posted(homes, notices="sms").status_code == 302


def test_where_nothing_can_be_sent_nobody_is_asked(homes: Homes, settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, smtp_url="")
    path = f"{HERE}/home/{homes.home.key}/register/{purposes.CONTACT}/"
    assert AGREE not in Client().get(path).text
    assert posted(homes).status_code == 302
    assert Registered.objects.using("owner").get().mail_index is None


def test_the_chief_corrects_the_address_and_takes_it_back_for_a_resident(homes: Homes) -> None:
    row = homes.registered({"name": NAME, "phone": PHONE, "email": EMAIL, "notices": ["mail"]},
                           ["notices"])  # fmt: skip
    before, client = row.mail_index, signed_in(homes.chief)
    path = f"{HERE}/residents/{row.id}"
    client.post(f"{path}/correct/", {"email": "new@example.org", "present": "on"})
    with within(Scope(case=row.id)):
        row.refresh_from_db()
    assert row.mail_index and row.mail_index != before
    assert residents.own(str(row.key)).said["notices"] == ["mail"]
    page = client.get(f"{HERE}/residents/at/{homes.home.id}/").text
    assert "erase/?field=notices" in page
    assert client.post(f"{path}/erase/?field=notices", {"wish": "on"}).status_code == 302
    with within(Scope(case=row.id)):
        row.refresh_from_db()
    assert row.mail_index is None and row.phone


def test_a_purpose_that_gives_notices_asks_for_an_address(homes: Homes) -> None:
    with pytest.raises(Refused, match="电话或者电子邮箱"):
        homes.declared(fields=("name", "notices"))
    of = homes.declared(fields=("name", "phone", "notices"))
    assert of.sensitive == ["notices"]


def test_the_writer_sees_how_many_addresses_and_never_a_few(stage: Stage, mailbox: Mailbox) -> None:
    client = signed_in(stage.clerk)
    said = filled(client) | {"channels": ["mail"]}
    registered(stage.homes[0], mail="r0@example.org")
    page = client.post(url("new_notice"), said).text
    assert "同意收的住户" in page and "不到十个地址" in page
    assert "同意收的住户" not in client.post(url("new_notice"), filled(client)).text
    few = stage.publish(channels=["mail"])
    dispatching.lay_all(timezone.now())
    for n in range(1, 10):
        registered(stage.homes[n % 4], mail=f"r{n}@example.org")
    assert "10 个地址" in client.post(url("new_notice"), said).text
    many = stage.publish(channels=["mail"])
    now = timezone.now()
    dispatching.lay_all(now)
    for one in dispatching.ready(now, [], 3):
        dispatching.note(one, dispatching.send(one), now)
    assert len(mailbox.mails) == 3
    page = text(client, "notice", few.id)
    assert "同意收的住户不到十个地址" in page and "0 处，送到 0 处" in page
    assert "同意收的住户 10 个地址，送到 " in (page := text(client, "notice", many.id))
    assert "送到  个" not in page
