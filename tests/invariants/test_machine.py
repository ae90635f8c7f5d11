"""Random acts by random posts on every registered mechanism, and the invariants after each.

GONGZHI_TEST_EXAMPLES asks for more lives than the few that `make test` has time for.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from gongzhi.cases import linkage
from gongzhi.cases.testing import make_cast
from gongzhi.cases.tests.toys import restless, toy
from gongzhi.declare import TIMER, Mechanism, checks, registry
from gongzhi.people.models import Account, Appointment
from gongzhi.people.sealing import blind_index
from tests.invariants.machine import Life

pytestmark = pytest.mark.long

ASKED = os.environ.get("GONGZHI_TEST_EXAMPLES")
LIVES = int(ASKED or "4")
STEPS = 30
ROUNDS = 14  # ids differ from run to run and dice fall badly: then a few more lives are played
BYSTANDERS = {"clerk", "leader", "handler", "administrator", "expert"}
SHARED = (
    "forbidden",
    "sent again",
    "fell due",
    "fell back",
    "chased",
    "report",
    "by hand, refused",
    "sheet",
)


def concerned(mechanism: Mechanism) -> set[str]:
    """The kinds of posts that the mechanism names, and some that nothing is theirs."""
    acts = (mechanism.starts, *linkage.acts_of(mechanism))
    return {kind for act in acts for role in act.roles for kind in role.kinds} | BYSTANDERS


def machine_of(mechanism: Mechanism) -> type[Life]:
    """The machine of one mechanism, with a cast of its own; its tally tells what was done."""
    cast = make_cast(concerned(mechanism))
    phones = {h.account: f"139{n:08d}" for n, h in enumerate(cast.everyone)}
    for account, phone in phones.items():
        Account.objects.filter(id=account).update(phone_index=blind_index("phone", phone))

    class Here(Life):
        pass

    Here.cast, Here.mechanism, Here.phones, Here.tally = cast, mechanism, phones, Counter()
    Here.appointments = list(Appointment.objects.all())
    return Here


def live(machine: type[Life], n: int, round_: int) -> None:
    """Lives by the dice of this round, so that a failure comes again; by any dice on asking."""
    run_state_machine_as_test(
        machine if ASKED else seed(round_)(machine),
        settings=settings(
            max_examples=n,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            # Shortening a life that broke something takes many lives: only when asked.
            phases=[Phase.generate, *([Phase.shrink] if ASKED else [])],
        ),
    )


def never(mechanism: Mechanism, tally: Counter[str]) -> list[str]:
    """What too few lives have shown: a machine that does nothing proves nothing."""
    late = {c.late.name for c in mechanism.clocks if c.late}
    by_hand = {a.name for a in linkage.acts_of(mechanism)} - {"hand_over"} - late
    by_hand -= {a.name for a in linkage.acts_of(mechanism) if a.roles == (TIMER,)}
    undone = sorted(by_hand - tally.keys())
    # Long ways are not all walked in a minute.
    most = 0.3 if len(by_hand) < 40 else 0.4
    return [
        *(undone if len(undone) > most * len(by_hand) else []),
        *(what for what in SHARED if not tally[what]),
    ]


@pytest.fixture
def mechanisms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(django_settings, "FILES", str(tmp_path))
    with registry.with_toy(toy), registry.with_toy(restless):
        yield


@pytest.mark.usefixtures("fresh_database", "mechanisms")
@pytest.mark.parametrize("name", ["toy", "restless", *(m.name for m in registry.every())])
def test_no_sequence_of_acts_breaks_an_invariant(name: str) -> None:
    mechanism = registry.get(name)
    assert checks.problems(mechanism) == []
    # More lives where there is more to do; what all mechanisms share is done in the toys.
    more = 1 if ASKED else max(len(mechanism.acts) // 10, 2)
    machine = machine_of(mechanism)
    for round_ in range(ROUNDS):
        live(machine, LIVES if round_ else LIVES * more, round_)
        if not never(mechanism, machine.tally):
            break
    assert never(mechanism, machine.tally) == []
