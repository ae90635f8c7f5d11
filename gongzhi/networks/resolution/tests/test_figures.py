"""What the linkage comes to, by level and in time, for one mechanism or all of them."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from gongzhi.cases import plans, rollups, steps
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Task
from gongzhi.cases.rollups import fold
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast, signed_in
from gongzhi.declare import Level, registry
from gongzhi.networks.resolution import indicators
from gongzhi.networks.resolution.pages.figures import COUNTED, by_step, cell, row
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
PAGE = "networks:linkage_figures"
YEAR = {"since": "2026-01", "until": "2026-12"}
WHY = {"reason": Words("久拖未决")}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def planned(cast: Cast, *, mechanism: str = "mediation", late: bool = False) -> Told:
    """The village plans one step for the town, which does it in time or not."""
    case = begin(registry.get(mechanism))
    step = steps.told([steps.Step(cast.units[TOWN], "去办", BEGAN.date() + timedelta(days=2))])
    case.act(plans.plan, {"aim": Words("办"), **step}, by=cast[VILLAGE, "clerk"])
    case.travel(days=5 if late else 1)
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(name=steps.STEP)
    done = {"step": (task.seq, task.n), "note": Words("好")}
    case.act(plans.carry_out, done, by=cast[TOWN, "clerk"])
    return case


def met(cast: Cast, outcome: str) -> Told:
    """The county's meeting decides on a case of the village."""
    case, county = begin(registry.get("mediation")), cast.units[COUNTY]
    case.act(plans.table, {**WHY, "unit": county}, by=cast[VILLAGE, "clerk"])
    said = {"outcome": outcome, "resolution": Words("定"), "above": cast.units[CITY]}
    case.act(plans.resolve, said, by=cast[COUNTY, "clerk"])
    return case


def told(place: str = PROVINCE, mechanism: str = "") -> dict[str, int]:
    with within(Scope(place=PROVINCE)):
        found = rollups.months(place, [], COUNTED, since="2026-01", until="2026-12",
                               mechanism=mechanism)  # fmt: skip
    return dict(by_step(found.own, "2026-01", "2026-12", "year")["2026"])


def page(who: Holder, **asked: Any) -> str:
    return signed_in(who).get(reverse(PAGE), {**YEAR, **asked}).content.decode()


def test_steps_are_shared_by_the_level_that_did_them(cast: Cast) -> None:
    planned(cast)
    planned(cast, late=True)
    of = told()
    assert cell(indicators.steps, of, Level.TOWN).percent == 50
    assert cell(indicators.steps, of, Level.VILLAGE).percent is None
    assert cell(indicators.planned, of, Level.VILLAGE).text == "2"
    assert row(indicators.steps, of)[-1].text == "50%（1/2）"


def test_of_a_meeting_what_was_decided_is_a_share_of_all_lines(cast: Cast) -> None:
    for outcome in ("decided", "decided", "postponed", "up"):
        met(cast, outcome)
    of = told()
    found = cell(indicators.decided, of, Level.COUNTY)
    assert (found.over, found.under, found.small) == (2, 4, True)
    assert cell(indicators.passed_up, of, None).over == 1


def test_what_time_itself_counts_is_read_by_level() -> None:
    of = {"reminded.village": 4, "fell.village": 2, "fell.town": 1, "stayed.province": 1,
          "reminded.town": 4}  # fmt: skip
    assert [c.over for c in row(indicators.fell, of)] == [0, 0, 0, 1, 2, 3]
    assert cell(indicators.in_vain, of, None).percent == 50


def test_mechanisms_are_read_together_or_one_by_one(cast: Cast) -> None:
    planned(cast)
    planned(cast, mechanism="petitions")
    assert cell(indicators.planned, told(), None).over == 2
    assert cell(indicators.planned, told(mechanism="petitions"), None).over == 1
    before = told()
    fold()
    assert told() == before, "folded or not"


def test_months_become_quarters_and_years() -> None:
    own = {"2026-01": {"planned.town": 1}, "2026-03": {"planned.town": 2},
           "2026-04": {"planned.town": 4}}  # fmt: skip
    found = by_step(own, "2026-01", "2026-05", "quarter")
    assert found == {"2026-Q1": {"planned.town": 3}, "2026-Q2": {"planned.town": 4}}
    assert list(by_step(own, "2026-01", "2026-03", "month")) == ["2026-01", "2026-02", "2026-03"]


def test_every_figure_stands_beside_its_formula(cast: Cast) -> None:
    planned(cast)
    shown = page(cast[PROVINCE, "leader"])
    assert all(i.label in shown and i.formula in shown for i in indicators.LINKAGE)
    assert "100%" in shown and "1/1" in shown and "数量太少" in shown


def test_an_indicator_is_drawn_by_quarter(cast: Cast) -> None:
    planned(cast)
    shown = page(cast[PROVINCE, "leader"], of="planned", by="quarter")
    assert "2026-Q2" not in shown, "a quarter without anything is a gap of the picture"
    assert "2026-Q1" in shown and 'class="months"' in shown and "2026-01</th>" not in shown


def test_the_sheet_has_a_line_for_each_figure_and_time(cast: Cast) -> None:
    planned(cast)
    asked = {**YEAR, "by": "year", "as": "xlsx"}
    answer = signed_in(cast[TOWN, "leader"]).get(reverse(PAGE), asked)
    lines = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert len(lines) == 1 + len(indicators.LINKAGE)
    assert ("方案步骤按期完成率", "2026") in {line[:2] for line in lines}


@pytest.mark.parametrize(
    "asked", [{"place": PROVINCE}, {"mechanism": "x"}, {"of": "x"}, {"by": "x"}, {"place": "99"}]
)
def test_what_is_not_there_or_not_ones_own_is_not_shown(cast: Cast, asked: dict[str, str]) -> None:
    client = signed_in(cast[TOWN, "leader"])
    assert client.get(reverse(PAGE), asked).status_code == 404


def test_the_page_is_reached_from_the_hub_and_the_command_page(cast: Cast) -> None:
    client = signed_in(cast[COUNTY, "leader"])
    for name in ("networks:hub", "command:place"):
        assert reverse(PAGE) in client.get(reverse(name)).content.decode()
