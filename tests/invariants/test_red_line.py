"""The red line of work safety: no sequence of acts restarts work, or ends or lowers a red hazard,
without those who must have looked (ADR 25)."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import Act
from gongzhi.mechanisms.safety import mechanism as m
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
        return super()._data() | {"rank": self.dice.choice(["red", "red", "red", "orange"])}

    def _folded(self, act: Act, by: Actor, written: Mapping[str, Any]) -> Snapshot:
        before, after = self.case.state, act.then or self.case.state
        if after is m.halted and before not in STOPPED:
            self.done.clear()
        self.done.append((act.name, str(getattr(by, "account", "party"))))
        if before in STOPPED and after not in STOPPED:
            self._left_by_the_book(after.final)
        return super()._folded(act, by, written)

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
        reached.update({name for name, _who in walk.done})
    assert reached["restart"] and reached["lower_red"] and reached["back_to_stop"], reached
