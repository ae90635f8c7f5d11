"""Stories of the talks: who mediates, when people meet, how it ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from gongzhi.cases.changes import Accused, Booked, NewParty, Refused, Words
from gongzhi.cases.linkage import act_named
from gongzhi.cases.reading import seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, PHONE, Told, begin, signed_in
from gongzhi.cases.worklists import page
from gongzhi.mechanisms.mediation import forms
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.mechanisms.mediation.models import Mediator, Room
from gongzhi.mechanisms.mediation.network.mediators import candidates
from gongzhi.mechanisms.mediation.tests.asking import clocks_of, counted, late, open_to, tasks_of
from gongzhi.mechanisms.mediation.tests.conftest import TOWN, VILLAGE, WORDS, Stage
from gongzhi.people.models import Account
from gongzhi.people.posts import Holder
from gongzhi.people.sealing import blind_index


def at(hours: float, **more: Any) -> dict[str, Any]:
    return {"begins_at": BEGAN + timedelta(hours=hours), "minutes": 60, "mode": "site", **more}


def offered(case: Told, clerk: Holder) -> list[Any]:
    return [c.holder.post for c in candidates(seen_by(clerk, *case.ref))]


def test_article_19_nobody_with_an_interest_is_offered_as_mediator(stage: Stage) -> None:
    case, mediator = stage.accepted(), stage.mediator
    assert mediator.post in offered(case, stage.clerk)
    Account.objects.filter(id=mediator.account).update(
        phone_index=blind_index("phone", "13800009999")
    )
    own = stage.accepted(parties=[NewParty("applicant", name="张三", phone="13800009999")])
    assert mediator.post not in offered(own, stage.clerk)


def test_article_19_language_and_skill_and_load_decide_who_is_offered_first(stage: Stage) -> None:
    studio = stage.studio()
    Mediator.objects.create(post=studio.post, skills=["wages"], languages=["客家话"])
    plain = stage.accepted(category="land")
    assert offered(plain, stage.clerk)[0] != studio.post
    assert offered(stage.accepted(), stage.clerk)[0] == studio.post
    Mediator.objects.create(post=stage.mediator.post, languages=["粤语"])
    told = {"text": Words("x"), "language": "粤语"}
    assert offered(stage.accepted(data=told), stage.clerk)[0] == stage.mediator.post
    # Who has more to do already is offered later.
    equal = stage.post(studio.unit, "mediator", "studio", TOWN)
    Mediator.objects.create(post=equal.post, skills=["wages"], languages=["客家话"])
    busy = stage.accepted()
    busy.act(m.assign, {"mediator": studio.post, "unit": studio.unit}, by=stage.clerk)
    assert offered(stage.accepted(), stage.clerk)[0] == equal.post


def test_parties_choose_a_studio_and_it_takes_the_case(stage: Stage) -> None:
    case, studio = stage.accepted(), stage.studio()
    form = forms.Assign(
        {"mediator": str(studio.post), "chosen_by": "parties", "no_conflict": "on"},
        case=seen_by(stage.clerk, *case.ref), by=stage.clerk, now=BEGAN,
    )  # fmt: skip
    assert form.is_valid()
    case.act(m.assign, {**form.told(), **form.given()}, by=stage.clerk)
    row = case.row()
    assert (row.unit, row.post, row.offered) == (studio.unit, studio.post, True)
    assert stage.clerk.unit in row.units and "receive" in clocks_of(case)
    case.act(act_named(m.mediation, "take_in"), by=studio)
    assert counted("post.%") == {f"post.{studio.post.hex}.taken.wages": 1}


def test_article_23_a_party_may_have_the_mediator_changed(stage: Stage) -> None:
    case = stage.mediating()
    case.act(m.schedule, at(5), by=stage.mediator)
    case.act(m.object_, WORDS, by=case.resident)
    row = case.row()
    assert (row.state, row.post) == (m.accepted.name, None)
    assert not tasks_of(case, "session")
    assert stage.mediator.post not in offered(case, stage.clerk)
    with pytest.raises(Refused, match="另选"):
        case.act(m.assign, {"mediator": stage.mediator.post}, by=stage.clerk)


def test_a_session_takes_the_time_of_people_and_room_once(stage: Stage) -> None:
    room = Room.objects.create(unit=stage.clerk.unit, name="调解室")
    judge = {"people": [(stage.judge.post, stage.court)]}
    one, other = stage.mediating(), stage.mediating()
    one.act(m.schedule, at(5, room=room.id, **judge), by=stage.mediator)
    for taken in (at(5), at(5.5), at(4.5, room=room.id)):
        with pytest.raises(Booked):
            other.act(m.schedule, taken, by=stage.mediator)
    studio = stage.studio()
    third = stage.accepted()
    third.act(m.assign, {"mediator": studio.post, "unit": studio.unit}, by=stage.clerk)
    for taken in (at(5, room=room.id), at(5.9, **judge)):
        with pytest.raises(Booked):
            third.act(m.schedule, taken, by=studio)
    third.act(m.schedule, at(6, room=room.id, **judge), by=studio)


def test_whoever_is_asked_to_come_has_it_in_their_list(stage: Stage) -> None:
    case = stage.mediating()
    case.act(m.schedule, at(5, people=[(stage.judge.post, stage.court)]), by=stage.mediator)
    assert [c.id for c in page("mine", stage.judge).rows] == [case.receipt.id]
    case.act(m.hold, {"record": Words("释法明理")}, by=stage.judge)
    assert case.row().facts["sessions"] == 1 and not tasks_of(case, "session", "attend")
    assert m.agree not in open_to(stage.judge, case)


def test_a_video_session_leads_to_the_citys_provider(stage: Stage, settings: Settings) -> None:
    case = stage.mediating()
    of = {"case": seen_by(stage.mediator, *case.ref), "by": stage.mediator, "now": BEGAN}
    assert "video" not in dict(forms.Schedule(**of).fields["mode"].choices)  # type: ignore[attr-defined]
    provider = "https://meet.example/{number}"
    settings.CONFIG = replace(settings.CONFIG, video=provider)
    assert "video" in dict(forms.Schedule(**of).fields["mode"].choices)  # type: ignore[attr-defined]
    case.act(m.schedule, {**at(5), "mode": "video"}, by=stage.mediator)
    address = provider.replace("{number}", case.receipt.number)
    client = signed_in(stage.mediator)
    assert address in client.get(f"/desk/cases/{case.ref[0]}/{case.ref[1]}/").content.decode()
    client.post("/track/", {"number": case.receipt.number, "tail": PHONE[-4:]})
    assert address in client.get("/case/").content.decode()


def test_who_is_complained_about_is_asked_to_no_session(stage: Stage) -> None:
    accused = [NewParty("applicant", name="张三", phone="13800001234"),
               NewParty("respondent", who=stage.judge.post)]  # fmt: skip
    case = stage.mediating(parties=accused)
    form = forms.Schedule(case=seen_by(stage.mediator, *case.ref), by=stage.mediator, now=BEGAN)
    assert stage.judge.post not in form.helpers
    with pytest.raises(Accused):
        case.act(m.schedule, at(5, people=[(stage.judge.post, stage.court)]), by=stage.mediator)


def test_a_session_is_moved_or_called_off(stage: Stage) -> None:
    case = stage.mediating()
    with pytest.raises(Refused):
        case.act(m.adjourn, WORDS, by=stage.mediator)
    case.act(m.schedule, at(5), by=stage.mediator)
    with pytest.raises(Refused):
        case.act(m.schedule, at(9), by=stage.mediator)
    case.act(m.adjourn, {**WORDS, **at(5.5)}, by=stage.mediator)
    assert [t.due_at for t in tasks_of(case, "session")] == [BEGAN + timedelta(hours=5.5)]
    case.act(m.adjourn, WORDS, by=stage.mediator)
    assert not tasks_of(case, "session")
    case.act(m.schedule, at(9), by=stage.mediator)


def test_a_session_lies_ahead_and_is_asked_with_those_who_may_come(stage: Stage) -> None:
    case = stage.mediating()
    of = {"case": seen_by(stage.mediator, *case.ref), "by": stage.mediator, "now": BEGAN}
    said = {"begins_at": "2026-01-05T08:00", "minutes": "60", "mode": "site"}
    assert "begins_at" in forms.Schedule(said, **of).errors
    form = forms.Schedule(
        {**said, "begins_at": "2026-01-06T09:00", "people": [str(stage.judge.post)]}, **of
    )
    asked = {"people": [(stage.judge.post, stage.court)], "where": ""}
    assert form.is_valid() and form.given() == asked
    room = Room.objects.create(unit=stage.clerk.unit, name="调解室")
    form = forms.Schedule({**said, "begins_at": "2026-01-06T09:00", "room": str(room.id)}, **of)
    assert form.is_valid() and form.given()["where"] == "调解室"
    assert stage.mediator.post not in form.helpers


def test_what_is_said_in_private_is_not_written_down(stage: Stage) -> None:
    case = stage.mediating()
    of = {"case": seen_by(stage.mediator, *case.ref), "by": stage.mediator, "now": BEGAN}
    said = {"held_on": "2026-01-05T08:00", "setting": "private", "present": ["applicant"]}
    assert forms.Hold(said, **of).is_valid()
    assert "record" in forms.Hold({**said, "record": "他说"}, **of).errors
    assert "record" in forms.Hold({**said, "setting": "apart"}, **of).errors


def test_rule_33_a_month_and_once_more_if_both_agree(stage: Stage) -> None:
    case = stage.mediating()
    case.act(m.prolong, WORDS, by=stage.mediator)
    with pytest.raises(Refused):
        case.act(m.prolong, WORDS, by=stage.mediator)
    sweep(BEGAN + timedelta(days=31))
    assert not late(case, "mediate")
    sweep(BEGAN + timedelta(days=62))
    assert late(case, "mediate")


def test_more_time_holds_for_the_court_that_delegated_too(stage: Stage) -> None:
    case = begin(m.mediation, by=stage.judge, channel="court_before", category="family")
    case.act(m.accept, by=stage.clerk)
    case.act(m.prolong, WORDS, by=stage.clerk)
    sweep(BEGAN + timedelta(days=31))
    assert not late(case, "delegated") and not late(case, "mediate")


def test_article_26_without_agreement_the_other_ways_are_named(stage: Stage) -> None:
    case = stage.unresolved()
    assert case.row().state == m.unresolved.name and forms.Fail.base_fields["way"].required
    assert counted("failed") == {"failed": 1}
    case.act(m.end, WORDS, by=stage.mediator)
    assert case.row().state == m.unsettled.name
    assert counted("ended.%") == {"ended.unsettled.wages": 1}


def test_what_one_level_cannot_settle_the_next_tries(stage: Stage) -> None:
    case = stage.unresolved()
    case.act(act_named(m.mediation, "escalate"), WORDS, by=stage.mediator)
    above = stage.cast["441226114", "clerk"]
    case.act(m.assign, {"mediator": stage.cast["441226114", "mediator"].post}, by=above)
    assert case.row().state == m.mediating.name
    assert counted("entered.%") == {"entered.village.wages": 1, "entered.town.wages": 1}


def test_talks_that_may_not_go_on_are_stopped(stage: Stage) -> None:
    case = stage.mediating()
    case.act(m.stop, {**WORDS, "why": "violence"}, by=stage.mediator)
    assert case.row().state == m.broken_off.name and not case.row().is_open


def test_a_case_without_mediator_is_noticed(stage: Stage) -> None:
    waiting, other = stage.accepted(), stage.unresolved()
    sweep(BEGAN + timedelta(days=9))
    assert late(waiting, "assign") and late(other, "tell")


def test_a_unit_that_is_not_the_mediators_is_refused(stage: Stage) -> None:
    case = stage.accepted()
    with pytest.raises(Refused):
        case.act(m.assign, {"mediator": uuid4()}, by=stage.clerk)
    assert case.row().place == VILLAGE


def test_who_names_a_mediator_is_told_what_becomes_of_the_session(stage: Stage) -> None:
    case = stage.mediating()

    def said() -> str:
        form = forms.Assign(case=seen_by(stage.clerk, *case.ref), by=stage.clerk, now=BEGAN)
        return str(form["mediator"].help_text)

    assert "重新约时间" not in said()
    case.act(m.schedule, at(5), by=stage.mediator)
    assert "重新约时间" in said()
    case.act(m.hold, {"record": Words("谈过"), "kind": "joint"}, by=stage.mediator)
    assert "重新约时间" not in said()
