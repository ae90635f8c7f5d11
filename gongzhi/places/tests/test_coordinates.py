"""Coordinates from Chinese maps become WGS84, as others compute it (wandergis/coordtransform)."""

import pytest

from gongzhi.places import coordinates
from gongzhi.places.distance import metres
from gongzhi.places.maps import is_inside

SPOT = (116.404, 39.915)


def test_the_shift_is_the_one_that_others_compute() -> None:
    assert coordinates.gcj02_of(SPOT) == pytest.approx((116.41024449916938, 39.91640428150164))
    there = coordinates.gcj02_of_bd09(SPOT)
    assert there == pytest.approx((116.39762729119315, 39.90865673957631))


@pytest.mark.parametrize("spot", [SPOT, (112.56678, 23.20389), (111.2, 23.9)])
def test_what_was_shifted_comes_back_to_a_centimetre(spot: tuple[float, float]) -> None:
    shifted = coordinates.gcj02_of(spot)
    assert metres(shifted, spot) > 100
    assert metres(coordinates.to_wgs84(shifted, "gcj02"), spot) < 0.02


def test_wgs84_stays_as_it_is() -> None:
    assert coordinates.to_wgs84((112.56678, 23.20389), "wgs84") == (112.56678, 23.20389)


def test_a_place_is_inside_its_county_and_a_kilometre_beside_the_drawn_line() -> None:
    fenghuang = (112.56678, 23.20389)
    assert is_inside("zhaoqing", "441203", fenghuang)
    assert is_inside("zhaoqing", "44", fenghuang)
    assert not is_inside("zhaoqing", "441226", fenghuang)
    assert not is_inside("zhaoqing", "441203", (23.20389, 112.56678))
