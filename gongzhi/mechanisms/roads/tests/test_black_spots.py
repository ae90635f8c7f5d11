"""Black spots: found by the rule in force, a case by one press, compared once treated."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import plans, whistles
from gongzhi.cases.act import Receipt
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.models import Case
from gongzhi.cases.steps import STEP
from gongzhi.cases.testing import BEGAN, OUTSIDE, Told, signed_in
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Accident, Road
from gongzhi.mechanisms.roads.registers import accidents, black_spots, parameters
from gongzhi.mechanisms.roads.tests.conftest import COUNTY, SEEN, TOWN, VILLAGE, Stage
from gongzhi.people.scope import Scope, within

RULE = {name: known.default for name, known in parameters.KNOWN.items()}


class Spots:
    """A road with accidents at its stakes."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.road = Road.objects.create(
            code="X413", name="凤凰线", place=COUNTY, valid_from=date(2020, 1, 1)
        )

    def accident(self, km: float | None, days: float, **facts: Any) -> Accident:
        at = BEGAN - timedelta(days=days)
        told = {"place": VILLAGE, "kind": "rear", "injured": 1, "at": at, **facts}
        if km is not None:
            told |= {"road_id": self.road.id, "km": km}
        return accidents.record(told, now=BEGAN, by=self.stage.police)

    def three(self) -> list[Accident]:
        return [self.accident(km, days) for km, days in ((3.0, 10), (3.2, 20), (3.5, 30))]

    def found(self, place: str = COUNTY, **rule: int) -> list[black_spots.BlackSpot]:
        asked = RULE | {f"spots.{name}": n for name, n in rule.items()}
        return black_spots.found(place, asked, now=BEGAN)

    def take_up(self, key: str | None = None, now: datetime = BEGAN) -> Told:
        key = key or self.found()[0].key
        county, id_ = black_spots.take_up(COUNTY, key, RULE, now=now, by=self.stage.chief)
        return Told(Receipt(county, id_, "", 1, again=False), now)


@pytest.fixture
def spots(stage: Stage) -> Spots:
    return Spots(stage)


def cleared(spots: Spots) -> Told:
    """Whistled for, done, and verified on the spot."""
    case, stage = spots.take_up(), spots.stage
    said = {"ground": "several", "units": [stage.transport.unit], "reason": Words("改善视距")}
    case.act(m.whistle, said, by=stage.chief)
    case.act(whistles.report_in, {"way": "site", "duty": "accept"}, by=stage.transport)
    case.act(whistles.feed_back, {"note": Words("已改")}, by=stage.transport)
    task = stage.task(case, "inspect", stage.chief.unit)
    case.act(whistles.inspect, {"task": task, "outcome": "done", "stars": 3}, by=stage.chief)
    case.act(m.verify, SEEN, by=stage.chief)
    return case


def test_three_with_injuries_within_500_metres_in_a_year_are_one(spots: Spots) -> None:
    three = spots.three()
    spots.accident(3.6, 5)  # in the open window from 3.2, and so one with them
    spots.accident(9.0, 5)
    (found,) = spots.found()
    assert {*three} < {*found.accidents} and len(found.accidents) == 4
    assert found.stakes == (3.0, 3.6) and found.place == VILLAGE and found.case is None


@pytest.mark.parametrize(
    "changed",
    [{"km": 3.501}, {"days": 400}, {"injured": 0}],
    ids=["too far", "too long ago", "nobody hurt"],
)
def test_what_the_rule_does_not_count_makes_no_black_spot(
    spots: Spots, changed: dict[str, Any]
) -> None:
    spots.accident(3.0, 10)
    spots.accident(3.2, 20)
    spots.accident(**{"km": 3.5, "days": 30, **changed})
    assert spots.found() == []
    assert len(spots.found(metres=600, months=24, injured=0)) == 1


def test_deaths_count_as_injuries_do_and_void_records_do_not(spots: Spots) -> None:
    rows = [spots.accident(3.0, n, injured=0, deaths=1) for n in (1, 2, 3)]
    assert spots.found()[0].deaths == 3
    accidents.correct(rows[0].id, {"void": True}, now=BEGAN, by=spots.stage.police)
    assert spots.found() == []


def test_where_no_stake_is_known_the_straight_line_counts(spots: Spots) -> None:
    for n, east in enumerate((0.0, 0.0012, 0.0024)):  # some 120 m each
        spots.accident(None, n + 1, longitude=111.9 + east, latitude=23.2)
    spots.accident(None, 9, longitude=111.91, latitude=23.2)  # a kilometre on
    (found,) = spots.found()
    assert len(found.accidents) == 3 and found.road is None
    assert found.middle == (111.9012, 23.2)


def test_it_becomes_a_case_by_one_press_and_its_accidents_know_it(spots: Spots) -> None:
    three = spots.three()
    case = spots.take_up()
    row = case.row()
    assert row.category == "black_spot" and row.state == "discovered" and "X413" in row.title
    assert row.facts["spot"]["accidents"] == 3 and row.facts["road"] == str(spots.road.id)
    assert set(Accident.objects.values_list("case", flat=True)) == {row.id}
    assert len(three) == 3


def test_pressed_twice_it_is_one_case_and_new_accidents_join_it(spots: Spots) -> None:
    spots.three()
    key = spots.found()[0].key
    first = spots.take_up(key)
    new = spots.accident(3.3, 1)
    (found,) = spots.found()
    assert found.case == first.receipt.id and found.fresh == [new]
    again = spots.take_up(found.key)
    new.refresh_from_db()
    assert again.receipt.id == first.receipt.id == new.case
    with within(Scope(place=COUNTY)):
        assert Case.objects.filter(category="black_spot").count() == 1


def test_what_is_no_spot_any_more_or_reaches_beyond_is_refused(spots: Spots) -> None:
    spots.three()
    with pytest.raises(Refused):
        spots.take_up("00000000-0000-0000-0000-000000000000")
    spots.accident(3.1, 4, place=TOWN)
    with pytest.raises(Refused):  # the village's chief has no say in all of the town
        spots.take_up()
    assert not Accident.objects.exclude(case=None).exists()


def test_measures_are_a_plan_and_it_is_not_struck_off_before_they_are_done(spots: Spots) -> None:
    spots.three()
    case, stage = spots.take_up(), spots.stage
    steps = [{"unit": stage.transport.unit, "due": date(2026, 2, 1)}]
    case.act(plans.plan, {"steps": steps, "step_1": Words("加装护栏")}, by=stage.chief)
    said = {"ground": "beyond", "units": [stage.police.unit], "reason": Words("限速")}
    case.act(m.whistle, said, by=stage.chief)
    with pytest.raises(Refused):
        case.act(m.verify, SEEN, by=stage.chief)
    step = stage.task(case, STEP, stage.transport.unit)
    case.act(plans.carry_out, {"step": step, "note": Words("装好了")}, by=stage.transport)
    assert case.row().is_open


def test_accidents_of_a_treated_spot_count_no_more_and_new_ones_do(spots: Spots) -> None:
    spots.three()
    cleared(spots)
    assert spots.found() == []
    for n in (1, 2, 3):
        spots.accident(3.2, n / 10)
    assert len(spots.found()[0].accidents) == 3


def test_before_and_after_are_equal_periods_around_the_treatment(spots: Spots) -> None:
    spots.three()
    spots.accident(3.2, 15, injured=0)  # does not count by the rule of the case
    row = cleared(spots).row()
    assert row.closed_at is not None
    spots.accident(3.25, -5)
    spots.accident(9.0, -5)  # elsewhere
    assert black_spots.periods(row, row.closed_at + timedelta(hours=5)) is None
    of = black_spots.periods(row, row.closed_at + timedelta(days=25))
    assert of is not None and of.days == 25
    assert of.before[1] == row.reported_at and of.after[0] == row.closed_at
    assert black_spots.counts(black_spots.there(row), of) == (2, 1)


def test_an_open_case_is_not_compared(spots: Spots) -> None:
    spots.three()
    assert black_spots.periods(spots.take_up().row(), BEGAN + timedelta(days=400)) is None


def recent(spots: Spots, n: int = 3, since: int = 1, **facts: Any) -> None:
    for day in range(since, since + n):
        at = timezone.now() - timedelta(days=day)
        told = {"place": VILLAGE, "road_id": spots.road.id, "km": 3.2, "kind": "rear",
                "injured": 1, "longitude": 111.9, "latitude": 23.2, "at": at, **facts}  # fmt: skip
        accidents.record(told, now=at, by=spots.stage.police)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"roads:{name}", args=args), asked)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_finds_them_and_leads_to_the_case(spots: Spots) -> None:
    recent(spots)
    client = signed_in(spots.stage.chief)
    assert "立案治理" in page(client, "black_spots") and "X413 3.200" in page(client, "black_spots")
    key = black_spots.found(VILLAGE, RULE, now=timezone.now())[0].key
    answer = client.post(reverse("roads:take_up_black_spot"), {"key": key}, follow=True)
    case = Accident.objects.first()
    assert case is not None and answer.redirect_chain[-1][0].endswith(f"/{case.case}/")
    assert "立案治理" not in page(client, "black_spots")
    beside = page(client, "beside", COUNTY, case.case)
    assert "1 人受伤" in beside and "治理前后" not in beside


def test_who_may_not_see_the_case_is_told_so(spots: Spots) -> None:
    recent(spots)
    police = signed_in(spots.stage.police)
    key = black_spots.found(COUNTY, RULE, now=timezone.now())[0].key
    answer = police.post(reverse("roads:take_up_black_spot"), {"key": key}, follow=True)
    assert answer.status_code == 200 and "您这里看不到它" in answer.content.decode()
    assert "已立案" in page(police, "black_spots")


def test_the_map_has_a_point_for_each(spots: Spots) -> None:
    recent(spots)
    answer = signed_in(spots.stage.chief).get(reverse("roads:black_spots_map"))
    (feature,) = answer.json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [111.9, 23.2]}
    assert feature["properties"]["accidents"] == 3 and feature["properties"]["road"] == "X413"
    assert answer.headers["Content-Type"] == "application/geo+json"


def test_nobody_reads_another_county(spots: Spots) -> None:
    client = signed_in(spots.stage.cast[OUTSIDE, "road_chief"])
    page(client, "black_spots", status=404, place=COUNTY)
    page(client, "black_spots_map", status=404, place=COUNTY)


@pytest.mark.parametrize(
    ("after", "said"),
    [(0, "差别比碰巧通常能造成的大"), (4, "这样的差别可能只是碰巧"), (-1, "数量太少")],
)
def test_the_case_page_compares_and_claims_no_cause(spots: Spots, after: int, said: str) -> None:
    """Treated in January 2026, looked at today."""
    many = 2 if after < 0 else 9
    spots.three()
    for n in range(many - 3 if many > 3 else 0):
        spots.accident(3.1, 40 + n)
    row = cleared(spots).row()
    for n in range(after):
        spots.accident(3.2, -10 - n)
    if after < 0:
        Accident.objects.filter(km__gt=3.1).update(void=True)
    beside = page(signed_in(spots.stage.chief), "beside", COUNTY, row.id)
    assert "治理前后" in beside and said in beside and "回归均值" in beside
    listed = page(signed_in(spots.stage.chief), "black_spots")
    assert said in listed and "回归均值" in listed
