"""Each wall holds by itself: what one layer refuses, the next would refuse too."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from gongzhi.cases import act as door
from gongzhi.cases.act import _call, _who, encode, lock
from gongzhi.cases.changes import (
    Accused,
    Faster,
    NewFile,
    NewParty,
    NotFound,
    OtherUnit,
    Refused,
    Words,
)
from gongzhi.cases.linkage import act_named
from gongzhi.cases.models import Case
from gongzhi.cases.reading import attachment_for, case_for
from gongzhi.cases.snapshot import Snapshot
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, Told, begin
from gongzhi.cases.tests import toys
from gongzhi.people.models import Account, Post
from gongzhi.people.permissions import Actor, may
from gongzhi.people.posts import Holder, NotYourPost, deputise
from gongzhi.people.scope import within

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]
IDS = pytest.mark.parametrize("of", ["account", "post", "unit"])


def seen(case: Told, by: Actor) -> Snapshot:
    with transaction.atomic():
        return lock(*case.ref, key="look", now=case.now, by=by)[0]


def written(case: Told, by: Actor, changes: Mapping[str, Any], **entry: Any) -> dict[str, Any]:
    """The second half of an act, past everything that Python asks."""
    line = {"seq": 2, "act": "x", "at": case.now, "before": "new", "after": "new", "place": ""}
    payload = {"by": _who(by), "entry": {**line, **entry}, "data": {}, "changes": changes,
               "key": "\\x01"}  # fmt: skip
    county, id_ = case.ref
    with transaction.atomic():
        return _call("SELECT act_v1(%s, %s, %s)::text", [county, id_, encode(payload)])


@IDS
def test_python_refuses_the_accused(cast: Cast, of: str) -> None:
    clerk = cast[VILLAGE, "clerk"]
    found = seen(begin(toys.toy), clerk)
    assert may(clerk, toys.take, found)
    assert not may(clerk, toys.take, replace(found, hidden=(getattr(clerk, of),)))


@IDS
def test_the_door_does_not_even_find_it_for_the_accused(cast: Cast, of: str) -> None:
    leader = cast[TOWN, "leader"]
    who = NewParty("respondent", name="某", who=getattr(leader, of))
    case = begin(toys.toy, parties=[who])
    with pytest.raises(NotFound):
        case.act(act_named(toys.toy, "supervise"), by=leader)
    with pytest.raises(NotFound):
        written(case, leader, {})


def test_the_writing_half_asks_again_who_may_touch_it(cast: Cast) -> None:
    case = begin(toys.toy)
    for stranger in (cast[OUTSIDE, "leader"], cast["court", "judge"]):
        with pytest.raises(NotFound):
            written(case, stranger, {})
    with pytest.raises(NotYourPost):
        written(case, replace(cast[VILLAGE, "clerk"], account=cast[TOWN, "clerk"].account), {})
    assert case.row().seq == 1


@pytest.mark.parametrize("entry", [{"seq": 3}, {"seq": 1}, {"before": "doing"}])
def test_the_writing_half_follows_what_was_read(cast: Cast, entry: dict[str, Any]) -> None:
    with pytest.raises(Faster):
        written(begin(toys.toy), cast[VILLAGE, "clerk"], {}, **entry)


def test_the_writing_half_knows_a_key_again(cast: Cast) -> None:
    case, clerk = begin(toys.toy), cast[VILLAGE, "clerk"]
    assert [written(case, clerk, {})["again"] for _ in range(2)] == [False, True]
    assert case.row().seq == 2


def test_the_writing_half_gives_it_to_nobody_who_may_not_hold_it(cast: Cast) -> None:
    unit, handler = cast.units[VILLAGE], cast[VILLAGE, "handler"]
    case = begin(toys.toy, parties=[NewParty("respondent", name="某", who=handler.account)])
    clerk = cast[VILLAGE, "clerk"]
    with pytest.raises(Accused):
        written(case, clerk, {"case": {"unit": unit, "post": handler.post}})
    with pytest.raises(OtherUnit):
        written(case, clerk, {"case": {"unit": unit, "post": cast[TOWN, "handler"].post}})


def test_python_asks_whether_a_superior_stands_above_the_place(cast: Cast) -> None:
    found, supervise = (
        seen(begin(toys.toy), cast[VILLAGE, "clerk"]),
        act_named(toys.toy, "supervise"),
    )
    assert may(cast[COUNTY, "leader"], supervise, found)
    assert not may(cast[OUTSIDE, "leader"], supervise, found)
    assert not may(replace(cast[COUNTY, "leader"], sees_place=False), supervise, found)


def deputy(of: Holder, to: Holder) -> None:
    until = BEGAN.replace(year=2027)
    deputise(Post.objects.get(id=of.post), Account.objects.get(id=to.account),
             from_=BEGAN, until=until)  # fmt: skip


def test_no_post_gets_a_case_about_its_deputy(cast: Cast) -> None:
    handler, other = cast[VILLAGE, "handler"], cast[TOWN, "handler"]
    deputy(handler, other)
    case = begin(toys.toy, parties=[NewParty("respondent", name="某", who=other.account)])
    with pytest.raises(Accused):
        case.act(toys.name, {"post": handler.post}, by=cast[VILLAGE, "clerk"])


def test_a_deputy_of_an_accused_post_does_not_see_the_case_from_their_own(cast: Cast) -> None:
    handler, other = cast[VILLAGE, "handler"], cast[TOWN, "handler"]
    deputy(handler, other)
    begin(toys.toy, parties=[NewParty("respondent", name="某", who=handler.post)])
    with within(other.scope):
        assert Case.objects.count() == 0


def test_a_post_that_was_abolished_does_not_act(cast: Cast) -> None:
    clerk, case = cast[VILLAGE, "clerk"], begin(toys.toy)
    Post.objects.filter(id=clerk.post).update(valid_to=BEGAN)
    with pytest.raises(NotYourPost):
        case.act(toys.take, by=clerk)


def test_a_key_belongs_to_whoever_sent_it(cast: Cast) -> None:
    case = begin(toys.toy)
    done = [case.act(toys.count, by=cast[VILLAGE, kind], key="k") for kind in ("clerk", "handler")]
    assert [(r.seq, r.again) for r in done] == [(2, False), (3, False)]


def test_whoever_fixed_it_last_does_not_verify_it(cast: Cast) -> None:
    case, clerk, handler = begin(toys.toy), cast[VILLAGE, "clerk"], cast[VILLAGE, "handler"]
    case.act(toys.take, by=clerk)
    case.act(toys.fix, by=clerk)
    case.act(toys.undo, by=case.resident)
    case.act(toys.fix, by=handler)
    with pytest.raises(Refused, match="他人"):
        case.act(toys.verify, by=handler)
    # Nor from another post of theirs.
    deputy(clerk, handler)
    with pytest.raises(Refused, match="他人"):
        case.act(toys.verify, by=replace(clerk, account=handler.account))


def test_files_and_words_are_for_those_whose_case_it_is(cast: Cast) -> None:
    told = {"text": Words("请打13812345678找我")}
    case = begin(toys.toy, data=told, files=[NewFile("a" * 64, "image/png", 1)])
    own, above = cast[VILLAGE, "clerk"], cast[COUNTY, "leader"]
    assert attachment_for(own, *case.ref, 1, 0).sha256 == "a" * 64
    with pytest.raises(NotFound):
        attachment_for(above, *case.ref, 1, 0)
    assert "13812345678" in case_for(own, *case.ref).words("begin", "text")
    assert "13812345678" not in case_for(above, *case.ref).words("begin", "text")


def test_a_refused_act_leaves_no_trace(cast: Cast) -> None:
    case = begin(toys.toy)
    with pytest.raises(Refused), transaction.atomic():
        door.act(case.ref, toys.take, {}, key="k", now=BEGAN, by=cast[VILLAGE, "leader"])
    assert not case.act(toys.take, by=cast[VILLAGE, "clerk"], key="k").again
