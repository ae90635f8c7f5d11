"""Registering and whose duty it is: 信访工作条例 Art. 17 to 23."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongzhi.cases import linkage, rollups
from gongzhi.cases.changes import NewParty, Refused, Words
from gongzhi.cases.intake import ReportForm, report_from
from gongzhi.cases.models import Link
from gongzhi.cases.reading import case_for, seen_by
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, PHONE, make_unit
from gongzhi.mechanisms.petitions import forms
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.tests.conftest import (
    COUNTY,
    NOTE,
    TOWN,
    VILLAGE,
    WHY,
    Stage,
    clocks_of,
    counted,
    due,
    seen_by_whom,
    tasks_of,
)
from gongzhi.networks.responsibility import entering
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.scope import Scope, within


def filled(**said: Any) -> ReportForm:
    usual = {"category": "construction", "text": "楼下违建", "name": "张三", "phone": PHONE,
             "purpose": "request", "request": "拆除", "notice": "online"}  # fmt: skip
    return ReportForm({**usual, **said}, mechanism=m.petitions, place=VILLAGE)


def test_within_fifteen_days_the_office_says_whose_duty_it_is(stage: Stage) -> None:
    case = stage.registered()
    assert set(clocks_of(case)) == {"sort", "total"}
    assert due(case, "sort") - BEGAN > timedelta(days=15)
    sweep(BEGAN + timedelta(days=17))
    assert clocks_of(case)["sort"] == "late"


def test_whoever_got_it_forwarded_has_fifteen_days_to_tell_the_petitioner(stage: Stage) -> None:
    case = stage.registered()
    case.act(m.forward, {**WHY, "unit": stage.cast.units[TOWN]}, by=stage.clerk)
    row = case.row()
    assert row.unit == stage.cast.units[TOWN] and row.offered
    assert {"take", "receive"} <= set(clocks_of(case))
    case.act(m.accept, NOTE, by=stage.cast[TOWN, "clerk"])
    assert not case.row().offered and "answer" in clocks_of(case)


def test_the_responsibility_list_proposes_whom_to_forward_to(stage: Stage) -> None:
    there = make_unit(COUNTY, "department")
    duty = Duty(
        mechanism="petitions", category="construction", level=3, place=COUNTY,
        lines=[Line("department", "三定规定第五条", leads=True)], valid_from=BEGAN.date(),
    )  # fmt: skip
    entering.enter([duty], now=BEGAN, by=stage.cast[COUNTY, "leader"])
    case = stage.registered()
    form = forms.Forward(case=seen_by(stage.clerk, *case.ref), by=stage.clerk, now=BEGAN)
    assert form.fields["unit"].initial == str(there)
    assert "三定规定第五条" in str(form.fields["unit"].help_text)


def test_what_was_forwarded_wrongly_comes_back_and_goes_elsewhere(stage: Stage) -> None:
    case = stage.registered()
    case.act(m.forward, {**WHY, "unit": stage.cast.units[TOWN]}, by=stage.clerk)
    case.act(linkage.give_back, WHY, by=stage.cast[TOWN, "clerk"])
    assert case.row().unit == stage.cast.units[VILLAGE]
    case.act(m.forward, {**WHY, "unit": stage.cast.units[COUNTY]}, by=stage.clerk)
    assert case.row().unit == stage.cast.units[COUNTY]


def test_what_was_handed_over_is_reported_back(stage: Stage) -> None:
    case, units = stage.registered(unit=stage.cast.units[COUNTY]), stage.cast.units
    said = {**WHY, "unit": units[TOWN], "report_by": (BEGAN + timedelta(days=40)).date()}
    case.act(m.assign, said, by=stage.cast[COUNTY, "clerk"])
    case.act(m.accept, NOTE, by=stage.cast[TOWN, "clerk"])
    assert [t.unit for t in tasks_of(case, "report_result")] == [units[TOWN]]
    case.act(m.report_result, {"note": Words("已拆")}, by=stage.cast[TOWN, "clerk"])
    assert tasks_of(case, "report_result") == []
    with pytest.raises(Refused):
        case.act(m.report_result, {"note": Words("再报")}, by=stage.cast[TOWN, "clerk"])


def test_who_is_refused_hears_why_and_where_to_go(stage: Stage) -> None:
    case = stage.registered()
    seen = seen_by(stage.clerk, *case.ref)
    form = forms.Refuse({"served": "post"}, case=seen, by=stage.clerk, now=BEGAN)
    assert set(form.errors) == {"ground", "reason", "way"}
    case.act(m.refuse, {**WHY, "ground": "elsewhere", "way": "court"}, by=stage.clerk)
    assert case.row().state == "refused" and counted("declined")["declined"] == 1


def test_what_belongs_to_a_court_leaves_the_petition_track(stage: Stage) -> None:
    case = stage.registered(category="litigation")
    case.act(m.divert, {**WHY, "way": "court"}, by=stage.clerk)
    assert case.row().state == "diverted" and not case.row().is_open


def test_the_same_matter_again_is_joined_and_counted_as_a_repeat(stage: Stage) -> None:
    first, again = stage.accepted(), stage.registered(key="2")
    seen = seen_by(stage.clerk, *again.ref)
    form = forms.Merge(
        {"number": first.receipt.number, "reason": "同一处违建", "served": "online"},
        case=seen, by=stage.clerk, now=BEGAN,
    )  # fmt: skip
    assert form.is_valid(), form.errors
    again.act(m.merge, form.told(), by=stage.clerk)
    with within(Scope(case=again.receipt.id)):
        assert Link.objects.get().kind == "repeat"
    assert counted("repeated", "reported") == {"repeated": 1, "reported": 2}
    # From the first one, too, those that were joined to it are seen.
    assert [c.id for c in case_for(stage.clerk, *first.ref).linked] == [again.receipt.id]


def test_a_repeat_of_what_was_closed_shows_that_it_was_not_settled(stage: Stage) -> None:
    first = stage.in_effect()
    first.act(m.verify, NOTE, by=stage.cast[VILLAGE, "leader"])
    again = stage.registered(key="2")
    other = (first.receipt.county, first.receipt.id)
    again.act(m.merge, {**WHY, "other": other, "closed": True}, by=stage.clerk)
    assert counted("returned")["returned"] == 1


@pytest.mark.parametrize("wrong", ["own", "nothing"])
def test_a_petition_is_joined_to_another_petition_only(stage: Stage, wrong: str) -> None:
    case = stage.registered()
    number = {"own": case.receipt.number, "nothing": "1234"}[wrong]
    seen = seen_by(stage.clerk, *case.ref)
    form = forms.Merge({"number": number, "reason": "同", "served": "online"}, case=seen,
                       by=stage.clerk, now=BEGAN)  # fmt: skip
    assert "number" in form.errors


def test_a_group_that_comes_sends_at_most_five(stage: Stage) -> None:
    assert not filled(people="52").errors  # not on a visit
    assert "representatives" in filled(people="52", representatives="6").errors
    check = forms.Register.check
    assert "representatives" in check({"people": 52, "channel": "visit"})
    assert check({"people": 52, "channel": "visit", "representatives": 5}) == {}


def test_a_unit_that_is_ticked_never_gets_the_petition(stage: Stage) -> None:
    form = filled(accused=[str(stage.cast.units[VILLAGE])])
    assert form.is_valid(), form.errors
    told = report_from(form, VILLAGE, [], key="k")
    case = stage.registered(parties=told.parties, data=told.data)
    assert case.row().unit == stage.cast.units[TOWN]
    seen = seen_by_whom(case, stage.clerk, stage.cast[TOWN, "clerk"])
    assert seen == [False, True]
    assert "accused" not in told.data


def test_an_accusation_is_seen_by_those_who_handle_it_alone(stage: Stage) -> None:
    case = stage.registered(data={"text": Words("受贿"), "purpose": "accusation"})
    county, clerk = stage.cast[COUNTY, "leader"], stage.clerk
    assert seen_by_whom(case, county, clerk, stage.inspector) == [False, True, False]
    case.act(m.pass_on, {**WHY, "unit": stage.inspector.unit}, by=clerk)
    assert seen_by_whom(case, county, stage.inspector) == [False, True]
    case.act(m.inform, {"result": Words("已处理")}, by=stage.inspector)
    assert case.row().state == "informed"


@pytest.mark.parametrize("purpose", ["accusation", "request"])
def test_an_accusation_is_counted_from_the_county_up(stage: Stage, purpose: str) -> None:
    """From the first word, or once it is found to be one: a village would see a count of one."""
    case = stage.registered(data={"text": Words("受贿"), "purpose": purpose})
    case.act(m.pass_on, {**WHY, "unit": stage.inspector.unit}, by=stage.clerk)
    day = timezone.localdate(BEGAN)
    with within(Scope(place="44")):
        stocks = rollups.stocks([VILLAGE, TOWN, COUNTY])
        flows = rollups.flows(
            [VILLAGE, TOWN, COUNTY],
            ["reported", "passed_on", "purpose.%", "category.%"],
            since=day,
            until=day + timedelta(days=1),
        )
    for place in (VILLAGE, TOWN):
        assert not any(stocks.get(place, {}).values()), place
        assert not any(flows.get(place, {}).values()), place
    assert flows[COUNTY]["reported"] == flows[COUNTY]["passed_on"] == 1


def test_a_suggestion_is_studied_and_answered(stage: Stage) -> None:
    case = stage.registered()
    case.act(m.study, NOTE, by=stage.clerk)
    assert "consider" in clocks_of(case)
    said = {"taken": "part", "text": Words("增设一班"), "served": "online"}
    case.act(m.reply, said, by=stage.handler)
    assert case.row().state == "replied"


def test_members_of_a_group_follow_it_with_their_own_phones(stage: Stage) -> None:
    case = stage.accepted()
    people = [NewParty("applicant", name="王五", phone="13700000001")]
    case.act(linkage.add_parties, {"count": 1, "people": people}, by=stage.clerk)
    names = {p.name for p in case_for(stage.clerk, *case.ref, unmasked=True).people}
    assert {"张三", "王五"} <= names


def test_a_file_of_another_kind_is_no_sheet_of_shares(stage: Stage) -> None:
    case = stage.accepted()
    seen = seen_by(stage.clerk, *case.ref)
    files = {"sheet": SimpleUploadedFile("a.xlsx", b"not a sheet")}
    form = forms.Share({"due": "2026-03-01"}, files, case=seen, by=stage.clerk, now=BEGAN)
    assert "sheet" in form.errors
