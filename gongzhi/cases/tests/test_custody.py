"""Custody: posts change hands with all they hold, and tasks go with the case."""

from gongzhi.cases.custody import hand_over
from gongzhi.cases.models import Entry
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin
from gongzhi.cases.tests import toys
from gongzhi.people.models import Account, Post
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
