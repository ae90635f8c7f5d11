"""What was decided is carried out for everybody, verified, rated and thanked for."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict

from gongzhi.cases import linkage
from gongzhi.cases.changes import NewParty, Refused, Words
from gongzhi.cases.reading import seen_by
from gongzhi.cases.testing import BEGAN, Told
from gongzhi.mechanisms.petitions import forms
from gongzhi.mechanisms.petitions import mechanism as m
from gongzhi.mechanisms.petitions.tests.conftest import (
    NOTE,
    VILLAGE,
    WHY,
    Stage,
    counted,
    tasks_of,
)

GROUP = [("王五", "13700000001"), ("赵六", "13700000002"), ("王五", "13700000003")]


def sheet(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("姓名", "金额", "说明", "电话"), *rows):
        book.worksheets[0].append(row)
    book.save(out)
    return SimpleUploadedFile("shares.xlsx", out.getvalue())


def group(stage: Stage) -> Told:
    case = stage.in_effect()
    people = [NewParty("applicant", name=n, phone=p) for n, p in GROUP]
    case.act(linkage.add_parties, {"count": 3, "people": people}, by=stage.clerk)
    return case


def shares(stage: Stage, case: Told, *rows: tuple[Any, ...]) -> forms.Share:
    seen = seen_by(stage.handler, *case.ref)
    files: MultiValueDict[str, Any] = MultiValueDict({"sheet": [sheet(*rows)]})
    due = (BEGAN + timedelta(days=30)).date().isoformat()
    return forms.Share({"due": due}, files, case=seen, by=stage.handler, now=BEGAN)


def test_every_member_of_a_group_has_an_outcome_of_their_own(stage: Stage) -> None:
    case = group(stage)
    form = shares(stage, case, ("赵六", "50,000", "商铺", ""), ("王五", 30000, "", GROUP[0][1]))
    assert form.is_valid(), form.errors
    case.act(m.share, form.told(), by=stage.handler)
    found = tasks_of(case, "member")
    assert sorted(t.data["amount"] for t in found) == ["30000", "50000"]
    with pytest.raises(Refused, match="2 人"):
        case.act(m.verify, NOTE, by=stage.cast[VILLAGE, "leader"])
    pairs = [(t.seq, t.n) for t in found]
    case.act(m.pay, {"members": pairs, "note": Words("已转账")}, by=stage.handler)
    assert counted("paid", "paid_in_time") == {"paid": 2, "paid_in_time": 2}
    with pytest.raises(Refused):
        case.act(m.pay, {"members": pairs}, by=stage.handler)
    case.act(m.verify, NOTE, by=stage.cast[VILLAGE, "leader"])


def test_a_second_sheet_replaces_what_a_member_was_to_get(stage: Stage) -> None:
    case = group(stage)
    for amount in (100, 250):
        form = shares(stage, case, ("赵六", amount, "", ""))
        assert form.is_valid()
        case.act(m.share, form.told(), by=stage.handler)
    assert [t.data["amount"] for t in tasks_of(case, "member")] == ["250"]


@pytest.mark.parametrize(
    "row", [("王五", 100, "", ""), ("钱七", 100, "", ""), ("赵六", "很多", "", ""), ("", 1, "", "")]
)
def test_a_row_that_fits_no_member_is_named(stage: Stage, row: tuple[Any, ...]) -> None:
    form = shares(stage, group(stage), ("赵六", 1, "", ""), row)
    assert "3" in str(form.errors["sheet"])


def test_a_member_sees_their_own_outcome_and_nobody_elses(stage: Stage) -> None:
    case = group(stage)
    form = shares(stage, case, ("赵六", 50_000, "", ""), ("王五", 30_000, "", GROUP[0][1]))
    assert form.is_valid()
    case.act(m.share, form.told(), by=stage.handler)
    client = Client()
    client.post("/track/", {"number": case.receipt.number, "tail": GROUP[1][1][-4:]})
    page = client.get("/case/").content.decode()
    assert "50000 元" in page and "30000 元" not in page


def test_whom_to_pay_is_shown_masked(stage: Stage) -> None:
    case = group(stage)
    form = shares(stage, case, ("赵六", 100, "", ""))
    assert form.is_valid()
    case.act(m.share, form.told(), by=stage.handler)
    asked = forms.Pay(case=seen_by(stage.handler, *case.ref), by=stage.handler, now=BEGAN)
    assert "赵*" in str(asked) and "赵六" not in str(asked)


def test_who_answered_does_not_verify(stage: Stage) -> None:
    case = stage.in_effect()
    with pytest.raises(Refused):
        case.act(m.verify, NOTE, by=stage.handler)
    case.act(m.verify, NOTE, by=stage.clerk)
    assert case.row().state == "settled"
    assert counted("first.settled")["first.settled"] == 1


def test_only_what_the_law_cannot_support_is_closed_by_explaining(stage: Stage) -> None:
    case = stage.in_effect()
    with pytest.raises(Refused):
        case.act(m.explain, NOTE, by=stage.clerk)
    other = stage.in_effect("no")
    other.act(m.explain, NOTE, by=stage.clerk)
    assert other.row().state == "explained"


def test_what_was_not_done_is_handled_anew(stage: Stage) -> None:
    case = stage.in_effect()
    case.act(m.redo, WHY, by=case.resident)
    assert case.row().state == "accepted"


def test_what_comes_back_after_closing_is_counted_as_returned(stage: Stage) -> None:
    case = stage.in_effect()
    case.act(m.verify, NOTE, by=stage.clerk)
    case.act(m.reopen, WHY, by=case.resident)
    assert case.row().state == "registered"
    assert counted("returned")["returned"] == 1


def test_each_step_is_rated_once(stage: Stage) -> None:
    case = stage.accepted()
    case.act(m.rate, {"satisfied": True}, by=case.resident)
    with pytest.raises(Refused):
        case.act(m.rate, {"satisfied": True}, by=case.resident)
    case.act(m.answer, {"decision": "support"}, by=stage.handler)
    case.act(m.rate, {"satisfied": False}, by=case.resident)
    found = counted("rated", "satisfied", "rated.%")
    assert found == {"rated": 2, "satisfied": 1, "rated.handle": 1, "rated.feed_back": 1}


def test_a_petition_may_be_withdrawn_until_it_is_answered_for_good(stage: Stage) -> None:
    case = stage.answered()
    case.act(m.withdraw, WHY, by=case.resident)
    assert case.row().state == "withdrawn"


def test_thanks_are_kept_with_the_case(stage: Stage) -> None:
    case = stage.in_effect()
    case.act(m.verify, NOTE, by=stage.clerk)
    case.act(m.thank, {"kind": "banner", "note": Words("为民解忧")}, by=stage.clerk)
    assert counted("thanked")["thanked"] == 1
