"""Residents register for a purpose: what it declares, what they agree to, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Registered, RegisteredCount
from gongzhi.mechanisms.neighbourhoods.registers import (
    answers,
    purposes,
    residents,
    residents_counted,
    residents_seen,
)
from gongzhi.mechanisms.neighbourhoods.registers.residents import NotRegistered, Told
from gongzhi.mechanisms.neighbourhoods.tests.homes import CITY, COMMUNITY, NAME, PHONE, SAID, Homes
from gongzhi.people.posts import Resident
from gongzhi.people.scope import Scope, within


@pytest.fixture
def homes(db: None) -> Homes:
    return Homes()


def test_a_resident_registers_and_comes_back_with_the_own_key(homes: Homes) -> None:
    row = homes.registered()
    assert row.key and row.by_post is None
    person = residents.own(row.key)
    assert person.said == SAID and set(person.agreed) == {"medicine"}
    assert person.row.expires_on == homes.today + timedelta(days=365)
    with pytest.raises(NotRegistered):
        residents.own(homes.home.key)


def test_nothing_stands_there_in_clear(homes: Homes) -> None:
    row = homes.registered()
    stored = b"".join(bytes(b) for b in (row.name, row.phone, row.said) if b)
    for word in (NAME, PHONE, "cold", "medicine", "example.org"):
        assert word.encode() not in stored


EVERYTHING = {
    "name": "张三", "phone": "13800001234", "email": "a@example.org", "people": 3, "tenure": "own",
    "language": "hakka", "vehicle": ["car"], "alone": "alone", "disability": "limbs",
    "medicine": "cold", "mobility": "bed", "device": "oxygen", "infant": "infant",
    "notices": ["sms"],
    "id_no": "441226199001011234", "note": "糖尿病",
}  # fmt: skip


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    fields=st.sets(st.sampled_from(sorted(answers.KINDS)), min_size=1).filter(
        lambda fields: "notices" not in fields or {"phone", "email"} & fields
    ),
    apart=st.sets(st.sampled_from(sorted(answers.KINDS))),
    agreed=st.sets(st.sampled_from(sorted(EVERYTHING))),
)
def test_what_the_purpose_does_not_declare_is_never_stored(
    homes: Homes, fields: set[str], apart: set[str], agreed: set[str]
) -> None:
    """Whatever is sent: by the form, by a phone, by a programmer's slip."""
    of = homes.declared(fields=fields, sensitive=apart)
    row = homes.registered(dict(EVERYTHING), agreed, purpose=of, home=homes.next)
    homes_row = residents.own(str(row.key))
    needs = {n for n in fields if answers.KINDS[n].apart or n in apart}
    assert set(homes_row.said) == (fields - needs) | (needs & agreed)
    assert set(homes_row.agreed) == needs & agreed
    again = residents.correct(
        row.id, Told(EVERYTHING, agreed), now=homes.now, by=Resident(case=row.id)
    )
    assert set(residents.own(str(again.key)).said) == set(homes_row.said)
    residents.erase(row.id, now=homes.now, by=Resident(case=row.id))


def test_refusing_what_is_sensitive_leaves_the_rest(homes: Homes) -> None:
    row = homes.registered(SAID, agreed=())
    assert set(residents.own(str(row.key)).said) == {"name", "phone", "email"}


def test_the_same_id_registers_once(homes: Homes) -> None:
    id_ = uuid4()
    told, by = Told(SAID), Resident(case=id_)
    first = residents.register(homes.contact, homes.home, told, id_=id_, now=homes.now, by=by)
    again = residents.register(homes.contact, homes.home, told, id_=id_, now=homes.now, by=by)
    assert first[1] and not again[1] and first[0] == again[0]
    assert residents_counted.counted([homes.building.id])[homes.building.id].total() == 1


def test_a_household_registers_several_but_not_without_end(homes: Homes) -> None:
    for n in range(residents.MOST):
        homes.registered({**SAID, "name": f"张{n}"})
    with pytest.raises(Refused, match="已满"):
        homes.registered()
    homes.registered(home=homes.next)


def test_who_has_moved_out_registers_no_more(homes: Homes) -> None:
    homes.home.until = homes.today
    homes.home.save()
    with pytest.raises(Refused):
        homes.registered()


def test_a_resident_corrects_withdraws_and_deletes(homes: Homes) -> None:
    row = homes.registered()
    by = Resident(case=row.id)
    residents.correct(row.id, Told({**SAID, "name": "李四"}, ["medicine"]), now=homes.now, by=by)
    person = residents.own(str(row.key))
    assert person.said["name"] == "李四" and person.row.corrected_at
    residents.withdraw(row.id, "medicine", now=homes.now, by=by)
    person = residents.own(str(row.key))
    assert "medicine" not in person.said and not person.agreed and person.said["phone"] == PHONE
    with pytest.raises(NotRegistered):
        residents.withdraw(row.id, "phone", now=homes.now, by=by)
    residents.erase(row.id, now=homes.now, by=by)
    with pytest.raises(NotRegistered):
        residents.own(str(row.key))
    assert residents.looks(row) == []


def test_one_resident_does_nothing_to_another(homes: Homes) -> None:
    mine, yours = homes.registered(), homes.registered()
    for do in (residents.erase, lambda id_, **k: residents.withdraw(id_, "medicine", **k)):
        with pytest.raises(NotRegistered):
            do(yours.id, now=homes.now, by=Resident(case=mine.id))
    assert residents.own(str(yours.key)).said == SAID


def test_the_own_page_is_found_by_name_and_phone_in_the_household_alone(homes: Homes) -> None:
    row = homes.registered()
    homes.registered({"name": "张三", "phone": "13900001111"})
    found = residents.found(homes.home, " 欧阳 明珠", "+86 138 1234 1234")
    assert [p.row.id for p in found] == [row.id]
    assert residents.found(homes.home, NAME, "13812341235") == []
    assert residents.found(homes.home, "张三", PHONE) == []
    assert residents.found(homes.next, NAME, PHONE) == []


def test_a_purpose_without_names_finds_nobody_by_empty_ones(homes: Homes) -> None:
    of = homes.declared(fields=("people",))
    homes.registered({"people": 3}, purpose=of)
    assert residents.found(homes.home, "", "") == []


def test_figures_are_what_a_recount_gives(homes: Homes) -> None:
    first, second = homes.registered(), homes.registered(home=homes.next)
    homes.registered(SAID, agreed=(), home=homes.far)
    residents.withdraw(first.id, "medicine", now=homes.now, by=Resident(case=first.id))
    told = Told({**SAID, "mobility": "bed"}, ["mobility"])
    residents.correct(second.id, told, now=homes.now, by=Resident(case=second.id))
    here = residents_counted.counted([homes.building.id])[homes.building.id]
    assert here == {(purposes.CONTACT, ""): 2, (purposes.CONTACT, "mobility"): 1}
    for row in (first, second):
        residents.erase(row.id, now=homes.now, by=Resident(case=row.id))
    assert residents_counted.counted([homes.building.id]) == {}
    assert not RegisteredCount.objects.filter(n__lt=0).exists()


def test_staff_declare_purposes_for_the_own_place(homes: Homes) -> None:
    of = homes.declared(fields=("phone", "name", "mobility"), sensitive=("phone",))
    assert of.fields == ["name", "phone", "mobility"] and of.sensitive == ["phone", "mobility"]
    assert of in purposes.offered(COMMUNITY) and of not in purposes.offered("441226114203")
    for wrong in (
        {"place": CITY}, {"fields": ("id_no",)}, {"keep_days": 0}, {"keep_days": 5_000},
        {"ends_on": homes.today - timedelta(days=1)},
    ):  # fmt: skip
        with pytest.raises(Refused):
            homes.declared(**wrong)
    wanted = purposes.Wanted(name="x", why="x", basis="x", place=COMMUNITY, fields=["name"],
                             keep_days=1)  # fmt: skip
    with pytest.raises(Refused):
        purposes.declare(wanted, now=homes.now, by=homes.chief)


def test_a_purpose_ends_and_nobody_registers_for_it(homes: Homes) -> None:
    of = homes.declared()
    purposes.end(of.id, now=homes.now, by=homes.secretary)
    homes.registered(purpose=of)  # today is its last day
    with pytest.raises(Refused):
        homes.registered(purpose=of, now=homes.now + timedelta(days=1))
    with pytest.raises(Refused):
        purposes.end(purposes.CONTACT, now=homes.now, by=homes.secretary)
    purposes.end(purposes.CONTACT, now=homes.now, by=homes.cast[CITY, "administrator"])


def test_nothing_is_kept_beyond_the_last_day_of_the_purpose(homes: Homes) -> None:
    last = homes.today + timedelta(days=7)
    of = homes.declared(keep_days=30, ends_on=last)
    assert homes.registered(purpose=of).expires_on == last
    campaign = uuid4()
    other = homes.declared(campaign=campaign)
    assert purposes.end_with(campaign, last) == 1
    other.refresh_from_db()
    assert other.ends_on == last


def test_the_chief_registers_in_the_own_building_alone(homes: Homes) -> None:
    row = homes.registered(by=homes.chief)
    assert row.by_post == homes.chief.post
    with pytest.raises(NotRegistered):
        homes.registered(by=homes.other_chief)
    with pytest.raises(NotRegistered):
        homes.registered(home=homes.far, by=homes.chief)


def test_the_chief_corrects_without_seeing_and_it_is_entered(homes: Homes) -> None:
    row = homes.registered()
    told = Told({"phone": "13900001111", "name": ""})
    residents.correct(row.id, told, now=homes.now, by=homes.chief)
    person = residents.own(str(row.key))
    assert person.said == {**SAID, "phone": "13900001111"} and set(person.agreed) == {"medicine"}
    (entered,) = residents.looks(row)
    assert (entered.did, entered.post) == ("correct", homes.chief.post)
    for do in (residents.erase, lambda id_, **k: residents.correct(id_, told, **k)):
        with pytest.raises(NotRegistered):
            do(row.id, now=homes.now, by=homes.other_chief)


def test_whoever_looks_says_why_and_the_resident_sees_it(homes: Homes) -> None:
    row = homes.registered()
    with pytest.raises(Refused, match="为什么"):
        residents.look(homes.home.id, "  ", now=homes.now, by=homes.chief)
    with pytest.raises(NotRegistered):
        residents.look(homes.home.id, "看看", now=homes.now, by=homes.other_chief)
    grid_head = homes.cast[COMMUNITY, "grid_member"]
    with pytest.raises(NotRegistered):
        residents.look(homes.home.id, "看看", now=homes.now, by=grid_head)
    assert residents.looks(row) == []
    (person,) = residents.look(homes.home.id, "停水，通知 13812341234", now=homes.now,
                               by=homes.chief)  # fmt: skip
    assert person.said == SAID
    residents.look(homes.home.id, "核对", now=homes.now, by=homes.secretary)
    assert [(k.reason, k.post) for k in residents.looks(row)] == [
        ("核对", homes.secretary.post), ("停水，通知 138****1234", homes.chief.post),
    ]  # fmt: skip


def test_the_team_sees_masked_and_others_numbers(homes: Homes) -> None:
    homes.registered()
    ((person,),) = residents_seen.people_in(homes.building, homes.chief).values()
    assert (person.masked_name, person.masked_phone) == ("欧阳**", "138****1234")
    assert [str(need.label) for need in person.needs] == ["长期用药"]
    assert residents_seen.people_in(homes.building, homes.other_chief) == {}
    assert not residents_seen.sees_masked(homes.secretary, homes.building)
    assert residents_seen.numbers_in(homes.building, homes.secretary) == {homes.home.id: 1}
    with within(Scope(units=(homes.other.team,))):
        assert not Registered.objects.exists()
