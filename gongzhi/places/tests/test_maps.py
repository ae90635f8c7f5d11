"""Outlines of counties for maps drawn on the server."""

import json
import re
from itertools import combinations
from math import asin, cos, dist, radians, sin, sqrt

import pytest

from gongzhi.places.city import UnknownCity, facts, folder
from gongzhi.places.maps import WIDTH, outlines, view

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def test_every_county_has_an_outline_inside_the_picture() -> None:
    (width, height), found = outlines("zhaoqing")
    assert len(found) == 8
    assert {code[:4] for code, *_ in found} == {facts("zhaoqing").code}
    for _code, _name, path, (x, y) in found:
        assert path.startswith("M")
        assert path.endswith("Z")
        numbers = [float(n) for n in NUMBER.findall(path)]
        assert all(0 <= n <= width for n in numbers[::2])
        assert all(0 <= n <= height for n in numbers[1::2])
        assert 0 < x < width
        assert 0 < y < height


def test_north_is_up_and_east_is_right() -> None:
    (_size, found) = outlines("zhaoqing")
    at = {name: label for _code, name, _path, label in found}
    assert at["怀集县"][1] < at["高要区"][1]
    assert at["封开县"][0] < at["四会市"][0]


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two points, longitude and latitude in degrees."""
    (x, y), (u, v) = [(radians(lon), radians(lat)) for lon, lat in (a, b)]
    half = sin((v - y) / 2) ** 2 + cos(y) * cos(v) * sin((u - x) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def test_distances_are_true_in_every_direction() -> None:
    features = json.loads((folder("zhaoqing") / "counties.geojson").read_text("utf-8"))["features"]
    told = [f["properties"] for f in features]
    on_earth = {p["code"]: (p["label_lng"], p["label_lat"]) for p in told}
    on_map = {code: at for code, _name, _path, at in outlines("zhaoqing")[1]}
    scales = [
        dist(on_map[a], on_map[b]) / kilometres(on_earth[a], on_earth[b])
        for a, b in combinations(on_map, 2)
    ]
    assert max(scales) / min(scales) < 1.02


def test_an_unknown_city_has_no_map() -> None:
    with pytest.raises(UnknownCity):
        outlines("atlantis")


def test_one_county_fills_the_picture() -> None:
    (width, height), found = outlines("zhaoqing", "441226")
    assert [code for code, *_rest in found] == ["441226"]
    numbers = [float(n) for n in NUMBER.findall(found[0][2])]
    assert (min(numbers[::2]), max(numbers[::2])) == (0, width)
    assert (min(numbers[1::2]), max(numbers[1::2])) == (0, height)


def test_lengths_are_those_between_points() -> None:
    seen = view("zhaoqing", "441226")
    (x, y), (u, v) = seen.at(111.8, 23.1), seen.at(111.8, 23.2)
    assert x == u and abs(y - v - seen.length(kilometres((111.8, 23.1), (111.8, 23.2)))) < 1
    assert seen.length(1000) > WIDTH
