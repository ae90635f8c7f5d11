"""A hazard is found, ranked, ordered away, re-inspected by another, and struck off."""

from decimal import Decimal

import pytest

from gongzhi.cases import replay
from gongzhi.cases.changes import Refused, Words
from gongzhi.cases.clocks import local
from gongzhi.cases.models import Case, ClockRun, Task
from gongzhi.cases.reading import acts_open_to, case_for, seen_by
from gongzhi.cases.testing import BEGAN, Told
from gongzhi.mechanisms.safety import forms
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.registers import editions, ranks
from gongzhi.mechanisms.safety.tests.conftest import COUNTY, RED, SEEN, WHY, YELLOW, Stage
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within


def sees(case: Told, by: Holder) -> bool:
    with within(by.scope):
        return Case.objects.filter(id=case.receipt.id).exists()


class TestFinding:
    def test_what_a_worker_tells_never_reaches_the_firm(self, stage: Stage) -> None:
        case = stage.told()
        assert not sees(case, stage.firm) and sees(case, stage.first)
        assert case_for(stage.first, *case.ref).lines[0].act is m.find

    def test_what_the_firm_finds_itself_it_goes_on_seeing(self, stage: Stage) -> None:
        case = stage.found(by=stage.firm)
        assert sees(case, stage.firm)
        assert case.row().unit == stage.cast.units[case.row().place[:9]]

    @pytest.mark.parametrize(
        ("item", "way"), [("A01-01", "matrix"), ("B01-01", "lec"), ("", "lec")]
    )
    def test_it_is_ranked_as_the_catalogue_says(self, stage: Stage, item: str, way: str) -> None:
        edition = editions.ship(COUNTY, now=BEGAN)
        case = stage.found(data={"item": item, "edition": str(edition.id)})
        view = case_for(stage.first, *case.ref)
        form = forms.Rank(case=view.snapshot, by=stage.first, now=case.now)
        assert form.fields["way"].initial == way

    def test_it_is_ranked_once(self, stage: Stage) -> None:
        case = stage.found()
        with pytest.raises(Refused, match="先定级"):
            case.act(m.order, stage.given(case), by=stage.first)
        case.act(m.rank, YELLOW, by=stage.first)
        assert case.row().weight == ranks.weight("yellow", major=False)
        with pytest.raises(Refused, match="提请变更"):
            case.act(m.rank, RED, by=stage.second)
        with pytest.raises(Refused, match="不能按不构成"):
            case.act(m.dismiss, WHY, by=stage.second)

    def test_what_is_none_is_dismissed(self, stage: Stage) -> None:
        case = stage.found()
        case.act(m.dismiss, WHY, by=stage.first)
        assert case.row().state == "no_hazard"
        case.act(m.rate, {"satisfied": True}, by=case.resident)

    def test_the_same_told_twice_goes_on_as_one(self, stage: Stage) -> None:
        first, second = stage.found(), stage.found()
        other = {"other": first.ref, "number": first.receipt.number}
        second.act(m.merge, other, by=stage.first)
        assert second.row().state == "repeated"


class TestEliminating:
    def test_from_order_to_striking_off(self, stage: Stage) -> None:
        case = stage.ordered()
        assert sees(case, stage.firm)
        with within(Scope(case=case.receipt.id)):
            task = Task.objects.get(name="rectify", done_at=None)
        assert task.unit == stage.firm.unit and task.due_at is not None
        case.act(m.progress, {"note": Words("护罩已订")}, by=stage.firm)
        case.act(m.rectify, SEEN, by=stage.firm)
        case.act(m.fail, SEEN, by=stage.second)
        assert case.row().state == "ordered"
        case.act(m.rectify, SEEN, by=stage.firm)
        case.act(m.pass_, SEEN, by=stage.second)
        assert case.row().state == "eliminated"
        assert replay.verify() == []

    def test_for_a_firm_without_an_account_it_is_noted_and_somebody_else_looks(
        self, stage: Stage
    ) -> None:
        case = stage.found()
        case.act(m.rank, YELLOW, by=stage.first)
        case.act(m.order, {**stage.given(case), "firm": None}, by=stage.first)
        with pytest.raises(Refused, match="不办理这一步"):
            case.act(m.rectify, SEEN, by=stage.head)
        case.act(m.rectify, SEEN, by=stage.first)
        with pytest.raises(Refused, match="须由他人办理"):
            case.act(m.pass_, SEEN, by=stage.first)
        case.act(m.pass_, SEEN, by=stage.second)
        assert case.row().state == "eliminated"
        assert replay.verify() == []

    def test_another_rank_wants_two(self, stage: Stage) -> None:
        case = stage.ordered()
        orange = {**YELLOW, "rank": "orange", "d": "200"}
        case.act(m.propose_rank, orange, by=stage.first)
        assert case.row().facts["rank"] == "yellow"
        with pytest.raises(Refused, match="他人"):
            case.act(m.agree_rank, WHY, by=stage.first)
        case.act(m.agree_rank, WHY, by=stage.second)
        assert case.row().facts["rank"] == "orange"


def seen_acts(case: Told, by: Holder) -> set[str]:
    return {a.name for a in acts_open_to(by, seen_by(by, *case.ref))}


class TestTheRedLine:
    def test_a_deadline_alone_will_not_do(self, stage: Stage) -> None:
        case = stage.found()
        case.act(m.rank, RED, by=stage.first)
        with pytest.raises(Refused, match="停产停业"):
            case.act(m.order, stage.given(case), by=stage.first)

    def test_only_the_firm_says_that_it_rectified(self, stage: Stage) -> None:
        """One that has no account when it is stopped gets one, and the order with it."""
        case = stage.found()
        case.act(m.rank, RED, by=stage.first)
        case.act(m.stop, {**stage.given(case), "firm": None}, by=stage.first)
        with pytest.raises(Refused, match="不办理这一步"):
            case.act(m.rectify_stopped, SEEN, by=stage.first)
        with pytest.raises(Refused, match="还没有账号"):
            case.act(m.serve, {"firm": None}, by=stage.first)
        assert not sees(case, stage.firm) and "serve" in seen_acts(case, stage.first)
        case.act(m.serve, {"firm": stage.firm.unit}, by=stage.first)
        assert "serve" not in seen_acts(case, stage.first)
        with within(Scope(case=case.receipt.id)):
            assert Task.objects.get(name="rectify", done_at=None).unit == stage.firm.unit
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        assert case.row().facts["until"] == local(stage.until(case, 10)).date().isoformat()
        assert replay.verify() == []

    def test_what_a_worker_told_is_not_stopped_but_found_again(self, stage: Stage) -> None:
        """The firm could never report it: it must not see who told."""
        case = stage.told()
        case.act(m.rank, RED, by=stage.first)
        with pytest.raises(Refused, match="另行登记"):
            case.act(m.stop, {**stage.given(case), "firm": None}, by=stage.first)

    def test_restart_after_two_others_have_seen_it(self, stage: Stage) -> None:
        case = stage.stopped()
        assert not any(n.startswith("extend_") for n in seen_acts(case, stage.head))
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.fail_stopped, SEEN, by=stage.second)
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.pass_stopped, SEEN, by=stage.second)
        case.act(m.back_to_stop, WHY, by=stage.head)
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.pass_stopped, SEEN, by=stage.head)
        with pytest.raises(Refused, match="他人"):
            case.act(m.restart, SEEN, by=stage.head)
        case.act(m.restart, SEEN, by=stage.county_head)
        assert case.row().state == "eliminated"

    def test_lowered_only_by_the_level_above(self, stage: Stage) -> None:
        case = stage.stopped()
        orange = {**YELLOW, "rank": "orange", "d": "200"}
        with pytest.raises(Refused, match="没有提请"):
            case.act(m.lower_red, WHY, by=stage.county)
        case.act(m.propose_rank, orange, by=stage.first)
        with pytest.raises(Refused):
            case.act(m.lower_red, WHY, by=stage.second)
        case.act(m.lower_red, WHY, by=stage.county)
        assert case.row().state == "ordered" and case.row().facts["rank"] == "orange"

    def test_what_was_proposed_before_the_stop_lowers_nothing(self, stage: Stage) -> None:
        case = stage.ordered()
        case.act(m.propose_rank, {**YELLOW, "rank": "blue", "d": "10"}, by=stage.first)
        case.act(m.stop, stage.given(case), by=stage.first)
        with pytest.raises(Refused, match="没有提请"):
            case.act(m.lower_red, WHY, by=stage.county)

    def test_listed_it_is_taken_off_by_whoever_listed_it(self, stage: Stage) -> None:
        case = stage.stopped()
        case.act(m.list_, {"note": Words("限期")}, by=stage.county_head)
        case.act(m.rectify_stopped, SEEN, by=stage.firm)
        case.act(m.pass_stopped, SEEN, by=stage.second)
        with pytest.raises(Refused, match="摘牌"):
            case.act(m.restart, SEEN, by=stage.head)
        with pytest.raises(Refused, match="由谁挂牌"):
            case.act(m.delist, WHY, by=stage.head)
        case.act(m.delist, WHY, by=stage.county_head)
        case.act(m.restart, SEEN, by=stage.head)
        assert not case.row().is_open

    def test_the_limit_of_a_stop_runs(self, stage: Stage) -> None:
        case = stage.stopped()
        with within(Scope(case=case.receipt.id)):
            runs = set(ClockRun.objects.filter(ended_at=None).values_list("name", flat=True))
        assert runs == {"stop", "total"}


@pytest.mark.parametrize(
    ("d", "rank"),
    [("320", "red"), ("319.99", "orange"), ("160", "orange"), ("70", "yellow"), ("69", "blue")],
)
def test_bounds_belong_to_the_higher_class(d: str, rank: str) -> None:
    assert ranks.rank_of(Decimal(d)) == rank


def test_the_tables_of_lec_multiply_exactly() -> None:
    assert ranks.d_of("0.1", "0.5", "100") == Decimal("5.00")
