"""A unit sets where its notices go, sees what was sent beside the task, and what was not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases import numbers, whistles
from gongzhi.cases.testing import LINE, Cast, begin, make_cast, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.notices import delivering
from gongzhi.notices.models import Outlet
from gongzhi.notices.tests.servers import Hook, web_server

VILLAGE, TOWN = LINE[-1], LINE[-2]


@pytest.fixture
def cast(fresh_database: str, settings: Settings) -> Cast:
    settings.CONFIG = replace(settings.CONFIG, webhook_private=True)
    return make_cast()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


def work(after: timedelta = timedelta()) -> None:
    now = timezone.now() + after
    for one in delivering.ready(now, []):
        delivering.note(one, delivering.send(one), now)


def test_from_adding_an_outlet_to_what_became_of_a_notice(cast: Cast, hook: Hook) -> None:
    leader, page = signed_in(cast[TOWN, "leader"]), reverse("desk:outlets")
    said = {"own": "unit", "kind": "webhook", "address": f"{hook.url}/k", "language": "zh-hans"}
    added = leader.post(page, said).content.decode()
    assert "whsec_" in added and "whsec_" not in leader.get(page).content.decode()
    change = reverse("desk:change_outlet", args=[Outlet.objects.get().id])
    tried = leader.post(change, {"try": ""}, follow=True)
    assert "测试通知已送到" in tried.content.decode() and len(hook.asked) == 1
    hook.answers = [500, 500]
    case = begin(m.mediation)
    case.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    work()
    at = reverse("desk:case", args=case.ref)
    retrying = leader.get(at).content.decode()
    assert "重试中" in retrying and "http 500" in retrying and f"{hook.url}/k" not in retrying
    work(timedelta(days=4))
    assert "未送达" in leader.get(at).content.decode()
    assert "有 1 条给本单位的通知没有送达" in leader.get(reverse("desk:list")).content.decode()
    assert numbers.spaced(case.receipt.number) in leader.get(page).content.decode()
    clerk = signed_in(cast[TOWN, "clerk"])
    assert "没有送达" not in clerk.get(reverse("desk:list")).content.decode()
    leader.post(change, {"end": ""})
    assert Outlet.objects.get().valid_to is not None


def test_who_does_not_manage_the_unit_sets_only_their_own(cast: Cast, hook: Hook) -> None:
    clerk, page = signed_in(cast[TOWN, "clerk"]), reverse("desk:outlets")
    said = {"own": "unit", "kind": "webhook", "address": hook.url, "language": "zh-hans"}
    assert clerk.post(page, said).status_code == 422
    assert clerk.post(page, {**said, "own": "own"}).status_code == 200
    assert Outlet.objects.get().account == cast[TOWN, "clerk"].account


def test_an_address_inside_is_refused_in_words(cast: Cast, settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, webhook_private=False)
    leader = signed_in(cast[TOWN, "leader"])
    said = {"own": "unit", "kind": "webhook", "address": "http://10.0.0.1/", "language": "en"}
    refused = leader.post(reverse("desk:outlets"), said)
    assert refused.status_code == 422 and "指向内部网络" in refused.content.decode()
