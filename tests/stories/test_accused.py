"""A complaint never reaches the one complained about (invariant 3)."""

from datetime import timedelta

import pytest

from gongzhi.cases import linkage
from gongzhi.cases.changes import NewParty, NotFound, Words
from gongzhi.cases.models import Case, Task
from gongzhi.cases.reading import case_for
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, begin
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Account, Post
from gongzhi.people.posts import Holder, as_holder, deputise
from gongzhi.people.scope import within
from gongzhi.people.sealing import blind_index

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]


def sees(by: Holder) -> int:
    with within(by.scope):
        return Case.objects.count() + Task.objects.count()


def test_a_colleague_is_known_by_phone_and_shut_out(cast: Cast) -> None:
    clerk = cast[VILLAGE, "clerk"]
    Account.objects.filter(id=clerk.account).update(phone_index=blind_index("phone", "13911112222"))
    accused = NewParty("respondent", name="某人", phone="139 1111 2222")
    case = begin(m.mediation, parties=[NewParty("applicant", name="张三"), accused])
    assert sees(clerk) == 0
    assert case.row().hidden == [clerk.account]
    with pytest.raises(NotFound):
        case.act(m.accept, by=clerk)


def test_an_escalated_case_passes_by_the_accused_unit(cast: Cast) -> None:
    accused = NewParty("respondent", name="镇", who=cast.units[TOWN])
    case = begin(m.mediation, parties=[accused])
    case.act(linkage.escalate, by=cast[VILLAGE, "clerk"])
    assert case.row().unit == cast.units[COUNTY]
    assert sees(cast[TOWN, "leader"]) == 0


def test_an_overdue_case_is_not_told_to_the_accused_unit_above(cast: Cast) -> None:
    begin(m.mediation, parties=[NewParty("respondent", name="镇", who=cast.units[TOWN])])
    sweep(BEGAN + timedelta(days=30))
    assert sees(cast[TOWN, "leader"]) == 0
    with within(cast[COUNTY, "leader"].scope):
        assert Task.objects.get(name="overdue").unit == cast.units[COUNTY]


def test_a_post_that_is_complained_about_lets_go_and_sees_nothing_from_any_post(
    cast: Cast,
) -> None:
    case, clerk, mediator = begin(m.mediation), cast[VILLAGE, "clerk"], cast[VILLAGE, "mediator"]
    assigned = {"mediator": mediator.post, "reason": Words("就近")}
    case.act(m.accept, {"safe": True}, by=clerk)
    case.act(m.assign, assigned, by=clerk)
    deputise(
        Post.objects.get(id=cast[COUNTY, "leader"].post),
        Account.objects.get(id=mediator.account), from_=BEGAN, until=BEGAN + timedelta(days=90),
    )  # fmt: skip
    case.act(linkage.exclude, {"posts": [mediator.post], "reason": Words("投诉他")}, by=clerk)
    assert case.row().post is None
    for post in (mediator.post, cast[COUNTY, "leader"].post):
        with pytest.raises(NotFound):
            case_for(as_holder(mediator.account, post, at=BEGAN), *case.ref)


def test_who_joins_those_complained_about_does_not_see_it_from_another_post(cast: Cast) -> None:
    case = begin(m.mediation, parties=[NewParty("respondent", name="镇", who=cast.units[TOWN])])
    leader = cast[COUNTY, "leader"]
    assert sees(as_holder(leader.account, leader.post, at=BEGAN)) > 0
    deputise(
        Post.objects.get(id=cast[TOWN, "clerk"].post), Account.objects.get(id=leader.account),
        from_=BEGAN, until=BEGAN + timedelta(days=9),
    )  # fmt: skip
    assert sees(as_holder(leader.account, leader.post, at=BEGAN)) == 0
    with pytest.raises(NotFound):
        case.act(linkage.supervise, {"reason": Words("看看")}, by=leader)
    assert sees(as_holder(leader.account, leader.post, at=BEGAN + timedelta(days=10))) > 0


def test_naming_the_holder_as_accused_moves_the_case_above_it(cast: Cast) -> None:
    case, clerk = begin(m.mediation), cast[VILLAGE, "clerk"]
    case.act(linkage.exclude, {"units": [cast.units[VILLAGE]], "reason": "投诉村委会"}, by=clerk)
    assert case.row().unit == cast.units[TOWN]
    assert sees(clerk) == 0
    with pytest.raises(NotFound):
        case_for(clerk, *case.ref)
