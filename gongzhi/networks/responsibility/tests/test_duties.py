"""Who is responsible: by the list, level by level; what is vacant or too much is seen in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import LINE, Cast, begin, make_cast, make_post, make_unit, signed_in
from gongzhi.declare import Level, registry
from gongzhi.networks.responsibility import duties, entering
from gongzhi.networks.responsibility.ladder import ladder
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
PETITIONS = registry.get("petitions")
TODAY = timezone.localdate()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def row(lead: str = "department", unit: UUID | None = None, **said: Any) -> Duty:
    usual: dict[str, Any] = {
        "mechanism": "petitions", "category": "education", "level": 3, "place": COUNTY,
        "lines": [Line(lead, "三定规定", unit, leads=True)], "valid_from": TODAY,
    }  # fmt: skip
    return Duty(**(usual | said))


def line(n: int, who: str, leads: str, basis: str, **more: str) -> dict[str, str]:
    """What a browser sends of one unit."""
    said = {"who": who, "leads": leads, "basis": basis, **more}
    return {f"line-{n}-{name}": value for name, value in said.items()}


def entered(cast: Cast, **said: Any) -> Duty:
    plan = entering.enter([row(**said)], now=timezone.now(), by=cast[COUNTY, "leader"])
    return plan.new[0]


def rungs(by: Holder, category: str = "education") -> dict[Level, Any]:
    found = ladder(PETITIONS, category, VILLAGE, now=timezone.now(), by=by)
    return {r.level: r for r in found}


def test_where_the_list_is_silent_the_usual_unit_is_named(cast: Cast) -> None:
    found = rungs(cast[COUNTY, "leader"])
    assert list(found) == list(Level)
    assert {r.unit.id for r in found.values()} == {cast.units[place] for place in LINE}
    assert all(r.duty is None for r in found.values())


def test_the_most_specific_row_holds(cast: Cast) -> None:
    whole, here = make_unit(COUNTY, "department"), make_unit(COUNTY, "government")
    entered(cast, category="")
    assert rungs(cast[COUNTY, "leader"])[Level.COUNTY].unit.id == whole
    entered(cast, lead="government")
    assert rungs(cast[COUNTY, "leader"])[Level.COUNTY].unit.id == here
    assert rungs(cast[COUNTY, "leader"], "health")[Level.COUNTY].unit.id == whole


def test_a_row_is_succeeded_and_what_held_before_stays_known(cast: Cast) -> None:
    make_unit(COUNTY, "department")
    entered(cast)
    later = TODAY + timedelta(days=10)
    entered(cast, lead="government", valid_from=later)
    leads = [duties.rows_for("petitions", "education", VILLAGE, day)[Level.COUNTY].lead.kind
             for day in (TODAY, later)]  # fmt: skip
    assert leads == ["department", "government"]
    with pytest.raises(Refused):
        entered(cast, lead="court", valid_from=TODAY)


@pytest.mark.parametrize(("place", "kind"), [(TOWN, "leader"), (COUNTY, "clerk")])
def test_the_list_is_kept_by_leaders_of_the_county_and_above(
    cast: Cast, place: str, kind: str
) -> None:
    with pytest.raises(Refused):
        entering.enter([row(place=place)], now=timezone.now(), by=cast[place, kind])
    assert signed_in(cast[place, kind]).get(reverse("networks:new_duty")).status_code == 404


def test_a_row_is_tried_on_last_months_cases(cast: Cast) -> None:
    there = make_unit(COUNTY, "department")
    case = begin(PETITIONS, category="education")
    now = case.now + timedelta(days=3)
    found = duties.tried([row()], now=now, by=cast[COUNTY, "leader"])
    assert [(t.case.id, t.lead.id) for t in found] == [(case.receipt.id, there)]
    assert duties.tried([row(category="health")], now=now, by=cast[COUNTY, "leader"]) == []
    assert not Duty.objects.exists()


def test_a_level_with_nobody_in_its_posts_is_seen(cast: Cast) -> None:
    held = Appointment.objects.filter(post__unit_id=cast.units[TOWN])
    held.update(held_to=timezone.now())
    rung = rungs(cast[COUNTY, "leader"])[Level.TOWN]
    assert rung.nobody and all(s.vacant for s in rung.seats)


def test_how_much_a_post_holds_is_told_to_those_above_only(cast: Cast) -> None:
    outsider = cast["441202", "leader"]
    assert rungs(outsider)[Level.COUNTY].seats[0].load is None
    found = rungs(cast[COUNTY, "leader"])
    assert found[Level.COUNTY].seats[0].load.open == 0
    assert found[Level.CITY].seats[0].load is None


def test_the_page_answers_for_any_place_and_names_no_case(cast: Cast) -> None:
    entered(cast)
    begin(PETITIONS, title="某件事", category="education")
    client = signed_in(cast[VILLAGE, "grid_member"])
    said = {"place": VILLAGE, "place_said": "x", "place_for": "x", "matter": "petitions/education"}
    page = client.get(reverse("networks:who"), said).content.decode()
    assert f"governance_centre {PROVINCE}" in page and "三定规定" in page and "某件事" not in page


def test_a_row_is_entered_and_ended_on_its_page(cast: Cast) -> None:
    make_unit(COUNTY, "department")
    client = signed_in(cast[COUNTY, "leader"])
    said = {
        "place": COUNTY, "matter": "petitions/education", "level": "3",
        "valid_from": TODAY.isoformat(), "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0",
        **line(0, "department", "True", "三定规定"), **line(1, "government", "False", "三定规定"),
    }  # fmt: skip
    tried = client.post(reverse("networks:new_duty"), said)
    assert tried.status_code == 200 and not Duty.objects.exists()
    assert client.post(reverse("networks:new_duty"), {**said, "enter": "1"}).status_code == 302
    duty = Duty.objects.get()
    assert "三定规定" in client.get(reverse("networks:duties")).content.decode()
    signed_in(cast[TOWN, "leader"]).post(reverse("networks:end_duty", args=[duty.id]))
    duty.refresh_from_db()
    assert duty.valid_to is None
    client.post(reverse("networks:end_duty", args=[duty.id]))
    duty.refresh_from_db()
    assert duty.valid_to == TODAY + timedelta(days=1)


def test_what_lacks_a_basis_is_asked_for_again(cast: Cast) -> None:
    client = signed_in(cast[COUNTY, "leader"])
    said = {
        "place": COUNTY, "matter": "petitions/", "level": "3", "valid_from": TODAY.isoformat(),
        "enter": "1", "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0",
        **line(0, "department", "True", ""),
    }  # fmt: skip
    assert client.post(reverse("networks:new_duty"), said).status_code == 422
    assert not Duty.objects.exists()


def test_a_named_department_leads_whatever_else_there_is(cast: Cast) -> None:
    make_unit(COUNTY, "department")
    named = make_unit(COUNTY, "department")
    make_post(named, COUNTY, "handler", unit_kind="department", sees=False)
    entered(cast, unit=named)
    rung = rungs(cast[COUNTY, "leader"])[Level.COUNTY]
    assert rung.unit.id == named and [s.post.kind for s in rung.seats] == ["handler"]
    found = duties.suggested("petitions", "education", VILLAGE, on=TODAY, but=cast.units[VILLAGE])
    assert found is not None and found[0].id == named
