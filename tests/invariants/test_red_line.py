"""The red line of work safety: no sequence of acts restarts work, or ends or lowers a red hazard,
without those who must have looked, and nobody alone gives more time (ADR 25, 27)."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.cases.clocks import end_of, local
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Act
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.registers import ranks
from gongzhi.people.permissions import Actor, may
from tests.soak.walk import CAST, PARTY, Walk

EVERYBODY: Sequence[Actor] = (*CAST, PARTY)
OWN = 0.8  # of the acts
ENDS_EARLY = (m.merge, m.dismiss)  # before anything was stopped: other walks do them
STOPPED = {m.halted, m.stop_rectified, m.rechecked}


class Watched(Walk):
    """A walk that remembers who did what since the work was stopped."""

    def __init__(self, seed: int) -> None:
        self.done: list[tuple[str, str]] = []
        self.ever: list[tuple[str, str]] = []
        self.longer = 0
        # Half of the lives are of red hazards, half get as far as more time and a lower rank.
        self.ranks = ("red", "red", "red", "orange") if seed % 2 else ("orange", "yellow", "blue")
        super().__init__(m.safety, random.Random(seed), Counter())  # noqa: S311

    def _chosen(self) -> tuple[Act | None, Actor | None]:
        """What safety itself declares, by anybody who may; now and then what all have."""
        acts = m.safety.acts if self.dice.random() < OWN else self.acts
        open_ = [
            act
            for act in acts
            if self.case.state in self.mechanism.sources(act) and act not in ENDS_EARLY
        ]
        for act in self.dice.sample(open_, len(open_)):
            if able := [by for by in EVERYBODY if may(by, act, self.case)]:
                return act, self.dice.choice(able)
        return None, None

    def _data(self) -> dict[str, Any]:
        """Mostly red; the day is often one that an order or an extension may name."""
        until = self.case.at + timedelta(days=self.dice.choice([0, 9, 25, 60, 90, 120]))
        if asked := self.case.facts.get("until"):
            later = end_of(date.fromisoformat(asked)) + timedelta(days=self.dice.randint(1, 35))
            until = self.dice.choice([until, later])
        return super()._data() | {"rank": self.dice.choice(self.ranks), "until": until}

    def _folded(self, act: Act, by: Actor, written: Mapping[str, Any]) -> Snapshot:
        before, after = self.case.state, act.then or self.case.state
        if after is m.halted and before not in STOPPED:
            self.done.clear()
        self.done.append((act.name, str(getattr(by, "account", "party"))))
        self.ever.append(self.done[-1])
        if act in (m.pass_, m.fail):
            last = dict(self.done)
            assert last[act.name] != last["rectify"], self.done
        if before in STOPPED and after not in STOPPED:
            self._left_by_the_book(after.final)
        folded = super()._folded(act, by, written)
        self._timed_by_the_book(act, by, folded)
        self._weighed_by_the_book(act, folded)
        return folded

    def _timed_by_the_book(self, act: Act, by: Actor, after: Snapshot) -> None:
        """A day is given by an order, and moved on once by two who are not one."""
        was, is_ = self.case.facts.get("until", ""), after.facts.get("until", "")
        if act.name in {"order", "stop"}:
            self.ordered_on = self.case.at
        elif was != is_:
            self.longer += 1
            last = dict(self.ever)
            assert (act.name, after.state, self.longer) == ("agree_longer", m.ordered, 1), self.ever
            assert last["agree_longer"] != last["ask_longer"], self.ever
            listed = self.case.facts.get("listed")
            assert not listed or listed["unit"] == str(getattr(by, "unit", "")), self.ever
            assert was < is_ <= _day(self.ordered_on, 90) and is_ <= _day(was, 30), self.ever
        for run in after.clocks:
            if run.name in {"rectify", "stop"}:
                assert run.due_at == end_of(date.fromisoformat(is_)), self.ever

    def _weighed_by_the_book(self, act: Act, after: Snapshot) -> None:
        """The weight says what the rank is, and grows lighter by the word of two."""
        facts, last = after.facts, dict(self.ever)
        if facts.get("rank"):
            assert after.weight == ranks.weight(facts["rank"], major=bool(facts.get("major")))
        if self.case.facts.get("rank") and after.weight < self.case.weight:
            assert act.name in {"agree_rank", "lower_red"}, self.ever
            assert last[act.name] != last["propose_rank"], self.ever

    def _left_by_the_book(self, ended: bool) -> None:
        last = dict(self.done)
        if not ended:
            assert last["lower_red"] != last["propose_rank"], self.done
            return
        order = [name for name, _who in self.done]
        assert "pass_stopped" in order and order[-1] == "restart", order
        since = order[max(n for n, x in enumerate(order) if x == "rectify_stopped") :]
        assert "pass_stopped" in since, order
        assert len({last[n] for n in ("rectify_stopped", "pass_stopped", "restart")}) == 3, (
            self.done
        )


def _day(since: datetime | str, days: int) -> str:
    day = date.fromisoformat(since) if isinstance(since, str) else local(since).date()
    return (day + timedelta(days=days)).isoformat()


def test_the_table_has_no_other_edge() -> None:
    for state in STOPPED:
        out = {a.name for a in m.safety.acts if state in m.safety.sources(a) and a.then
               and a.then not in STOPPED}  # fmt: skip
        assert out <= {"restart", "lower_red"}


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_no_sequence_passes_the_red_line(seed: int) -> None:
    Watched(seed).go(40)


def test_walks_get_as_far_as_the_restart() -> None:
    """Or they would prove nothing."""
    reached = Counter[str]()
    for seed in range(100):
        walk = Watched(seed)
        walk.go(40)
        reached.update({name for name, _who in walk.ever})
    rare = ("restart", "lower_red", "back_to_stop", "agree_longer", "fail_stopped", "agree_rank")
    assert all(reached[name] for name in rare), reached
