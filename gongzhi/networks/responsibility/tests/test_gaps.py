"""Where nobody is and where somebody has too much, at all five levels, a page at a time."""

import io
from dataclasses import replace
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.linkage import act_named
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, begin, make_cast, make_post, signed_in
from gongzhi.declare import Level, registry
from gongzhi.networks.responsibility import vacancies
from gongzhi.networks.responsibility.load import loads
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder
from gongzhi.places.models import Division

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
MEDIATION = registry.get("mediation")
GAPS, OVERLOAD = reverse("networks:vacancies"), reverse("networks:overload")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def two_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, overload_least=2))


def leave(cast: Cast, place: str) -> None:
    held = Appointment.objects.filter(post__unit_id=cast.units[place])
    held.update(held_to=timezone.now())


def page(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("place", LINE)
def test_a_unit_with_nobody_in_post_is_seen_at_every_level(cast: Cast, place: str) -> None:
    leave(cast, place)
    found = {p.code: p for p in vacancies.chain(MEDIATION, VILLAGE, now=timezone.now())}
    assert list(found) == list(LINE)
    assert [code for code, p in found.items() if p.empty] == [place]
    assert found[place].has_unit


def test_villages_are_counted_by_county_and_named_by_town(cast: Cast) -> None:
    leave(cast, VILLAGE)
    parts = {p.code: {c.level: c for c in p.counts}
             for p in vacancies.parts(MEDIATION, CITY, now=timezone.now())}  # fmt: skip
    villages = Division.objects.filter(level=5, code__startswith=COUNTY).count()
    there = parts[COUNTY][5]
    assert (there.all, there.nobody, there.no_unit) == (villages, 1, villages - 1)
    assert parts[COUNTY][3].nobody == parts[OUTSIDE][3].no_unit == 0
    shown = page(signed_in(cast[CITY, "leader"]), GAPS, mechanism="mediation")
    assert f"没有单位 {villages - 1}" in shown and "无人在岗 1" in shown
    named = page(signed_in(cast[CITY, "leader"]), GAPS, mechanism="mediation", place=TOWN)
    assert "有单位，无人在岗" in named and "空缺的地方（村）" in named


def test_a_long_list_comes_page_by_page_and_whole_as_a_sheet(cast: Cast) -> None:
    client = signed_in(cast[CITY, "leader"])
    asked = {"mechanism": "mediation", "place": COUNTY, "level": "5"}
    all_, after = vacancies.vacant(MEDIATION, COUNTY, now=timezone.now(), level=Level.VILLAGE), ""
    seen: list[str] = []
    while True:
        answer = client.get(GAPS, {**asked, "after": after})
        seen += [p.code for p, _name in answer.context["named"]]
        after = answer.context["next"]
        if not after:
            break
        assert "下一页" in answer.content.decode()
    assert seen == [p.code for p in all_] and len(seen) > 2 * vacancies.PAGE
    sheet = client.get(GAPS, {**asked, "as": "xlsx"}).content
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.values)  # type: ignore[union-attr]
    assert {r[0] for r in rows[1:]} >= set(seen)


def test_whatever_the_number_of_places_the_page_asks_as_often(cast: Cast) -> None:
    client = signed_in(cast[CITY, "leader"])
    asked = {}
    for place in (CITY, COUNTY):
        client.get(GAPS, {"place": place})
        with CaptureQueriesContext(connection) as statements:
            client.get(GAPS, {"place": place})
        asked[place] = len(statements)
    assert asked[CITY] == asked[COUNTY] <= 12


@pytest.mark.parametrize("address", [GAPS, OVERLOAD])
def test_only_those_who_stand_over_a_place_see_its_gaps(cast: Cast, address: str) -> None:
    for place in (PROVINCE, CITY, OUTSIDE, "x", ""):
        assert signed_in(cast[COUNTY, "leader"]).get(address, {"place": place}).status_code == 404
    assert signed_in(cast["court", "judge"]).get(address).status_code == 404


def holding(by: Holder, n: int) -> None:
    """So many cases that are this post's."""
    for _ in range(n):
        case = begin(MEDIATION, unit=by.unit, key=uuid4().hex)
        case.act(act_named(MEDIATION, "accept"), by=by)
        case.act(act_named(MEDIATION, "assign"), {"mediator": by.post}, by=by)


@pytest.mark.parametrize("place", LINE)
def test_a_post_with_too_much_is_seen_at_every_level(
    cast: Cast, two_are_too_many: None, place: str
) -> None:
    by = cast[place, "clerk"]
    holding(by, 2)
    found = loads(place, over=place)
    assert [x.post for x in found.values() if x.overloaded] == [by.post]
    assert found[by.post].open == 2
    shown = page(signed_in(cast[PROVINCE, "leader"]), OVERLOAD)
    assert "governance_centre" in shown.split("<tbody>")[1]
    assert page(signed_in(cast[PROVINCE, "leader"]), OVERLOAD, place=OUTSIDE).count("<tbody>") == 0


def test_who_has_as_much_as_others_like_them_is_not_overloaded(
    cast: Cast, two_are_too_many: None
) -> None:
    mine = cast[TOWN, "clerk"]
    other = make_post(cast.units[TOWN], TOWN, "clerk")
    holding(mine, 2)
    assert loads(TOWN, over=TOWN)[mine.post].overloaded
    holding(other, 1)
    assert loads(TOWN, over=TOWN)[mine.post].usual == 1
    assert not loads(TOWN, over=TOWN)[mine.post].overloaded


def test_what_counts_as_too_much_is_the_operator_s_to_set(cast: Cast) -> None:
    holding(cast[TOWN, "clerk"], 2)
    assert not loads(TOWN, over=TOWN)[cast[TOWN, "clerk"].post].overloaded
    assert "至少 10 件" in page(signed_in(cast[TOWN, "leader"]), OVERLOAD)
