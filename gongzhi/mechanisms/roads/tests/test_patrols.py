"""When patrols are due, what they covered, and what is forgotten of them."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.cases.testing import signed_in
from gongzhi.declare import Level
from gongzhi.mechanisms.roads.models import Charge, Covered, Patrol, PatrolRule, Road, Section, Stop
from gongzhi.mechanisms.roads.registers import coverage, patrol_rules, patrols
from gongzhi.mechanisms.roads.tests.conftest import COUNTY, TOWN, VILLAGE, Stage
from gongzhi.people.posts import Holder

DEGREE = 0.00001  # of latitude: about 1.1 metres
LINE = [[111.90, 23.20], [111.91, 23.20]]
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=timezone.get_current_timezone())


def way(first: float = 111.90, last: float = 111.91, *, off: float = 0.0) -> list[list[float]]:
    steps = max(round((last - first) / 0.0005), 1)
    return [[first + (last - first) * n / steps, 23.20 + off, n * 10.0] for n in range(steps + 1)]


def test_a_way_beside_the_line_covers_it() -> None:
    assert coverage.Way(way(off=20 * DEGREE)).share(LINE) == 1.0
    assert coverage.Way(way(off=60 * DEGREE)).share(LINE) == 0.0


def test_half_a_way_covers_half() -> None:
    assert coverage.Way(way(last=111.905)).share(LINE) == pytest.approx(0.52, abs=0.04)


def test_where_the_position_was_lost_nothing_is_supposed() -> None:
    lost = [*way(last=111.901), *way(first=111.909)]
    assert coverage.Way(lost).share(LINE) < 0.4


def test_nothing_covers_nothing() -> None:
    assert coverage.Way([]).share(LINE) == 0.0
    assert coverage.Way(way()).share([]) == 0.0


@given(st.floats(111.90, 111.91), st.floats(111.90, 111.91))
def test_a_share_is_a_share_and_a_longer_way_covers_no_less(a: float, b: float) -> None:
    a, b = min(a, b), max(a, b)
    less, more = coverage.Way(way(a, b)).share(LINE), coverage.Way(way()).share(LINE)
    assert 0.0 <= less <= more == 1.0


def rule(place: str = "44", *, every: int, grade: str = "", level: int = 5, months: str = "1-12",
         ) -> PatrolRule:  # fmt: skip
    first, last = map(int, months.split("-"))
    return PatrolRule(place=place, grade=grade, level=level, from_month=first, to_month=last,
                      every_days=every, valid_from=NOW, account=uuid4(), post=uuid4())  # fmt: skip


def every(*rules: PatrolRule, on: date | None = None, level: Level = Level.VILLAGE) -> int | None:
    return patrol_rules.every_days(rules, VILLAGE, "X", level, on or NOW.date())


def test_without_a_rule_the_usual_holds() -> None:
    assert [every(level=level) for level in Level] == [None, 365, 91, 30, 7]


def test_the_nearest_place_then_the_class_then_the_season_decides() -> None:
    city, county = rule("4412", every=5), rule("441226", every=3)
    assert every(city, county) == 3
    assert every(county, rule("441226", every=2, grade="X")) == 2
    assert every(county, rule("441226", every=2, grade="G")) == 3
    assert every(county, rule("441226", every=1, months="4-9")) == 3
    assert every(county, rule("441226", every=1, months="4-9"), on=date(2026, 5, 1)) == 1


def test_a_season_runs_over_new_year() -> None:
    winter = rule(every=1, months="11-3")
    assert every(winter) == 1 and every(winter, on=date(2026, 7, 1)) == 7


@pytest.fixture
def section(stage: Stage) -> Section:
    since = (NOW - timedelta(days=100)).date()
    road = Road.objects.create(code="X413", name="彩虹路", place=COUNTY, valid_from=since)
    for by in (stage.chief, stage.upper):
        Charge.objects.create(post=by.post, road=road, held_from=since)
    return Section.objects.create(
        road=road, name="一段", village=VILLAGE, from_km=0, to_km=1, line=LINE, valid_from=since
    )


def patrolled(by: Holder, *, ago: int, track: list[list[float]] | None = None) -> Patrol:
    id_, at = uuid4(), NOW - timedelta(days=ago)
    patrols.begin(id_, at=at, skew=0, now=at, by=by)
    stop = {"id": uuid4(), "at": at, "longitude": 111.9, "latitude": 23.2, "note": "桥头"}
    told = patrols.Finished(at=at, track=way() if track is None else track, stops=[stop], found=0,
                            note="")  # fmt: skip
    assert patrols.finish(id_, told, by=by)
    assert not patrols.finish(id_, told, by=by)
    return Patrol.objects.get(id=id_)


def test_each_level_patrols_for_itself(stage: Stage, section: Section) -> None:
    patrolled(stage.chief, ago=3)
    village, town = sorted(patrols.of_place(COUNTY, NOW), key=lambda s: -s.level)
    assert village.level is Level.VILLAGE and not village.is_overdue(NOW.date())
    assert town.level is Level.TOWN and town.is_overdue(NOW.date())
    assert village.due_on == (NOW + timedelta(days=4)).date() and village.share == 1.0
    assert patrols.overdue(stage.chief, NOW) == 0 and patrols.overdue(stage.upper, NOW) == 1


def test_a_patrol_that_saw_little_does_not_count_as_one(stage: Stage, section: Section) -> None:
    patrolled(stage.chief, ago=3, track=way(last=111.903))
    (mine,) = patrols.of_post(stage.chief.post, NOW)
    assert mine.is_overdue(NOW.date()) and 0.2 < mine.share < 0.4


def test_coverage_is_the_length_patrolled_in_time(stage: Stage, section: Section) -> None:
    """Two levels answer for a kilometre: of both, on the last day of the span."""
    today = timezone.localdate(NOW)
    since, tomorrow = today - timedelta(days=30), today + timedelta(days=1)
    assert patrols.covered(COUNTY, since, tomorrow) == (0, 2000)
    patrolled(stage.chief, ago=3)
    assert patrols.covered(COUNTY, since, tomorrow) == (1000, 2000)
    assert patrols.covered(COUNTY, since, today - timedelta(days=3)) == (0, 2000)
    assert patrols.covered(COUNTY, since, tomorrow + timedelta(days=5)) == (0, 2000)
    assert patrols.covered("441202", since, tomorrow) == (0, 0)


def test_coverage_stands_among_the_indicators(stage: Stage, section: Section) -> None:
    patrolled(stage.chief, ago=3)
    answer = signed_in(stage.cast[COUNTY, "leader"]).get("/command/indicators/")
    (shown,) = [rows for m, rows, _idle in answer.context["parts"] if m and m.name == "roads"]
    (row,) = [x for x in shown if x.label == "巡查覆盖率"]
    assert row.under == 2000 and "巡查间隔" in row.formula


def test_a_rule_that_has_ended_held_before(stage: Stage) -> None:
    leader, now = stage.cast[COUNTY, "leader"], timezone.now()
    said = {"place": COUNTY, "grade": "X", "level": 5, "from_month": 1, "to_month": 12}
    made = patrol_rules.set_rule(**said, every=5, by=leader)  # type: ignore[arg-type]
    patrol_rules.end_rule(made, now + timedelta(days=2))
    assert patrol_rules.in_force(now + timedelta(days=1)) == [made]
    assert patrol_rules.in_force(now + timedelta(days=2)) == []


def test_sections_of_others_are_not_covered(stage: Stage, section: Section) -> None:
    patrolled(stage.neighbour, ago=1)
    assert not Covered.objects.exists()


def test_the_way_is_forgotten_and_what_it_covered_stays(stage: Stage, section: Section) -> None:
    old = patrolled(stage.chief, ago=settings.CONFIG.track_days + 1)
    fresh = patrolled(stage.chief, ago=settings.CONFIG.track_days - 1)
    assert patrols.forget_ways(NOW) == 1
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert old.track == [] and fresh.track
    assert Covered.objects.filter(patrol=old).exists()
    assert [s.patrol_id for s in Stop.objects.all()] == [fresh.id]
    assert patrols.forget_ways(NOW) == 0


def test_a_rule_is_ended_and_never_rewritten(stage: Stage) -> None:
    leader = stage.cast[COUNTY, "leader"]
    said = {"place": COUNTY, "grade": "X", "level": 5, "from_month": 1, "to_month": 12}
    first = patrol_rules.set_rule(**said, every=5, by=leader)  # type: ignore[arg-type]
    patrol_rules.set_rule(**said, every=3, by=leader)  # type: ignore[arg-type]
    first.refresh_from_db()
    assert first.every_days == 5 and first.valid_to is not None
    assert [r.every_days for r in patrol_rules.in_force(timezone.now())] == [3]


# Pages.


@pytest.fixture
def client(stage: Stage, section: Section) -> Client:
    return signed_in(stage.cast[TOWN, "leader"])


def test_what_is_overdue_is_counted_by_place_and_post(client: Client, stage: Stage) -> None:
    page = client.get("/roads/patrols/").content.decode()
    assert "一段" in page and "逾期" in page
    assert client.get(f"/roads/patrols/?place={COUNTY}").status_code == 404
    sheet = client.get("/roads/patrols/?as=xlsx")
    assert sheet.headers["Content-Type"].endswith("sheet")


def test_the_way_is_shown_to_nobody_but_whoever_went_it(client: Client, stage: Stage) -> None:
    patrol = patrolled(stage.chief, ago=1)
    own, others = signed_in(stage.chief), client
    assert 'class="way"' in own.get(f"/roads/patrols/{patrol.id}/").content.decode()
    page = others.get(f"/roads/patrols/{patrol.id}/").content.decode()
    assert 'class="way"' not in page and "一段" in page
    outside = signed_in(stage.cast["441202", "leader"])
    assert outside.get(f"/roads/patrols/{patrol.id}/").status_code == 404


def test_a_leader_of_the_county_sets_how_often(stage: Stage, section: Section) -> None:
    client = signed_in(stage.cast[COUNTY, "leader"])
    said = {"place": COUNTY, "grade": "", "level": 5, "from_month": 4, "to_month": 9, "every": 3}
    assert client.post("/roads/patrols/rules/", said).status_code == 302
    rule_ = PatrolRule.objects.get()
    assert "3" in client.get("/roads/patrols/rules/").content.decode()
    assert client.post(f"/roads/patrols/rules/{rule_.id}/end/").status_code == 302
    rule_.refresh_from_db()
    assert rule_.valid_to is not None
    assert client.post("/roads/patrols/rules/", {**said, "every": 0}).status_code == 422
    chief = signed_in(stage.chief)
    assert chief.post("/roads/patrols/rules/", said).status_code == 404


def test_the_worklist_reminds_a_chief_of_what_is_overdue(stage: Stage, section: Section) -> None:
    page = signed_in(stage.chief).get("/desk/").content.decode()
    assert "您有 1 段路要巡查" in page
