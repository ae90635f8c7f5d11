"""Notices on a chief's phone: doors that have not heard, told there once, whatever came since."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from gongzhi.mechanisms.neighbourhoods.models import Announcement
from gongzhi.mechanisms.neighbourhoods.registers import announcing
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import COMMUNITY, Stage, totals
from gongzhi.mechanisms.neighbourhoods.tests.phones import Phone

CHANGED = Written("周日停水", "改为本周日停水。")


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    return Stage()


@pytest.fixture
def phone(stage: Stage) -> Phone:
    return Phone(stage.chief)


def told(phone: Phone, a: Announcement, home: UUID, **more: Any) -> dict[str, Any]:
    data = {"notice": str(a.id), "household": str(home), "n": 1, **more}
    return phone.did("told_at_door", data)


def test_the_pack_has_what_is_shown_and_the_doors_that_have_not_heard(
    stage: Stage, phone: Phone
) -> None:
    a = stage.publish()
    withdrawn = stage.publish(said=CHANGED)
    announcing.withdraw(withdrawn.id, "发错了", by=stage.clerk, now=stage.now)
    stage.publish(Reach(COMMUNITY, building=stage.second), said=CHANGED)
    announcing.confirm(stage.homes[1].key, a.id, 1, now=stage.now)
    part = phone.pack()
    (notice,) = part["notices"]
    assert (notice["title"], notice["n"]) == ("周六停水", 1) and "蓄水" in notice["text"]
    (building,) = part["buildings"]
    left = [str(h.id) for n, h in enumerate(stage.homes) if n != 1]
    assert building["notices"] == {str(a.id): left}


def test_a_tap_counts_once_and_a_wrong_one_is_taken_back(stage: Stage, phone: Phone) -> None:
    a, (first, second, *_) = stage.publish(), stage.homes
    one, other = told(phone, a, first.id), told(phone, a, second.id)
    assert phone.send(one, other, one) == [("done", "")] * 3
    assert phone.send(one)[0][0] == "again" and totals(a) == (7, 2, 2, 2)
    assert phone.send(told(phone, a, second.id, undo=True)) == [("done", "")]
    assert totals(a) == (7, 1, 1, 1)
    (building,) = phone.pack()["buildings"]
    assert len(building["notices"][str(a.id)]) == 3


def test_what_needs_no_telling_any_more_is_answered_plainly(stage: Stage, phone: Phone) -> None:
    corrected, withdrawn, elsewhere = (
        stage.publish(), stage.publish(),
        stage.publish(Reach(COMMUNITY, building=stage.second)),
    )  # fmt: skip
    home = stage.homes[0].id
    waiting = [told(phone, a, home) for a in (corrected, withdrawn, elsewhere)]
    announcing.correct(corrected.id, CHANGED, of=1, why="改期", again=True, by=stage.clerk,
                       now=stage.now)  # fmt: skip
    announcing.withdraw(withdrawn.id, "发错了", by=stage.clerk, now=stage.now)
    found = phone.send(*waiting)
    assert [what for what, _said in found] == ["done"] * 3
    assert ["更正" in found[0][1], "撤回" in found[1][1], "不是给" in found[2][1]] == [True] * 3
    assert totals(corrected)[1:] == totals(elsewhere)[1:] == (0, 0, 0)
    assert phone.send(told(phone, corrected, home, n=2)) == [("done", "")]
    assert totals(corrected)[1:] == (1, 1, 1)


def test_another_building_or_what_is_not_whole_is_not_taken(stage: Stage, phone: Phone) -> None:
    a = stage.publish()
    found = phone.send(
        told(phone, a, stage.others[0].id), told(phone, a, uuid4()),
        told(phone, a, stage.homes[0].id, n="x"), phone.did("told_at_door", {}),
    )  # fmt: skip
    assert [what for what, _said in found] == ["rejected"] * 4 and totals(a)[1:] == (0, 0, 0)
