"""The register of roads: what it takes, who keeps it, and what is remembered."""

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.roads.models import Charge, Point, Road, Section
from gongzhi.mechanisms.roads.registers import geometry, roads
from gongzhi.mechanisms.roads.tests.register import (
    CITY,
    COUNTY,
    LINE_OF,
    NEXT_VILLAGE,
    PROVINCE,
    TOWN,
    VILLAGE,
    Register,
)


def test_a_code_stands_once_in_its_county_and_again_when_the_road_is_over(
    register: Register,
) -> None:
    with pytest.raises(Refused, match="已经有这个编号"):
        register.add_road(name="又一条")
    roads.end(register.road, by=register.clerk, now=register.now)
    assert register.add_road(name="新路").grade == "X"


def test_a_national_road_stands_once_in_the_province(register: Register) -> None:
    assert register.add_road("G321", "广成线").place == PROVINCE
    assert roads.home("Y012", COUNTY) == COUNTY


@pytest.mark.parametrize("code", ["X413", "G15", "C0012345"])
def test_a_code_is_a_class_and_a_number(code: str) -> None:
    assert roads.CODE.fullmatch(code)


@pytest.mark.parametrize("code", ["413", "B12", "X", "x413", "X4-13", "X 413"])
def test_anything_else_is_no_code(code: str) -> None:
    assert not roads.CODE.fullmatch(code)


def test_a_section_is_as_long_as_its_line_and_without_one_as_its_stakes(
    register: Register,
) -> None:
    assert register.section.length_km == pytest.approx(2.53, abs=0.02)
    unmeasured = register.add_section("新段", VILLAGE, line=[], from_km=4.0, to_km=4.75)
    assert unmeasured.length_km == 0.75 and unmeasured.west is None
    assert (register.section.west, register.section.north) == (111.78, 23.17)


def test_stakes_run_on_and_names_are_not_taken_twice(register: Register) -> None:
    with pytest.raises(Refused, match="大于起点"):
        register.add_section("倒着", VILLAGE, from_km=3.0, to_km=2.0)
    with pytest.raises(Refused, match="同名"):
        register.add_section("旺村段", VILLAGE)


def test_what_changes_keeps_its_id_and_what_it_was_before(register: Register) -> None:
    facts = {"name": "旺村大道", "from_km": 0.0, "line": LINE_OF[:2]}
    assert roads.change(register.section, facts, by=register.clerk, now=register.now)
    assert not roads.change(register.section, facts, by=register.clerk, now=register.now)
    last = roads.history(register.road).filter(what=register.section.id).first()
    assert last is not None and last.post == register.clerk.post
    assert last.facts == {"name": ["旺村段", "旺村大道"], "line": [LINE_OF, LINE_OF[:2]]}
    assert Section.objects.get(id=register.section.id).east == 111.79


def test_what_ends_takes_with_it_what_hangs_on_it(register: Register) -> None:
    point = Point(road=register.road, section=register.section.id, kind="risk", what="急弯",
                  name="一号弯", longitude=111.78, latitude=23.16)  # fmt: skip
    roads.add(point, by=register.clerk, now=register.now)
    register.give(register.cast[VILLAGE, "road_chief"], register.section)
    roads.end(register.road, by=register.clerk, now=register.now)
    for table, over in ((Road, "valid_to"), (Section, "valid_to"), (Point, "valid_to"),
                        (Charge, "held_to")):  # fmt: skip
        assert not table._default_manager.filter(**{f"{over}__isnull": True}).exists()
    assert roads.road(register.road.id) is None and not roads.roads_in(COUNTY)


@pytest.mark.parametrize(
    ("place", "kind", "may"),
    [
        (COUNTY, "leader", True), (COUNTY, "administrator", True), (CITY, "leader", True),
        (COUNTY, "clerk", False), (TOWN, "leader", False), (VILLAGE, "road_chief", False),
        ("441202", "leader", False),
    ],
)  # fmt: skip
def test_only_those_who_stand_over_the_place_keep_it(
    register: Register, place: str, kind: str, may: bool
) -> None:
    by = register.cast[place, kind]
    assert bool(roads.keeps_row(by, register.section)) is may
    if not may:
        with pytest.raises(Refused):
            roads.change(register.section, {"name": "别名"}, by=by, now=register.now)


def test_a_road_that_runs_on_into_another_county_is_not_one_countys_to_end(
    register: Register,
) -> None:
    register.road = register.add_road("S263", "省道")
    register.add_section("本县段", VILLAGE)
    assert roads.keeps_row(register.clerk, register.road)
    there = Section(road=register.road, name="邻县段", village="441202001001", from_km=5, to_km=6,
                    valid_from=register.road.valid_from)  # fmt: skip
    there.save()
    assert not roads.keeps_row(register.clerk, register.road)
    assert not roads.keeps_row(register.clerk, there)
    assert roads.keeps_row(register.cast[PROVINCE, "leader"], register.road)


def test_a_section_is_not_given_away_to_a_place_beyond(register: Register) -> None:
    with pytest.raises(Refused, match="不在您的岗位范围内"):
        roads.change(register.section, {"village": "441202001001"}, by=register.clerk,
                     now=register.now)  # fmt: skip
    assert Section.objects.get(id=register.section.id).village == VILLAGE


def test_roads_of_a_village_are_those_that_run_through_it(register: Register) -> None:
    register.add_road("Y101", "没有路段的路")
    assert [r.code for r in roads.roads_in(VILLAGE)] == ["X413"]
    assert [r.code for r in roads.roads_in(COUNTY)] == ["X413", "Y101"]
    assert [s.name for s in roads.sections_in(NEXT_VILLAGE)] == ["留村段"]


@pytest.mark.parametrize(
    ("said", "km"), [("K12+300", 12.3), ("k0+050", 0.05), ("12.3", 12.3), ("7", 7.0)]
)
def test_stakes_are_read_and_written(said: str, km: float) -> None:
    assert geometry.kilometres(said) == km
    assert geometry.kilometres(geometry.stake(km)) == km


@pytest.mark.parametrize("said", ["K12+3000", "十二", "-1", "1.23456", ""])
def test_what_is_no_stake_is_refused(said: str) -> None:
    with pytest.raises(geometry.Unreadable, match="K12"):
        geometry.kilometres(said)


def test_a_line_is_read_thinned_and_kept_inside_its_county(db: None) -> None:
    said = "111.78 23.16; 111.785 23.165;111.79,23.17\n111.8 23.17"
    line = geometry.line_of(geometry.read(said, "wgs84"), VILLAGE)
    assert line == LINE_OF  # the second point lies on the way between its neighbours
    assert geometry.read(geometry.written(line), "wgs84") == [tuple(p) for p in line]
    for wrong, why in (("23.16 111.78; 23.17 111.79", "不在"), ("111.78 23.16", "两个点"),
                       ("111.78; 23.16", "不是坐标")):  # fmt: skip
        with pytest.raises(geometry.Unreadable, match=why):
            geometry.line_of(geometry.read(wrong, "wgs84"), VILLAGE)
