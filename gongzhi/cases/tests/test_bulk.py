"""What many reports at once must have in common with one."""

import pytest
from django.db import transaction

from gongzhi.cases import bulk, replay
from gongzhi.cases.act import Receipt, Report
from gongzhi.cases.bulk import report_many
from gongzhi.cases.changes import Accused, NewParty, NewTask, NobodyTakesIt, PlaceUnknown, Refused
from gongzhi.cases.models import Case, Delta, Entry, Party, Task
from gongzhi.cases.rollups import stocks
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, begin, make_cast, told
from gongzhi.cases.tests import toys
from gongzhi.people.models import Account
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import NotYourPost, Resident
from gongzhi.people.scope import Scope, within
from gongzhi.people.sealing import blind_index

PROVINCE, _CITY, _COUNTY, TOWN, VILLAGE = LINE


def take_in(*reports: Report, keys: str = "k", by: Actor | None = None) -> list[Receipt]:
    numbered = [(f"{keys}{n}", one) for n, one in enumerate(reports)]
    return report_many(toys.toy, numbered, now=BEGAN, by=by or Resident())


def rows(receipts: list[Receipt]) -> list[Case]:
    with within(Scope(place="")):
        found = {c.id: c for c in Case.objects.filter(id__in=[r.id for r in receipts])}
    return [found[r.id] for r in receipts]


def test_many_are_written_as_one_is(cast: Cast) -> None:
    one = begin(toys.toy, tasks=[NewTask("look")]).row()
    (many,) = rows(take_in(told(tasks=[NewTask("look")])))
    own = {"id", "number", "head", "_state"}
    assert {k: v for k, v in vars(many).items() if k not in own} == {
        k: v for k, v in vars(one).items() if k not in own
    }
    with within(Scope(place="")):
        for table in (Entry, Party, Task, Delta):
            of_one = table.objects.filter(case_id=one.id).count()
            of_many = table.objects.filter(case_id=many.id).count()
            assert (table, of_one) == (table, of_many)


def test_receipts_come_in_the_order_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 3)
    places = [VILLAGE, OUTSIDE, TOWN] * 5
    assert [c.place for c in rows(take_in(*(told(place=p) for p in places)))] == places


@pytest.mark.usefixtures("fresh_database")
def test_the_ledger_of_many_verifies() -> None:
    make_cast()
    take_in(*(told(tasks=[NewTask("look")]) for _ in range(12)))
    assert replay.verify() == []
    with within(Scope(place=PROVINCE)):
        assert stocks([PROVINCE])[PROVINCE]["now.open.register"] == 12


def test_each_key_acts_once(cast: Cast) -> None:
    first = take_in(told(), told(), keys="a")
    again = take_in(told(), told(), told(), keys="a")
    assert [r.again for r in again] == [True, True, False]
    assert [(r.id, r.number) for r in again[:2]] == [(r.id, r.number) for r in first]


def test_a_key_sent_twice_in_one_go_acts_once(cast: Cast) -> None:
    twice = report_many(toys.toy, [("k", told()), ("k", told())], now=BEGAN, by=Resident())
    assert [r.again for r in twice] == [False, True]
    assert twice[0].id == twice[1].id


def test_all_or_none_within_a_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1)
    with pytest.raises(PlaceUnknown), transaction.atomic():
        take_in(told(), told(place="441226999999"), told())
    with within(Scope(place="")):
        assert Case.objects.count() == 0


def test_the_accused_are_passed_by(cast: Cast) -> None:
    clerk = cast[TOWN, "clerk"]
    Account.objects.filter(id=clerk.account).update(phone_index=blind_index("phone", "13911112222"))
    by_id = told(parties=[NewParty("respondent", name="村委会", who=cast.units[VILLAGE])])
    by_phone = told(parties=[NewParty("respondent", name="甲", phone="13911112222")])
    one, two = rows(take_in(by_id, by_phone))
    assert one.unit == cast.units[TOWN]
    assert {cast.units[VILLAGE], cast[VILLAGE, "clerk"].account} <= {*one.hidden}
    assert two.hidden == [clerk.account]


def test_a_unit_that_is_accused_is_not_given_them(cast: Cast) -> None:
    accused = cast.units[TOWN]
    with pytest.raises(Accused):
        take_in(told(unit=accused, parties=[NewParty("respondent", name="镇", who=accused)]))


def test_whoever_may_not_register_one_may_not_register_many(cast: Cast) -> None:
    with pytest.raises(Refused):
        take_in(told(), by=cast[VILLAGE, "leader"])


def test_a_post_that_is_not_held_takes_nothing_in(cast: Cast) -> None:
    clerk = cast[TOWN, "clerk"]
    assert len(take_in(told(), by=clerk)) == 1
    Account.objects.get(id=clerk.account).appointments.all().delete()
    with pytest.raises(NotYourPost):
        take_in(told(), keys="later", by=clerk)


def test_many_where_nobody_takes_them_are_refused(db: None) -> None:
    with pytest.raises(NobodyTakesIt):
        take_in(told())
