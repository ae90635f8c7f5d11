"""Stories of one matter read alike, others do not."""

import pytest

from gongzhi.cases.likeness import ALIKE, likeness

AROUND = ["隔壁把水排到我家墙根", "鱼塘承包到期不退押金", "老人住院，几个子女都不出钱"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("合作社拖欠我们工资三个月", "果蔬合作社拖欠工资已经三个月没有发", True),
        ("拖欠工资", "墙根渗水", False),
        ("墙根渗水说了几次", "说了几次，墙根还渗水", True),
        ("", "拖欠工资", False),
        ("拖欠工资", "", False),
    ],
)
def test_likeness_is_of_neighbouring_characters(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, [other, *AROUND])[0] >= ALIKE) is alike


def test_what_all_say_makes_nothing_alike() -> None:
    polite = "尊敬的领导您好，希望有关部门尽快处理，谢谢。"
    told = [polite + said for said in AROUND]
    assert max(likeness(polite + "楼下烧烤摊的油烟", told)) < max(
        likeness("楼下烧烤摊的油烟", ["楼下的烧烤摊油烟很大", *told])
    )


def test_the_same_is_wholly_alike() -> None:
    assert likeness(AROUND[0], AROUND) == pytest.approx([1.0, 0.0, 0.0])
