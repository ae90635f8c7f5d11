"""Every figure is shown with its formula, source, unit and direction, of every mechanism."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.cases import replay, rollups
from gongzhi.cases.testing import Cast, make_cast, signed_in
from gongzhi.cases.tests import toys
from gongzhi.command.tests.doing import PROVINCE, VILLAGE, of, reported, rows, settled
from gongzhi.declare import Indicator, Measure, Mechanism, registry
from gongzhi.networks.resolution.indicators import LINKAGE

PAGE = "command:indicators"


@pytest.fixture
def leader(cast: Cast) -> Client:
    return signed_in(cast[PROVINCE, "leader"])


@pytest.mark.parametrize("mechanism", registry.every(), ids=lambda m: m.name)
def test_what_is_declared_is_defined(leader: Client, mechanism: Mechanism) -> None:
    found = [r for r in rows(leader, PAGE) if r["机制"] == mechanism.label]
    declared: list[Indicator | Measure] = [*mechanism.indicators, *mechanism.measures]
    for indicator in declared:
        row = of(found, 指标=indicator.label)
        assert (row["怎样计算"], row["依据"]) == (indicator.formula, indicator.source)
        assert row["方向"] in {"越高越好", "越低越好", "高低不分好坏"}


def test_what_a_register_counts_stands_beside(cast: Cast, leader: Client) -> None:
    """Asked for the place and the span of the page; below `least` nothing is told of it."""
    asked = []

    def count(place: str, since: date, until: date) -> tuple[int, int]:
        asked.append((place, (until - since).days))
        return 3, 4

    measures = [Measure("m", "量", "甲 ÷ 乙", "某规定", count=count),
                Measure("few", "少量", "甲 ÷ 乙", "某规定", count=count, least=5)]  # fmt: skip
    with registry.with_toy(replace(toys.toy, name="toy2", label="玩具二", measures=measures)):
        found = rows(leader, PAGE, place=VILLAGE, mechanism="toy2")
    assert asked == [(VILLAGE, 30)] * 2
    told, few = of(found, 指标="量"), of(found, 指标="少量")
    assert (told["数值"], told["分子"], told["分母"]) == ("75", "3", "4")
    assert (few["数值"], few["分子"], few["分母"], few["怎样计算"]) == ("", "", "4", "甲 ÷ 乙")


def test_what_the_page_counts_is_what_the_ledger_recounts(fresh_database: str) -> None:
    cast = make_cast()
    leader = signed_in(cast[PROVINCE, "leader"])
    settled(cast)
    reported()
    found = rows(leader, PAGE, place=VILLAGE, mechanism="toy")
    assert of(found, 指标="化解率")["分子"] == "1" and of(found, 指标="化解率")["分母"] == "1"
    assert replay.verify() == []
    rollups.fold()
    assert rows(leader, PAGE, place=VILLAGE, mechanism="toy") == found
    assert replay.verify() == []


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


def test_what_is_a_share_of_nothing_is_folded(cast: Cast, leader: Client) -> None:
    settled(cast)
    page = leader.get(reverse(PAGE), {"mechanism": "toy"}).content.decode()
    above, folded = page.split('id="toy"')[1].split("<details", 1)
    assert "化解率" in above and "县级化解率" not in above and "县级化解率" in folded
    assert 'href="#toy"' in page and leader.get(reverse(PAGE), {"as": "x"}).status_code == 404


def test_the_page_says_what_is_small(leader: Client) -> None:
    page = leader.get(reverse(PAGE), {"mechanism": "toy"}).content.decode()
    assert "越低越好" in page and "本平台的统计口径" in page and "少</span>" in page
