"""How places are read and spelled."""

import csv

import pytest
from pypinyin import lazy_pinyin

from gongzhi.declare import Level
from gongzhi.places.city import folder
from gongzhi.places.names import pairs
from gongzhi.places.readings import english, reading


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("肇庆市", "zhaoqingshi", "zqs"),
        ("端州区", "duanzhouqu", "dzq"),
        ("重庆市", "chongqingshi", "cqs"),
        ("厦门市", "xiamenshi", "xms"),
        ("九市镇", "jiushizhen", "jsz"),
        ("（省级）43号", "shengji43hao", "sj43h"),
    ],
)
def test_a_name_is_read_in_small_letters(name: str, pinyin: str, initials: str) -> None:
    assert reading(name) == (pinyin, initials)


def test_reading_word_by_word_is_reading_the_whole() -> None:
    with (folder("zhaoqing") / "divisions.csv").open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    whole = ["".join(lazy_pinyin(name)).lower() for name in names]
    read = [reading(name)[0] for name in names]
    assert [n for n, a, b in zip(names, whole, read, strict=True) if a != b and a.isascii()] == []


def test_every_two_neighbours_are_a_pair() -> None:
    assert set(pairs("九市镇")) == {"九市", "市镇"}
    assert pairs("县") == []


@pytest.mark.parametrize(
    ("name", "level", "spelled"),
    [
        ("广东省", Level.PROVINCE, "Guangdong Province"),
        ("陕西省", Level.PROVINCE, "Shaanxi Province"),
        ("肇庆市", Level.CITY, "Zhaoqing City"),
        ("四会市", Level.COUNTY, "Sihui City"),
        ("九市镇", Level.TOWN, "Jiushi Town"),
        ("桃二村委会", Level.VILLAGE, "Taoer Village"),
        ("伍村村委会", Level.VILLAGE, "Wu Village"),
        ("蕉园社区居民委员会", Level.VILLAGE, "Jiaoyuan Community"),
        ("某农场生活区", Level.VILLAGE, "Mounongchangshenghuoqu"),
    ],
)
def test_a_name_without_english_gets_a_spelling(name: str, level: Level, spelled: str) -> None:
    assert english(name, level) == spelled
