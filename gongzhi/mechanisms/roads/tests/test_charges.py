"""Who is chief where, who is told first, and where nobody is."""

from uuid import uuid4

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.roads.registers import charges, roads
from gongzhi.mechanisms.roads.tests.register import (
    CITY,
    COUNTY,
    NEXT_VILLAGE,
    TOWN,
    VILLAGE,
    Register,
)
from gongzhi.people.models import Appointment, Post


def chiefs(register: Register) -> list[str]:
    """The places of those who answer for the section, the highest first."""
    over = charges.chiefs_over([register.road], now=register.now).get(register.road.id, [])
    return [c.post.place for c in charges.of_section(register.section, over)]


def lowest(register: Register) -> str | None:
    found = charges.lowest(register.section.id, now=register.now)
    return found.post.place if found else None


def test_chiefs_of_a_road_and_of_its_section_answer_level_by_level(register: Register) -> None:
    register.give(register.cast[VILLAGE, "road_chief"], register.section)
    register.give(register.cast[COUNTY, "road_chief"])
    register.give(register.cast[CITY, "road_chief"])
    register.give(register.cast[TOWN, "road_chief"])
    assert chiefs(register) == [CITY, COUNTY, TOWN, VILLAGE]


def test_the_chief_of_one_section_is_not_the_next_ones(register: Register) -> None:
    register.give(register.cast[VILLAGE, "road_chief"], register.section)
    over = charges.chiefs_over([register.road], now=register.now)[register.road.id]
    assert charges.of_section(register.next, over) == []


def test_the_lowest_chief_in_office_is_told_first(register: Register) -> None:
    assert lowest(register) is None
    register.give(register.cast[COUNTY, "road_chief"])
    assert lowest(register) == COUNTY
    register.give(register.cast[TOWN, "road_chief"])
    village = register.cast[VILLAGE, "road_chief"]
    register.give(village, register.section)
    assert lowest(register) == VILLAGE
    Appointment.objects.filter(post=village.post).update(held_to=register.now)
    assert lowest(register) == TOWN
    assert charges.lowest(uuid4(), now=register.now) is None


def test_a_post_is_in_charge_once_and_of_roads_in_its_place_only(register: Register) -> None:
    village = register.cast[VILLAGE, "road_chief"]
    register.give(village, register.section)
    with pytest.raises(Refused, match="已经是这里的路长"):
        register.give(village, register.section)
    with pytest.raises(Refused, match="不在这条路"):
        register.give(village, register.next)


def test_who_does_not_keep_the_road_gives_no_charge(register: Register) -> None:
    post = Post.objects.get(id=register.cast[TOWN, "road_chief"].post)
    with pytest.raises(Refused):
        charges.give(post, register.road, None, by=register.cast[TOWN, "leader"], now=register.now)


def test_a_charge_that_ends_is_remembered(register: Register) -> None:
    charge = register.give(register.cast[TOWN, "road_chief"])
    charges.end(charge, by=register.clerk, now=register.now)
    assert chiefs(register) == []
    said = roads.history(register.road).filter(what=charge.id).values_list("facts", flat=True)
    assert {tuple(one["held_to"]) for one in said} == {
        ("", None), (None, str(register.road.valid_from)),
    }  # fmt: skip
    assert register.give(register.cast[TOWN, "road_chief"]).held_to is None


def test_vacancies_are_roads_without_a_county_chief_and_sections_without_a_village_one(
    register: Register,
) -> None:
    def found() -> set[tuple[int, str]]:
        gaps = charges.gaps(COUNTY, now=register.now)
        return {(int(g.level), g.section.village if g.section else "") for g in gaps}

    assert found() == {(3, ""), (5, VILLAGE), (5, NEXT_VILLAGE)}
    register.give(register.cast[COUNTY, "road_chief"])
    village = register.cast[VILLAGE, "road_chief"]
    register.give(village, register.section)
    assert found() == {(5, NEXT_VILLAGE)}
    Appointment.objects.filter(post=village.post).update(held_to=register.now)
    vacant = charges.gaps(VILLAGE, now=register.now)
    assert [g.post.id for g in vacant if g.post] == [village.post]


def test_posts_to_choose_from_are_those_of_chiefs_here_below_and_above(register: Register) -> None:
    found = charges.posts_for(register.road, register.clerk)
    assert {p.kind for p in found} == {"road_chief"}
    assert {p.place for p in found} == {CITY, COUNTY, TOWN, VILLAGE}
