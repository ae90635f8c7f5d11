"""Cases that belong together, and one matter of many people."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.cases import linkage, replay
from gongzhi.cases.act import act
from gongzhi.cases.forms import Group, OtherCase
from gongzhi.cases.models import Party
from gongzhi.cases.reading import case_for
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, Told, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

VILLAGE = LINE[-1]


def form_for(kind: type[OtherCase], case: Told, by: Holder, number: str) -> OtherCase:
    view = case_for(by, *case.ref)
    data = {"number": number, "kind": "related"}
    return kind(data, case=view.snapshot, by=by, now=BEGAN)


def test_a_linked_case_is_shown_to_who_may_see_it(cast: Cast) -> None:
    clerk = cast[VILLAGE, "clerk"]
    one, two = begin(m.mediation), begin(m.mediation)
    form = form_for(OtherCase, one, clerk, two.receipt.number)
    assert form.is_valid(), form.errors
    one.act(linkage.link, form.told(), by=clerk)
    assert [c.id for c in case_for(clerk, *one.ref).linked] == [two.receipt.id]


def test_a_case_out_of_sight_cannot_be_linked(cast: Cast) -> None:
    one = begin(m.mediation)
    far = begin(m.mediation, place="441202001002")
    form = form_for(OtherCase, one, cast[VILLAGE, "clerk"], far.receipt.number)
    assert not form.is_valid()
    assert far.receipt.county == OUTSIDE


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("list.xlsx", out.getvalue())


def add_to(case: Told, form: Group, by: Holder) -> None:
    told, given = form.told(), form.given()
    act(case.ref, linkage.add_parties, told, key="group", now=BEGAN, by=by, given=given)


@pytest.mark.parametrize("faulty", [False, True])
def test_a_group_comes_from_a_sheet_whole_or_not_at_all(cast: Cast, faulty: bool) -> None:
    case, clerk = begin(m.mediation), cast[VILLAGE, "clerk"]
    rows = [("姓名", "电话"), ("王一", "13800000001"), ("" if faulty else "王二", "13800000002")]
    seen = case_for(clerk, *case.ref).snapshot
    form = Group({}, {"sheet": sheet(*rows)}, case=seen, by=clerk, now=BEGAN)
    assert form.is_valid() != faulty
    if faulty:
        assert "第 3 行" in str(form.errors)
        return
    act(
        case.ref, linkage.add_parties, form.told(), key="g", now=BEGAN, by=clerk, given=form.given()
    )
    with within(Scope(case=case.receipt.id)):
        assert Party.objects.filter(side="applicant").count() == 3
    names = [p.name for p in case_for(clerk, *case.ref, unmasked=True).people]
    assert {"王一", "王二"} <= set(names)


def test_the_ledger_keeps_no_name_of_a_group(fresh_database: str) -> None:
    cast = make_cast()
    case, clerk = begin(m.mediation), cast[VILLAGE, "clerk"]
    seen = case_for(clerk, *case.ref).snapshot
    form = Group({}, {"sheet": sheet(("姓名",), ("王一",))}, case=seen, by=clerk, now=BEGAN)
    assert form.is_valid()
    act(
        case.ref, linkage.add_parties, form.told(), key="g", now=BEGAN, by=clerk, given=form.given()
    )
    assert "王一" not in str([line.entry.data for line in case_for(clerk, *case.ref).lines])
    assert replay.verify() == []
