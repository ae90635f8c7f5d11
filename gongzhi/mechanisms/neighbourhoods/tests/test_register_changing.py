"""Buildings come and go with their team; households move; everything is counted and noted."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.testing import begin
from gongzhi.mechanisms.neighbourhoods import mechanism as m
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
    Tally,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, changing, charges, counts
from gongzhi.mechanisms.neighbourhoods.registers.entering import (
    NewBuilding,
    NewDoor,
    NewGrid,
    enter_many,
)
from gongzhi.mechanisms.neighbourhoods.tests.register import (
    COMMUNITY,
    NEXT_COMMUNITY,
    TOWN,
    Register,
)
from gongzhi.people.models import Appointment, Post, Unit


@pytest.fixture
def register(db: None) -> Register:
    return Register()


def said_of(what: Any) -> list[dict[str, Any]]:
    found = RegisterChange.objects.filter(what=what.id).order_by("id")
    return list(found.values_list("facts", flat=True))


def recounted() -> list[tuple[int, int, int, int]]:
    """What the kept counters should say, counted by looking."""
    found = []
    for row in Tally.objects.order_by("community"):
        now, place = buildings.current(), Q(community=row.community)
        homes = Household.objects.filter(buildings.living(), place)
        found.append((
            Grid.objects.filter(now, place).count(), Building.objects.filter(now, place).count(),
            Dwelling.objects.filter(now, building__community=row.community).count(),
            homes.count(),
        ))  # fmt: skip
        for of in Building.objects.filter(place):
            assert of.households == homes.filter(building=of).count()
    return found


def kept() -> list[tuple[int, ...]]:
    return list(
        Tally.objects.order_by("community").values_list(
            "grids", "buildings", "dwellings", "households"
        )
    )


def test_a_building_comes_with_its_team_its_chiefs_post_and_charge(register: Register) -> None:
    team = Unit.objects.get(id=register.building.team)
    assert (team.kind, team.place, team.parent) == (
        "building_team", COMMUNITY, register.committee,
    )  # fmt: skip
    assert team.name == "3栋邻里先锋队"
    post = register.chief_post()
    assert not post.sees_place
    charge = Charge.objects.get(building=register.building)
    assert (charge.post, charge.rung, charge.deputy) == (post.id, "building_chief", 0)
    chief = charges.chief(register.building, now=register.now)
    assert chief is not None and chief.name == ""


def test_where_there_is_no_committee_no_building_comes(register: Register) -> None:
    grid = Grid(community=NEXT_COMMUNITY)
    leader = register.cast[TOWN, "leader"]
    changing.add(grid, {"code": "01", "name": "格"}, by=leader, now=register.now)
    with pytest.raises(Refused, match="居委会"):
        changing.add(
            Building(community=NEXT_COMMUNITY), {"code": "1", "name": "1栋", "grid": grid},
            by=leader, now=register.now,
        )  # fmt: skip
    assert Building.objects.count() == 1 and Unit.objects.filter(kind="building_team").count() == 1


def test_a_building_that_is_renamed_renames_its_team(register: Register) -> None:
    facts = {"name": "翠湖苑 3 栋", "storeys": 9}
    assert changing.change(register.building, facts, by=register.clerk, now=register.now)
    assert Unit.objects.get(id=register.building.team).name == "翠湖苑 3 栋邻里先锋队"
    assert said_of(register.building)[-1] == {"name": ["3栋", "翠湖苑 3 栋"], "storeys": [None, 9]}
    assert not changing.change(register.building, facts, by=register.clerk, now=register.now)


def test_a_building_that_ends_takes_everything_along(register: Register) -> None:
    chief = register.appoint()
    changing.end(register.building, by=register.clerk, now=register.now)
    assert buildings.building(register.building.id) is None
    assert buildings.household_by(register.home.key) is None
    assert not Dwelling.objects.filter(buildings.current()).exists()
    assert Unit.objects.get(id=register.building.team).valid_to == register.now
    assert Post.objects.get(id=chief.post).valid_to == register.now
    assert Appointment.objects.get(post=chief.post).held_to == register.now
    assert Charge.objects.get(building=register.building).held_to is not None
    assert kept() == [(1, 0, 0, 0)]
    again = register.add_building()
    assert again.id != register.building.id


def test_a_team_with_open_requests_is_not_ended(register: Register) -> None:
    register.appoint()
    data = {"text": Words("漏水"), "building": register.building.id}
    case = begin(m.neighbourhoods, category="leak", data=data, place=COMMUNITY,
                 unit=register.building.team)  # fmt: skip
    assert case.row().unit == register.building.team
    with pytest.raises(Refused, match="1 件"):
        changing.end(register.building, by=register.clerk, now=register.now)
    assert buildings.building(register.building.id) is not None


def test_a_grid_with_buildings_is_not_ended(register: Register) -> None:
    with pytest.raises(Refused, match="还有楼栋"):
        changing.end(register.grid, by=register.clerk, now=register.now)
    empty = register.add_grid("02", "第二网格")
    changing.end(empty, by=register.clerk, now=register.now)
    assert list(buildings.grids_in(COMMUNITY)) == [register.grid]


def test_who_moves_in_gets_a_key_of_their_own(register: Register) -> None:
    before = register.home.key
    with pytest.raises(Refused, match="先登记搬出"):
        register.move_in(register.door)
    changing.move_out(register.door, by=register.clerk, now=register.now)
    assert buildings.household_by(before) is None and kept() == [(1, 1, 2, 0)]
    after = register.move_in(register.door, 2)
    assert after.key != before and buildings.household_by(after.key) == after
    assert said_of(register.door)[-2:] == [
        {"lived_in": [True, False]}, {"lived_in": [False, True], "people": [None, 2]},
    ]  # fmt: skip


def test_a_lost_slip_gets_a_new_key_that_is_not_noted(register: Register) -> None:
    changing.renew_key(register.home, by=register.clerk, now=register.now)
    register.home.refresh_from_db()
    assert register.home.key not in str(said_of(register.door))
    assert said_of(register.door)[-1] == {"key": [None, True]}


def test_what_is_there_already_is_refused_at_its_field(register: Register) -> None:
    with pytest.raises(Refused) as refused:
        register.add_building()
    assert refused.value.field == "code"
    with pytest.raises(Refused) as refused:
        register.add_door("1单元", 1, "101")
    assert refused.value.field == "room"


def test_only_who_keeps_the_register_changes_it(register: Register) -> None:
    chief = register.appoint()
    for by in (chief, register.cast["441202", "clerk"], register.cast[COMMUNITY, "judge"]):
        with pytest.raises(Refused):
            changing.change(register.building, {"name": "别的"}, by=by, now=register.now)
        with pytest.raises(Refused):
            changing.move_out(register.door, by=by, now=register.now)


def test_counters_say_what_there_is_whatever_was_done(register: Register) -> None:
    register.move_in(register.next_door)
    other = register.add_building("4", "4栋")
    rows = [NewDoor(COMMUNITY, "4", "", n, f"{n}01", n % 2 == 0) for n in range(1, 8)]
    enter_many([], [], rows, by=register.clerk, now=register.now)
    changing.end(register.door, by=register.clerk, now=register.now)
    changing.move_out(register.next_door, by=register.clerk, now=register.now)
    register.add_grid("02", "第二网格")
    assert kept() == recounted() == [(2, 2, 8, 3)]
    other.refresh_from_db()
    assert other.households == 3
    assert counts.below("44", 9)[TOWN].households == 3


def test_a_whole_place_is_entered_in_few_questions(
    register: Register, django_assert_max_num_queries: Any
) -> None:
    doors = [NewDoor(COMMUNITY, f"B{n}", "1单元", k, f"{k}01") for n in range(40)
             for k in range(1, 8)]  # fmt: skip
    with django_assert_max_num_queries(30):
        done = enter_many(
            [NewGrid(COMMUNITY, "09", "第九网格")],
            [NewBuilding(COMMUNITY, f"B{n}", f"B{n}栋", "09") for n in range(40)],
            doors, by=register.clerk, now=register.now,
        )  # fmt: skip
    assert done[:4] == (1, 40, 280, 280)
    assert kept() == recounted()
    keys = Household.objects.values_list("key", flat=True)
    assert len(set(keys)) == 281
    assert Unit.objects.filter(kind="building_team", parent=register.committee).count() == 41
    assert said_of(done.made[COMMUNITY, "B0"]) == [
        {"code": [None, "B0"], "name": [None, "B0栋"], "dwellings": [None, 7]}
    ]


def test_what_is_named_but_not_there_is_refused_whole(register: Register) -> None:
    for grids, new, doors in (
        ([], [NewBuilding(COMMUNITY, "9", "9栋", "99")], []),
        ([NewGrid(COMMUNITY, "02", "格")], [], [NewDoor(COMMUNITY, "99", "", 1, "101")]),
        (
            [NewGrid(NEXT_COMMUNITY, "02", "格")],
            [NewBuilding(NEXT_COMMUNITY, "9", "9栋", "02")], [],
        ),
    ):  # fmt: skip
        with pytest.raises(Refused):
            enter_many(grids, new, doors, by=register.clerk, now=register.now)
    assert Building.objects.count() == 1 and Grid.objects.count() == 1


def test_two_who_change_a_community_at_once_are_both_counted(fresh_database: str) -> None:
    register = Register()
    doors = [register.add_door("3单元", n, f"{n}01") for n in range(1, 5)]

    def move(door: Dwelling) -> None:
        register.move_in(door)
        connection.close()

    threads = [threading.Thread(target=move, args=[door]) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept() == recounted() == [(1, 1, 6, 5)]
