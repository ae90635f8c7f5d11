"""Every figure is shown with its formula, source, unit and direction, of every mechanism."""

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.cases.testing import Cast, signed_in
from gongzhi.command.tests.doing import PROVINCE, VILLAGE, of, reported, rows, settled
from gongzhi.declare import Mechanism, registry
from gongzhi.networks.resolution.indicators import LINKAGE

PAGE = "command:indicators"


@pytest.fixture
def leader(cast: Cast) -> Client:
    return signed_in(cast[PROVINCE, "leader"])


@pytest.mark.parametrize("mechanism", registry.every(), ids=lambda m: m.name)
def test_what_is_declared_is_defined(leader: Client, mechanism: Mechanism) -> None:
    found = [r for r in rows(leader, PAGE) if r["机制"] == mechanism.label]
    for indicator in mechanism.indicators:
        row = of(found, 指标=indicator.label)
        assert (row["怎样计算"], row["依据"]) == (indicator.formula, indicator.source)
        assert row["方向"] in {"越高越好", "越低越好", "高低不分好坏"}


def test_one_that_declares_none_is_counted_like_all(cast: Cast, leader: Client) -> None:
    settled(cast)
    reported()
    found = [r for r in rows(leader, PAGE, place=VILLAGE) if r["机制"] == "玩具"]
    village = of(found, 指标="村级化解率")
    assert (village["数值"], village["分子"], village["分母"]) == ("50", "1", "2")
    assert of(found, 指标="按期率：办理")["依据"] == "toy"
    assert of(found, 指标="重新办理率")["方向"] == "越低越好"


def test_a_declared_figure_stands_there_once(leader: Client) -> None:
    labels = [(r["机制"], r["指标"]) for r in rows(leader, PAGE)]
    assert len(labels) == len(set(labels))
    assert ("人民调解", "按期率：调解期限") not in labels


def test_linkage_is_counted_over_all(leader: Client) -> None:
    found = [r for r in rows(leader, PAGE) if r["机制"] == "五级联动"]
    assert [r["指标"] for r in found] == [i.label for i in LINKAGE]


def test_the_page_says_what_is_small(leader: Client) -> None:
    page = leader.get(reverse(PAGE), {"mechanism": "toy"}).content.decode()
    assert "越低越好" in page and "本平台的统计口径" in page and "少</span>" in page
