"""Campaigns of today at the doors 签到: when and where, and how many of each household came."""

from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string

from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign
from gongzhi.mechanisms.neighbourhoods.pages.field.asked import holder, named, number
from gongzhi.mechanisms.neighbourhoods.registers import campaigns
from gongzhi.people.permissions import Actor
from gongzhi.ui import words
from gongzhi.ui.offline import Answer, Operation


def came(one: Operation, now: datetime, by: Actor) -> Answer:
    """So many of a household; none takes it back."""
    campaigns.check_in(
        named(one.data, "campaign"), named(one.data, "household"), number(one.data, "people"),
        by=holder(by), now=now,
    )  # fmt: skip
    return Answer("done")


def of_building(of: Building, today: date) -> dict[Campaign, dict[str, Any]]:
    """Those that go on today: its times, drawn here, and who has come."""
    found = campaigns.open_in(of.id, today).filter(starts_on__lte=today)
    slots = campaigns.slots_of(of.id, found)
    return {
        one: {
            "when": render_to_string(
                "neighbourhoods/campaigns/when.html", {"slots": slots.get(one.id, [])}
            ),
            "came": {str(h): c.people for h, c in campaigns.came(one.id, of.id).items()},
        }
        for one in found
    }


def shown(of: Campaign) -> dict[str, Any]:
    return {"id": of.id, "name": words.named(of), "guidance": campaigns.guidance(of)}
