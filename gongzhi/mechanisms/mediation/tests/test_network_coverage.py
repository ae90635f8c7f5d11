"""Which villages are served, how far it is, and a village that no point serves gets one."""

from datetime import date
from typing import Any

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import BEGAN, LINE, Cast, make_cast
from gongzhi.mechanisms.mediation.models import Served
from gongzhi.mechanisms.mediation.network import coverage, planner, sites
from gongzhi.people.models import Unit
from gongzhi.places.distance import km
from gongzhi.places.models import Division

COUNTY, TOWN, VILLAGE = LINE[2:]
NEXT_TOWN = "441226105"
TODAY = date(2026, 1, 5)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def point(cast: Cast, place: str = TOWN, name: str = "联络点", **facts: Any) -> Unit:
    by = cast[COUNTY, "clerk"]
    return sites.open_site("contact_point", place, {"name": name, **facts}, by=by, now=BEGAN)


def serve(cast: Cast, unit: Unit, *villages: str) -> None:
    for village in villages:
        coverage.serve(unit, village, by=cast[COUNTY, "clerk"], on=TODAY)


def part(place: str, code: str, digits: int) -> coverage.Part:
    return next(p for p in coverage.coverage(place, digits=digits) if p.code == code)


def test_a_village_that_no_point_serves_gets_one(cast: Cast) -> None:
    assert VILLAGE in {v.code for v in part(COUNTY, TOWN, 9).unserved}
    unit = point(cast)
    serve(cast, unit, VILLAGE)
    served = part(COUNTY, TOWN, 9)
    assert served.served == 1 and VILLAGE not in {v.code for v in served.unserved}
    assert coverage.serving(VILLAGE) == {unit.id}


def test_counts_agree_at_every_level(cast: Cast) -> None:
    serve(cast, point(cast), *coverage.villages_in(TOWN)[:3])
    whole = Division.objects.filter(level=5, code__startswith=COUNTY, valid_to=None).count()
    by_town = coverage.coverage(COUNTY, digits=9)
    assert sum(len(p.villages) for p in by_town) == whole
    assert sum(p.served for p in by_town) == 3 == part("4412", COUNTY, 6).served
    assert len(part("4412", COUNTY, 6).unserved) == whole - 3


def test_two_points_for_one_village_count_it_once(cast: Cast) -> None:
    serve(cast, point(cast), VILLAGE)
    serve(cast, point(cast, NEXT_TOWN, "另一处"), VILLAGE)
    assert part(COUNTY, TOWN, 9).served == 1


def test_a_closed_point_serves_nobody(cast: Cast) -> None:
    unit = point(cast)
    serve(cast, unit, VILLAGE)
    sites.close_site(unit, by=cast[COUNTY, "clerk"], now=BEGAN)
    assert part(COUNTY, TOWN, 9).served == 0


def test_serving_twice_is_serving_once(cast: Cast) -> None:
    unit = point(cast)
    serve(cast, unit, VILLAGE, VILLAGE)
    assert Served.objects.count() == 1


def test_villages_are_set_at_once_and_history_stays(cast: Cast) -> None:
    unit, by = point(cast), cast[COUNTY, "clerk"]
    first, second, third = coverage.villages_in(TOWN)[:3]
    coverage.set_villages(unit, {first, second}, by=by, on=TODAY)
    coverage.set_villages(unit, {second, third}, by=by, on=date(2026, 2, 1))
    assert coverage.villages_of(unit) == sorted([second, third])
    assert Served.objects.get(village=first).served_to == date(2026, 2, 1)
    with pytest.raises(Refused):
        coverage.set_villages(unit, {second, "441202001001"}, by=by, on=TODAY)
    assert coverage.villages_of(unit) == sorted([second, third])


@pytest.mark.parametrize("village", ["441202001001", "441226114999", TOWN])
def test_a_point_serves_villages_of_its_own_county(cast: Cast, village: str) -> None:
    unit = point(cast)
    with pytest.raises(Refused):
        coverage.serve(unit, village, by=cast["4412", "clerk"], on=TODAY)


def test_only_contact_points_serve_villages(cast: Cast) -> None:
    unit = Unit.objects.get(id=cast.units[TOWN])
    with pytest.raises(Refused, match="联络点"):
        serve(cast, unit, VILLAGE)


def test_the_nearest_point_is_offered_first_and_none_of_another_county(cast: Cast) -> None:
    far, near = point(cast, NEXT_TOWN, "远"), point(cast, TOWN, "近")
    sites.open_site(
        "contact_point", "441202001", {"name": "外县"}, by=cast["4412", "clerk"], now=BEGAN
    )
    offers = coverage.points_for(VILLAGE)
    assert [o.site.unit.id for o in offers] == [near.id, far.id]
    # Both known to be in this town and no better: a figure would be made up.
    assert offers[0].same_town and offers[0].km is None
    assert offers[1].km is not None and 1 < offers[1].km < 60


def test_a_surveyed_point_in_the_same_town_has_a_distance(cast: Cast) -> None:
    x, y = sites.seats([TOWN])[TOWN]
    point(cast, longitude=x, latitude=y + 0.01, located="surveyed")
    (offer,) = coverage.points_for(VILLAGE)
    assert offer.km == pytest.approx(1.11, abs=0.01) and not offer.same_town


def test_one_degree_of_latitude_is_111_kilometres() -> None:
    assert km((112, 23), (112, 24)) == pytest.approx(111.2, abs=0.1)
    assert km((112, 0), (113, 0)) == pytest.approx(111.2, abs=0.1)
    assert km((112, 23), (112, 23)) == 0


def test_residents_are_not_sent_to_the_committee_of_another_village(cast: Cast) -> None:
    by, other = cast[COUNTY, "clerk"], coverage.villages_in(TOWN)[0]
    for place in (VILLAGE, other):
        sites.open_site("mediation_committee", place, {"name": place}, by=by, now=BEGAN)
    named = {o.site.unit.name for o in coverage.near(VILLAGE)}
    assert VILLAGE in named and other not in named


def test_the_planner_counts_villages_that_no_point_serves(cast: Cast) -> None:
    before = planner.question(COUNTY, by_people=False)
    serve(cast, point(cast), VILLAGE)
    after = planner.question(COUNTY, by_people=False)
    assert after.unserved == before.unserved - 1
    assert after.unserved == sum(t.villages for t in after.towns) + after.left_out


def test_people_are_spread_evenly_over_the_villages_of_a_county(cast: Cast) -> None:
    q = planner.question(COUNTY, by_people=True)
    people = Division.objects.get(code=COUNTY).population
    n = len(coverage.villages_in(COUNTY))
    assert people and sum(t.weight for t in q.towns) == pytest.approx(
        people * sum(t.villages for t in q.towns) / n
    )


def test_the_planner_names_towns_whose_seat_is_unknown(db: None) -> None:
    q = planner.question("4412", by_people=False)
    without = Division.objects.filter(
        level=4, code__startswith="4412", valid_to=None, longitude=None
    )
    assert set(q.placeless) == {d.code for d in without} and q.placeless
