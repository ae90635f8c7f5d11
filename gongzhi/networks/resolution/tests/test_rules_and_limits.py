"""Rules are tried before they are switched on; periods change from a day to come."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import limits
from gongzhi.cases.changes import Refused
from gongzhi.cases.grounds import GROUNDS
from gongzhi.cases.registers import FallbackRule, Limit
from gongzhi.cases.testing import LINE, Cast, make_cast, signed_in
from gongzhi.declare import minutes, registry

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
RULE = {"place": COUNTY, "mechanism": "", "clock": "", "level": "", "remind_after": "1",
        "up_after": "3"}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def county(cast: Cast) -> Client:
    return signed_in(cast[COUNTY, "leader"])


def test_a_rule_is_tried_first_and_then_switched_on(cast: Cast, county: Client) -> None:
    tried = county.post(reverse("networks:new_rule"), RULE)
    assert tried.status_code == 200 and 'name="on"' in tried.content.decode()
    assert not FallbackRule.objects.exists()
    county.post(reverse("networks:new_rule"), {**RULE, "on": "1"})
    rule = FallbackRule.objects.get()
    assert (rule.place, rule.post) == (COUNTY, cast[COUNTY, "leader"].post)
    county.post(reverse("networks:end_rule", args=[rule.id]))
    rule.refresh_from_db()
    assert rule.valid_to


def test_a_rule_that_cannot_be_is_asked_for_again(county: Client) -> None:
    answer = county.post(reverse("networks:new_rule"), {**RULE, "up_after": "0", "on": "1"})
    assert answer.status_code == 422 and not FallbackRule.objects.exists()


@pytest.mark.parametrize(("place", "kind"), [(TOWN, "leader"), (COUNTY, "clerk")])
def test_others_read_the_rules_and_set_none(cast: Cast, place: str, kind: str) -> None:
    client = signed_in(cast[place, kind])
    assert client.get(reverse("networks:fallback")).status_code == 200
    assert client.get(reverse("networks:new_rule")).status_code == 404


def test_a_rule_is_ended_by_nobody_below_it(cast: Cast, county: Client) -> None:
    county.post(reverse("networks:new_rule"), {**RULE, "on": "1"})
    rule = FallbackRule.objects.get()
    signed_in(cast[TOWN, "leader"]).post(reverse("networks:end_rule", args=[rule.id]))
    rule.refresh_from_db()
    assert rule.valid_to is None


def test_a_limit_is_changed_from_a_day_to_come(cast: Cast) -> None:
    client = signed_in(cast[CITY, "leader"])
    address = reverse("networks:change_limit", args=["petitions", "answer"])
    since = timezone.localdate() + timedelta(days=30)
    said = {"n": "45", "unit": "days", "since": since.isoformat(), "law": "新条例 第一条"}
    assert client.post(address, said).status_code == 302
    page = client.get(reverse("networks:limits")).content.decode()
    assert "45" in page and "新条例 第一条" in page


def test_the_whistle_s_clocks_are_the_citys_too(cast: Cast, county: Client) -> None:
    client = signed_in(cast[CITY, "leader"])
    address = reverse("networks:change_shared_limit", args=["whistle_urgent_report"])
    assert county.get(address).status_code == 404
    since = timezone.localdate() + timedelta(days=3)
    said = {"n": "20", "unit": "minutes", "since": since.isoformat(), "law": "路长制办法 第五条"}
    assert client.post(address, said).status_code == 302
    urgent = GROUNDS["urgent"].report
    in_force = [
        limits.in_force("roads", urgent, timezone.now() + timedelta(days=n)).span for n in (0, 4)
    ]
    assert in_force == [minutes(30), minutes(20)]
    assert "路长制办法 第五条" in client.get(reverse("networks:limits")).content.decode()
    with pytest.raises(Refused):  # not one of that mechanism's own
        limits.set_from(registry.get("petitions"), urgent, minutes(20), since, "x",
                        now=timezone.now(), by=cast[CITY, "leader"])  # fmt: skip


def test_a_limit_of_the_past_stays_as_it_was(cast: Cast) -> None:
    client = signed_in(cast[CITY, "leader"])
    address = reverse("networks:change_limit", args=["petitions", "answer"])
    today = timezone.localdate().isoformat()
    said = {"n": "45", "unit": "days", "since": today, "law": "新条例"}
    answer = client.post(address, said)
    assert answer.status_code == 422 and not Limit.objects.exists()
    assert "新条例" in answer.content.decode(), "what was typed stays"


def test_a_county_changes_no_limit(county: Client) -> None:
    address = reverse("networks:change_limit", args=["petitions", "answer"])
    assert county.get(address).status_code == 404
