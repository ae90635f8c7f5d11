"""The command page counts what was done, and leads down to the village and its cases."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.rollups import fold
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, signed_in
from gongzhi.cases.tests import toys
from gongzhi.command.tests.doing import (
    CITY,
    COUNTY,
    PROVINCE,
    TOWN,
    VILLAGE,
    of,
    reported,
    rows,
    settled,
)

PAGE = "command:place"


@pytest.fixture
def leader(cast: Cast) -> Client:
    return signed_in(cast[PROVINCE, "leader"])


def shown(client: Client, **asked: str) -> str:
    answer = client.get(reverse(PAGE), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def figure(page: str, name: str) -> int:
    found = re.search(rf'id="{name}"[^>]*>(?:<[^>]+>)*(\d+)', page)
    assert found, name
    return int(found[1])


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("place", LINE)
def test_every_level_counts_what_was_done_below(
    cast: Cast, leader: Client, place: str, folded: bool
) -> None:
    reported()
    settled(cast)
    if folded:
        fold()
    page = shown(leader, place=place)
    assert figure(page, "figure-open") == 1 and figure(page, "figure-register") == 1
    assert figure(page, "figure-reported") == 2 and figure(page, "figure-settled") == 1
    told = rows(leader, PAGE, place=place, of="mechanisms")
    toy = of(told, 机制="玩具")
    assert (toy["在办"], toy["新登记"], toy["化解"]) == ("1", "2", "1")
    assert {r["在办"] for r in told if r is not toy} == {"0"}
    assert of(rows(leader, PAGE, place=place, of="piles"), 承办单位的层级="村")["在办"] == "1"


def test_each_place_leads_to_those_below_and_the_village_to_its_cases(leader: Client) -> None:
    reported()
    for place, below in pairwise(LINE):
        assert f'href="?place={below}&amp;mechanism=&amp;span=days"' in shown(leader, place=place)
    page = shown(leader, place=VILLAGE)
    listed = re.search(r'class="button primary" href="([^"]+)"', page)
    assert listed
    answer = leader.get(listed[1].replace("&amp;", "&"))
    assert "拖欠工资" in answer.content.decode()


def test_a_post_sees_no_place_but_its_own_and_those_below(cast: Cast) -> None:
    town = signed_in(cast[TOWN, "leader"])
    for name in (PAGE, "command:compare", "command:indicators"):
        assert town.get(reverse(name)).status_code == 200
        for place in (COUNTY, OUTSIDE, "999999", "x"):
            assert town.get(reverse(name), {"place": place}).status_code == 404
    assert signed_in(cast["court", "judge"]).get(reverse(PAGE)).status_code == 404


@pytest.mark.parametrize(
    "asked", [{"span": "x"}, {"mechanism": "x"}, {"sort": "x"}, {"as": "csv", "of": "x"}]
)
def test_what_nobody_can_ask_is_not_found(leader: Client, asked: dict[str, str]) -> None:
    assert leader.get(reverse(PAGE), asked).status_code == 404


def test_one_mechanism_is_counted_alone(leader: Client) -> None:
    reported()
    assert figure(shown(leader, mechanism="toy"), "figure-open") == 1
    page = shown(leader, mechanism="roads")
    assert figure(page, "figure-open") == 0 and figure(page, "figure-reported") == 0
    assert "kind=place&amp;place=44&amp;mechanism=roads" in page.replace(
        "&mechanism", "&amp;mechanism"
    )
    assert [r["机制"] for r in rows(leader, PAGE, mechanism="toy", of="mechanisms")] == ["玩具"]


@pytest.mark.parametrize("span", ["days", "weeks", "year", "months"])
@pytest.mark.parametrize("fold_", [lambda: 0, fold])
def test_time_adds_up_to_the_span(
    cast: Cast, leader: Client, span: str, fold_: Callable[[], int]
) -> None:
    reported()
    settled(cast, days_ago=1)
    reported(days_ago=400)
    fold_()
    times = rows(leader, PAGE, span=span, of="times")
    page = shown(leader, span=span)
    first_day = timezone.localdate().timetuple().tm_yday == 1
    assert sum(int(r["新登记"]) for r in times) == (1 if span == "year" and first_day else 2)
    assert figure(page, "figure-reported") == sum(int(r["新登记"]) for r in times)
    assert [r["从"] for r in times] == sorted(r["从"] for r in times)
    assert len(times) == {"days": len(times), "weeks": 13, "months": 12,
                          "year": timezone.localdate().month}[span]  # fmt: skip


def test_the_same_days_of_last_year_stand_beside(leader: Client) -> None:
    for days_ago in (365 + 5, 366 + 5, 365 + 200):
        reported(days_ago=days_ago)
    assert "去年同期 2" in shown(leader)


def test_limits_kept_too_late_are_counted_as_late(cast: Cast, leader: Client) -> None:
    case = reported(days_ago=20)
    case.now = timezone.now()
    sweep(case.now)
    case.act(toys.take, by=cast[VILLAGE, "clerk"])
    assert figure(shown(leader), "figure-late") == 1
    assert of(rows(leader, PAGE, of="mechanisms"), 机制="玩具")["超期"] == "1"


def test_a_page_asks_a_fixed_number_of_questions(
    leader: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    reported()
    shown(leader, place=CITY)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        shown(leader, place=CITY)


def test_the_wall_names_nobody_and_leads_to_no_case(cast: Cast, leader: Client) -> None:
    reported()
    page = shown(leader, place=COUNTY, wall="1")
    assert figure(page, "figure-open") == 1
    assert "/desk/" not in page and "kind=place" not in page
    assert cast[PROVINCE, "leader"].name not in page.replace('"leader"', "")
    links = re.findall(r'<a [^>]*href="([^"]*)"', page.split("<main")[1].split("</main")[0])
    assert links == [f"?place={COUNTY}&amp;mechanism=&amp;span=days"]


def test_a_county_has_its_towns_as_points_and_a_city_its_counties(leader: Client) -> None:
    reported()
    assert 'id="map"' in shown(leader, place=CITY) and "<circle" in shown(leader, place=COUNTY)
    for place in (PROVINCE, TOWN, VILLAGE):
        assert 'id="map"' not in shown(leader, place=place)
