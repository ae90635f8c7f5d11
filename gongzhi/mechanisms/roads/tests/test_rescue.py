"""Rescue: called out in one go, times noted against targets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from gongzhi.cases import whistles
from gongzhi.cases.act import Receipt
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Case, Task
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import BEGAN, Told, make_unit, signed_in
from gongzhi.declare import hours
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.registers import accidents, parameters, rescue
from gongzhi.mechanisms.roads.tests.conftest import COUNTY, TOWN, VILLAGE, Stage
from gongzhi.networks.responsibility import entering
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.scope import Scope, within

WHERE: dict[str, Any] = {"place": VILLAGE, "longitude": 111.9, "latitude": 23.2}


def called(stage: Stage, **more: Any) -> Told:
    told = rescue.Call(
        category=more.pop("category", "accident"), where=more.pop("where", WHERE),
        needs=more.pop("needs", ["police", "medical", "road"]), injured=2, trapped=True,
        text="两车相撞",
    )  # fmt: skip
    done = rescue.call_out(told, key="one", now=BEGAN, by=stage.chief, **more)
    return Told(done, BEGAN)


def summoned(case: Told) -> set[Any]:
    with within(Scope(case=case.receipt.id)):
        return set(Task.objects.filter(name="report_in").values_list("unit", flat=True))


def test_one_call_makes_the_case_the_urgent_whistle_and_the_record(stage: Stage) -> None:
    ambulance = make_unit(COUNTY, "health", parent=stage.cast.units[COUNTY])
    case = called(stage)
    row = case.row()
    assert row.urgent and row.state == "whistled" and row.unit == stage.chief.unit
    assert summoned(case) == {stage.police.unit, stage.transport.unit, ambulance}
    of = Accident.objects.get()
    assert of.rescue == row.id and of.injured == 2 and of.place == VILLAGE
    told = case_for(stage.chief, row.county, row.id).words("whistle", "reason")
    assert told == "受伤约 2 人。有人被困。两车相撞"


def test_only_the_bodies_that_are_needed_come_and_the_town_is_its_own(stage: Stage) -> None:
    assert summoned(called(stage, needs=["town", "police"])) == {
        stage.cast.units[TOWN], stage.police.unit
    }  # fmt: skip


def test_whom_the_list_names_is_called_with_the_row_and_its_own_limit(stage: Stage) -> None:
    """The list names the power supplier besides, and another unit of the traffic police."""
    power = make_unit(COUNTY, "power")
    squad = make_unit(TOWN, "traffic_police")
    lines = [
        Line("power", "电力法", leads=True, urgent=hours(2)),
        Line("traffic_police", "道路交通安全法", unit=squad),
    ]
    row = Duty(mechanism="roads", category="accident", level=3, place=COUNTY, lines=lines,
               valid_from=BEGAN.date())  # fmt: skip
    entering.enter([row], now=BEGAN, by=stage.cast[COUNTY, "leader"])
    case = called(stage, needs=["police", "road", rescue.LISTED])
    assert summoned(case) == {power, squad, stage.transport.unit}
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(unit=power)
    assert task.data["duty"] == str(row.id) and task.data["within"] == [2, "hours"]


def test_units_of_other_counties_are_not_called(stage: Stage) -> None:
    make_unit("441202", "fire")
    near = rescue.reachable("accident", VILLAGE, now=BEGAN, but=stage.chief.unit)
    assert near.units["fire"] == []
    with pytest.raises(Refused):
        called(stage, needs=["fire"])
    with within(Scope(place=COUNTY)):
        assert not Case.objects.exists()
    assert not Accident.objects.exists()


def test_sent_twice_it_is_one_rescue(stage: Stage) -> None:
    first, again = called(stage), called(stage)
    assert first.receipt.id == again.receipt.id and again.receipt.again
    assert Accident.objects.count() == 1


def test_what_hit_nobody_is_no_accident_and_one_recorded_before_is_not_recorded_again(
    stage: Stage,
) -> None:
    called(stage, category="landslide")
    assert not Accident.objects.exists()
    of = accidents.record(
        {**WHERE, "at": BEGAN, "kind": "over", "injured": 1}, now=BEGAN, by=stage.chief
    )
    told = rescue.Call(category="accident", where=WHERE, needs=["police"])
    done = rescue.call_out(told, key="two", now=BEGAN, by=stage.chief, accident=of)
    of.refresh_from_db()
    assert of.rescue == done.id and Accident.objects.count() == 1


def times(stage: Stage, case: Told) -> dict[Any, rescue.Came]:
    view = case_for(stage.chief, *case.ref)
    found = rescue.came(view, parameters.ROADS.numbers(VILLAGE, BEGAN.date()))
    return {c.unit.id: c for c in found}


def test_times_are_those_of_the_ledger_against_targets(stage: Stage) -> None:
    ambulance = make_unit(COUNTY, "health", parent=stage.cast.units[COUNTY])
    case = called(stage)
    case.travel(minutes=12)
    case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=stage.police)
    case.travel(minutes=13)
    task = stage.task(case, "report_in", ambulance)
    case.act(whistles.note_arrival, {"task": task, "note": Words("急救车到")}, by=stage.chief)
    remote = {"way": "remote", "duty": "accept", "why": Words("调度清障车")}
    case.act(whistles.report_in, remote, by=stage.transport)
    case.travel(minutes=30)
    case.act(whistles.feed_back, {"note": Words("已疏通")}, by=stage.police)
    found = times(stage, case)
    police, medical, road = (
        found[u] for u in (stage.police.unit, ambulance, stage.transport.unit)
    )  # fmt: skip
    assert (police.minutes, police.target, police.late(case.now)) == (12, 20, False)
    assert police.done_at == BEGAN + timedelta(minutes=55) and not police.noted
    assert (medical.minutes, medical.noted, medical.late(case.now)) == (25, True, True)
    assert road.reported_at is not None and road.on_site_at is None
    assert not road.late(BEGAN + timedelta(minutes=60))
    assert road.late(BEGAN + timedelta(minutes=61))


def test_the_case_page_shows_times_and_only_rescues_have_them(stage: Stage) -> None:
    case = called(stage)
    case.travel(minutes=12)
    case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=stage.police)
    client = signed_in(stage.chief)
    said = client.get(reverse("roads:beside", args=case.ref)).content.decode()
    assert "救援时间" in said and '<td class="n">12</td>' in said and 'class="lanes"' in said
    other = stage.reported()
    assert "救援时间" not in client.get(reverse("roads:beside", args=other.ref)).content.decode()


def test_the_page_calls_out_in_one_go(stage: Stage) -> None:
    client, url = signed_in(stage.chief), reverse("roads:rescue")
    shown = client.get(url).content.decode()
    assert "tel:120" in shown and "traffic_police 441226" in shown
    typed = {"category": "accident", "place": VILLAGE, "needs": ["police"], "injured": "1",
             "text": "摩托车倒地", "key": "k"}  # fmt: skip
    answer = client.post(url, typed, follow=True)
    assert answer.status_code == 200 and "已吹紧急哨" in answer.content.decode()
    again = client.post(url, typed, follow=True)
    assert again.redirect_chain == answer.redirect_chain
    wrong = client.post(url, typed | {"needs": ["medical"], "key": "l"})
    assert wrong.status_code == 422 and "请马上打电话" in wrong.content.decode()


def test_an_accident_leads_to_its_call(stage: Stage) -> None:
    of = accidents.record(
        {**WHERE, "at": datetime(2026, 1, 5, tzinfo=UTC), "kind": "over", "injured": 3},
        now=BEGAN, by=stage.chief,
    )  # fmt: skip
    client, url = signed_in(stage.chief), reverse("roads:rescue")
    shown = client.get(url, {"accident": str(of.id)}).content.decode()
    assert 'name="injured" value="3"' in shown
    assert client.get(url, {"accident": "x"}).status_code == 404
    typed = {"category": "accident", "place": VILLAGE, "needs": ["police"], "key": "k"}
    first = client.post(f"{url}?accident={of.id}", typed)
    of.refresh_from_db()
    assert of.rescue is not None
    assert client.post(f"{url}?accident={of.id}", typed).headers == first.headers
    again = client.post(f"{url}?accident={of.id}", typed | {"key": "l"})
    assert again.status_code == 422 and "已经叫过救援" in again.content.decode()


def test_who_does_not_handle_roads_does_not_call(stage: Stage) -> None:
    client = signed_in(stage.cast[COUNTY, "mediator"])
    assert client.get(reverse("roads:rescue")).status_code == 404


def test_the_case_of_another_mechanism_or_nobody_has_no_part(stage: Stage) -> None:
    missing = Receipt(COUNTY, stage.chief.post, "", 1, again=False)
    answer = signed_in(stage.chief).get(reverse("roads:beside", args=(missing.county, missing.id)))
    assert answer.status_code == 404
