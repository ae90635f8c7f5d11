"""The pages of campaigns: for who makes them, for chiefs at the door, for residents."""

import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from gongzhi.cases.testing import OUTSIDE, signed_in
from gongzhi.mechanisms.neighbourhoods.models import Campaign, CheckIn, Slot
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_closing
from gongzhi.mechanisms.neighbourhoods.tests.campaigns_stage import (
    COMMUNITY,
    NEXT_COMMUNITY,
    TOWN,
    Stage,
)


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def address(name: str, *args: Any) -> str:
    return reverse(f"neighbourhoods:{name}", args=args)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(address(name, *args), asked)
    assert answer.status_code == status
    return answer.content.decode()


def said(stage: Stage, **facts: Any) -> dict[str, Any]:
    return {
        "kind": "fire_check", "name": "消防安全检查", "scope": COMMUNITY,
        "starts_on": stage.today.isoformat(),
        "ends_on": (stage.today + timedelta(days=2)).isoformat(), "guidance": "请清理楼道。",
        "keep_days": "30",
    } | facts  # fmt: skip


def planned(of: Campaign, **facts: Any) -> dict[str, Any]:
    return {
        "part": of.place, "days": [of.starts_on.isoformat(), of.ends_on.isoformat()],
        "since": "08:30", "until": "17:30", "rest_since": "12:00", "rest_until": "14:00",
        "spots": "一号门\n二号门", "per_hour": "10",
    } | facts  # fmt: skip


def test_it_is_made_planned_changed_and_closed_by_who_keeps_the_place(stage: Stage) -> None:
    client = signed_in(stage.clerk)
    wrong = client.post(address("new_campaign"), said(stage, ends_on="2020-01-01"))
    assert wrong.status_code == 422 and "不能早于" in wrong.content.decode()
    answer = client.post(address("new_campaign"), said(stage))
    of = Campaign.objects.get()
    assert answer["Location"] == address("campaign_schedule", of.id)
    assert "3 栋楼还没有时段" in page(client, "campaign_schedule", of.id)
    few = client.post(address("plan_campaign", of.id), planned(of, until="08:35", rest_since="",
                                                               rest_until=""))  # fmt: skip
    assert few.status_code == 422 and "只能安排" in few.content.decode()
    assert client.post(address("plan_campaign", of.id), planned(of)).status_code == 302
    table = page(client, "campaign_schedule", of.id)
    assert "一号门" in table and "没有时段" not in table and "冲突" not in table
    change = client.post(address("change_campaign", of.id), said(stage, name="消防检查"))
    assert change.status_code == 302 and "消防检查" in page(client, "campaign", of.id)
    longer = client.post(address("change_campaign", of.id), said(stage, keep_days="60"))
    assert longer.status_code == 422 and "只能提前" in longer.content.decode()
    client.post(address("close_campaign", of.id), {"note": "楼道清理干净了。"})
    assert "楼道清理干净了。" in page(client, "campaign_report", of.id)
    assert client.post(address("plan_campaign", of.id), planned(of)).status_code == 404


def test_a_slot_is_changed_by_hand_and_clashes_are_shown(stage: Stage) -> None:
    client, of = signed_in(stage.clerk), stage.campaign()
    today = stage.today.isoformat()
    one = {"building": stage.first.id, "day": today, "since": "09:00", "until": "10:00"}
    add = f"{address('add_slot', of.id)}?place={COMMUNITY}"
    assert client.post(add, one | {"until": "08:00"}).status_code == 422
    assert client.post(add, one | {"day": "2020-01-01"}).status_code == 422
    assert client.post(add, one).status_code == 302
    assert client.post(add, one | {"since": "09:30", "until": "11:00"}).status_code == 302
    assert "同一时间有两个时段" in page(client, "campaign_schedule", of.id)
    slot = Slot.objects.get(to_at__hour=11)
    change = address("change_slot", of.id, slot.id)
    assert "09:30" in client.get(change).content.decode()
    assert client.post(change, one | {"since": "10:00", "until": "11:00"}).status_code == 302
    assert "冲突" not in page(client, "campaign_schedule", of.id)
    client.post(address("drop_slot", of.id, slot.id))
    assert Slot.objects.count() == 1


def test_who_does_not_keep_it_looks_only(stage: Stage) -> None:
    of = stage.campaign()
    slot = Slot.objects.create(campaign=of, building=stage.first, from_at=stage.now,
                               to_at=stage.now + timedelta(hours=1))  # fmt: skip
    chief, outside = signed_in(stage.chief), signed_in(stage.cast[OUTSIDE, "clerk"])
    for client in (chief, outside):
        for name, *more in (
            ("change_campaign",), ("close_campaign",), ("plan_campaign",), ("import_slots",),
            ("add_slot",), ("change_slot", slot.id), ("campaign_silent",), ("export_slots",),
            ("campaign_timetable",), ("campaign_placards",),
        ):  # fmt: skip
            page(client, name, of.id, *more, status=404)
    page(chief, "new_campaign", status=404)
    page(outside, "campaign", of.id, status=404)
    assert "流感疫苗接种" in page(chief, "campaigns")
    assert "流感疫苗接种" not in page(outside, "campaigns")
    assert "1号楼" in page(chief, "campaign_progress", of.id)
    assert "2号楼" not in page(chief, "campaign_progress", of.id)


def test_a_community_plans_its_part_of_a_campaign_from_above(stage: Stage) -> None:
    of = stage.campaign(by=stage.town, place=TOWN)
    client = signed_in(stage.clerk)
    assert client.post(address("plan_campaign", of.id), planned(of)).status_code == 422
    assert client.post(address("plan_campaign", of.id), planned(of, part=COMMUNITY)
                       ).status_code == 302  # fmt: skip
    assert not Slot.objects.filter(building=stage.next).exists()
    page(client, "campaign_schedule", of.id, place=NEXT_COMMUNITY, status=404)
    page(client, "change_campaign", of.id, status=404)
    town = signed_in(stage.town)
    assert "3 / 3" in page(town, "campaign_schedule", of.id)
    assert "9号楼" in page(town, "campaign_schedule", of.id, place=NEXT_COMMUNITY)


def test_the_chief_checks_in_by_one_tap_and_takes_it_back(stage: Stage) -> None:
    of, home = stage.campaign(), stage.homes(stage.first)[2]
    client, htmx = signed_in(stage.chief), {"HX-Request": "true"}
    doors = page(client, "campaign_doors", of.id, stage.first.id)
    assert "不记姓名" in doors and "<b>103</b>" in doors
    tap = address("check_in", of.id, stage.first.id, home.id)
    line = client.post(tap, {"people": "3"}, headers=htmx).content.decode()
    assert f'id="h-{home.id}"' in line and "3 人" in line and "1 / 8" in line
    assert "hx-swap-oob" in line and "<b>104</b>" not in line
    assert "<b>103</b>" not in page(client, "campaign_doors", of.id, stage.first.id, missing="")
    wrong = client.post(tap, {"people": "many"}, headers=htmx).content.decode()
    assert "1 到 50" in wrong and "1 / 8" in wrong
    back = client.post(tap, {"people": "0"})
    assert back["Location"].endswith(f"#h-{home.id}")
    assert not CheckIn.objects.exists()


def test_doors_are_for_their_own_building(stage: Stage) -> None:
    of, home = stage.campaign(), stage.homes(stage.first)[0]
    for by in (stage.neighbour, stage.cast[OUTSIDE, "clerk"]):
        client = signed_in(by)
        page(client, "campaign_doors", of.id, stage.first.id, status=404)
        tap = address("check_in", of.id, stage.first.id, home.id)
        assert client.post(tap, {"people": "1"}).status_code == 404
    other = address("check_in", of.id, stage.second.id, home.id)
    neighbour = signed_in(stage.neighbour).post(other, {"people": "1"}, headers={"HX-Request": "1"})
    assert neighbour.status_code == 404 and not CheckIn.objects.exists()


def test_progress_goes_down_to_buildings_and_says_nothing_while_nothing_changes(
    stage: Stage,
) -> None:
    of, homes = stage.campaign(by=stage.town, place=TOWN), stage.homes(stage.first)
    for home in homes[:6]:
        campaigns.check_in(of.id, home.id, 2, by=stage.chief, now=stage.now)
    client = signed_in(stage.town)
    top = client.get(address("campaign_progress", of.id))
    assert top.context["total"].percent == 30 and "6 / 16" in top.content.decode()
    again = {"place": TOWN, "seen": top.context["seen"]}
    assert client.get(address("campaign_progress", of.id), again).status_code == 204
    campaigns.check_in(of.id, homes[6].id, 1, by=stage.chief, now=stage.now)
    assert client.get(address("campaign_progress", of.id), again).status_code == 200
    grids = client.get(address("campaign_progress", of.id), {"place": COMMUNITY})
    assert [p.came for p in grids.context["parts"]].count(7) == 1
    of_grid = page(client, "campaign_progress", of.id, place=COMMUNITY, grid=stage.first.grid_id)
    assert "7 / 8" in of_grid
    silent = page(client, "campaign_silent", of.id)
    assert "2号楼" in silent and "1号楼" not in silent
    for wrong in ({"place": "4401"}, {"place": "x"}, {"grid": "x"}, {"grid": str(of.id)}):
        assert client.get(address("campaign_progress", of.id), wrong).status_code == 404


def test_a_page_of_progress_asks_as_much_for_many_buildings(stage: Stage) -> None:
    of, client = stage.campaign(), signed_in(stage.clerk)
    page(client, "campaign_progress", of.id)
    with CaptureQueriesContext(connection) as asked:
        page(client, "campaign_progress", of.id)
    assert len(asked) <= 9


def test_residents_see_when_where_and_what_in_their_language(stage: Stage) -> None:
    cache.clear()
    of, home = stage.campaign(), stage.homes(stage.first)[0]
    client = Client()
    assert "还没有安排" in page(client, "campaign_at", of.id, stage.first.id)
    noon = stage.at(12)
    Slot.objects.create(campaign=of, building=stage.first, spot="东门", from_at=noon,
                        to_at=noon + timedelta(hours=1))  # fmt: skip
    told = page(client, "campaign_at", of.id, stage.first.id)
    assert "12:00–13:00" in told and "东门" in told and "请带身份证" in told
    assert "东门" not in page(client, "campaign_at", of.id, stage.second.id)
    page(client, "campaign_at", of.id, stage.next.id, status=404)
    door = render_to_string("neighbourhoods/campaigns/at_door.html", {"building": stage.first})
    assert "东门" in door and address("campaign_at", of.id, stage.first.id) in door
    at_home = "neighbourhoods/campaigns/at_home.html"
    assert "已签到" not in render_to_string(at_home, {"household": home})
    campaigns.check_in(of.id, home.id, 3, by=stage.chief, now=stage.now)
    assert "已签到 3 人" in render_to_string(at_home, {"household": home})
    with translation.override("en"):
        assert "Bring your ID card" in render_to_string(at_home, {"household": home})
    english = client.get(address("campaign_at", of.id, stage.first.id),
                         headers={"Accept-Language": "en"}).content.decode()  # fmt: skip
    assert "Bring your ID card" in english and "Flu vaccination" in english
    translation.activate("zh-hans")  # the request has left its language behind
    campaigns_closing.close(of.id, "", by=stage.clerk, now=stage.now)
    assert not render_to_string(at_home, {"household": home}).strip()
    assert "已经结束" in page(client, "campaign_at", of.id, stage.first.id)


def test_who_asks_too_often_is_asked_to_wait(stage: Stage, settings: Any) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"campaign": "1/m/ip"}
    of, client = stage.campaign(), Client()
    page(client, "campaign_at", of.id, stage.first.id)
    page(client, "campaign_at", of.id, stage.first.id, status=429)
    cache.clear()


def text_of(content: bytes) -> list[str]:
    return [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_a_schedule_is_printed_for_each_building_and_for_the_community(stage: Stage) -> None:
    of, client = stage.campaign(), signed_in(stage.clerk)
    client.post(address("plan_campaign", of.id), planned(of))
    placards = text_of(client.get(address("campaign_placards", of.id)).content)
    assert len(placards) == 3 and "1号楼" in placards[0] and "请带身份证" in placards[0]
    assert "Bring your ID card" in placards[0] and "Flu vaccination" in placards[0]
    table = "".join(text_of(client.get(address("campaign_timetable", of.id)).content))
    assert "3号楼" in table and "二号门" in table and "编号" not in table
    own = signed_in(stage.chief)
    one = text_of(own.get(address("campaign_placard", of.id, stage.first.id)).content)
    assert len(one) == 1 and "08:30" in one[0]
    page(own, "campaign_placard", of.id, stage.second.id, status=404)
