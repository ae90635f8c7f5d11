"""Joint meetings over HTTP: what waits is put on an agenda, decided, followed up, and minuted."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import linkage, plans, steps
from gongzhi.cases.act import act
from gongzhi.cases.changes import NotFound, Refused, Words
from gongzhi.cases.models import Entry, Task
from gongzhi.cases.testing import (
    LINE,
    OUTSIDE,
    Cast,
    Told,
    begin,
    make_cast,
    make_unit,
    signed_in,
)
from gongzhi.declare import registry
from gongzhi.networks.resolution import meetings
from gongzhi.networks.resolution.models import Meeting
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
MATTER = registry.get("mediation")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def put_to(cast: Cast, place: str, title: str = "商铺补偿久拖未决") -> Told:
    """A case that waits for the joint meeting of a place."""
    case = begin(MATTER, title=title)
    asked = {"unit": cast.units[place], "reason": Words("请议定由谁牵头")}
    case.act(plans.table, asked, by=cast[VILLAGE, "clerk"])
    return case


def planned(cast: Cast, *cases: Told, units: tuple[str, ...] = (TOWN,)) -> Meeting:
    now = timezone.now()
    return meetings.convene(
        "联席会议", now + timedelta(hours=1), "三楼", units=[cast.units[u] for u in units],
        cases=[c.ref for c in cases], now=now, by=cast[COUNTY, "clerk"],
    )  # fmt: skip


def open_tasks(case: Told) -> dict[str, UUID]:
    with within(Scope(case=case.receipt.id)):
        return dict(Task.objects.filter(done_at=None).values_list("name", "unit"))


def begun(meeting: Meeting) -> Meeting:
    Meeting.objects.filter(id=meeting.id).update(begins_at=timezone.now() - timedelta(hours=1))
    meeting.refresh_from_db()
    return meeting


def test_what_waits_is_put_on_an_agenda_by_its_convenor(cast: Cast) -> None:
    case = put_to(cast, COUNTY)
    client = signed_in(cast[COUNTY, "clerk"])
    assert "商铺补偿" in client.get(reverse("networks:meetings")).content.decode()
    at = timezone.localtime(timezone.now() + timedelta(days=2))
    said = {
        "title": "联席会议", "begins_at": at.strftime("%Y-%m-%dT%H:%M"), "where": "三楼",
        "cases": [f"{case.receipt.county}/{case.receipt.id}"], "units": [str(cast.units[TOWN])],
    }  # fmt: skip
    answer = client.post(reverse("networks:new_meeting"), said)
    assert answer.status_code == 302, answer.content.decode()
    assert cast.units[TOWN] in case.row().units
    with within(Scope(case=case.receipt.id)):
        assert Entry.objects.latest("seq").act == "convene"


def test_a_town_convenes_none(cast: Cast) -> None:
    client = signed_in(cast[TOWN, "clerk"])
    assert client.get(reverse("networks:new_meeting")).status_code == 404
    with pytest.raises(Refused):
        meetings.convene("会", timezone.now(), "室", units=[], cases=[], now=timezone.now(),
                         by=cast[TOWN, "clerk"])  # fmt: skip


def test_only_convenor_and_members_see_a_meeting(cast: Cast) -> None:
    meeting = planned(cast, put_to(cast, COUNTY))
    address = reverse("networks:meeting", args=[meeting.id])
    codes = {place: signed_in(cast[place, "clerk"]).get(address).status_code
             for place in (COUNTY, TOWN, CITY)}  # fmt: skip
    assert codes == {COUNTY: 200, TOWN: 200, CITY: 404}


def test_whoever_is_complained_about_never_sees_that_line(cast: Cast) -> None:
    one, other = put_to(cast, COUNTY, "告镇里的事"), put_to(cast, COUNTY, "别的事")
    out = {"units": [cast.units[TOWN]], "reason": Words("被投诉")}
    one.act(linkage.exclude, out, by=cast[VILLAGE, "clerk"])
    meeting = begun(planned(cast, one, other))
    page = signed_in(cast[TOWN, "clerk"]).get(reverse("networks:meeting", args=[meeting.id]))
    assert "别的事" in page.content.decode() and "告镇里的事" not in page.content.decode()
    assert cast.units[TOWN] not in one.row().units


def test_whoever_alone_a_meeting_is_about_is_not_asked_to_it(cast: Cast) -> None:
    case = put_to(cast, COUNTY, "告镇里的事")
    out = {"units": [cast.units[TOWN]], "reason": Words("被投诉")}
    case.act(linkage.exclude, out, by=cast[VILLAGE, "clerk"])
    meeting = planned(cast, case, units=(TOWN, VILLAGE, "court"))
    assert cast.units[TOWN] not in {s.unit for s in meeting.seats.all()}
    assert cast.units["court"] in {s.unit for s in meeting.seats.all()}


def test_whoever_turns_out_to_be_accused_hears_no_more_of_the_meeting(cast: Cast) -> None:
    case = put_to(cast, COUNTY, "后来才知道告的是镇里")
    meeting, town = planned(cast, case), cast[TOWN, "clerk"]
    assert meetings.meetings_of(town) == [meeting]
    out = {"units": [cast.units[TOWN]], "reason": Words("被投诉")}
    case.act(linkage.exclude, out, by=cast[VILLAGE, "clerk"])
    assert meetings.meetings_of(town) == []
    for name in ("meeting", "minutes"):
        answer = signed_in(town).get(reverse(f"networks:{name}", args=[meeting.id]))
        assert answer.status_code == 404


def test_a_decision_becomes_tasks_and_is_followed_until_all_are_done(cast: Cast) -> None:
    case = put_to(cast, COUNTY)
    meeting = begun(planned(cast, case))
    client = signed_in(cast[COUNTY, "clerk"])
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    said = {
        "outcome": "decided", "resolution": "镇里牵头拆除", "steps_1_unit": str(cast.units[TOWN]),
        "steps_1_what": "组织拆除", "steps_1_due": due, "key": "k1",
    }  # fmt: skip
    address = reverse("networks:decide", args=[meeting.id, *case.ref])
    assert client.get(address).status_code == 200
    assert client.post(address, said).status_code == 302
    assert open_tasks(case) == {steps.STEP: cast.units[TOWN]}
    (line,) = meetings.agenda(meeting, cast[COUNTY, "clerk"])
    assert (line.outcome, line.left) == ("decided", 1)
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(name=steps.STEP)
    town = cast[TOWN, "clerk"]
    act(
        case.ref,
        plans.carry_out,
        {"step": (task.seq, task.n)},
        key="d",
        now=timezone.now(),
        by=town,
    )
    (line,) = meetings.agenda(meeting, cast[COUNTY, "clerk"])
    assert line.left == 0
    page = client.get(reverse("networks:meeting", args=[meeting.id])).content.decode()
    assert "镇里牵头拆除" in page and "组织拆除" in page, "what was decided, as in the minutes"


def test_minutes_tell_each_reader_what_they_may_see(cast: Cast) -> None:
    case = put_to(cast, COUNTY)
    meeting = begun(planned(cast, case))
    said = {"outcome": "decided", "resolution": Words("镇里牵头拆除")}
    meetings.decide(meeting, case.ref, said, key="m", now=timezone.now(), by=cast[COUNTY, "clerk"])
    made = signed_in(cast[TOWN, "clerk"]).get(reverse("networks:minutes", args=[meeting.id]))
    assert made["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF")


def test_only_the_convenor_decides_and_only_on_its_agenda(cast: Cast) -> None:
    meeting, other = begun(planned(cast, put_to(cast, COUNTY))), put_to(cast, COUNTY, "没上会")
    said = {"outcome": "decided", "resolution": Words("定")}
    for by in (cast[COUNTY, "clerk"], cast[TOWN, "clerk"]):
        with pytest.raises(Refused):
            meetings.decide(meeting, other.ref, said, key="x", now=timezone.now(), by=by)


def test_who_came_is_noted_once_it_has_begun(cast: Cast) -> None:
    meeting = planned(cast, put_to(cast, COUNTY), units=(TOWN, CITY))
    clerk = cast[COUNTY, "clerk"]
    with pytest.raises(Refused):
        meetings.hold(meeting, [], now=timezone.now(), by=clerk)
    begun(meeting)
    client = signed_in(clerk)
    client.post(
        reverse("networks:hold_meeting", args=[meeting.id]), {"came": str(cast.units[TOWN])}
    )
    assert dict(meeting.seats.values_list("unit", "came")) == {
        cast.units[TOWN]: True, cast.units[CITY]: False,
    }  # fmt: skip


def test_what_was_on_a_cancelled_agenda_waits_for_the_next(cast: Cast) -> None:
    case = put_to(cast, COUNTY)
    meeting, clerk = planned(cast, case), cast[COUNTY, "clerk"]
    meetings.cancel(meeting, now=timezone.now(), by=clerk)
    assert [w.case.id for w in meetings.waiting(clerk)] == [case.receipt.id]
    assert planned(cast, case).lines.count() == 1


def test_a_convenor_puts_on_its_agenda_what_is_held_below_it(cast: Cast) -> None:
    case = begin(MATTER)
    meeting = planned(cast, case)
    assert open_tasks(case)["agenda"] == cast.units[COUNTY]
    assert {cast.units[COUNTY], cast.units[TOWN]} <= {*case.row().units}
    assert meeting.lines.count() == 1


def test_a_town_is_called_in_to_its_own_lines_alone(cast: Cast) -> None:
    """A pile of a county does not open each town's cases to all other towns."""
    elsewhere = make_unit("441226101", parent=cast.units[COUNTY])
    court, now = make_unit(COUNTY, "court", parent=cast.units[COUNTY]), timezone.now()
    here, there = begin(MATTER), begin(MATTER, place="441226101")
    members = [cast.units[TOWN], elsewhere, court]
    meetings.convene("会", now + timedelta(hours=1), "室", units=members, now=now,
                     cases=[here.ref, there.ref], by=cast[COUNTY, "clerk"])  # fmt: skip
    assert {cast.units[TOWN], court} <= {*here.row().units} and elsewhere not in here.row().units
    assert {elsewhere, court} <= {*there.row().units}
    assert cast.units[TOWN] not in there.row().units


def test_a_town_without_a_line_of_its_own_is_asked_for_advice(cast: Cast) -> None:
    neighbour = make_unit("441226101", parent=cast.units[COUNTY])
    case, now = begin(MATTER), timezone.now()
    meetings.convene("会", now + timedelta(hours=1), "室", units=[neighbour], now=now,
                     cases=[case.ref], by=cast[COUNTY, "clerk"])  # fmt: skip
    assert neighbour in case.row().units


def test_whoever_was_only_called_in_puts_nothing_on_an_agenda(cast: Cast) -> None:
    case = begin(MATTER)
    called = {"units": [cast.units[OUTSIDE]], "reason": Words("请来协办")}
    case.act(linkage.join, called, by=cast[VILLAGE, "clerk"])
    now = timezone.now()
    with pytest.raises(Refused):
        meetings.convene("会", now + timedelta(hours=1), "室", units=[], cases=[case.ref], now=now,
                         by=cast[OUTSIDE, "clerk"])  # fmt: skip
    assert not Meeting.objects.exists()


def test_what_complains_about_the_convenor_is_not_offered_to_it(cast: Cast) -> None:
    case, county = begin(MATTER, title="告县里的事"), cast[COUNTY, "clerk"]
    assert [c.id for c in meetings.raisable(county, {"place": TOWN})] == [case.receipt.id]
    out = {"units": [cast.units[COUNTY]], "reason": Words("被投诉")}
    case.act(linkage.exclude, out, by=cast[VILLAGE, "clerk"])
    assert meetings.raisable(county, {"place": TOWN}) == []
    with pytest.raises(NotFound):
        planned(cast, case)


def ticked(page: str) -> list[str]:
    return [x.split('value="')[1].split('"')[0] for x in page.split("<input")
            if " checked" in x.split(">")[0]]  # fmt: skip


def test_a_page_about_a_pile_leads_to_a_meeting_that_is_filled_in(cast: Cast) -> None:
    """What was put to the unit and what nobody has; the same place and kind, no others."""
    put, raised, other = put_to(cast, COUNTY), begin(MATTER), begin(MATTER, category="land")
    clerk = signed_in(cast[COUNTY, "clerk"])
    asked = {"place": TOWN, "mechanism": MATTER.name, "category": "wages", "title": "九市镇欠薪"}
    address = reverse("networks:new_meeting", query=asked)
    page = clerk.get(address).content.decode()
    wanted = [f"{c.receipt.county}/{c.receipt.id}" for c in (put, raised)]
    assert ticked(page) == [*wanted, str(cast.units[TOWN])] and "九市镇欠薪" in page
    assert str(other.receipt.id) not in page and "有 1 件没有提请本单位" in page
    begins = page.split('name="begins_at" value="')[1].split('"')[0]
    said = {"title": "九市镇欠薪", "begins_at": begins, "where": "三楼", "cases": wanted,
            "units": [str(cast.units[TOWN])]}  # fmt: skip
    assert clerk.post(address, said).status_code == 302
    assert {x.of_case for x in Meeting.objects.get().lines.all()} == {
        put.receipt.id, raised.receipt.id
    }  # fmt: skip
    assert not meetings.raisable(cast[COUNTY, "clerk"], {"place": TOWN, "category": "wages"})


def test_what_another_place_or_a_town_asks_for_is_not_filled_in(cast: Cast) -> None:
    begin(MATTER)
    asked = {"place": OUTSIDE, "mechanism": MATTER.name}
    page = signed_in(cast[COUNTY, "clerk"]).get(reverse("networks:new_meeting", query=asked))
    assert ticked(page.content.decode()) == []
    assert signed_in(cast[TOWN, "clerk"]).get(reverse("networks:new_meeting")).status_code == 404
