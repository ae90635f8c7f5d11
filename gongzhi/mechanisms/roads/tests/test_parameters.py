"""Parameters: ours until a place sets its own, from a day on, on a named basis, tried first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.cases.registers import Parameter
from gongzhi.cases.testing import LINE, signed_in
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.registers import accidents, parameters
from gongzhi.mechanisms.roads.tests.conftest import CITY, COUNTY, TOWN, VILLAGE, Stage

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)


def test_ours_hold_until_a_place_sets_its_own_and_the_deepest_decides(stage: Stage) -> None:
    city, county = stage.cast[CITY, "leader"], stage.cast[COUNTY, "leader"]
    assert parameters.ROADS.numbers(VILLAGE, TODAY)["spots.accidents"] == 3
    parameters.ROADS.set_from(CITY, {"spots.accidents": 4}, TODAY, "市会议", now=NOW, by=city)
    parameters.ROADS.set_from(COUNTY, {"spots.accidents": 5}, TODAY, "县会议", now=NOW, by=county)
    held = parameters.ROADS.in_force(VILLAGE, TODAY)["spots.accidents"]
    assert (held.n, held.source, held.place, held.since) == (5, "县会议", COUNTY, TODAY)
    assert parameters.ROADS.numbers(CITY, TODAY)["spots.accidents"] == 4
    assert parameters.ROADS.numbers("441202001", TODAY)["spots.accidents"] == 4


def test_what_held_before_a_change_holds_for_the_days_before(stage: Stage) -> None:
    city, later = stage.cast[CITY, "leader"], TODAY + timedelta(days=10)
    parameters.ROADS.set_from(CITY, {"spots.metres": 300}, later, "文件", now=NOW, by=city)
    assert parameters.ROADS.numbers(CITY, later - timedelta(days=1))["spots.metres"] == 500
    assert parameters.ROADS.numbers(CITY, later)["spots.metres"] == 300
    with pytest.raises(Refused):  # what was set is not rewritten
        parameters.ROADS.set_from(CITY, {"spots.metres": 400}, later, "文件", now=NOW, by=city)


@pytest.mark.parametrize(
    ("said", "days"), [({"spots.metres": 500}, 0), ({"spots.metres": 1}, 0),
                       ({"spots.metres": 300}, -1)],
)  # fmt: skip
def test_the_same_the_absurd_and_the_past_are_refused(
    stage: Stage, said: dict[str, int], days: int
) -> None:
    since = TODAY + timedelta(days=days)
    with pytest.raises(Refused):
        parameters.ROADS.set_from(CITY, said, since, "文件", now=NOW, by=stage.cast[CITY, "leader"])
    assert not Parameter.objects.exists()


def test_only_leaders_of_county_and_city_set_them(stage: Stage) -> None:
    for place, kind in ((TOWN, "leader"), (COUNTY, "clerk"), (COUNTY, "road_chief")):
        with pytest.raises(Refused):
            parameters.ROADS.set_from(
                COUNTY, {"spots.metres": 300}, TODAY, "x", now=NOW, by=stage.cast[place, kind]
            )
        client = signed_in(stage.cast[place, kind])
        assert client.get(reverse("roads:parameters")).status_code == 200
        answer = client.get(reverse("roads:change_parameters", args=["spots"]))
        assert answer.status_code == 404


def test_every_number_has_a_default_within_its_bounds() -> None:
    for known in parameters.KNOWN.values():
        assert known.least <= known.default <= known.most
        assert known.group in parameters.GROUPS


def test_black_spots_are_tried_before_the_numbers_are_set(stage: Stage) -> None:
    now = timezone.now()
    for n in range(2):
        accidents.record(
            {"place": LINE[-1], "at": now - timedelta(days=n + 1), "kind": "rear", "injured": 1,
             "longitude": 111.9, "latitude": 23.2}, now=now, by=stage.chief,
        )  # fmt: skip
    client = signed_in(stage.cast[COUNTY, "leader"])
    asked = {
        "spots_accidents": 2, "spots_metres": 500, "spots_months": 12, "spots_injured": 1,
        "source": "县道安办会议", "since": timezone.localdate().isoformat(),
    }  # fmt: skip
    url = reverse("roads:change_parameters", args=["spots"])
    said = client.post(url, asked).content.decode()
    assert "有 1 处是事故多发点段" in said and "按现在的参数有 0 处" in said
    assert not Parameter.objects.exists() and Accident.objects.count() == 2
    client.post(url, asked | {"enter": "1"})
    assert list(Parameter.objects.values_list("name", "n")) == [("spots.accidents", 2)]
    assert "县道安办会议" in client.get(reverse("roads:parameters")).content.decode()
