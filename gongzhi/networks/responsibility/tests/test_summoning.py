"""Whom the list calls in, and why; drafts are proposed with their mark and decide nothing."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, make_cast, make_post, make_unit, signed_in
from gongzhi.declare import days, registry
from gongzhi.networks.responsibility import duties, entering, routing
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.networks.responsibility.summoning import summoned

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
TODAY = timezone.localdate()
LINES = [
    Line("transport", "公路法", leads=True, does="修复护栏", within=days(7)),
    Line("traffic_police", "道路交通安全法", does="疏导交通"),
    Line("power", "电力法", does="恢复供电"),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def row(*lines: Line, **said: Any) -> Duty:
    usual = {"mechanism": "roads", "category": "guard_rail", "level": 3, "place": CITY}
    return Duty(**(usual | said), lines=[*(lines or LINES)], valid_from=TODAY)


def drafted(*lines: Line, **said: Any) -> Duty:
    found = row(*lines, **said)
    entering.draft([found], now=timezone.now())
    return found


def called(but: UUID, category: str = "guard_rail", **more: Any) -> list[tuple[UUID, str, bool]]:
    found = summoned("roads", category, VILLAGE, on=TODAY, but=but, **more)
    return [(p.unit.id, p.line.does, p.duty.draft) for p in found]


def test_the_lead_comes_first_and_each_unit_says_why(cast: Cast) -> None:
    police, transport = make_unit(COUNTY, "traffic_police"), make_unit(COUNTY, "transport")
    make_unit(OUTSIDE, "power")
    drafted(LINES[1], LINES[0], LINES[2])
    assert called(cast.units[VILLAGE]) == [
        (transport, "修复护栏", True), (police, "疏导交通", True)
    ]  # fmt: skip


def test_the_nearest_of_a_kind_is_called_and_the_one_named_wherever_it_is(cast: Cast) -> None:
    near, _far = make_unit(TOWN, "transport"), make_unit(CITY, "transport")
    named = make_unit(OUTSIDE, "traffic_police")
    drafted(LINES[0], Line("traffic_police", "b", named))
    assert [unit for unit, *_why in called(cast.units[VILLAGE])] == [near, named]


def test_who_asks_and_who_is_complained_about_are_not_called(cast: Cast) -> None:
    transport, police = make_unit(COUNTY, "transport"), make_unit(COUNTY, "traffic_police")
    drafted()
    assert called(transport, hidden=[police]) == []


def test_what_is_confirmed_stands_before_a_draft(cast: Cast) -> None:
    make_unit(COUNTY, "transport")
    drafted()
    entering.enter([row(Line("transport", "b", leads=True), category="")], now=timezone.now(),
                   by=cast[CITY, "leader"])  # fmt: skip
    assert [(does, draft) for _unit, does, draft in called(cast.units[VILLAGE])] == [("", False)]


def test_two_statements_whatever_the_size(cast: Cast) -> None:
    for kind in ("transport", "traffic_police", "power"):
        make_unit(COUNTY, kind)
    drafted()
    with CaptureQueriesContext(connection) as asked:
        assert len(called(cast.units[VILLAGE])) == 3
    assert len(asked) == 2


def test_a_draft_routes_no_case_until_it_is_confirmed(cast: Cast) -> None:
    unit = make_unit(COUNTY, "department", parent=cast.units[COUNTY])
    make_post(unit, COUNTY, "clerk", unit_kind="department", sees=False)
    draft = drafted(Line("department", "b", leads=True), mechanism="mediation", category="wages")
    mediation = registry.get("mediation")
    lead = partial(routing.lead, mediation, "wages", VILLAGE, on=TODAY, now=timezone.now())
    routing.forget()
    assert lead() is None
    assert duties.suggested("mediation", "wages", VILLAGE, on=TODAY, but=unit) is None
    assert entering.confirm([draft.id], now=timezone.now(), by=cast[CITY, "leader"]) == 1
    found = lead()
    assert found is not None and found[0] == unit


def test_where_a_whistle_is_declared_the_list_calls_and_does_not_route(cast: Cast) -> None:
    unit = make_unit(COUNTY, "transport", parent=cast.units[COUNTY])
    make_post(unit, COUNTY, "handler", unit_kind="transport", sees=False)
    entering.enter([row()], now=timezone.now(), by=cast[CITY, "leader"])
    found = routing.lead(registry.get("roads"), "guard_rail", VILLAGE, on=TODAY,
                         now=timezone.now())  # fmt: skip
    assert found is None
    assert [u for u, *_why in called(cast.units[VILLAGE])] == [unit]


def test_who_confirmed_and_when_is_kept(cast: Cast) -> None:
    draft = drafted()
    with pytest.raises(Refused):
        entering.confirm([draft.id], now=timezone.now(), by=cast[COUNTY, "leader"])
    client = signed_in(cast[CITY, "leader"])
    assert "草案，未经本市确认" in client.get(reverse("networks:duties")).content.decode()
    client.post(reverse("networks:confirm_duties"), {"duty": [str(draft.id)]})
    draft.refresh_from_db()
    assert draft.post == cast[CITY, "leader"].post and draft.confirmed_at is not None
    page = client.get(reverse("networks:duties")).content.decode()
    assert "草案" not in page and "确认" in page


def test_a_city_s_own_row_ends_the_draft(cast: Cast) -> None:
    draft = drafted()
    entering.enter([row(LINES[0])], now=timezone.now(), by=cast[CITY, "leader"])
    draft.refresh_from_db()
    assert draft.valid_to == TODAY and draft.draft
    assert entering.draft([row()], now=timezone.now()) == 0, "the city has its list"


def test_a_unit_elsewhere_that_a_row_names_is_not_lost_when_it_is_changed(cast: Cast) -> None:
    named = make_unit(OUTSIDE, "transport")
    found = drafted(Line("transport", "b", named, leads=True), place=COUNTY)
    client = signed_in(cast[COUNTY, "leader"])
    page = client.get(reverse("networks:new_duty"), {"row": str(found.id)}).content.decode()
    assert f'value="unit/{named}" selected' in page


def test_a_draft_is_changed_by_writing_a_row_that_begins_with_it(cast: Cast) -> None:
    draft = drafted()
    client = signed_in(cast[CITY, "leader"])
    page = client.get(reverse("networks:new_duty"), {"row": str(draft.id)}).content.decode()
    assert page.count("修复护栏") == 1 and 'value="7 天"' in page
    assert client.get(reverse("networks:new_duty"), {"row": "x"}).status_code == 404
