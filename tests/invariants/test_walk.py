"""Sequences of acts through the pure part; `make soak` walks 200,000 of them."""

import pytest

from gongzhi.cases import transition
from gongzhi.cases.tests.toys import restless, toy
from gongzhi.declare import Mechanism, registry
from tests.soak import walk as soak

MECHANISMS = [*registry.every(), toy, restless]


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_no_sequence_loses_the_holder_the_secret_or_a_clock(mechanism: Mechanism) -> None:
    done = soak.walk(mechanism, 400, seed=20220804)
    # A walk that does nothing proves nothing.
    assert done.total() > 1_000
    assert len(done.keys() & soak.reachable(mechanism)) > len(soak.reachable(mechanism)) / 2


def test_an_accused_who_kept_a_task_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the walk asks can fail."""
    monkeypatch.setattr(transition, "_is_over", lambda *_of, **_more: False)
    with pytest.raises(soak.Broken, match="accused has a task"):
        soak.walk(toy, 2_000, seed=1)


def test_a_clock_that_was_not_started_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = transition.runs_after
    monkeypatch.setattr(transition, "runs_after", lambda *of, **more: whole(*of, **more)[:1])
    with pytest.raises(soak.Broken, match=r"a clock died|nothing due"):
        soak.walk(registry.get("petitions"), 200, seed=1)
