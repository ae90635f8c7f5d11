"""Random acts by random posts on every registered mechanism, and the invariants after each.

GONGZHI_TEST_EXAMPLES asks for more examples than the few that `make test` has time for.
"""

import os
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import DataObject

from gongzhi.cases import linkage, replay, rollups
from gongzhi.cases.act import act
from gongzhi.cases.changes import NewParty, Refused
from gongzhi.cases.models import Case
from gongzhi.cases.reading import case_for
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, Cast, Told, begin, make_cast
from gongzhi.cases.tests.toys import toy
from gongzhi.declare import Mechanism, registry
from gongzhi.people.posts import Holder, NotYourPost
from gongzhi.people.scope import within
from tests.invariants.filling import fill

EXAMPLES = int(os.environ.get("GONGZHI_TEST_EXAMPLES", "20"))
STEPS = 25
LEVELS = st.integers(0, len(LINE) - 1)


class Life(RuleBasedStateMachine):
    """Cases live; whoever tries something either may, or changes nothing."""

    cast: Cast
    mechanisms: list[Mechanism]

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Told] = []
        self.now = BEGAN
        self.keys: list[tuple[Told, Any, dict[str, Any], Holder, str, int]] = []

    @initialize()
    def first(self) -> None:
        self.cases.append(begin(self.mechanisms[0]))

    @rule(which=st.integers(0, 9), accused=st.one_of(st.none(), LEVELS), person=st.booleans())
    def somebody_reports(self, which: int, accused: int | None, person: bool) -> None:
        parties = [NewParty("applicant", name="张三", phone="13800001234")]
        if accused is not None:
            who = self.cast[LINE[accused], "clerk"]
            parties.append(
                NewParty("respondent", name="乙", who=who.account if person else who.unit)
            )
        mechanism = self.mechanisms[which % len(self.mechanisms)]
        told = begin(mechanism, parties=parties)
        told.now = self.now
        self.cases.append(told)

    @rule(data=st.data())
    def somebody_acts(self, data: DataObject) -> None:
        """Mostly by a post that may see the case, sometimes by any."""
        case = data.draw(st.sampled_from(self.cases))
        by = data.draw(st.sampled_from(self.cast.everyone))
        self.attempt(case, by, data)

    @rule(data=st.data())
    def the_holder_acts(self, data: DataObject) -> None:
        case = data.draw(st.sampled_from(self.cases))
        unit = self.row(case)["unit"]
        there = [h for h in self.cast.everyone if h.unit == unit]
        if there:
            self.attempt(case, data.draw(st.sampled_from(there)), data)

    @rule(data=st.data())
    def the_party_acts(self, data: DataObject) -> None:
        case = data.draw(st.sampled_from(self.cases))
        self.attempt(case, case.resident, data)

    @rule(data=st.data())
    def somebody_passes_it_past_the_form(self, data: DataObject) -> None:
        """Forms leave out the accused; whoever sends the data by hand does not."""
        case = data.draw(st.sampled_from(self.cases))
        before = self.row(case)
        there = [h for h in self.cast.everyone if h.unit == before["unit"]]
        unit = data.draw(st.sampled_from([*self.cast.units.values(), *before["hidden"]]))
        chosen = data.draw(st.sampled_from([linkage.transfer, linkage.join, linkage.whistle]))
        told = {"unit": unit, "units": [unit]}
        for by in there[:1]:
            try:
                act(case.ref, chosen, told, key=uuid4().hex, now=self.now, by=by)
            except (Refused, NotYourPost):
                assert self.row(case) == before

    def attempt(self, case: Told, by: Any, data: DataObject) -> None:
        """Any act there is, allowed or not: done, it is one entry more; refused, nothing."""
        before = self.row(case)
        mechanism = registry.get(before["mechanism"])
        chosen = data.draw(st.sampled_from(linkage.acts_of(mechanism)))
        told: dict[str, Any] = {}
        try:
            view = case_for(by, *case.ref)
            form = fill(chosen, view, by, self.now, data)
            if form is not None:
                if not form.is_valid():
                    return
                told = form.told()
            key = uuid4().hex
            done = act(case.ref, chosen, told, key=key, now=self.now, by=by)
        except (Refused, NotYourPost):
            assert self.row(case) == before
            return
        after = self.row(case)
        assert after["seq"] == before["seq"] + 1 == done.seq
        sources = {s.name for s in mechanism.sources(chosen)}
        assert before["state"] in sources
        assert after["state"] == (chosen.then.name if chosen.then else before["state"])
        if isinstance(by, Holder):
            again = (
                act(case.ref, chosen, told, key=key, now=self.now, by=by)
                if self.sees(by, case)
                else None
            )
            assert again is None or (again.again and again.seq == done.seq)

    def sees(self, by: Holder, case: Told) -> bool:
        return case.receipt.id in self.visible(by)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        sweep(self.now)
        assert sweep(self.now) == 0

    @rule()
    def figures_are_folded(self) -> None:
        rollups.fold()

    def row(self, case: Told) -> dict[str, Any]:
        """As the owner sees it, past every wall."""
        return self.rows(case.receipt.id)[0]

    def rows(self, id_: UUID | None = None) -> list[dict[str, Any]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT id, mechanism, state, seq, is_open, unit, post, units, hidden, place"
                " FROM cases_case WHERE %s::uuid IS NULL OR id = %s", [id_, id_],
            )  # fmt: skip
            names = [c.name for c in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def visible(self, by: Holder) -> set[UUID]:
        with within(by.scope):
            return set(Case.objects.values_list("id", flat=True))

    @invariant()
    def nobody_sees_more_or_less_than_their_scope(self) -> None:
        rows = self.rows()
        for by in (self.cast[LINE[2], "leader"], self.cast[LINE[3], "clerk"],
                   self.cast["441202", "clerk"], self.cast["court", "judge"]):  # fmt: skip
            expected = {
                r["id"] for r in rows
                if ((by.sees_place and r["place"].startswith(by.place)) or by.unit in r["units"])
                and not {by.account, by.post, by.unit} & set(r["hidden"])
            }  # fmt: skip
            assert self.visible(by) == expected

    @invariant()
    def the_accused_never_holds(self) -> None:
        for row in self.rows():
            assert not {row["unit"], row["post"]} & set(row["hidden"])
            assert not set(row["units"]) & set(row["hidden"])

    @invariant()
    def the_ledger_tells_everything(self) -> None:
        """Holder, clocks or tasks, hash chain, projections and counters: all by replay."""
        assert replay.verify() == []


@pytest.mark.usefixtures("fresh_database")
def test_no_sequence_of_acts_breaks_an_invariant() -> None:
    with registry.with_toy(toy):
        mechanisms = registry.every()
        assert Counter(m.name for m in mechanisms)["toy"] == 1

        class Here(Life):
            pass

        Here.cast, Here.mechanisms = make_cast(), mechanisms
        few = settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize="CI" in os.environ,
        )
        run_state_machine_as_test(Here, settings=few)
