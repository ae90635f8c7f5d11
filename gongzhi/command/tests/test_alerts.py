"""Piles are watched once a week from the counters, and told to the leaders of the place."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import plans, rollups
from gongzhi.cases.act import act, report
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.clocks import CHINA
from gongzhi.cases.counters import Daily
from gongzhi.cases.models import Delta
from gongzhi.cases.registers import Parameter
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, make_cast, signed_in, told
from gongzhi.command.alerts import marking, parameters
from gongzhi.command.alerts.reminding import remind
from gongzhi.command.alerts.watching import WEEK, last_week, watch, watch_missing
from gongzhi.command.models import Alert, Mark, Watch
from gongzhi.command.tasks import watch_piles
from gongzhi.declare import registry
from gongzhi.people.posts import Resident
from gongzhi.people.scope import Scope, within

_PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
NOW = timezone.now()
THIS = last_week(NOW)
LIST = reverse("command:alerts")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(["leader", "clerk"])


def came(day: date, n: int, category: str = "wages", place: str = VILLAGE) -> None:
    """So many cases of a kind on a day."""
    of, said = registry.get("mediation"), told(category=category, place=place)
    for _n in range(n):
        report(of, said, key=uuid4().hex, now=noon(day), by=Resident())


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)


def a_pile(n: int = 14, *, weeks: int = 54) -> None:
    """Two a week as usual, and this week so many."""
    for i in range(1, weeks):
        came(THIS - i * WEEK, 2)
    came(THIS + timedelta(days=6), n)


def series() -> set[tuple[str, str]]:
    return set(Alert.objects.values_list("place", "category"))


def test_a_week_far_above_what_is_usual_is_told_of_county_and_town(cast: Cast) -> None:
    a_pile()
    watch(CITY, THIS, now=NOW)
    assert series() == {(COUNTY, ""), (COUNTY, "wages"), (TOWN, ""), (TOWN, "wages")}
    one = Alert.objects.get(place=TOWN, category="wages")
    assert (one.n, one.expected, one.weeks, one.recent) == (14, 2, 50, [*[2] * 25, 14])
    assert one.low <= 2 <= one.high < one.limit <= 14 and one.year_ago == 2
    assert one.p <= one.watch.rate <= 0.01 and one.watch.series == 4


def test_it_is_the_same_once_folded(cast: Cast) -> None:
    a_pile()
    rollups.fold()
    came(THIS, 1)
    with within(Scope(place=CITY)):
        assert Daily.objects.exists() and Delta.objects.count() == 1
    watch(CITY, THIS, now=NOW)
    assert set(Alert.objects.values_list("n", flat=True)) == {15}


def test_a_usual_week_raises_nothing(cast: Cast) -> None:
    a_pile(4)
    assert watch(CITY, THIS, now=NOW) == []
    assert Watch.objects.get().series == 4


def test_where_entering_began_lately_nothing_is_judged(cast: Cast) -> None:
    a_pile(weeks=20)
    assert watch(CITY, THIS, now=NOW) == []
    assert (Watch.objects.get().series, Watch.objects.get().short) == (0, 4)


def test_a_kind_that_never_came_before_is_judged_by_the_countys_weeks(cast: Cast) -> None:
    a_pile(2)
    came(THIS, 6, "land", "441226114203")
    watch(CITY, THIS, now=NOW)
    assert (TOWN, "land") in series() and (TOWN, "wages") not in series()


def test_limits_that_pass_are_watched_too(cast: Cast) -> None:
    came(THIS - 50 * WEEK, 1, "land")
    assert sweep(noon(THIS - 40 * WEEK)) == 1
    came(THIS - 3 * WEEK, 9, "land")
    assert sweep(noon(THIS)) == 9
    watch(CITY, THIS, now=NOW)
    assert set(Alert.objects.values_list("place", "measure", "n")) == {
        (COUNTY, "late", 9), (TOWN, "late", 9),
    }  # fmt: skip


def test_a_week_is_watched_once_and_none_is_missed(cast: Cast) -> None:
    a_pile()
    assert watch_piles(0) == 4
    assert watch_piles(0) == 0
    assert watch_missing(NOW + timedelta(days=7)) == 0
    assert Watch.objects.count() == 2


def test_weeks_are_counted_by_place_and_kind(cast: Cast) -> None:
    came(THIS, 2)
    came(THIS - timedelta(days=1), 1)
    with within(Scope(place=CITY)):
        found = rollups.weeks([COUNTY, TOWN], ["category.%"], since=THIS - WEEK, until=THIS + WEEK)
        assert rollups.weeks([], ["reported"], since=THIS, until=THIS) == []
    assert {(w.place, w.figure, w.at, w.n) for w in found} == {
        (place, "category.wages", at, n) for place in (COUNTY, TOWN) for at, n in ((0, 1), (1, 2))
    }


@pytest.fixture
def alert(cast: Cast) -> Alert:
    a_pile()
    watch(CITY, THIS, now=NOW)
    return Alert.objects.get(place=TOWN, category="wages")


def test_a_leader_is_reminded_until_their_own_unit_has_said_something(
    cast: Cast, alert: Alert
) -> None:
    town, county = cast[TOWN, "leader"], cast[COUNTY, "leader"]
    marking.mark([alert, *marking.beside(alert, town)], "seen", "", now=NOW, by=town)
    assert remind(town, NOW) is None and remind(cast[TOWN, "clerk"], NOW) is None
    reminder = remind(county, NOW)
    assert reminder and "4" in reminder.said and reminder.url == LIST
    assert remind(county, NOW + timedelta(weeks=6)) is None
    assert remind(cast[OUTSIDE, "leader"], NOW) is None


def page(who: Any, address: str, **asked: str) -> str:
    answer = signed_in(who).get(address, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_tells_what_stood_out_and_out_of_how_many(cast: Cast, alert: Alert) -> None:
    said = page(cast[COUNTY, "leader"], LIST)
    assert said.count(reverse("command:alert", args=[alert.id])) == 1
    assert "判断了 4 个序列" in said and "误报 1 条" in said
    sheet = page(cast[COUNTY, "leader"], LIST, **{"as": "csv"})
    assert sheet.count(THIS.isoformat()) == 4 and f"{TOWN}," in sheet
    assert "没有预警" in page(cast[OUTSIDE, "leader"], LIST)
    assert "没有预警" in page(cast[VILLAGE, "leader"], LIST)


def test_an_alert_shows_how_it_was_judged(cast: Cast, alert: Alert) -> None:
    address = reverse("command:alert", args=[alert.id])
    said = page(cast[TOWN, "leader"], address)
    assert "<strong>14</strong> 件" in said and f"预警线 {alert.limit} 件" in said
    assert said.count('class="week"') == 25 and 'class="this"' in said
    weeks = page(cast[TOWN, "leader"], address, **{"as": "csv"}).splitlines()
    assert weeks[-1] == f"{THIS},14,{alert.limit}" and len(weeks) == 27
    for who in (cast[OUTSIDE, "leader"], cast["court", "judge"], cast[VILLAGE, "leader"]):
        assert signed_in(who).get(address).status_code == 404


def test_leaders_mark_it_and_say_what_was_done(cast: Cast, alert: Alert) -> None:
    address = reverse("command:alert", args=[alert.id])
    leader, clerk = signed_in(cast[TOWN, "leader"]), signed_in(cast[TOWN, "clerk"])
    assert leader.post(address, {"kind": "acted", "words": " "}).status_code == 422
    assert clerk.post(address, {"kind": "seen"}).status_code == 422
    assert leader.post(address, {"kind": "deleted"}).status_code == 422
    assert leader.post(address, {"kind": "seen"}).status_code == 302
    assert leader.post(address, {"kind": "acted", "words": "去工地看了"}).status_code == 302
    assert "去工地看了" in page(cast[COUNTY, "leader"], address)
    marks = list(alert.marks.all())
    assert marking.stand(marks, cast[TOWN, "leader"]) == "acted"
    assert marking.stand(marks, cast[COUNTY, "leader"]) == "new"
    assert Mark.objects.count() == 2


def test_one_pile_that_stands_out_four_times_is_marked_once(cast: Cast, alert: Alert) -> None:
    said = {"kind": "seen", "beside": "on"}
    signed_in(cast[COUNTY, "leader"]).post(reverse("command:alert", args=[alert.id]), said)
    assert Mark.objects.count() == 4 and remind(cast[COUNTY, "leader"], NOW) is None
    assert remind(cast[TOWN, "leader"], NOW) is not None
    signed_in(cast[TOWN, "leader"]).post(reverse("command:alert", args=[alert.id]), said)
    assert Mark.objects.filter(unit=cast.units[TOWN]).count() == 2


def links(said: str) -> dict[str, dict[str, list[str]]]:
    found = [a.split('"')[0].replace("&amp;", "&") for a in said.split('href="')[1:]]
    return {urlsplit(a).path: parse_qs(urlsplit(a).query) for a in found if "mechanism" in a}


def test_it_leads_to_cases_round_and_meeting_already_filled_in(cast: Cast, alert: Alert) -> None:
    said = page(cast[COUNTY, "leader"], reverse("command:alert", args=[alert.id]))
    found = links(said)
    assert set(found) == {
        reverse("desk:list"), reverse("networks:declare_round"), reverse("networks:new_meeting")
    }  # fmt: skip
    for asked in found.values():
        assert asked["place"] == [TOWN] and asked["category"] == ["wages"]
    round_ = reverse("networks:declare_round")
    form = page(cast[COUNTY, "leader"], round_, **{k: v[0] for k, v in found[round_].items()})
    assert '<option value="mediation:wages" selected>' in form and TOWN in form
    assert found[round_]["title"][0] in form and found[round_]["week"] == [THIS.isoformat()]
    assert f"{THIS} 起的一周里，这类事比平常多：拖欠农民工工资纠纷" in form


def test_a_round_for_all_kinds_looks_for_the_one_of_which_most_came(cast: Cast) -> None:
    a_pile()
    came(THIS, 3, "land")
    watch(CITY, THIS, now=NOW)
    alert = Alert.objects.get(place=TOWN, category="", measure="reported")
    found = links(page(cast[COUNTY, "leader"], reverse("command:alert", args=[alert.id])))
    assert found[reverse("networks:declare_round")]["category"] == ["wages"]
    assert "category" not in found[reverse("networks:new_meeting")]


def test_of_a_meeting_the_cases_of_the_alert_are_ticked(cast: Cast, alert: Alert) -> None:
    for category in ("wages", "land"):
        said = told(category=category)
        made = report(registry.get("mediation"), said, key=category, now=NOW, by=Resident())
        table = {"reason": Words("多"), "unit": cast.units[COUNTY]}
        act((made.county, made.id), plans.table, table, key="t", now=NOW,
            by=cast[VILLAGE, "clerk"])  # fmt: skip
    leader = cast[COUNTY, "leader"]
    asked = links(page(leader, reverse("command:alert", args=[alert.id])))
    new = reverse("networks:new_meeting")
    form = page(leader, new, **{k: v[0] for k, v in asked[new].items()})
    # What was put to the unit, others of the kind that it may put on its agenda, and the town.
    assert form.count(" checked") == 1 + 29 + 1 and asked[new]["title"][0] in form
    assert " checked" not in page(leader, new)


def changed(day: date, **said: int) -> dict[str, Any]:
    usual = {name: known.default for name, known in parameters.KNOWN.items()}
    return {**usual, **said, "source": "市平安办 2026 年第 3 次会议", "since": day.isoformat()}


def test_a_city_sets_its_own_numbers_from_a_day_on(cast: Cast) -> None:
    address, today = reverse("command:alert_parameters"), timezone.localdate()
    city, county = signed_in(cast[CITY, "leader"]), signed_in(cast[COUNTY, "leader"])
    assert county.post(address, changed(today, least=9)).status_code == 422
    assert city.post(address, changed(today)).status_code == 422
    assert city.post(address, changed(today, weeks=30, gap=8)).status_code == 422
    assert city.post(address, changed(today - WEEK, least=9)).status_code == 422
    assert city.post(address, changed(today, least=9)).status_code == 302
    assert city.post(address, changed(today, least=10)).status_code == 422
    assert parameters.ALERTS.numbers(COUNTY, today)["least"] == 9
    assert parameters.ALERTS.numbers(COUNTY, today - WEEK)["least"] == 5
    assert "市平安办" in page(cast[COUNTY, "clerk"], address)


def test_numbers_hold_for_the_weeks_after_their_day(cast: Cast) -> None:
    Parameter.objects.create(
        of="alerts", place=CITY, name="least", n=20, source="x", valid_from=THIS,
        account=uuid4(), post=uuid4(), entered_at=NOW,
    )  # fmt: skip
    a_pile()
    assert watch(CITY, THIS, now=NOW) == []


def test_whoever_does_not_lead_there_marks_nothing(cast: Cast, alert: Alert) -> None:
    with pytest.raises(Refused):
        marking.mark([alert], "seen", "", now=NOW, by=cast[OUTSIDE, "leader"])


def test_the_last_week_is_the_one_that_is_over() -> None:
    monday = datetime.fromisoformat("2026-11-23T00:00:00+08:00")
    assert last_week(monday) == date(2026, 11, 16)
    assert last_week(monday - timedelta(seconds=1)) == date(2026, 11, 9)
