"""Who begins an emergency, how long it lasts, what it keeps, and what it forgets."""

from datetime import timedelta

import pytest
from django.db import connection

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Affected,
    Asked,
    Emergency,
    EmergencyEntry,
    Errand,
    Household,
    Movement,
    Need,
    Supply,
)
from gongzhi.mechanisms.neighbourhoods.registers import (
    emergencies,
    errands,
    needs,
    shifts,
    supplies,
)
from gongzhi.mechanisms.neighbourhoods.registers.needs import Given
from gongzhi.mechanisms.neighbourhoods.tests.emergency_stage import (
    COMMUNITY,
    NOW,
    TOWN,
    Stage,
    begin,
    make_stage,
)
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

pytestmark = pytest.mark.django_db
SECRET = "老人要胰岛素，电话 13800001234"
NEXT = "441202001003"


@pytest.fixture
def stage() -> Stage:
    return make_stage(communities=(COMMUNITY, NEXT), buildings=3, households=2)


@pytest.fixture
def emergency(stage: Stage) -> Emergency:
    return begin(stage)


def home(stage: Stage, n: int = 0) -> Household:
    return stage.households(stage.buildings[n])[0]


def chief(stage: Stage, n: int = 0) -> Holder:
    return stage.chiefs[stage.buildings[n].id]


def affected(stage: Stage, emergency: Emergency, n: int = 0) -> Affected:
    return Affected.objects.get(emergency=emergency, building=stage.buildings[n])


def test_leaders_of_the_town_begin_it_and_of_the_county_a_whole_county(stage: Stage) -> None:
    may = emergencies.may_command
    assert may(stage.leader, COMMUNITY) and may(stage.leader, TOWN)
    assert may(stage.county_leader, TOWN[:6]) and may(stage.county_leader, COMMUNITY)
    for by, place in (
        (stage.clerk, COMMUNITY), (stage.offices[COMMUNITY], COMMUNITY), (chief(stage), COMMUNITY),
        (stage.leader, TOWN[:6]), (stage.leader, "441202002001"), (stage.county_leader, "4412"),
    ):  # fmt: skip
        assert not may(by, place), (by.title, place)


def test_the_preview_says_what_it_will_reach(stage: Stage) -> None:
    found = emergencies.preview(TOWN, now=NOW)
    assert (found.communities, found.buildings, found.households) == (2, 6, 12)
    assert found.chiefs == 6 and found.without == 0
    emergency = begin(stage, TOWN)
    assert emergency.affected.count() == found.buildings


def test_it_lasts_thirty_days_at_most_and_is_there_once(stage: Stage, emergency: Emergency) -> None:
    with pytest.raises(Refused):
        begin(stage, kind="fire", days=31)
    for place in (COMMUNITY, COMMUNITY):
        with pytest.raises(Refused):
            begin(stage, place)
    assert begin(stage, kind="fire").ended_at is None
    with pytest.raises(Refused):
        emergencies.extend(emergency.id, emergency.ends_on, "x", now=NOW, by=stage.leader)
    with pytest.raises(Refused):
        emergencies.extend(
            emergency.id, NOW.date() + timedelta(days=31), "x", now=NOW, by=stage.leader
        )


def test_its_time_over_it_ends_by_itself(stage: Stage, emergency: Emergency) -> None:
    assert emergencies.end_overdue(NOW + timedelta(days=7)) == 0
    assert emergencies.end_overdue(NOW + timedelta(days=8)) == 1
    emergency.refresh_from_db()
    assert emergency.report and emergency.report["buildings"] == 3
    assert emergency.erase_on == NOW.date() + timedelta(days=38)
    assert emergency.entries.get(what="ended").post is None


def test_a_need_is_registered_once_served_once_and_counted(
    stage: Stage, emergency: Emergency
) -> None:
    of, by = home(stage), chief(stage)
    assert needs.register(emergency, of, ["food", "medicine"], SECRET, now=NOW, by=by) == 2
    assert needs.register(emergency, of, ["food"], "", now=NOW, by=None) == 0
    other = stage.households(stage.buildings[0])[1]
    assert needs.register(emergency, other, [], "", now=NOW, by=None) == 0
    row = affected(stage, emergency)
    assert (row.registered, row.needs, row.served) == (2, 2, 0)
    shown = needs.of_building(emergency, stage.buildings[0], by=by)
    assert {s.note for s in shown} == {SECRET, ""}
    food = next(s.need for s in shown if s.need.kind == "food")
    needs.serve(food.id, Given(words="送了米"), now=NOW, by=by)
    with pytest.raises(Refused):
        needs.serve(food.id, Given(words="又送"), now=NOW, by=by)
    row = affected(stage, emergency)
    assert (row.needs, row.served) == (2, 1)
    counted = {a.kind: (a.n, a.served) for a in Asked.objects.filter(emergency=emergency)}
    assert counted == {"food": (1, 1), "medicine": (1, 0)}
    kinds = [(n.kind, n.served_at is not None) for n in needs.at_home(emergency, of)]
    assert sorted(kinds) == [("food", True), ("medicine", False)]
    # Met, the same may be needed again.
    assert needs.register(emergency, of, ["food"], "", now=NOW, by=by) == 1


def test_needs_are_seen_by_the_team_and_by_those_above_alone(
    stage: Stage, emergency: Emergency
) -> None:
    needs.register(emergency, home(stage), ["medicine"], SECRET, now=NOW, by=chief(stage))

    def sees(scope: Scope) -> int:
        with within(scope):
            return Need.objects.count()

    assert sees(chief(stage).scope) == 1 and sees(stage.leader.scope) == 1
    assert sees(stage.offices[COMMUNITY].scope) == 1
    assert sees(chief(stage, 1).scope) == 0 and sees(stage.offices[NEXT].scope) == 0
    assert not Need.objects.exists()
    with pytest.raises(Refused):
        needs.register(emergency, home(stage), ["food"], "", now=NOW, by=chief(stage, 1))
    (shown,), _more = needs.open_in(emergency, COMMUNITY, by=stage.leader)
    assert shown.masked and "13800001234" not in shown.note
    with pytest.raises(Refused):
        needs.serve(shown.need.id, Given(words="x"), now=NOW, by=chief(stage, 1))
    with pytest.raises(Refused):
        needs.look(shown.need.id, " ", now=NOW, by=stage.leader)
    assert needs.look(shown.need.id, "联系送药", now=NOW, by=stage.leader).note == SECRET
    looked = EmergencyEntry.objects.get(what="looked")
    assert looked.post == stage.leader.post and SECRET not in str(looked.facts)


def test_needs_of_a_county_come_page_by_page(stage: Stage, emergency: Emergency) -> None:
    for n, of in enumerate(h for b in stage.buildings[:3] for h in stage.households(b)):
        kinds = ["food", "medicine", "transport", "care", "baby", "other"]
        later = NOW + timedelta(seconds=n // 2)
        needs.register(emergency, of, kinds[: 6 - n % 2], "", now=later, by=None)
    seen = []
    after = ""
    needs_page, needs.PAGE = needs.PAGE, 5
    try:
        while True:
            found, after = needs.open_in(emergency, COMMUNITY, by=stage.leader, after=after)
            seen += [s.need.id for s in found]
            if not after:
                break
    finally:
        needs.PAGE = needs_page
    assert len(seen) == len(set(seen)) == 33


def test_tasks_go_to_every_building_and_are_done_once(stage: Stage, emergency: Emergency) -> None:
    given = errands.give(emergency, ["敲门", "送水"], None, now=NOW, by=stage.clerk)
    assert given == 6 and affected(stage, emergency).errands == 2
    (first, _second) = errands.of_building(emergency, stage.buildings[0])
    with pytest.raises(Refused):
        errands.done(first.id, "", now=NOW, by=chief(stage, 1))
    errands.done(first.id, "找 13800001234", now=NOW, by=chief(stage))
    with pytest.raises(Refused):
        errands.done(first.id, "", now=NOW, by=chief(stage))
    assert affected(stage, emergency).errands_done == 1
    assert "13800001234" not in Errand.objects.get(id=first.id).note
    with pytest.raises(Refused):
        errands.give(emergency, ["敲门"], None, now=NOW, by=stage.offices[NEXT])


def test_supplies_never_fall_below_nothing(stage: Stage, emergency: Emergency) -> None:
    water = supplies.take_in(emergency, "水", "箱", 10, "民政局", now=NOW, by=stage.clerk)
    to, by = stage.buildings[0], chief(stage)
    assert supplies.give_out(emergency, water.id, 7, to, now=NOW, by=by) == "水 7 箱"
    with pytest.raises(Refused):
        supplies.give_out(emergency, water.id, 4, to, now=NOW, by=by)
    assert Supply.objects.get(id=water.id).left == 3
    assert sorted(Movement.objects.values_list("n", flat=True)) == [-7, 10]
    with pytest.raises(Refused):
        supplies.take_in(emergency, "水", "瓶", 1, "", now=NOW, by=stage.clerk)
    with pytest.raises(Refused):
        supplies.give_out(emergency, water.id, 1, to, now=NOW, by=chief(stage, 1))


def test_a_need_is_met_from_supplies_or_not_at_all(stage: Stage, emergency: Emergency) -> None:
    water = supplies.take_in(emergency, "水", "箱", 1, "", now=NOW, by=stage.clerk)
    needs.register(emergency, home(stage), ["food"], "", now=NOW, by=None)
    (shown,) = needs.of_building(emergency, stage.buildings[0], by=chief(stage))
    with pytest.raises(Refused):
        needs.serve(shown.need.id, Given(supply=water.id, n=2), now=NOW, by=chief(stage))
    needs.serve(shown.need.id, Given(supply=water.id, n=1), now=NOW, by=chief(stage))
    with pytest.raises(Refused):
        needs.serve(shown.need.id, Given(supply=water.id, n=1), now=NOW, by=chief(stage))
    assert Supply.objects.get(id=water.id).left == 0
    (again,) = needs.of_building(emergency, stage.buildings[0], by=chief(stage))
    assert again.need.served_with == "水 1 箱"


def test_who_is_in_two_places_and_where_nobody_is_shows(stage: Stage, emergency: Emergency) -> None:
    post, other = chief(stage).post, chief(stage, 1).post

    def shift(who: Holder | None, spot: str, start: int, end: int) -> None:
        begins, ends = NOW + timedelta(hours=start), NOW + timedelta(hours=end)
        shifts.add(
            emergency, who.post if who else other, spot, begins, ends, now=NOW, by=stage.clerk
        )

    shift(chief(stage), "东门", 0, 8)
    shift(chief(stage), "西门", 6, 9)
    shift(None, "东门", 10, 12)
    rows = list(shifts.shifts_of(emergency))
    assert {s.spot for s in rows if s.id in shifts.clashes(rows)} == {"东门", "西门"}
    assert {s.post for s in rows if s.id in shifts.clashes(rows)} == {post}
    (gap,) = shifts.gaps(rows)
    assert (gap.spot, gap.from_at, gap.to_at) == (
        "东门", NOW + timedelta(hours=8), NOW + timedelta(hours=10)
    )  # fmt: skip
    with pytest.raises(Refused):
        shift(None, "东门", 0, 30)
    late = next(s for s in rows if s.from_at > NOW)
    shifts.remove(late.id, now=NOW, by=stage.clerk)
    with pytest.raises(Refused):
        shifts.remove(rows[0].id, now=NOW + timedelta(hours=1), by=stage.clerk)


def everything_said() -> str:
    """All there is in the tables of emergencies, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ 'neighbourhoods_'"
            " AND relname ~ 'emerg|affected|asked|errand|movement|shift|suppl|need'"
        )
        names = [name for (name,) in cursor.fetchall()]
        assert len(names) == 9
        said = []
        for name in names:
            cursor.execute(f"SELECT coalesce(jsonb_agg(x), '[]')::text FROM {name} x")  # noqa: S608
            said.append(cursor.fetchone()[0])
    return "".join(said)


def test_on_its_date_it_forgets_who_needed_what_and_keeps_the_counts(
    stage: Stage, emergency: Emergency
) -> None:
    of, by = home(stage), chief(stage)
    needs.register(emergency, of, ["food", "medicine"], SECRET, now=NOW, by=by)
    errands.give(emergency, ["敲门"], None, now=NOW, by=stage.clerk)
    errand = errands.of_building(emergency, stage.buildings[0])[0]
    errands.done(errand.id, "三楼老人已接走", now=NOW, by=by)
    shown = needs.of_building(emergency, stage.buildings[0], by=by)
    needs.serve(shown[0].need.id, Given(words="托李家带去"), now=NOW, by=by)
    emergencies.end(emergency.id, "水退了", now=NOW, by=stage.leader, kept=5)
    emergencies.erase_sooner(emergency.id, NOW.date() + timedelta(days=2), now=NOW, by=stage.leader)
    with pytest.raises(Refused):
        emergencies.erase_sooner(
            emergency.id, NOW.date() + timedelta(days=3), now=NOW, by=stage.leader
        )
    assert emergencies.erase_due(NOW + timedelta(days=1)) == 0
    with within(stage.leader.scope):
        before = everything_said()
    assert str(of.id) in before and "三楼老人" in before and "李家" in before
    assert emergencies.erase_due(NOW + timedelta(days=2)) == 1
    assert emergencies.erase_due(NOW + timedelta(days=2)) == 0
    with within(stage.leader.scope):
        after = everything_said()
        notes = list(Need.objects.values_list("note", "household", "served_with"))
    for word in (str(of.id), "三楼老人", "李家"):
        assert word not in after
    assert len(notes) == 2 and not any(any(n) for n in notes)
    row = affected(stage, emergency)
    assert (row.registered, row.needs, row.served, row.errands_done) == (1, 2, 1, 1)
    emergency.refresh_from_db()
    assert emergency.erased_at and (emergency.report or {})["kinds"]["food"]["n"] == 1


def test_what_is_over_takes_nothing_more(stage: Stage, emergency: Emergency) -> None:
    water = supplies.take_in(emergency, "水", "箱", 9, "", now=NOW, by=stage.clerk)
    needs.register(emergency, home(stage), ["food"], "", now=NOW, by=None)
    (shown,) = needs.of_building(emergency, stage.buildings[0], by=chief(stage))
    emergencies.end(emergency.id, "结束", now=NOW, by=stage.leader)
    emergency.refresh_from_db()
    to, by = stage.buildings[0], chief(stage)
    for do in (
        lambda: supplies.take_in(emergency, "水", "箱", 1, "", now=NOW, by=stage.clerk),
        lambda: supplies.give_out(emergency, water.id, 1, to, now=NOW, by=by),
        lambda: needs.register(emergency, home(stage), ["care"], "", now=NOW, by=by),
        lambda: needs.serve(shown.need.id, Given(words="x"), now=NOW, by=by),
        lambda: errands.give(emergency, ["x"], None, now=NOW, by=stage.clerk),
        lambda: emergencies.end(emergency.id, "结束", now=NOW, by=stage.leader),
    ):
        with pytest.raises(Refused):
            do()
