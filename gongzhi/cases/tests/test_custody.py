"""Custody: posts change hands with all they hold, and tasks go with the case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongzhi.cases import linkage, whistles
from gongzhi.cases.changes import Accused, NewParty, NotFound, OtherUnit, Refused
from gongzhi.cases.custody import hand_over
from gongzhi.cases.models import Case, ClockRun, Entry, Task
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin
from gongzhi.cases.tests import toys
from gongzhi.declare import registry
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.scope import Scope, within

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]


def acts_of(case: Told) -> list[str]:
    with within(Scope(case=case.receipt.id)):
        return list(Entry.objects.order_by("seq").values_list("act", flat=True))


def held_by_handler(cast: Cast) -> Told:
    case = begin(toys.toy)
    case.act(toys.name, {"post": cast[VILLAGE, "handler"].post}, by=cast[VILLAGE, "clerk"])
    return case


def test_every_case_of_a_post_is_handed_over_with_it(cast: Cast) -> None:
    cases = [held_by_handler(cast) for _ in range(3)]
    heir = Account.objects.create(username="heir", name="接任")
    post = Post.objects.get(id=cast[VILLAGE, "handler"].post)
    assert hand_over(post, heir, now=BEGAN, by=cast[VILLAGE, "leader"]) == 3
    assert [acts_of(c)[-1] for c in cases] == ["hand_over"] * 3


def test_one_key_sent_for_two_cases_acts_on_both(cast: Cast) -> None:
    one, two, clerk = begin(toys.toy), begin(toys.toy), cast[VILLAGE, "clerk"]
    assert not one.act(toys.take, by=clerk, key="k").again
    assert not two.act(toys.take, by=clerk, key="k").again
    assert one.act(toys.take, by=clerk, key="k").again
    assert (one.row().seq, two.row().seq) == (2, 2)


def open_tasks(case: Told) -> dict[str, object]:
    with within(Scope(case=case.receipt.id)):
        return dict(Task.objects.filter(done_at=None).values_list("name", "unit"))


def respondent(who: object) -> list[NewParty]:
    return [NewParty("respondent", name="甲", who=who)]  # type: ignore[arg-type]


def test_what_the_holder_has_to_do_goes_with_the_case(cast: Cast) -> None:
    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    case.act(linkage.add, {}, by=case.resident)
    assert open_tasks(case) == {"addition": cast.units[VILLAGE]}
    case.act(linkage.escalate, by=clerk)
    assert open_tasks(case) == {"addition": cast.units[TOWN]}
    case.act(linkage.note, by=cast[TOWN, "clerk"])
    assert open_tasks(case) == {}


def test_a_unit_called_in_that_gets_the_case_is_no_longer_called_in(cast: Cast) -> None:
    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    case.act(whistles.whistle, {"units": [cast.units[TOWN], cast.units[COUNTY]]}, by=clerk)
    case.act(linkage.transfer, {"unit": cast.units[TOWN]}, by=clerk)
    assert open_tasks(case) == {"report_in": cast.units[COUNTY]}


def test_a_unit_called_in_that_turns_out_to_be_accused_has_no_task(cast: Cast) -> None:
    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    case.act(linkage.join, {"units": [cast.units["court"]]}, by=clerk)
    case.act(linkage.exclude, {"units": [cast.units["court"]]}, by=clerk)
    assert open_tasks(case) == {}


def test_at_the_top_a_note_answers_for_an_overdue_case(cast: Cast) -> None:
    case = begin(toys.toy, place="44")
    sweep(BEGAN + timedelta(days=5))
    assert open_tasks(case) == {"overdue": cast.units["44"]}
    case.act(linkage.note, by=cast["44", "clerk"])
    assert open_tasks(case) == {}


def test_every_offer_gives_its_unit_the_whole_time_to_accept(cast: Cast) -> None:
    def received() -> ClockRun:
        with within(Scope(case=case.receipt.id)):
            return ClockRun.objects.get(name="receive", ended_at=None)

    case = begin(toys.toy)
    case.act(linkage.escalate, by=cast[VILLAGE, "clerk"])
    case.travel(hours=5)
    case.act(linkage.escalate, by=cast[TOWN, "clerk"])
    assert received().started_at == case.now
    case.travel(hours=5)
    case.act(linkage.give_back, by=cast[COUNTY, "clerk"])
    assert received().started_at == case.now


def test_whoever_helps_has_not_thereby_seen_to_what_is_overdue(cast: Cast) -> None:
    case, above = begin(toys.toy), cast[TOWN, "clerk"]
    case.act(linkage.join, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    sweep(BEGAN + timedelta(days=5))
    assert open_tasks(case) == dict.fromkeys(("assist", "overdue"), cast.units[TOWN])
    case.act(linkage.assist, by=above)
    assert open_tasks(case) == {"overdue": cast.units[TOWN]}
    with pytest.raises(Refused):
        case.act(linkage.assist, by=above)
    case.act(linkage.supervise, by=above)
    assert "overdue" not in open_tasks(case)


@pytest.mark.parametrize("who", ["account", "post", "unit"])
def test_whoever_holds_a_case_cannot_be_complained_about_in_it_later(cast: Cast, who: str) -> None:
    handler = cast[VILLAGE, "handler"]
    with registry.with_toy(toys.restless):
        case, clerk = begin(toys.restless), cast[VILLAGE, "clerk"]
        case.act(toys.name, {"post": handler.post}, by=clerk)
        with pytest.raises(Accused):
            case.act(toys.accuse, {"who": getattr(handler, who)}, by=clerk)
        case.act(toys.name, {"post": clerk.post}, by=clerk)
        if who != "unit":
            case.act(toys.accuse, {"who": getattr(handler, who)}, by=clerk)
            assert handler.account in case.row().hidden


@pytest.mark.parametrize("accused", ["account", "post"])
def test_no_case_is_given_to_whom_it_complains_about(cast: Cast, accused: str) -> None:
    handler = cast[VILLAGE, "handler"]
    case = begin(toys.toy, parties=respondent(getattr(handler, accused)))
    with pytest.raises(Accused):
        case.act(toys.name, {"post": handler.post}, by=cast[VILLAGE, "clerk"])
    assert case.row().seq == 1


def test_no_case_begins_with_the_unit_it_complains_about(cast: Cast) -> None:
    unit = cast.units[VILLAGE]
    with pytest.raises(Accused):
        begin(toys.toy, unit=unit, parties=respondent(unit))


@pytest.mark.parametrize("accused", ["post", "unit"])
def test_who_works_where_it_is_about_does_not_see_the_case_from_another_post(
    cast: Cast, accused: str
) -> None:
    handler, leader = cast["court", "judge"], cast[TOWN, "leader"]
    Appointment.objects.filter(post=leader.post).update(account=handler.account)
    case = begin(toys.toy, parties=respondent(getattr(handler, accused)))
    both = replace(leader, account=handler.account)
    with within(both.scope):
        assert Case.objects.count() == 0
    with pytest.raises(NotFound):
        case.act(linkage.supervise, by=both)


def test_a_case_does_not_go_with_its_post_to_whom_it_complains_about(cast: Cast) -> None:
    heir = cast[TOWN, "handler"].account
    other, about_heir = held_by_handler(cast), begin(toys.toy, parties=respondent(heir))
    post = Post.objects.get(id=cast[VILLAGE, "handler"].post)
    about_heir.act(toys.name, {"post": post.id}, by=cast[VILLAGE, "clerk"])
    hand_over(post, Account.objects.get(id=heir), now=BEGAN, by=cast[VILLAGE, "leader"])
    assert (other.row().post, about_heir.row().post) == (post.id, None)
    assert about_heir.row().unit == cast.units[VILLAGE]


@pytest.mark.parametrize("who", [(VILLAGE, "clerk"), (TOWN, "leader")])
def test_a_post_without_cases_is_handed_over_by_its_unit_alone(
    cast: Cast, who: tuple[str, str]
) -> None:
    heir = Account.objects.create(username="heir", name="接任")
    with pytest.raises(Refused):
        hand_over(Post.objects.get(id=cast[VILLAGE, "handler"].post), heir, now=BEGAN, by=cast[who])
    assert not Appointment.objects.filter(account=heir).exists()


def test_a_case_is_held_by_no_post_of_another_unit(cast: Cast) -> None:
    case = begin(toys.toy)
    with pytest.raises(OtherUnit):
        case.act(toys.name, {"post": cast[TOWN, "handler"].post}, by=cast[VILLAGE, "clerk"])
