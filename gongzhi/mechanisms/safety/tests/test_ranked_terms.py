"""The day of the order is the day of the clock; longer once, if a second person agrees."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gongzhi.cases import replay
from gongzhi.cases.changes import Refused
from gongzhi.cases.models import ClockRun, Task
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import Told
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.tests.conftest import ORANGE, SEEN, WHY, YELLOW, Stage
from gongzhi.people.scope import Scope, within


def running(case: Told, name: str) -> ClockRun:
    with within(Scope(case=case.receipt.id)):
        return ClockRun.objects.get(case_id=case.receipt.id, name=name, ended_at=None)


def asking(stage: Stage, case: Told, days: int) -> dict[str, Any]:
    return {**WHY, "until": stage.until(case, days)}


def firms_task(stage: Stage, case: Told) -> datetime | None:
    with within(Scope(case=case.receipt.id)):
        task = Task.objects.get(
            case_id=case.receipt.id, name="rectify", unit=stage.firm.unit, done_at=None
        )
    return task.due_at


class TestTheDayOfTheOrder:
    def test_the_clock_ends_with_the_day_of_the_order(self, stage: Stage) -> None:
        case = stage.ordered()
        assert running(case, "rectify").due_at == stage.until(case, 10) == case.row().due_at
        assert running(stage.stopped(), "stop").due_at == stage.until(case, 10)
        assert replay.verify() == []

    def test_an_order_has_ninety_days(self, stage: Stage) -> None:
        case = stage.found()
        case.act(m.rank, YELLOW, by=stage.first)
        for days in (-1, 91):
            late = {**stage.given(case), "until": stage.until(case, days)}
            with pytest.raises(Refused, match="九十天"):
                case.act(m.order, late, by=stage.first)
        case.act(m.order, {**stage.given(case), "until": stage.until(case, 90)}, by=stage.first)

    def test_who_fails_the_recheck_has_no_new_day(self, stage: Stage) -> None:
        case = stage.ordered()
        day = stage.until(case, 10)
        case.travel(days=9)
        case.act(m.rectify, SEEN, by=stage.firm)
        case.travel(days=4)
        case.act(m.fail, SEEN, by=stage.second)
        assert running(case, "rectify").due_at == day == firms_task(stage, case)
        sweep(case.now)
        assert case.row().overdue

    def test_a_stopped_one_neither(self, stage: Stage) -> None:
        case = stage.stopped()
        day = stage.until(case, 10)
        case.travel(days=2)
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.fail_stopped, SEEN, by=stage.second)
        assert running(case, "stop").due_at == day
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.pass_stopped, SEEN, by=stage.second)
        case.act(m.back_to_stop, WHY, by=stage.head)
        assert running(case, "stop").due_at == day
        case.act(m.propose_rank, {**ORANGE}, by=stage.first)
        case.act(m.lower_red, WHY, by=stage.county)
        assert running(case, "rectify").due_at == day
        assert replay.verify() == []


class TestLonger:
    def test_one_asks_and_another_agrees(self, stage: Stage) -> None:
        case = stage.ordered()
        with pytest.raises(Refused, match="没有人提请"):
            case.act(m.agree_longer, WHY, by=stage.head)
        case.act(m.ask_longer, asking(stage, case, 25), by=stage.firm)
        assert running(case, "rectify").due_at == stage.until(case, 10)
        with pytest.raises(Refused):
            case.act(m.agree_longer, WHY, by=stage.second)  # leads nobody
        case.act(m.agree_longer, WHY, by=stage.head)
        run = running(case, "rectify")
        assert run.extended and run.due_at == stage.until(case, 25) == firms_task(stage, case)
        assert case.row().facts["until"] == str(stage.until(case, 25).date())
        assert replay.verify() == []

    def test_nobody_agrees_to_what_they_asked(self, stage: Stage) -> None:
        case = stage.ordered()
        case.act(m.ask_longer, asking(stage, case, 20), by=stage.head)
        with pytest.raises(Refused, match="他人"):
            case.act(m.agree_longer, WHY, by=stage.head)
        case.act(m.agree_longer, WHY, by=stage.county_head)

    def test_only_once_also_after_it_came_back(self, stage: Stage) -> None:
        case = stage.ordered()
        case.act(m.ask_longer, asking(stage, case, 20), by=stage.firm)
        case.act(m.agree_longer, WHY, by=stage.head)
        case.act(m.rectify, SEEN, by=stage.firm)
        case.act(m.fail, SEEN, by=stage.second)
        with pytest.raises(Refused, match="只能延长一次"):
            case.act(m.ask_longer, asking(stage, case, 30), by=stage.firm)

    def test_by_thirty_days_and_to_ninety_from_the_order(self, stage: Stage) -> None:
        case = stage.ordered()
        for days in (10, 41):
            with pytest.raises(Refused, match="三十天"):
                case.act(m.ask_longer, asking(stage, case, days), by=stage.firm)
        case = stage.found()
        case.act(m.rank, YELLOW, by=stage.first)
        case.act(m.order, {**stage.given(case), "until": stage.until(case, 80)}, by=stage.first)
        with pytest.raises(Refused, match="九十天"):
            case.act(m.ask_longer, asking(stage, case, 91), by=stage.firm)
        case.act(m.ask_longer, asking(stage, case, 90), by=stage.firm)
        case.act(m.agree_longer, WHY, by=stage.head)
        assert running(case, "rectify").due_at == stage.until(case, 90)

    def test_what_is_late_is_not_made_longer(self, stage: Stage) -> None:
        case = stage.ordered()
        case.act(m.ask_longer, asking(stage, case, 20), by=stage.firm)
        case.now += timedelta(days=12)
        sweep(case.now)
        with pytest.raises(Refused, match="不能再延长"):
            case.act(m.agree_longer, WHY, by=stage.head)

    def test_never_when_stopped_nor_by_what_was_asked_before(self, stage: Stage) -> None:
        case = stage.ordered()
        case.act(m.ask_longer, asking(stage, case, 20), by=stage.firm)
        case.act(m.stop, stage.given(case), by=stage.first)
        for act, by in ((m.ask_longer, stage.firm), (m.agree_longer, stage.head)):
            with pytest.raises(Refused):
                case.act(act, asking(stage, case, 20), by=by)
        case.act(m.propose_rank, ORANGE, by=stage.first)
        case.act(m.lower_red, WHY, by=stage.county)
        with pytest.raises(Refused, match="没有人提请"):
            case.act(m.agree_longer, WHY, by=stage.head)

    def test_listed_only_by_whoever_listed_it(self, stage: Stage) -> None:
        case = stage.ordered(ORANGE)
        case.act(m.list_, WHY, by=stage.county_head)
        case.act(m.ask_longer, asking(stage, case, 20), by=stage.firm)
        with pytest.raises(Refused, match="挂牌单位"):
            case.act(m.agree_longer, WHY, by=stage.head)
        case.act(m.agree_longer, WHY, by=stage.county_head)
