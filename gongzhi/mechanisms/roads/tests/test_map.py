"""The map's layers, by what is in view and what the viewer may see; and the same as tables."""

from time import perf_counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.cases.testing import begin, signed_in
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Point, Section
from gongzhi.mechanisms.roads.registers import geometry, roads
from gongzhi.mechanisms.roads.tests.register import (
    COUNTY,
    LINE_OF,
    NEXT_VILLAGE,
    TOWN,
    VILLAGE,
    Register,
)

HERE, ELSEWHERE = "111.7,23.1,111.9,23.3", "112.0,23.1,112.2,23.3"


def layer(client: Client, name: str, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(reverse("roads:layer", args=[name]), asked)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.clerk)


def test_sections_in_view_are_drawn_with_their_chiefs(register: Register, client: Client) -> None:
    register.give(register.cast[TOWN, "road_chief"])
    found = layer(client, "sections", bbox=HERE)
    assert len(found) == 2 and layer(client, "sections", bbox=ELSEWHERE) == []
    assert found[0]["geometry"] == {"type": "LineString", "coordinates": LINE_OF}
    assert found[0]["properties"]["grade"] == "X"
    assert "镇 road_chief" in found[0]["properties"]["chiefs"][0]
    assert len(layer(client, "sections", place=NEXT_VILLAGE)) == 1


def test_points_in_view_are_drawn(register: Register, client: Client) -> None:
    point = Point(road=register.road, kind="risk", what="急弯", name="一号弯", longitude=111.78,
                  latitude=23.16)  # fmt: skip
    roads.add(point, by=register.clerk, now=register.now)
    assert [f["properties"]["name"] for f in layer(client, "points", bbox=HERE)] == ["一号弯"]
    assert layer(client, "points", bbox=ELSEWHERE) == []


def test_hazards_are_those_that_the_viewer_may_see(register: Register) -> None:
    begin(m.roads, category="guard_rail", longitude=111.78, latitude=23.16)
    for place, seen in ((VILLAGE, 1), (COUNTY, 1), (NEXT_VILLAGE, 0)):
        if place == NEXT_VILLAGE:  # a post of the same county that does not stand over the place
            viewer = signed_in(register.clerk_elsewhere())
        else:
            viewer = signed_in(register.cast[place, "clerk"])
        found = layer(viewer, "hazards", bbox=HERE, place=COUNTY)
        assert len(found) == seen, place
        page = viewer.get(reverse("roads:map"), {"place": COUNTY}).content.decode()
        assert ("/desk/cases/" in page) is bool(seen)


def test_a_case_tells_the_map_its_kind_and_never_its_title(
    register: Register, client: Client
) -> None:
    begin(m.roads, category="guard_rail", longitude=111.78, latitude=23.16, title="张三说的")
    viewer = signed_in(register.cast[COUNTY, "clerk"])
    assert layer(viewer, "hazards")[0]["properties"]["name"] == "护栏缺损"
    assert "张三说的" not in viewer.get(reverse("roads:map")).content.decode()


@pytest.mark.parametrize(
    ("name", "asked"),
    [("rivers", {}), ("sections", {"bbox": "1,2"}), ("sections", {"place": "441202"})],
)
def test_what_is_no_layer_box_or_place_is_not_found(
    client: Client, name: str, asked: dict[str, str]
) -> None:
    assert client.get(reverse("roads:layer", args=[name]), asked).status_code == 404


def test_the_same_stands_in_tables(register: Register, client: Client) -> None:
    page = client.get(reverse("roads:map")).content.decode()
    assert "旺村段" in page and 'id="table"' in page and "看表格" in page


def test_a_whole_county_is_drawn_in_two_seconds(register: Register, client: Client) -> None:
    """2,000 sections of 20 points; a third of a second on two cores, the rest is room."""
    line = [[111.7 + n / 500, 23.1 + n / 700] for n in range(20)]
    Section.objects.bulk_create(
        Section(road=register.road, name=str(n), village=VILLAGE, from_km=0, to_km=1, line=line,
                valid_from=register.road.valid_from, **geometry.bounds(line))
        for n in range(2_000)
    )  # fmt: skip
    layer(client, "sections", bbox=ELSEWHERE)  # whatever is read once is read
    began = perf_counter()
    assert len(layer(client, "sections", bbox=HERE)) == 2_002
    took = perf_counter() - began
    print(f"county drawn in {took:.3f} s")  # noqa: T201
    assert took < 2
