"""Visit days: planned without overlap, booked by half hours, taught on, subscribed to."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.changes import Booked, Refused
from gongzhi.cases.testing import BEGAN, make_post, make_unit, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Site, Visit
from gongzhi.mechanisms.mediation.network import visits
from gongzhi.mechanisms.mediation.network.series import series
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, TOWN, VILLAGE, WORDS, Stage
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder


@pytest.fixture
def point(stage: Stage) -> Unit:
    return Unit.objects.get(id=make_unit(VILLAGE, "contact_point", parent=stage.court))


def planned(stage: Stage, point: Unit, begins: datetime, **more: Any) -> list[Visit]:
    every, times = more.pop("every", "week"), more.pop("times", 1)
    asked = {"minutes": 120, "note": "", "now": BEGAN, "by": stage.cast[COUNTY, "leader"], **more}
    days = series(begins, every, times, working_calendar()).begins
    return visits.plan(point, stage.judge.post, days, **asked)


def soon(hours: float = 2) -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)


def test_a_series_is_planned_whole_or_not_at_all(stage: Stage, point: Unit) -> None:
    third = BEGAN + timedelta(weeks=4)
    planned(stage, point, third)
    with pytest.raises(Booked, match="2026-02-02"):
        planned(stage, point, BEGAN, every="two_weeks", times=3)
    assert Visit.objects.count() == 1
    made = planned(stage, point, BEGAN + timedelta(hours=2), every="two_weeks", times=3)
    assert [v.begins_at - made[0].begins_at for v in made] == [timedelta(weeks=2) * n
                                                                for n in range(3)]  # fmt: skip


def test_who_sits_in_a_session_is_not_sent_on_a_visit(stage: Stage, point: Unit) -> None:
    case = stage.mediating()
    told = {"begins_at": BEGAN + timedelta(hours=5), "minutes": 60, "mode": "site",
            "people": [(stage.judge.post, stage.court)]}  # fmt: skip
    case.act(m.schedule, told, by=stage.mediator)
    with pytest.raises(Booked):
        planned(stage, point, BEGAN + timedelta(hours=4))
    planned(stage, point, BEGAN + timedelta(hours=6))


def test_two_who_plan_at_once_do_not_both_get_the_judge(fresh_database: str) -> None:
    stage = Stage()
    point = Unit.objects.get(id=make_unit(VILLAGE, "contact_point", parent=stage.court))
    refused = []

    def go() -> None:
        try:
            planned(stage, point, BEGAN)
        except Booked as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 4 and Visit.objects.count() == 1


def test_only_courts_and_centres_over_the_place_plan(stage: Stage, point: Unit) -> None:
    for by in (stage.mediator, stage.cast["441202", "leader"], stage.cast[COUNTY, "handler"]):
        with pytest.raises(Refused):
            planned(stage, point, BEGAN, by=by)
    with pytest.raises(Refused, match="法官"):
        visits.plan(point, stage.mediator.post, [BEGAN], minutes=60, note="", now=BEGAN,
                    by=stage.cast[COUNTY, "leader"])  # fmt: skip


def booked(who: Holder, visit: Visit, number: str, slot: datetime) -> Any:
    said = {"number": number, "slot": slot.isoformat(), "key": uuid4().hex}
    return signed_in(who).post(reverse("mediation:visit", args=[visit.id]), said)


def test_a_dispute_gets_a_free_half_hour_and_nobody_else_the_same(
    stage: Stage, point: Unit
) -> None:
    (visit,) = planned(stage, point, soon())
    slots = visits.free_slots(visit, VILLAGE, timezone.now())
    assert len(slots) == 4
    one, other = stage.accepted(), stage.accepted()
    assert booked(stage.clerk, visit, one.receipt.number, slots[1]).status_code == 302
    assert visits.free_slots(visit, VILLAGE, timezone.now()) == [slots[0], *slots[2:]]
    answer = booked(stage.clerk, visit, other.receipt.number, slots[1])
    assert answer.status_code == 422
    (heard,) = visits.appointments(visit, stage.clerk)
    assert heard.begins_at == slots[1] and heard.case is not None
    # Told to the judge, who is called in; to nobody whose case it is not.
    assert visits.appointments(visit, stage.judge)[0].case is not None
    stranger = stage.cast["441202", "clerk"]
    assert visits.appointments(visit, stranger)[0].case is None
    page = signed_in(stage.judge).get(reverse("mediation:visit", args=[visit.id]))
    assert one.row().title in page.content.decode()


def test_a_number_that_is_none_of_theirs_is_not_found(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon())
    slot = visits.free_slots(visit, VILLAGE, timezone.now())[0]
    answer = booked(stage.clerk, visit, "12", slot)
    assert "没有找到这个编号" in answer.content.decode() and answer.status_code == 422


def test_a_visit_with_appointments_is_not_cancelled(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon())
    case, leader = stage.accepted(), stage.cast[COUNTY, "leader"]
    slot = visits.free_slots(visit, VILLAGE, timezone.now())[0]
    booked(stage.clerk, visit, case.receipt.number, slot)
    with pytest.raises(Refused):
        visits.cancel(visit, "法官生病", now=timezone.now(), by=leader)
    case.act(m.adjourn, WORDS, by=stage.clerk)
    assert not visits.appointments(visit, stage.clerk)
    visits.cancel(visit, "法官生病", now=timezone.now(), by=leader)
    visit.refresh_from_db()
    assert visit.cancelled_at and visit.note == "法官生病"
    planned(stage, point, visit.begins_at)  # the judge is free again


def test_what_is_moved_within_a_visit_stays_on_it(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon())
    case, leader = stage.accepted(), stage.cast[COUNTY, "leader"]
    slots = visits.free_slots(visit, VILLAGE, timezone.now())
    booked(stage.clerk, visit, case.receipt.number, slots[0])
    case.act(m.adjourn, {**WORDS, "begins_at": slots[2], "minutes": 30}, by=stage.clerk)
    assert [a.begins_at for a in visits.appointments(visit, stage.clerk)] == [slots[2]]
    with pytest.raises(Refused):
        visits.cancel(visit, "法官生病", now=timezone.now(), by=leader)
    away = {**WORDS, "begins_at": slots[2] + timedelta(days=1), "minutes": 30}
    case.act(m.adjourn, away, by=stage.clerk)
    assert not visits.appointments(visit, stage.clerk)
    assert visits.free_slots(visit, VILLAGE, timezone.now()) == slots


def test_a_visit_that_is_over_or_cancelled_is_not_cancelled(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon())
    leader = stage.cast[COUNTY, "leader"]
    with pytest.raises(Refused, match="已经过去"):
        visits.cancel(visit, "x", now=visit.ends_at, by=leader)
    visits.cancel(visit, "法官生病", now=timezone.now(), by=leader)
    with pytest.raises(Refused, match="已经取消"):
        visits.cancel(visit, "x", now=timezone.now(), by=leader)


def test_the_feed_says_when_and_never_who(stage: Stage, point: Unit, client: Client) -> None:
    kept, dropped = planned(stage, point, soon(), times=2)
    case = stage.accepted()
    slot = visits.free_slots(kept, VILLAGE, timezone.now())[0]
    booked(stage.clerk, kept, case.receipt.number, slot)
    visits.cancel(dropped, "x", now=timezone.now(), by=stage.cast[COUNTY, "leader"])
    answer = client.get(reverse("mediation:visits_feed", args=[point.id]))
    assert answer["Content-Type"].startswith("text/calendar")
    events = [e for e in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert [str(e["status"]) for e in events] == ["CONFIRMED", "CANCELLED"]
    assert [e.decoded("dtstart") for e in events] == [kept.begins_at, dropped.begins_at]
    said = answer.content.decode()
    assert case.receipt.number not in said and "张三" not in said and "拖欠" not in said
    again = client.get(reverse("mediation:visits_feed", args=[point.id])).content
    uids = [[str(e["uid"]) for e in Calendar.from_ical(c).walk("VEVENT")]
            for c in (answer.content, again)]  # fmt: skip
    assert uids[0] == uids[1] and len({*uids[0]}) == 2


def test_a_feed_of_nothing_is_not_found(client: Client, stage: Stage) -> None:
    for unit in (uuid4(), stage.court):
        assert client.get(reverse("mediation:visits_feed", args=[unit])).status_code == 404


def test_residents_see_when_a_judge_comes(stage: Stage, client: Client) -> None:
    point = Unit.objects.get(id=make_unit(VILLAGE, "contact_point", parent=stage.court))
    Site.objects.create(unit=point.id)
    address = reverse("mediation:near_site", args=[point.id])
    assert "法官哪天来" not in client.get(address).content.decode()
    dropped, kept = planned(stage, point, soon(), times=2)
    visits.cancel(dropped, "x", now=timezone.now(), by=stage.cast[COUNTY, "leader"])
    page = client.get(address).content.decode()
    assert timezone.localtime(kept.begins_at).isoformat() in page
    assert timezone.localtime(dropped.begins_at).isoformat() not in page
    assert reverse("mediation:visits_feed", args=[point.id]) in page


def test_pages_open_for_those_over_the_place(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon())
    leader = signed_in(stage.cast[COUNTY, "leader"])
    for name, given in (("visits", []), ("plan_visit", []), ("visit", [visit.id]),
                        ("cancel_visit", [visit.id]), ("lecture", [visit.id])):  # fmt: skip
        assert leader.get(reverse(f"mediation:{name}", args=given)).status_code == 200, name
    outsider = signed_in(stage.cast["441202", "leader"])
    assert outsider.get(reverse("mediation:visit", args=[visit.id])).status_code == 404
    assert point.name in signed_in(stage.judge).get(reverse("mediation:visits")).content.decode()


def test_a_day_is_planned_on_the_page(stage: Stage, point: Unit) -> None:
    leader = signed_in(stage.cast[TOWN, "leader"])
    said = {
        "unit": str(point.id),
        "judge": str(stage.judge.post),
        "minutes": "120",
        "every": "two_weeks",
        "times": "3",
        "begins_at": timezone.localtime(soon(50)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert leader.post(reverse("mediation:plan_visit"), said).status_code == 302
    assert Visit.objects.count() == 3
    answer = leader.post(reverse("mediation:plan_visit"), said)
    assert answer.status_code == 422 and "已有别的安排" in answer.content.decode()


def test_all_that_is_planned_is_found(stage: Stage, point: Unit, client: Client) -> None:
    made = planned(stage, point, soon(), times=52)
    made += planned(stage, point, soon(26), times=52)
    made.sort(key=lambda v: v.begins_at)
    leader, address = signed_in(stage.cast[COUNTY, "leader"]), reverse("mediation:visits")
    first = leader.get(address).content.decode()
    second = leader.get(address, {"page": "2"}).content.decode()
    assert [str(v.id) in first for v in made] == [True] * 100 + [False] * 4
    assert [str(v.id) in second for v in made] == [False] * 100 + [True] * 4
    assert "page=2" in first and "page=1" in second
    feed = client.get(reverse("mediation:visits_feed", args=[point.id])).content
    assert len(Calendar.from_ical(feed).walk("VEVENT")) == 104


def test_judges_of_all_tribunals_below_are_offered(stage: Stage, point: Unit) -> None:
    other = "441226101"
    make_unit(other, "contact_point", parent=stage.court)
    judges = [
        make_post(make_unit(town, "tribunal", parent=stage.court), town, "judge",
                  unit_kind="tribunal")
        for town in (TOWN, other)
    ]  # fmt: skip
    leader = signed_in(stage.cast[COUNTY, "leader"])
    page = leader.get(reverse("mediation:plan_visit")).content.decode()
    assert all(str(j.post) in page for j in [*judges, stage.judge])


def test_a_judge_helps_after_being_booked(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon())
    case = stage.mediating()
    slot = visits.free_slots(visit, VILLAGE, timezone.now())[0]
    booked(stage.clerk, visit, case.receipt.number, slot)
    case.act(m.hold, {"setting": "together"}, by=stage.judge)
    assert visits.appointments(visit, stage.judge)[0].done_at is not None


def changed(stage: Stage, visit: Visit, begins: datetime, **more: Any) -> None:
    asked = {"judge": stage.judge.post, "minutes": 120, "note": "", "now": timezone.now(),
             "by": stage.cast[COUNTY, "leader"], **more}  # fmt: skip
    visits.change(visit, asked.pop("judge"), begins, **asked)
    visit.refresh_from_db()


def test_a_planned_day_is_moved_while_nobody_is_left_outside(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon(26))
    slots = visits.free_slots(visit, VILLAGE, timezone.now())
    case = stage.accepted()
    assert booked(stage.clerk, visit, case.receipt.number, slots[1]).status_code == 302
    other = make_post(stage.court, COUNTY, "judge", unit_kind="court", sees=False)
    for begins, more in ((slots[2], {}), (visit.begins_at, {"minutes": 30}),
                         (visit.begins_at, {"judge": other.post})):  # fmt: skip
        with pytest.raises(Refused, match="改期"):
            changed(stage, visit, begins, **more)
    changed(stage, visit, slots[1], minutes=180, note="大雨")
    assert (visit.begins_at, visit.note) == (slots[1], "大雨")
    assert visit.ends_at - visit.begins_at == timedelta(hours=3)
    assert len(visits.appointments(visit, stage.clerk)) == 1


def test_a_day_without_appointments_goes_to_another_judge_and_day(
    stage: Stage, point: Unit
) -> None:
    first, second = planned(stage, point, soon(26), times=2)
    other = make_post(stage.court, COUNTY, "judge", unit_kind="court", sees=False)
    with pytest.raises(Booked):
        changed(stage, first, second.begins_at)
    changed(stage, first, second.begins_at, judge=other.post)
    assert first.judge == other.post
    visits.cancel(first, "x", now=timezone.now(), by=stage.cast[COUNTY, "leader"])
    with pytest.raises(Refused, match="已经取消"):
        changed(stage, first, soon(50), judge=other.post)
    with pytest.raises(Refused, match="安排"):
        changed(stage, second, soon(50), by=stage.mediator)


def test_a_day_is_changed_on_the_page(stage: Stage, point: Unit) -> None:
    (visit,) = planned(stage, point, soon(26))
    client = signed_in(stage.cast[COUNTY, "leader"])
    address = reverse("mediation:change_visit", args=[visit.id])
    shown = client.get(address).content.decode()
    assert timezone.localtime(visit.begins_at).strftime("%Y-%m-%dT%H:%M") in shown
    later = timezone.localtime(visit.begins_at + timedelta(days=1))
    said = {"judge": str(stage.judge.post), "begins_at": later.strftime("%Y-%m-%dT%H:%M"),
            "minutes": "60", "note": "改在下午"}  # fmt: skip
    assert client.post(address, said).status_code == 302
    assert "改在下午" in client.get(reverse("mediation:visit", args=[visit.id])).content.decode()
    answer = client.post(address, {**said, "begins_at": "2020-01-01T09:00"})
    assert answer.status_code == 422 and "改在下午" in answer.content.decode()
