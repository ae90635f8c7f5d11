"""From an alert to a round or a joint meeting, and back: nothing false, nothing twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE, Cast, make_cast, signed_in
from gongzhi.command.alerts import marking, shown
from gongzhi.command.alerts.reminding import remind
from gongzhi.command.alerts.watching import WEEK, last_week, watch
from gongzhi.command.models import Alert
from gongzhi.command.tests.test_alerts import a_pile, came, links, noon, page
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.resolution import meetings
from gongzhi.networks.resolution.models import Line, Meeting

_PROVINCE, CITY, COUNTY, TOWN, _VILLAGE = LINE
NOW = timezone.now()
THIS = last_week(NOW)
ROUND, MEETING = reverse("networks:declare_round"), reverse("networks:new_meeting")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(["leader", "clerk", "grid_member", "mediator"])


@pytest.fixture
def late(cast: Cast) -> Alert:
    """Nine limits pass in the week, though no more cases came than usual; two cases came since."""
    came(THIS - 50 * WEEK, 1, "land")
    sweep(noon(THIS - 40 * WEEK))
    came(THIS - 3 * WEEK, 9, "land")
    sweep(noon(THIS))
    came(NOW.date(), 2, "land")
    watch(CITY, THIS, now=NOW)
    return Alert.objects.get(place=TOWN, measure="late")


@pytest.fixture
def pile(cast: Cast) -> Alert:
    a_pile()
    watch(CITY, THIS, now=NOW)
    return Alert.objects.get(place=TOWN, category="wages")


def led_to(who: Any, alert: Alert) -> dict[str, dict[str, str]]:
    found = links(page(who, reverse("command:alert", args=[alert.id])))
    return {to: {name: said[0] for name, said in asked.items()} for to, asked in found.items()}


def fields(form: str) -> dict[str, list[str]]:
    """What a form that is filled in sends, its text apart."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", form.split('<form method="post" novalidate')[1]):
        said = dict(re.findall(r'(name|value|type)="([^"]*)"', tag))
        if "name" in said and (said["type"] not in {"checkbox", "radio"} or " checked" in tag):
            found.setdefault(said["name"], []).append(said.get("value", ""))
    return found


def planned(who: Any, asked: dict[str, str]) -> str:
    """A meeting planned as its form is filled in; its address."""
    form = fields(page(who, MEETING, **asked))
    answer = signed_in(who).post(reverse("networks:new_meeting", query=asked), form)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.mark.parametrize(
    ("measure", "said"), [("late", "新逾期的期限比平常多"), ("share", "逾期的占比比平常高")]
)
def test_a_round_about_limits_does_not_say_that_more_of_a_kind_came(
    cast: Cast, late: Alert, measure: str, said: str
) -> None:
    Alert.objects.filter(id=late.id).update(measure=measure)
    leader = cast[COUNTY, "leader"]
    form = page(leader, ROUND, **led_to(leader, late)[ROUND])
    points = form.split("<textarea")[1].split("</textarea>")[0]
    assert f"{THIS} 起的一周里" in points and said in points
    assert "这类事比平常多" not in form and "土地" not in points
    assert '<option value="mediation:land" selected>' in form, "most of those overdue are of it"


def test_what_an_alert_of_limits_leads_to_is_late(cast: Cast, late: Alert) -> None:
    leader = cast[COUNTY, "leader"]
    asked = led_to(leader, late)
    cases = page(leader, reverse("desk:list"), **asked[reverse("desk:list")])
    assert asked[reverse("desk:list")]["overdue"] == "1" and 'name="overdue"' in cases
    assert len(fields(page(leader, MEETING, **asked[MEETING]))["cases"]) == 10, "not all twelve"


def test_of_what_was_put_to_the_unit_only_what_is_late_is_ticked(cast: Cast, late: Alert) -> None:
    leader = cast[COUNTY, "leader"]
    asked = led_to(leader, late)[MEETING]
    every = {name: said for name, said in asked.items() if name != "overdue"}
    planned(leader, every)
    meetings.cancel(Meeting.objects.get(), now=NOW, by=leader)
    form = page(leader, MEETING, **asked)
    assert len(meetings.waiting(leader)) == 12
    assert len(fields(form)["cases"]) == 10 and form.count('name="cases"') == 12


def test_an_alert_of_limits_says_which_limits_they_are(cast: Cast, late: Alert) -> None:
    ((label, n),) = shown.limits(late)
    assert n == 9
    said = page(cast[TOWN, "leader"], reverse("command:alert", args=[late.id]))
    assert f"新逾期的是哪些期限：{label} <strong>9</strong>" in said and "看现在逾期的案件" in said


def test_an_alert_of_cases_names_no_limits(cast: Cast, pile: Alert) -> None:
    assert shown.limits(pile) == []
    said = page(cast[TOWN, "leader"], reverse("command:alert", args=[pile.id]))
    assert "哪些期限" not in said and "看这些案件" in said


def test_cases_of_a_meeting_to_come_are_not_ticked_again(cast: Cast, pile: Alert) -> None:
    leader = cast[COUNTY, "leader"]
    asked = led_to(leader, pile)[MEETING]
    planned(leader, asked)
    n = Line.objects.count()
    again = page(leader, MEETING, **asked)
    listed = {f"{x.of_county}/{x.of_case}" for x in Line.objects.all()}
    assert not listed & set(fields(again).get("cases", [])) and again.count("已列入") == n > 1
    overview = page(leader, reverse("networks:meetings"))
    assert "0 件等着议定" in overview and overview.count("已列入") == n
    meeting = Meeting.objects.get()
    meetings.cancel(meeting, now=NOW, by=leader)
    assert listed <= set(fields(page(leader, MEETING, **asked))["cases"])
    assert f"{n} 件等着议定" in page(leader, reverse("networks:meetings"))


def test_what_a_meeting_put_off_waits_for_another(cast: Cast, pile: Alert) -> None:
    leader = cast[COUNTY, "leader"]
    planned(leader, led_to(leader, pile)[MEETING])
    meeting = Meeting.objects.get()
    Meeting.objects.update(begins_at=NOW - timedelta(hours=1))
    line = Line.objects.first()
    assert line
    meetings.decide(meeting, (line.of_county, line.of_case), {"outcome": "postponed"}, key="p",
                    now=NOW, by=leader)  # fmt: skip
    assert [w.case.id for w in meetings.waiting(leader) if w.on is None] == [line.of_case]


def test_lines_of_an_agenda_tell_cases_of_a_kind_apart(cast: Cast, pile: Alert) -> None:
    leader = cast[COUNTY, "leader"]
    form = page(leader, MEETING, **led_to(leader, pile)[MEETING])
    n = form.count('name="cases"')
    assert form.count("日登记 · ") == n and "九市镇" in form.split('name="cases"')[1]


def test_an_alert_leads_to_the_meeting_made_from_it_and_counts_as_acted_on(
    cast: Cast, pile: Alert
) -> None:
    leader, address = cast[COUNTY, "leader"], reverse("command:alert", args=[pile.id])
    before = remind(leader, NOW)
    made = planned(leader, led_to(leader, pile)[MEETING])
    said = page(leader, address)
    assert made in said and "已处置" in said.split("</h1>")[0]
    after = remind(leader, NOW)
    assert before and "4" in before.said and after and "3" in after.said
    city = cast[CITY, "leader"]
    assert made not in page(city, address), "whoever has no seat hears nothing of a meeting"
    (one,) = shown.shown([pile], city)
    assert one.stands == marking.NEW
    meetings.cancel(Meeting.objects.get(), now=NOW, by=leader)
    (one,) = shown.shown([pile], leader)
    assert one.stands == marking.NEW and made not in page(leader, address)


def test_an_alert_leads_to_the_round_made_from_it(cast: Cast, pile: Alert) -> None:
    leader, address = cast[COUNTY, "leader"], reverse("command:alert", args=[pile.id])
    form = page(leader, ROUND, **led_to(leader, pile)[ROUND])
    seal = re.search(r'name="confirm" value="([^"]+)"', form)
    assert seal
    said = {**fields(form), "wanted": "有没有", "matter": "mediation:wages", "confirm": seal[1]}
    made = signed_in(leader).post(ROUND, said)
    assert made.status_code == 302, made.content.decode()
    assert Round.objects.get().alert == pile.id
    for by in (leader, cast[CITY, "leader"]):
        assert made["Location"] in page(by, address)
    assert [s.stands for s in shown.shown([pile], leader)] == ["acted"]


def test_a_meeting_room_is_named_in_the_readers_language(cast: Cast, pile: Alert) -> None:
    client = signed_in(cast[COUNTY, "leader"])
    client.cookies["django_language"] = "en"
    form = client.get(MEETING, led_to(cast[COUNTY, "leader"], pile)[MEETING]).content.decode()
    (where,) = fields(form)["where"]
    assert where.startswith("Meeting room, ") and where.isascii(), where
    alerts = client.get(reverse("command:alerts")).content.decode()
    assert "up to 1 false alarm a week" in alerts
