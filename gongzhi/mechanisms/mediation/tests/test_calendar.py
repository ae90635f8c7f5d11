"""The diary: whose time is taken when, told to those who may know, and as a feed that can be
revoked."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from gongzhi.cases.changes import Words
from gongzhi.cases.testing import BEGAN, make_post, make_unit, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import FeedKey, Room, Visit
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, VILLAGE, Stage
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder

WEEK = {"week": "2026-01-07"}  # the week that the cast begins in


def session(stage: Stage, begins: datetime, room: Room | None = None) -> str:
    """A session of the stage's mediator; its case's number as pages show it."""
    case = stage.mediating()
    told = {"begins_at": begins, "minutes": 60, "mode": "site"}
    if room:
        told["room"] = str(room.id)
    case.act(m.schedule, told, by=stage.mediator)
    number = case.receipt.number
    return f"{number[:6]}-{number[6:8]}-{number[8:15]}-{number[15:]}"


def page(who: Holder, **asked: str) -> str:
    answer = signed_in(who).get(reverse("mediation:calendar"), {**WEEK, **asked})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def room(stage: Stage) -> Room:
    return Room.objects.create(unit=stage.mediator.unit, name="一号调解室")


def test_a_mediator_sees_the_own_week(stage: Stage, room: Room) -> None:
    number = session(stage, BEGAN + timedelta(days=1), room)
    said = page(stage.mediator)
    assert number in said and "09:00–10:00" in said and "一号调解室" not in said
    assert number not in page(stage.mediator, week="2026-01-12")
    assert "这一周没有安排" in page(stage.mediator, week="2026-01-12")


def test_who_guides_the_unit_sees_its_people_and_rooms(stage: Stage, room: Room) -> None:
    number = session(stage, BEGAN + timedelta(days=1), room)
    said = page(stage.clerk)
    assert said.count(f">{number}<") == 2  # once with the mediator, once with the room
    assert "一号调解室" in said


def test_others_learn_that_time_is_taken_and_not_what_for(stage: Stage) -> None:
    """A judge is told the number of a case of theirs; of another's, that the mediator is busy."""
    number = session(stage, BEGAN + timedelta(days=1))
    assert number not in page(stage.judge) and "已约" not in page(stage.judge)
    other = make_post(stage.mediator.unit, VILLAGE, "clerk", sees=False)
    assert number in page(other)  # of the same unit
    stranger = make_post(make_unit(VILLAGE, "station"), VILLAGE, "leader", sees=False)
    assert number not in page(stranger)


def test_what_was_held_stays_and_what_was_called_off_goes(stage: Stage) -> None:
    case = stage.mediating()
    told = {"begins_at": BEGAN + timedelta(hours=3), "minutes": 60, "mode": "site"}
    case.act(m.schedule, told, by=stage.mediator)
    case.act(m.hold, {"record": Words("谈过"), "kind": "joint"}, by=stage.mediator)
    assert "已完成" in page(stage.mediator)
    case.act(m.schedule, {**told, "begins_at": BEGAN + timedelta(hours=6)}, by=stage.mediator)
    assert "15:00–16:00" in page(stage.mediator)
    case.act(m.adjourn, {"reason": Words("病了"), "cancel": True}, by=stage.mediator)
    assert "15:00–16:00" not in page(stage.mediator)


def test_a_judge_sees_visit_days(stage: Stage) -> None:
    point = make_unit(VILLAGE, "contact_point", parent=stage.court)
    Visit.objects.create(unit=point, judge=stage.judge.post, begins_at=BEGAN,
                         ends_at=BEGAN + timedelta(hours=2))  # fmt: skip
    assert "contact_point" in page(stage.judge) and "09:00–11:00" in page(stage.judge)
    assert "09:00–11:00" not in page(stage.mediator)


@pytest.mark.parametrize("week", ["x", "2026-13-01", "0001-01-01x"])
def test_a_week_that_cannot_be_is_not_found(stage: Stage, week: str) -> None:
    client = signed_in(stage.mediator)
    assert client.get(reverse("mediation:calendar"), {"week": week}).status_code == 404


def made(client: Client) -> str:
    """The secret address, as the page shows it once."""
    shown = client.post(reverse("mediation:subscribe"), follow=True).content.decode()
    found = re.search(r'value="http://testserver(/mediation/calendar/[\w-]+\.ics)"', shown)
    assert found
    assert found[1] not in client.get(reverse("mediation:calendar")).content.decode()
    return found[1]


def test_a_feed_tells_when_and_where_and_no_more(stage: Stage, room: Room) -> None:
    begins = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    number = session(stage, begins, room)
    address = made(signed_in(stage.mediator))
    said = Client().get(address)
    (event,) = Calendar.from_ical(said.content).walk("VEVENT")
    assert event.decoded("dtstart") == begins and event["location"] == "一号调解室"
    assert number in str(event["summary"])
    text = said.content.decode()
    assert "张三" not in text and "工资" not in text
    assert said["Cache-Control"] == "private, no-store"


def test_a_new_address_ends_the_old_one_and_so_does_leaving_the_post(stage: Stage) -> None:
    client = signed_in(stage.mediator)
    old = made(client)
    new = made(client)
    assert Client().get(old).status_code == 404 and Client().get(new).status_code == 200
    key = FeedKey.objects.get()
    assert new.split("/")[-1].encode() not in bytes(key.digest)
    Appointment.objects.filter(post=stage.mediator.post).update(held_to=timezone.now())
    assert Client().get(new).status_code == 404


def test_a_feed_is_stopped(stage: Stage) -> None:
    client = signed_in(stage.mediator)
    address = made(client)
    client.post(reverse("mediation:subscribe"), {"drop": "yes"})
    assert Client().get(address).status_code == 404 and not FeedKey.objects.exists()


def test_a_city_judge_finds_what_is_booked_in_a_county(stage: Stage) -> None:
    """The diary asks every county of the post's place."""
    case = stage.mediating()
    judge = make_post(make_unit("4412", "court"), "4412", "judge", unit_kind="court", sees=False)
    told = {"begins_at": BEGAN + timedelta(days=1), "minutes": 60, "mode": "site",
            "people": [(judge.post, judge.unit)]}  # fmt: skip
    case.act(m.schedule, told, by=stage.mediator)
    assert "09:00–10:00" in page(judge) and COUNTY.startswith(judge.place)
