"""A roll call reaches chiefs where their team wants its notices, until it is answered or over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings

from gongzhi.mechanisms.neighbourhoods.models import RollCall, Summons
from gongzhi.mechanisms.neighbourhoods.registers import roll_calls, summons
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import NOW, Stage, begin, make_stage
from gongzhi.notices import outlets
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Hook, web_server
from gongzhi.people.posts import Holder

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hook(settings: Settings) -> Iterator[Hook]:
    settings.CONFIG = replace(settings.CONFIG, webhook_private=True, site_url="https://gz.example")
    with web_server() as running:
        yield running


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return make_stage(buildings=3)


def outlet(by: Holder, hook: Hook) -> None:
    outlets.add(Wanted(kind="webhook", address=hook.url, own=True), now=NOW, by=by)


def called(stage: Stage) -> RollCall:
    return roll_calls.call(begin(stage), now=NOW, by=stage.leader)


def test_a_chief_is_told_which_building_until_when_and_where(stage: Stage, hook: Hook) -> None:
    outlet(stage.chiefs[stage.buildings[0].id], hook)
    outlet(stage.deputies[stage.buildings[1].id][0], hook)
    roll = called(stage)
    assert summons.send_due(NOW) == 1 and summons.send_due(NOW) == 0
    (asked,) = hook.asked
    assert asked.said["label"] == "应急点名：西江洪水，1 栋"
    assert asked.said["url"] == (
        f"https://gz.example/neighbourhoods/emergency/{roll.emergency_id}/"
    )
    roll_calls.pass_on(NOW + 15 * MINUTE)
    assert summons.send_due(NOW + 15 * MINUTE) == 1
    assert hook.asked[1].said["label"].endswith("2 栋")


def test_it_is_sent_again_until_it_arrives_or_is_answered(stage: Stage, hook: Hook) -> None:
    by = stage.chiefs[stage.buildings[0].id]
    outlet(by, hook)
    hook.answers = [503, 503]
    roll = called(stage)
    assert summons.send_due(NOW) == 0
    row = Summons.objects.get()
    assert row.error == "http_503" and row.tries == 1
    assert summons.send_due(NOW + timedelta(seconds=30)) == 0 and len(hook.asked) == 1
    assert summons.send_due(NOW + MINUTE) == 0 and len(hook.asked) == 2
    roll_calls.answer(roll, now=NOW + MINUTE, by=by)
    assert summons.send_due(NOW + 3 * MINUTE) == 0 and len(hook.asked) == 2
    assert not Summons.objects.filter(next_at__isnull=False).exists()
