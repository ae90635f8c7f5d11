"""A new case goes to whoever leads by the list, says why, and never meets the one it is about."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from gongzhi.cases import catalogue
from gongzhi.cases.calendar import forget_calendar, working_calendar
from gongzhi.cases.changes import NewParty
from gongzhi.cases.reading import case_for
from gongzhi.cases.registers import Category
from gongzhi.cases.testing import LINE, Cast, Told, make_cast, make_post, make_unit, told
from gongzhi.cases.tests.test_statements import on_the_wire
from gongzhi.declare import registry
from gongzhi.networks.responsibility import entering, routing
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.models import Account, Appointment
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.sealing import blind_index

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
MEDIATION = registry.get("mediation")
TODAY = timezone.localdate()
APPLICANT = NewParty("applicant", name="张三", phone="13800001234")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def bureau(cast: Cast) -> Holder:
    """Somebody in a department of the county who may take a dispute up."""
    unit = make_unit(COUNTY, "department", parent=cast.units[COUNTY])
    return make_post(unit, COUNTY, "clerk", unit_kind="department", sees=False)


def listed(
    cast: Cast, lead: str = "department", basis: str = "三定规定第五条", **said: Any
) -> Duty:
    usual: dict[str, Any] = {
        "mechanism": "mediation", "category": "wages", "level": 3, "place": COUNTY,
        "valid_from": TODAY,
    }  # fmt: skip
    row = Duty(**(usual | said), lines=[Line(lead, basis, leads=True)])
    entering.enter([row], now=timezone.now(), by=cast[COUNTY, "leader"])
    return row


def begun(**said: Any) -> Told:
    now = timezone.now()
    key = said.pop("key", "k")
    done = routing.begin(MEDIATION, told(**said), key=key, now=now, by=Resident())
    return Told(done, now)


def test_what_the_list_covers_goes_to_its_lead_and_says_why(cast: Cast, bureau: Holder) -> None:
    duty = listed(cast)
    case = begun()
    row = case.row()
    assert row.unit == bureau.unit
    assert row.facts["by_list"] == {"duty": str(duty.id), "basis": "三定规定第五条"}
    assert case_for(bureau, *case.ref).lines[0].by_list == "三定规定第五条"


@pytest.mark.parametrize(
    "said",
    [
        {"category": "neighbours"},
        {"place": "441202"},
        {"mechanism": "petitions", "category": "education"},
        {"valid_from": TODAY + timedelta(days=1)},
        {"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY},
    ],
    ids=["another kind", "elsewhere", "another mechanism", "not yet", "no more"],
)
def test_what_the_list_does_not_cover_goes_as_before(
    cast: Cast, bureau: Holder, said: dict[str, Any]
) -> None:
    by = cast[CITY, "leader"]
    row = {"mechanism": "mediation", "category": "wages", "level": 3, "place": COUNTY,
           "lines": [Line("department", "b", leads=True)], "valid_from": TODAY}  # fmt: skip
    entering.enter([Duty(**(row | said))], now=timezone.now(), by=by)
    case = begun().row()
    assert case.unit == cast.units[VILLAGE] and "by_list" not in case.facts


def test_the_nearest_level_leads(cast: Cast, bureau: Holder) -> None:
    listed(cast)
    listed(cast, level=4, lead="governance_centre", basis="镇街职责清单")
    case = begun().row()
    assert case.unit == cast.units[TOWN] and case.facts["by_list"]["basis"] == "镇街职责清单"


def test_a_kind_the_city_added_is_led_as_the_one_it_follows(cast: Cast, bureau: Holder) -> None:
    Category.objects.create(
        mechanism="mediation", name="riders", label="骑手报酬", follows="wages", order=1
    )
    catalogue.forget()
    listed(cast)
    assert begun(category="riders").row().unit == bureau.unit


@pytest.mark.parametrize("known", ["unit", "phone"])
def test_a_lead_that_is_complained_about_is_passed_by(
    cast: Cast, bureau: Holder, known: str
) -> None:
    listed(cast)
    Account.objects.filter(id=bureau.account).update(
        phone_index=blind_index("phone", "13900001111")
    )
    accused = (NewParty("respondent", name="某局", who=bureau.unit) if known == "unit"
               else NewParty("respondent", name="某人", phone="13900001111"))  # fmt: skip
    case = begun(parties=[APPLICANT, accused]).row()
    assert case.unit == cast.units[VILLAGE] and "by_list" not in case.facts


def test_a_lead_with_nobody_to_take_it_up_is_passed_by(cast: Cast, bureau: Holder) -> None:
    listed(cast)
    Appointment.objects.filter(post=bureau.post).update(held_to=timezone.now())
    routing.forget()
    assert begun().row().unit == cast.units[VILLAGE]


def test_whoever_names_a_unit_is_heard_first(cast: Cast, bureau: Holder) -> None:
    listed(cast)
    row = begun(unit=cast.units[TOWN]).row()
    assert row.unit == cast.units[TOWN] and "by_list" not in row.facts


def test_a_row_that_ends_leads_no_more_at_once(cast: Cast, bureau: Holder) -> None:
    duty = listed(cast, valid_from=TODAY - timedelta(days=9))
    assert begun().row().unit == bureau.unit
    entering.end(duty.id, on=TODAY, by=cast[COUNTY, "leader"])
    assert begun(key="again").row().unit == cast.units[VILLAGE]


def test_to_ask_the_list_costs_no_statement(fresh_database: str) -> None:
    forget_calendar()
    working_calendar()  # read now, and then not for a minute
    cast = make_cast()
    unit: UUID = make_unit(COUNTY, "department", parent=cast.units[COUNTY])
    make_post(unit, COUNTY, "clerk", unit_kind="department", sees=False)
    assert on_the_wire(lambda: begun(parties=[APPLICANT], key="0")) == ["report_v1; tell_v1"]
    listed(cast)
    begun(key="1")  # reads the list, and then not for a minute
    assert on_the_wire(lambda: begun(parties=[APPLICANT], key="2")) == ["report_v1; tell_v1"]
