"""Notices over their channels, to real servers: once to each, tried again, none when over."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Dispatch, Mailing
from gongzhi.mechanisms.neighbourhoods.registers import announcing, dispatching
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import COMMUNITY, COUNTY, TOWN, Stage
from gongzhi.notices import outlets
from gongzhi.notices.delivering import CLAIM
from gongzhi.notices.models import Outlet
from gongzhi.notices.outlets import Wanted
from gongzhi.notices.tests.servers import Hook, Mailbox, mail_server, web_server
from gongzhi.people.posts import Holder
from tests.stories.test_background import work_through_the_queue

EVERY = ["mail", "webhook", "sms", "robot"]
LATER = Written("周日停水", "改到周日。")


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
        yield box


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    """As an installation is that may send to this machine."""
    settings.CONFIG = replace(
        settings.CONFIG, webhook_private=True, smtp_url="smtp://here", site_url="https://gz.example"
    )
    settings.DEFAULT_FROM_EMAIL = "gongzhi@gz.example"
    settings.EMAIL_HOST = "127.0.0.1"


def outlet(by: Holder, kind: str, address: str, unit: UUID | None = None, **more: Any) -> Outlet:
    made, _secret = outlets.add(
        Wanted(kind=kind, address=address, **more), now=timezone.now(), by=by
    )
    if unit is not None:
        Outlet.objects.filter(id=made.id).update(unit=unit)
    return made


def of_team(stage: Stage, kind: str, address: str, **more: Any) -> Outlet:
    """The outlet of the first building's team, as its community has set it."""
    return outlet(stage.cast[COMMUNITY, "leader"], kind, address, stage.team, **more)


def work(after: timedelta = timedelta()) -> None:
    """What a worker does in one look, so much later than now."""
    now = timezone.now() + after
    dispatching.lay_all(now)
    for one in dispatching.ready(now, []):
        dispatching.note(one, dispatching.send(one), now)


def rows() -> list[Dispatch]:
    return list(Dispatch.objects.using("owner").order_by("id"))


def test_a_mail_says_all_of_it_in_the_language_of_the_outlet(
    stage: Stage, mailbox: Mailbox
) -> None:
    of_team(stage, "mail", "team@one.example")
    of_team(stage, "mail", "en@one.example", language="en")
    a = stage.publish(channels=["mail"])
    work()
    chinese, english = (
        email.message_from_bytes(raw, policy=email.policy.default) for raw in mailbox.mails
    )
    link = f"https://gz.example/neighbourhoods/notices/open/{a.id}/?at={stage.first.id}"
    assert chinese["Subject"] == "【共治】公告：周六停水" and "提前蓄水" in chinese.get_content()
    assert link in chinese.get_content().replace("\n", "")
    assert "No water on Saturday" in english["Subject"]
    assert "store some" in english.get_content() and "停水" not in english.get_content()
    assert [bool(d.sent_at) for d in rows()] == [True, True]
    work(timedelta(hours=1))
    assert len(mailbox.mails) == 2


def test_who_wants_english_is_told_that_there_is_none(stage: Stage, mailbox: Mailbox) -> None:
    of_team(stage, "mail", "en@one.example", language="en")
    stage.publish(channels=["mail"], said=LATER)
    work()
    text = email.message_from_bytes(mailbox.mails[0], policy=email.policy.default).get_content()
    assert "Chinese only" in text and "改到周日" in text


def test_a_robot_gets_a_text_that_it_takes_and_a_hook_what_a_program_reads(
    stage: Stage, hook: Hook
) -> None:
    of_team(stage, "robot", f"{hook.url}/robot")
    of_team(stage, "webhook", f"{hook.url}/hook")
    a = stage.publish(channels=EVERY, said=Written("长", "很" * 3000))
    work()
    said = {asked.path: asked for asked in hook.asked}
    content = said["/robot"].said["text"]["content"]
    assert len(content.encode()) < 2048 and f"/open/{a.id}/" in content
    told = said["/hook"].said
    assert told["type"] == "announcement.notice" and told["announcement"] == str(a.id)
    assert len(told["text"]) == 3000 and told["building"] == str(stage.first.id)
    assert "webhook-signature" in said["/hook"].headers


def test_a_short_message_has_title_and_link(stage: Stage, hook: Hook, settings: Settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, sms_url=hook.url, sms_body='{"say": "{text}"}')
    of_team(stage, "sms", "13800001234")
    stage.publish(channels=["sms"])
    work()
    (asked,) = hook.asked
    assert "周六停水" in asked.said["say"] and "https://gz.example" in asked.said["say"]
    assert "蓄水" not in asked.said["say"]


def test_it_goes_to_units_of_the_place_and_to_teams_of_its_buildings(
    stage: Stage, hook: Hook
) -> None:
    cast = stage.cast
    for place in (COMMUNITY, TOWN, COUNTY):
        outlet(cast[place, "leader"], "webhook", f"{hook.url}/{place}")
    outlet(cast[TOWN, "clerk"], "webhook", f"{hook.url}/own", own=True)
    of_team(stage, "webhook", f"{hook.url}/team")
    ended = of_team(stage, "webhook", f"{hook.url}/ended")
    Outlet.objects.filter(id=ended.id).update(valid_to=timezone.now())

    def went(reach: Reach) -> set[str]:
        hook.asked.clear()
        stage.publish(reach, by=cast[COUNTY, "clerk"], channels=["webhook"])
        work()
        return {asked.path.strip("/") for asked in hook.asked}

    assert went(Reach(TOWN)) == {TOWN, COMMUNITY, "team"}
    assert went(Reach(COMMUNITY)) == {COMMUNITY, "team"}
    assert went(Reach(COMMUNITY, stage.grid)) == {"team"}
    assert went(Reach(COMMUNITY, building=stage.second)) == set()


def test_without_channels_nothing_is_sent(stage: Stage, hook: Hook) -> None:
    of_team(stage, "webhook", hook.url)
    stage.publish()
    work()
    assert hook.asked == [] and not Mailing.objects.exists()


def test_what_fails_is_tried_again_and_given_up_after_days(stage: Stage, hook: Hook) -> None:
    of_team(stage, "webhook", hook.url)
    hook.answers = [503, 500, 500]
    stage.publish(channels=["webhook"])
    work()
    assert (rows()[0].tries, rows()[0].error) == (1, "http_503")
    work()
    assert len(hook.asked) == 1  # not before its time
    work(timedelta(hours=1))
    work(timedelta(days=4))
    (given_up,) = rows()
    assert given_up.given_up_at and given_up.error == "http_500"
    assert len({a.headers["webhook-id"] for a in hook.asked}) == 1


def test_two_workers_do_not_take_the_same_and_a_lost_one_is_taken_over(
    stage: Stage, hook: Hook
) -> None:
    outlet_ = of_team(stage, "webhook", hook.url)
    for _ in range(2):
        stage.publish(channels=["webhook"])
    now = timezone.now()
    dispatching.lay_all(now)
    assert dispatching.lay_all(now) == 0 and len(rows()) == 2
    assert len(dispatching.ready(now, [])) == 1  # one at a time to an outlet
    assert dispatching.ready(now, [outlet_.id]) == []
    assert len(dispatching.ready(now + CLAIM, [])) == 1


def test_only_buildings_that_have_not_confirmed_are_reminded_and_once_a_day(
    stage: Stage, hook: Hook
) -> None:
    other = stage.cast[COMMUNITY, "leader"]
    of_team(stage, "robot", f"{hook.url}/one")
    outlet(other, "robot", f"{hook.url}/two", stage.second.team)
    a = stage.publish(channels=["robot"])
    work()
    for home in stage.others:
        announcing.confirm(home.key, a.id, 1, now=stage.now)
    announcing.confirm(stage.homes[0].key, a.id, 1, now=stage.now)
    hook.asked.clear()
    announcing.remind(a.id, by=stage.clerk, now=timezone.now())
    with pytest.raises(Refused, match="一天最多一次"):
        announcing.remind(a.id, by=stage.clerk, now=timezone.now())
    work()
    (asked,) = hook.asked
    assert asked.path == "/one" and "提醒" in asked.said["text"]["content"]
    assert "还有 3 户" in asked.said["text"]["content"]
    announcing.remind(a.id, by=stage.clerk, now=timezone.now() + timedelta(days=1))
    for home in stage.homes:
        announcing.confirm(home.key, a.id, 1, now=stage.now)
    work(timedelta(days=1))
    assert len(hook.asked) == 1 and Mailing.objects.filter(what="reminder").count() == 2


def test_a_correction_is_sent_in_place_of_what_waits(stage: Stage, hook: Hook) -> None:
    of_team(stage, "robot", hook.url)
    hook.answers = [500]
    a = stage.publish(channels=["robot"])
    work()
    announcing.correct(a.id, LATER, of=1, why="改期", again=True, by=stage.clerk,
                       now=timezone.now())  # fmt: skip
    assert rows()[0].error == "superseded"
    work(timedelta(hours=1))
    assert [asked.said["text"]["content"].splitlines()[0] for asked in hook.asked] == [
        "【共治】公告：周六停水", "【共治】更正：周日停水"
    ]  # fmt: skip
    assert "改期" in hook.asked[1].said["text"]["content"]


def test_that_it_is_withdrawn_is_told_to_those_who_heard_of_it(stage: Stage, hook: Hook) -> None:
    of_team(stage, "robot", f"{hook.url}/heard")
    a = stage.publish(channels=["robot"])
    work()
    of_team(stage, "robot", f"{hook.url}/new")
    announcing.withdraw(a.id, "写错了", by=stage.clerk, now=timezone.now())
    work()
    assert [asked.path for asked in hook.asked] == ["/heard", "/heard"]
    content = hook.asked[1].said["text"]["content"]
    assert "写错了" in content and "蓄水" not in content
    unsent = stage.publish(channels=["robot"])
    announcing.withdraw(unsent.id, "还没发", by=stage.clerk, now=timezone.now())
    work()
    assert len(hook.asked) == 2


def test_a_paused_outlet_waits_and_an_ended_one_gives_up(stage: Stage, hook: Hook) -> None:
    made = of_team(stage, "webhook", hook.url)
    hook.answers = [500]
    stage.publish(channels=["webhook"])
    work()
    of = Outlet.objects.filter(id=made.id)
    of.update(paused_at=timezone.now())
    work(timedelta(hours=1))
    assert rows()[0].tries == 1
    of.update(paused_at=None, valid_to=timezone.now())
    work(timedelta(hours=2))
    assert rows()[0].error == "ended" and len(hook.asked) == 1


def test_the_worker_queues_what_is_large_and_goes_on_where_one_was_killed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 1)
    a = stage.publish(Reach(TOWN), by=stage.town)
    assert (a.queued, a.buildings, a.queued_at) == (0, 3, None)
    announcing.queue_some(a.id, stage.now)  # and then it was killed
    work_through_the_queue()
    a.refresh_from_db()
    assert a.queued == 3 and a.queued_at
