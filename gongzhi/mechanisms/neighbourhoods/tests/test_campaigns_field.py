"""Campaigns on a chief's phone: those of today with their times, and who came, counted once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gongzhi.mechanisms.neighbourhoods.models import Campaign, Progress, Slot
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, campaigns_closing
from gongzhi.mechanisms.neighbourhoods.tests.campaigns_stage import Stage
from gongzhi.mechanisms.neighbourhoods.tests.phones import Phone


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


@pytest.fixture
def phone(stage: Stage) -> Phone:
    return Phone(stage.chief)


def came(phone: Phone, of: Campaign, home: UUID, people: Any) -> dict[str, Any]:
    data = {"campaign": str(of.id), "household": str(home), "people": people}
    return phone.did("came", data)


def counted(stage: Stage, of: Campaign) -> tuple[int, int]:
    found = Progress.objects.get(campaign=of, building=stage.first.id)
    return found.came, found.people


def test_the_pack_has_the_campaigns_of_today_with_times_and_who_came(
    stage: Stage, phone: Phone
) -> None:
    of = stage.campaign()
    later = stage.today + timedelta(days=1)
    stage.campaign(name="下次", starts_on=later, ends_on=later)
    Slot.objects.create(campaign=of, building=stage.first, from_at=stage.now,
                        to_at=stage.now + timedelta(hours=1), spot="社区<b>服务站")  # fmt: skip
    home = stage.homes(stage.first)[0]
    campaigns.check_in(of.id, home.id, 3, by=stage.chief, now=stage.now)
    part = phone.pack()
    (told,) = part["campaigns"]
    assert (told["name"], told["guidance"]) == ("流感疫苗接种", "请带身份证。")
    (building,) = part["buildings"]
    (here,) = building["campaigns"].values()
    assert "社区&lt;b&gt;服务站" in here["when"] and here["came"] == {str(home.id): 3}


def test_who_came_is_counted_once_corrected_and_taken_back(stage: Stage, phone: Phone) -> None:
    of, (first, second, *_) = stage.campaign(), stage.homes(stage.first)
    one = came(phone, of, first.id, 3)
    sent = phone.send(one, one, came(phone, of, second.id, 2))
    assert sent == [("done", "")] * 3 and phone.send(one)[0][0] == "again"
    assert counted(stage, of) == (2, 5)
    phone.send(came(phone, of, first.id, 4), came(phone, of, second.id, 0))
    assert counted(stage, of) == (1, 4)


def test_what_cannot_be_counted_waits_for_the_chief(stage: Stage, phone: Phone) -> None:
    of, closed = stage.campaign(), stage.campaign(name="上次")
    home = stage.homes(stage.first)[0].id
    campaigns_closing.close(closed.id, "", by=stage.clerk, now=stage.now)
    found = phone.send(
        came(phone, closed, home, 2), came(phone, of, stage.homes(stage.second)[0].id, 2),
        came(phone, of, home, 51), came(phone, of, home, "2"),
    )  # fmt: skip
    assert [what for what, _said in found] == ["rejected"] * 4
    assert "已经结束" in found[0][1] and counted(stage, of) == (0, 0)
