"""Before a case is made, those that may be the same matter are shown, and to nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from gongzhi.cases import rollups, similar
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.models import Link
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, Cast, Told, begin, make_cast, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

VILLAGE, TOWN = LINE[-1], LINE[-2]
SAID = {"category": "wages", "text": "果蔬合作社拖欠我们的工资三个月没有发", "respondent": "乙厂",
        "danger": "none", "name": "赵六", "phone": "13800001111", "channel": "visit"}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def sent(who: Holder, **said: str) -> Any:
    address = f"/desk/new/mediation/{VILLAGE}/"
    return signed_in(who).post(address, {**SAID, "key": uuid4().hex, **said})


def matter(**told: Any) -> Told:
    parties = [NewParty("applicant", name="张三", phone="13800001234"),
               NewParty("respondent", name="某果蔬合作社")]  # fmt: skip
    return begin(m.mediation, **{"parties": parties, "title": "欠薪：另一件旧事", **told})


@pytest.mark.parametrize(
    "said", [{"phone": "138 0000 1234"}, {"name": "张三"}, {"respondent": "某果蔬合作社"}]
)
def test_the_same_people_are_shown(cast: Cast, said: dict[str, str]) -> None:
    old = matter()
    answer = sent(cast[VILLAGE, "clerk"], **said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert str(old.receipt.id) in page and "同一当事人" in page and SAID["text"] in page


def test_the_same_matter_of_the_place_is_shown(cast: Cast) -> None:
    like = matter(data={"text": Words("合作社拖欠工资三个月没有发给我们")})
    other = matter(data={"text": Words("隔壁把水排到我家墙根")})
    page = sent(cast[VILLAGE, "clerk"]).content.decode()
    assert str(like.receipt.id) in page and str(other.receipt.id) not in page


def test_a_new_matter_is_registered_at_once(cast: Cast) -> None:
    matter()
    assert sent(cast[VILLAGE, "clerk"]).status_code == 302


def test_another_matter_is_registered_when_the_clerk_says_so(cast: Cast) -> None:
    matter()
    assert sent(cast[VILLAGE, "clerk"], name="张三", same="").status_code == 302
    assert not Link.objects.exists()


def test_the_same_matter_is_tied_and_counted_when_it_comes_back(cast: Cast) -> None:
    clerk = cast[VILLAGE, "clerk"]
    old = matter()
    old.now = timezone.now() - timedelta(days=30)
    old.act(m.refuse, {"way": "court", "reason": Words("x")}, by=clerk)
    done = sent(clerk, name="张三", same=str(old.receipt.id))
    assert done.status_code == 302
    id_ = done.headers["Location"].rstrip("/").split("/")[-1]
    with within(Scope(place=VILLAGE)):
        (tied,) = Link.objects.all()
        assert str(tied.case_id) == id_ and tied.other == old.receipt.id
        today = timezone.localdate()
        counted = rollups.flows([VILLAGE], ["recurred.%"], since=today,
                                until=today + timedelta(days=1))  # fmt: skip
    assert counted == {VILLAGE: {"recurred.wages": 1}}


def test_nothing_outside_the_scope_is_shown(cast: Cast) -> None:
    mine = matter()
    accused = matter(
        parties=[
            NewParty("applicant", name="张三", phone="13800001234"),
            NewParty("respondent", who=cast[VILLAGE, "clerk"].account),
        ]
    )
    told = similar.Told.new(["张三"], [], "x")
    seen = similar.find(cast[VILLAGE, "clerk"], VILLAGE, told, now=BEGAN)
    assert [f.case.id for f in seen] == [mine.receipt.id]
    assert {f.case.id for f in similar.find(cast[TOWN, "clerk"], VILLAGE, told, now=BEGAN)} == {
        mine.receipt.id, accused.receipt.id,
    }  # fmt: skip
    assert similar.find(cast[OUTSIDE, "clerk"], VILLAGE, told, now=BEGAN) == []


def test_what_was_long_ago_is_not_shown(cast: Cast) -> None:
    old = matter()
    old.act(m.refuse, {"way": "court", "reason": Words("x")}, by=cast[VILLAGE, "clerk"])
    told, clerk = similar.Told.new(["张三"], [], "x"), cast[VILLAGE, "clerk"]
    assert similar.find(clerk, VILLAGE, told, now=BEGAN + timedelta(days=300))
    assert not similar.find(clerk, VILLAGE, told, now=BEGAN + timedelta(days=400))


def test_a_case_from_the_portal_is_laid_beside_what_reads_alike(cast: Cast) -> None:
    """The story is compared, not the title alone; and a case is not like itself."""
    story = "隔壁新修的排水沟把水引到我家墙根，墙已经裂了，找村里说过三次没人管"
    old = matter(title="邻里纠纷：排水", data={"text": Words(story)}, parties=[])
    new = matter(title="其他纠纷：房子", parties=[],
                 data={"text": Words("我家墙根被隔壁的排水沟泡裂了，村里没人管")})  # fmt: skip
    matter(title="合同纠纷：鱼塘", data={"text": Words("鱼塘承包到期不退押金")}, parties=[])
    address = f"/desk/cases/441226/{new.receipt.id}/"
    page = signed_in(cast[VILLAGE, "clerk"])
    assert f'hx-get="{address}like/"' in page.get(address).content.decode()
    part = page.get(f"{address}like/").content.decode()
    assert str(old.receipt.id) in part and part.count("<li>") == 1
    assert "墙" not in part
    assert signed_in(cast[OUTSIDE, "clerk"]).get(f"{address}like/").status_code == 404
