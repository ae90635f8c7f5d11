"""The after-report, and who came forgotten on its date."""

import io
from datetime import timedelta
from uuid import uuid4

import pypdf
import pytest
from django.db import connection
from django.urls import reverse

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods import tasks
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, CheckIn, Progress, Purpose
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_closing
from gongzhi.mechanisms.neighbourhoods.tests.campaigns_stage import COMMUNITY, TOWN, Stage


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


@pytest.fixture
def of(stage: Stage) -> Campaign:
    """Of the town; five households of two buildings have come within an hour."""
    found = stage.campaign(by=stage.town, place=TOWN)
    homes = [*stage.homes(stage.first)[:4], stage.homes(stage.next)[0]]
    for n, home in enumerate(homes):
        at = stage.now + timedelta(minutes=15 * n)
        campaigns.check_in(found.id, home.id, 2, by=stage.town, now=at)
    return found


def test_the_report_keeps_the_figures_as_they_stood(stage: Stage, of: Campaign) -> None:
    closed = campaigns_closing.close(of.id, "下次早些通知。", by=stage.town, now=stage.now)
    told = closed.report or {}
    assert (told["buildings"], told["begun"], told["households"], told["came"], told["people"]) == (
        4, 2, 20, 5, 10
    )  # fmt: skip
    assert [(c["code"], c["came"]) for c in told["communities"]] == [
        (COMMUNITY, 4), (stage.next.community, 1)
    ]  # fmt: skip
    assert sum(n for _day, n, _heads in told["days"]) == 5 and told["note"] == "下次早些通知。"
    Building.objects.filter(id=stage.first.id).update(name="改名楼")
    Progress.objects.filter(campaign=of).update(came=0)
    said = signed_in(stage.town).get(
        reverse("neighbourhoods:campaign_report", args=[of.id]), {"place": COMMUNITY}
    ).content.decode()  # fmt: skip
    assert "25%" in said and "5 <span" in said and "1 小时" in said and "1号楼" in said
    assert "改名楼" not in said


def test_the_report_is_a_pdf_too_and_a_community_has_its_own_part(
    stage: Stage, of: Campaign
) -> None:
    campaigns_closing.close(of.id, "下次早些通知。", by=stage.town, now=stage.now)
    for by, there in ((stage.town, True), (stage.clerk, False)):
        answer = signed_in(by).get(reverse("neighbourhoods:campaign_report_pdf", args=[of.id]))
        said = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
        assert "流感疫苗接种总结" in said and "1号楼" in said and ("9号楼" in said) is there
        assert ("25%" in said) is True  # five of twenty, and four of sixteen


def test_only_who_keeps_the_whole_place_closes_it_and_once(stage: Stage, of: Campaign) -> None:
    for by in (stage.clerk, stage.chief):
        with pytest.raises(Refused):
            campaigns_closing.close(of.id, "", by=by, now=stage.now)
    campaigns_closing.close(of.id, "", by=stage.town, now=stage.now)
    with pytest.raises(Refused, match="已经结束"):
        campaigns_closing.close(of.id, "", by=stage.town, now=stage.now)


def test_what_was_registered_for_it_ends_with_it(stage: Stage, of: Campaign) -> None:
    def purpose(**facts: object) -> Purpose:
        return Purpose.objects.create(
            name="接种登记", place=TOWN, basis="知情同意", fields=["age"], keep_days=30,
            valid_from=stage.today, account=uuid4(), post=uuid4(), **facts,
        )  # fmt: skip

    yesterday = stage.today - timedelta(days=1)
    own, over = purpose(campaign=of.id), purpose(campaign=of.id, ends_on=yesterday)
    other = purpose()
    campaigns_closing.close(of.id, "", by=stage.town, now=stage.now)
    for one, ends_on in ((own, stage.today), (over, yesterday), (other, None)):
        one.refresh_from_db()
        assert one.ends_on == ends_on


def everything_of(of: Campaign) -> str:
    """All that any table of campaigns says of this one, as text."""
    said = []
    with connection.cursor() as cursor:
        for table in ("campaign", "slot", "checkin", "progress"):
            key = "id" if table == "campaign" else "campaign_id"
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM neighbourhoods_{table} t WHERE {key} = %s",  # noqa: S608
                [of.id],
            )
            said += [row for (row,) in cursor.fetchall()]
    return "\n".join(said)


def test_who_came_is_forgotten_on_its_date_and_counts_remain(stage: Stage, of: Campaign) -> None:
    campaigns_closing.close(of.id, "", by=stage.town, now=stage.now)
    homes = [str(h.id) for h in stage.homes(stage.first)[:4]]
    assert all(home in everything_of(of) for home in homes)
    day_before = stage.now + timedelta(days=30)
    assert campaigns_closing.forget(day_before) == 0 and CheckIn.objects.count() == 5
    assert campaigns_closing.forget(stage.now + timedelta(days=31)) == 1
    assert not any(home in everything_of(of) for home in homes)
    assert not CheckIn.objects.exists()
    assert Progress.objects.get(campaign=of, building=stage.first.id).people == 8
    of.refresh_from_db()
    assert of.erased_at is not None and (of.report or {})["came"] == 5
    assert campaigns_closing.forget(stage.now + timedelta(days=32)) == 0


def test_one_that_nobody_closed_is_closed_when_who_came_is_forgotten(
    stage: Stage, of: Campaign
) -> None:
    Campaign.objects.filter(id=of.id).update(erase_on=stage.today)
    assert tasks.keep_campaigns(timestamp=0) == 1
    of.refresh_from_db()
    assert of.closed_at is not None and (of.report or {})["people"] == 10
    assert not CheckIn.objects.exists()


def test_who_moved_in_counts_from_the_next_night(stage: Stage, of: Campaign) -> None:
    Building.objects.filter(id=stage.first.id).update(households=9)
    assert tasks.keep_campaigns(timestamp=0) == 0
    found = Progress.objects.get(campaign=of, building=stage.first.id)
    assert (found.households, found.came, found.people) == (9, 4, 8)
