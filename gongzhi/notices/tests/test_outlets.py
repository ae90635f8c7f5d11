"""Who sets outlets, what is kept of them, and where they may not lead."""

import base64
from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import LINE, Cast
from gongzhi.notices import outlets, posting
from gongzhi.notices.models import Outlet
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.posting import Forbidden, NotDelivered
from gongzhi.notices.tests.servers import Hook, Mailbox

TOWN, COUNTY = LINE[-2], LINE[-3]


def test_address_and_secret_are_sealed_and_only_a_mask_is_shown(cast: Cast, hook: Hook) -> None:
    wanted = Wanted(kind="webhook", address=f"{hook.url}/key-of-ours")
    made, secret = outlets.add(wanted, now=timezone.now(), by=cast[TOWN, "leader"])
    row = Outlet.objects.get(id=made.id)
    kept = bytes(row.address) + bytes(row.secret or b"")
    assert b"key-of-ours" not in kept and secret.encode() not in kept
    assert row.shown == f"127.0.0.1:{hook.server_port}/…"
    assert outlets.opened(row) == (f"{hook.url}/key-of-ours", secret)


def test_a_new_key_reseals_outlets_too(cast: Cast, hook: Hook, settings: Settings) -> None:
    wanted = Wanted(kind="webhook", address=hook.url)
    made, secret = outlets.add(wanted, now=timezone.now(), by=cast[TOWN, "leader"])
    new = f"k2:{base64.b64encode(bytes(32)).decode()}"
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"
    assert outlets.rotate() == 2
    settings.FIELD_KEYS = new
    assert outlets.opened(Outlet.objects.get(id=made.id)) == (hook.url, secret)


def test_the_units_are_set_by_its_leaders_and_ones_own_by_oneself(cast: Cast, hook: Hook) -> None:
    clerk, now = cast[TOWN, "clerk"], timezone.now()
    wanted = Wanted(kind="webhook", address=hook.url)
    with pytest.raises(Refused):
        outlets.add(wanted, now=now, by=clerk)
    own, _ = outlets.add(replace(wanted, own=True), now=now, by=clerk)
    units, _ = outlets.add(wanted, now=now, by=cast[TOWN, "leader"])
    assert list(outlets.outlets_of(cast[TOWN, "leader"])) == [units]
    for other in (cast[TOWN, "leader"], cast[COUNTY, "leader"]):
        with pytest.raises(Refused):
            outlets.end(own.id, now=now, by=other)
    with pytest.raises(Refused):
        outlets.pause(units.id, now=now, by=clerk)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost:8000/", "http://10.1.2.3/", "http://169.254.169.254/",
     "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://0.0.0.0/",
     "ftp://example.com/", "file:///etc/passwd", "http://user:word@example.com/"],
)  # fmt: skip
def test_no_webhook_leads_into_our_own_walls(cast: Cast, settings: Settings, address: str) -> None:
    settings.CONFIG = replace(settings.CONFIG, webhook_private=False)
    with pytest.raises(Refused):
        outlets.add(
            Wanted(kind="webhook", address=address), now=timezone.now(), by=cast[TOWN, "leader"]
        )


def test_a_name_that_has_come_to_lead_inside_is_not_followed(
    hook: Hook, settings: Settings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, webhook_private=False)
    with pytest.raises(Forbidden):
        posting.post(f"http://localhost:{hook.server_port}/", b"{}", {})
    assert hook.asked == []


def test_a_trial_goes_at_once(cast: Cast, mailbox: Mailbox) -> None:
    leader = cast[TOWN, "leader"]
    wanted = Wanted(kind="mail", address="desk@town.example", language="en")
    made, _ = outlets.add(wanted, now=timezone.now(), by=leader)
    outlets.attempt(made.id, by=leader)
    assert len(mailbox.mails) == 1


def test_a_robot_that_says_no_has_not_taken_it(cast: Cast, hook: Hook) -> None:
    leader = cast[TOWN, "leader"]
    wanted = Wanted(kind="robot", address=f"{hook.url}/send?key=k", secret="SEC1")
    made, _ = outlets.add(wanted, now=timezone.now(), by=leader)
    outlets.attempt(made.id, by=leader)
    (asked,) = hook.asked
    assert asked.said["msgtype"] == "text" and "sign=" in asked.path and "SEC1" not in asked.path
    hook.body = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
    with pytest.raises(NotDelivered, match="robot_45009"):
        outlets.attempt(made.id, by=leader)


@pytest.mark.parametrize(
    ("body", "told"),
    [('{"phone": "{to}", "say": ["{text}"]}', ("application/json", '"phone":"13800001234"')),
     ("mobile={to}&say={text}", ("application/x-www-form-urlencoded", "mobile=13800001234"))],
)  # fmt: skip
def test_short_messages_go_through_the_gateway_of_the_installation(
    cast: Cast, hook: Hook, settings: Settings, body: str, told: tuple[str, str]
) -> None:
    settings.CONFIG = replace(
        settings.CONFIG, sms_url=hook.url, sms_headers="Authorization: Bearer t", sms_body=body
    )
    clerk = cast[TOWN, "clerk"]
    wanted = Wanted(kind="sms", address="13800001234", own=True)
    made, _ = outlets.add(wanted, now=timezone.now(), by=clerk)
    outlets.attempt(made.id, by=clerk)
    (asked,) = hook.asked
    kind, said = told
    assert made.shown == "138****1234" and said in asked.body.decode()
    assert asked.headers["authorization"] == "Bearer t"
    assert asked.headers["content-type"].startswith(kind)
