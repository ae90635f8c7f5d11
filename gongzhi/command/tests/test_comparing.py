"""Comparisons say no more than the counts allow."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import chances
from gongzhi.cases.testing import OUTSIDE, Cast, signed_in
from gongzhi.cases.tests import toys
from gongzhi.command.asking import year_before
from gongzhi.command.comparing import MANY, Years, interval, ratio
from gongzhi.command.tests.doing import CITY, COUNTY, TOWN, VILLAGE, of, reported, rows
from gongzhi.declare import registry

PAGE = "command:compare"


@pytest.fixture
def leader(cast: Cast) -> Client:
    return signed_in(cast[CITY, "leader"])


def shown(client: Client, **asked: str) -> str:
    return client.get(reverse(PAGE), asked).content.decode()


def test_counties_stand_side_by_side_per_ten_thousand_residents(leader: Client) -> None:
    for _n in range(3):
        reported()
    found = rows(leader, PAGE, place=CITY, of="below")
    deqing = of(found, 代码=COUNTY)
    assert (deqing["件数"], deqing["常住人口"]) == ("3", "331400")
    assert float(deqing["每万人"]) == pytest.approx(3 / 33.14, abs=0.001)
    low, high = (n / 33.14 for n in chances.garwood(3))
    assert float(deqing["每万人 95% 下限"]) == pytest.approx(low, abs=0.001)
    assert float(deqing["每万人 95% 上限"]) == pytest.approx(high, abs=0.001)
    assert found[0]["代码"] == COUNTY and of(found, 代码=OUTSIDE)["件数"] == "0"


def test_a_place_is_shown_among_its_neighbours_only_to_who_sees_them(
    cast: Cast, leader: Client
) -> None:
    assert len(rows(leader, PAGE, place=COUNTY, of="beside")) == 8
    county = signed_in(cast[COUNTY, "leader"])
    assert rows(county, PAGE, place=COUNTY, of="beside") == []
    assert "在肇庆市各地中" not in county.get(reverse(PAGE)).content.decode()


def test_where_residents_are_not_known_it_says_so(leader: Client) -> None:
    reported()
    found = rows(leader, PAGE, place=COUNTY, of="below")
    town = of(found, 代码=TOWN)
    assert (town["件数"], town["每万人"], town["说明"]) == ("1", "", "人口未知")
    page = shown(leader, place=TOWN)
    assert "人口未知" in page and "本页比较了" not in page
    assert "本页比较了 8 处" in shown(leader, place=CITY)


def test_few_are_marked_and_have_no_percentage(leader: Client) -> None:
    for _n in range(4):
        reported()
    reported(days_ago=400)
    for n in range(2):
        reported(days_ago=366 + n)
    row = of(rows(leader, PAGE, of="years"), 指标="新登记")
    assert (row["去年同期"], row["本期"], row["说明"]) == ("2", "4", "看不出差别")
    page = leader.get(reverse(PAGE), {"place": VILLAGE}).content.decode()
    assert "数字太小，不算百分比" in page


def test_what_began_later_is_not_compared_with_a_time_without_it(leader: Client) -> None:
    reported(days_ago=400)
    reported(days_ago=370)
    with registry.with_toy(replace(toys.toy, name="toy2", label="玩具二")) as later:
        for _n in range(12):
            reported(of=later)
        row = of(rows(leader, PAGE, of="years"), 指标="新登记")
        assert (row["去年同期"], row["本期"]) == ("1", "0")
        assert f"没有算进当时还没有登记的：玩具二（{timezone.localdate()} 起）。" in shown(leader)
        assert rows(leader, PAGE, of="years", mechanism="toy2") == []
        page = shown(leader, mechanism="toy2")
    assert "去年那时这里还没有登记过，不作比较。" in page


def test_enough_have_a_percentage_and_a_finding() -> None:
    more = Years("新登记", 10, 40, ratio(10, 30, 40, 30))
    assert more.percent == 300 and str(more.of.words) == "多，超出偶然"
    less = Years("新登记", 40, 10, ratio(40, 30, 10, 30))
    assert less.percent == -75 and str(less.of.words) == "少，超出偶然"
    assert str(ratio(0, 30, 2, 30).words) == "数量太少，说明不了什么"


def test_the_usual_approximations_agree_with_the_exact_ones_where_they_take_over() -> None:
    n = MANY + 1
    near, exact = ratio(n, 30, 2 * n, 31), chances.compare(n, 30, 2 * n, 31)
    assert near.ratio == pytest.approx(exact.ratio)
    assert (near.low, near.high) == pytest.approx((exact.low, exact.high), rel=0.002)
    assert interval(n) == pytest.approx(chances.garwood(n), rel=0.002)


def test_last_year_had_a_day_less_or_more() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 3, 1)
    assert year_before(date(2025, 3, 1)) == date(2024, 3, 1)


@pytest.mark.parametrize("asked", [{"measure": "x"}, {"span": "x"}, {"of": "x"}, {"as": "x"}])
def test_what_nobody_can_ask_is_not_found(leader: Client, asked: dict[str, str]) -> None:
    assert leader.get(reverse(PAGE), asked).status_code == 404
