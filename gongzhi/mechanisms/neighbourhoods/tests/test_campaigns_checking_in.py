"""Check-in: by whom, how often, counted exactly, and nothing of persons kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django import forms
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Campaign, CheckIn, Household, Progress
from gongzhi.mechanisms.neighbourhoods.pages.campaigns import forms as asked
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_closing
from gongzhi.mechanisms.neighbourhoods.tests.campaigns_stage import TOWN, Stage


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def counted(of: Campaign, building: UUID) -> tuple[int, int, int]:
    p = Progress.objects.get(campaign=of, building=building)
    return p.households, p.came, p.people


def recounted(of: Campaign, building: UUID) -> tuple[int, int]:
    found = CheckIn.objects.filter(campaign=of, building=building)
    return len(found), sum(one.people for one in found)


def test_the_chief_checks_in_corrects_and_takes_back(stage: Stage) -> None:
    of, (home, *_others) = stage.campaign(), stage.homes(stage.first)
    for people, came in ((3, 1), (3, 1), (2, 1), (0, 0), (0, 0), (4, 1)):
        done = campaigns.check_in(of.id, home.id, people, by=stage.chief, now=stage.now)
        assert (done.households, done.came, done.people) == (8, came, people)
        assert counted(of, stage.first.id) == (8, came, people)
        assert recounted(of, stage.first.id) == (came, people)


def test_a_check_in_is_one_round_trip(stage: Stage) -> None:
    of, home = stage.campaign(), stage.homes(stage.first)[0]
    for by in (stage.chief, stage.clerk, stage.town):
        with CaptureQueriesContext(connection) as asked_of:
            campaigns.check_in(of.id, home.id, 2, by=by, now=stage.now)
        assert len(asked_of) == 1


def test_only_who_answers_for_the_building_checks_in(stage: Stage) -> None:
    of, home = stage.campaign(by=stage.town, place=TOWN), stage.homes(stage.first)[0]
    elsewhere = stage.homes(stage.next)[0]
    for by, who in ((stage.neighbour, home), (stage.chief, elsewhere), (stage.clerk, elsewhere)):
        with pytest.raises(Refused, match="不在您负责的楼栋"):
            campaigns.check_in(of.id, who.id, 1, by=by, now=stage.now)
    assert not CheckIn.objects.exists()
    assert not Progress.objects.filter(came__gt=0).exists()
    campaigns.check_in(of.id, elsewhere.id, 1, by=stage.town, now=stage.now)


def test_who_has_moved_out_is_not_checked_in(stage: Stage) -> None:
    of, home = stage.campaign(), stage.homes(stage.first)[0]
    Household.objects.filter(id=home.id).update(until=stage.today)
    with pytest.raises(Refused, match="不在您负责的楼栋"):
        campaigns.check_in(of.id, home.id, 1, by=stage.chief, now=stage.now)


def test_not_before_it_begins_nor_elsewhere_nor_after_it_is_closed(stage: Stage) -> None:
    home, there = stage.homes(stage.first)[0], stage.homes(stage.next)[0]
    early = stage.campaign(starts_on=stage.today + timedelta(days=1))
    with pytest.raises(Refused, match="还没有开始"):
        campaigns.check_in(early.id, home.id, 1, by=stage.chief, now=stage.now)
    of = stage.campaign()
    with pytest.raises(Refused, match="不在这次行动"):
        campaigns.check_in(of.id, there.id, 1, by=stage.town, now=stage.now)
    for people in (-1, 51):
        with pytest.raises(Refused, match="1 到 50"):
            campaigns.check_in(of.id, home.id, people, by=stage.chief, now=stage.now)
    campaigns_closing.close(of.id, "", by=stage.clerk, now=stage.now)
    with pytest.raises(Refused, match="已经结束"):
        campaigns.check_in(of.id, home.id, 1, by=stage.chief, now=stage.now)


def all_at_once(jobs: list[Callable[[], object]]) -> None:
    def alone(job: Callable[[], object]) -> None:
        try:
            job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(alone, jobs))


def test_counts_stay_exact_however_many_check_in_at_once(fresh_database: str) -> None:
    stage = Stage()
    of = stage.campaign()
    homes = [*stage.homes(stage.first), *stage.homes(stage.second)]

    def job(home: Household, people: int) -> Callable[[], object]:
        return lambda: campaigns.check_in(of.id, home.id, people, by=stage.clerk, now=stage.now)

    all_at_once([job(homes[n * 7 % len(homes)], n * 3 % 5) for n in range(400)])
    all_at_once([job(homes[0], 3) for _n in range(24)])
    for b in (stage.first, stage.second):
        assert counted(of, b.id)[1:] == recounted(of, b.id)
    assert CheckIn.objects.get(campaign=of, household=homes[0].id).people == 3


def test_who_comes_while_it_is_closed_is_in_the_report_or_refused(fresh_database: str) -> None:
    stage = Stage()
    of, homes = stage.campaign(), stage.homes(stage.first)
    refused = []

    def come(home: Household) -> None:
        try:
            campaigns.check_in(of.id, home.id, 2, by=stage.chief, now=stage.now)
        except Refused:
            refused.append(home)

    jobs: list[Callable[[], object]] = [lambda h=h: come(h) for h in homes]  # type: ignore[misc]
    jobs[4:4] = [lambda: campaigns_closing.close(of.id, "", by=stage.clerk, now=stage.now)]
    all_at_once(jobs)
    of.refresh_from_db()
    assert of.report is not None
    came = len(homes) - len(refused)
    assert of.report["came"] == came == CheckIn.objects.filter(campaign=of).count()
    assert of.report["people"] == 2 * came


def test_no_column_and_no_field_is_for_names_or_results() -> None:
    columns = {f.name for f in CheckIn._meta.get_fields()}
    assert columns == {"pk", "campaign", "household", "building", "people", "at", "post"}
    counts = {f.name for f in Progress._meta.get_fields()}
    assert counts == {
        "pk", "campaign", "building", "community", "grid", "households", "came", "people",
    }  # fmt: skip
    found = {
        form.__name__: set(form.base_fields)
        for form in vars(asked).values()
        if isinstance(form, type) and issubclass(form, forms.Form) and form is not forms.Form
    }
    assert found == {
        "CampaignForm": {"kind", "name", "name_en", "scope", "starts_on", "ends_on", "spots",
                         "guidance", "guidance_en", "keep_days"},
        "CloseForm": {"note"},
        "PeopleForm": {"people"},
        "PlanForm": {"part", "days", "since", "until", "rest_since", "rest_until", "spots",
                     "per_hour"},
        "SlotForm": {"building", "day", "since", "until", "spot"},
        "SheetForm": {"file"},
    }  # fmt: skip
