"""The command page counts what was done, and leads down to the village and its cases."""

import re
from collections.abc import Callable
from datetime import timedelta
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
    "asked",
    [
        {"span": "x"},
        {"mechanism": "x"},
        {"sort": "x"},
        {"as": "csv", "of": "x"},
        {"as": "x"},
        {"as": "xlsx", "of": "times"},
        {"wall": "0"},
    ],
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


def test_part_of_a_week_or_month_is_marked(leader: Client) -> None:
    today = timezone.localdate()
    monday = (today - timedelta(days=today.weekday())).isoformat()
    for span, label, word in (
        ("days", monday, "不满一周"),
        ("months", f"{today:%Y-%m}", "不满一个月"),
    ):
        over = (today + timedelta(days=1)).weekday() == 0 if span == "days" else (
            (today + timedelta(days=1)).day == 1)  # fmt: skip
        times = rows(leader, PAGE, span=span, of="times")
        assert (times[-1]["从"], times[-1]["说明"]) == (label, "" if over else word)
        assert {r["说明"] for r in times[1:-1]} == {""}
        assert (f"* {word}" in shown(leader, span=span)) == any(r["说明"] for r in times)
    since = today - timedelta(days=29)
    first = rows(leader, PAGE, span="days", of="times")[0]
    assert first["说明"] == ("不满一周" if since.weekday() else "")


def test_the_order_stays_when_something_else_is_asked(leader: Client) -> None:
    assert '<input type="hidden" name="sort" value="settled">' in shown(leader, sort="settled")


def test_a_village_has_no_reports_to_lead_to(leader: Client) -> None:
    link = reverse("command:reports")
    assert f'class="button" href="{link}' in shown(leader, place=TOWN)
    assert f'class="button" href="{link}' not in shown(leader, place=VILLAGE)


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
    assert of(rows(leader, PAGE, of="mechanisms"), 机制="玩具")["逾期办完"] == "1"


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
