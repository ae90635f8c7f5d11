"""A chief whistles for whom the list names, and each department has the limit that it gives."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from gongzhi.cases.act import act
from gongzhi.cases.models import Task
from gongzhi.cases.reading import seen_by
from gongzhi.cases.testing import BEGAN, Told, make_unit
from gongzhi.cases.whistles import report_in
from gongzhi.mechanisms.roads import forms
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.registers import drafts
from gongzhi.mechanisms.roads.tests.conftest import CITY, COUNTY, Stage
from gongzhi.networks.responsibility import entering
from gongzhi.networks.responsibility.models import Duty
from gongzhi.people.scope import Scope, within


@pytest.fixture
def listed(stage: Stage) -> Stage:
    entering.draft(drafts.lists(CITY, BEGAN.date()), now=BEGAN)
    return stage


def form_of(stage: Stage, case: Told, **said: Any) -> forms.Whistle:
    """The form as the chief gets it, with what it begins with sent as it is."""
    seen = seen_by(stage.chief, *case.ref)
    shown = forms.Whistle(case=seen, by=stage.chief, now=case.now)
    usual = {name: shown.get_initial_for_field(f, name) for name, f in shown.fields.items()}
    return forms.Whistle(usual | said, case=seen, by=stage.chief, now=case.now)


def whistled(stage: Stage, **told: Any) -> Told:
    case = stage.reported(**told)
    form = form_of(stage, case)
    assert form.is_valid(), form.errors
    act(case.ref, m.whistle, form.told(), given=form.given(), key=uuid4().hex, now=case.now,
        by=stage.chief)  # fmt: skip
    return case


def tasks(case: Told, name: str) -> list[Task]:
    with within(Scope(case=case.receipt.id)):
        return list(Task.objects.filter(name=name))


def test_whom_the_list_names_is_ticked_with_the_reason(listed: Stage) -> None:
    other = make_unit(COUNTY, "fire")
    form = form_of(listed, listed.reported())
    html = str(form["units"])
    before, after = html.split("其他单位")
    assert before.count("checked") == 2 and str(other) in after and "checked" not in after
    assert "草案，未经本市确认" in before and "《公路法》第三十五条" in before


def test_each_department_called_keeps_its_row(listed: Stage) -> None:
    case = whistled(listed)
    rows = {t.unit: t.data["duty"] for t in tasks(case, "report_in")}
    assert rows.keys() == {listed.transport.unit, listed.police.unit}
    assert {*rows.values()} == {str(Duty.objects.get(category="guard_rail").id)}


@pytest.mark.parametrize(("danger", "within_"), [(False, timedelta(days=3)),
                                                 (True, timedelta(hours=2))])  # fmt: skip
def test_the_list_s_limit_for_acting_holds(listed: Stage, danger: bool, within_: timedelta) -> None:
    case = whistled(listed, urgent=danger)
    case.act(report_in, {"way": "site", "duty": "accept"}, by=listed.police)
    (task,) = tasks(case, "remedy")
    assert task.due_at is not None
    late = task.due_at - case.now
    assert late == within_ or (not danger and within_ <= late <= within_ + timedelta(days=1))


def test_who_is_at_work_already_is_not_proposed_again(listed: Stage) -> None:
    case = listed.whistled(listed.transport)
    assert [*form_of(listed, case).proposals] == [str(listed.police.unit)]


def test_without_a_list_the_chief_chooses(stage: Stage) -> None:
    form = form_of(stage, stage.reported(), units=[str(stage.transport.unit)])
    assert form.is_valid(), form.errors
    assert "duties" not in form.told() and form.given() == {"within": {}}
    assert '<details class="fold" open>' in str(form["units"])
